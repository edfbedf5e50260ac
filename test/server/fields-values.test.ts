import { describe, expect, test } from 'vitest';
import { tidyAddress } from '../../server/core/address.ts';
import { readCompanyName } from '../../server/core/legal-form.ts';
import { readAccount, readBik, readInn, readKpp, readOgrn } from '../../server/core/requisites.ts';
import type { FieldDef } from '../../server/fields/contract.ts';
import { evaluate } from '../../server/fields/evaluate.ts';
import { FormulaFault, fieldsOf, parseFormula } from '../../server/fields/formula.ts';
import { minorDigits, readAmount, readDate, readNumber } from '../../server/fields/read.ts';
import { indexRows, valueText } from '../../server/fields/shape.ts';
import { FieldFault, readValue } from '../../server/fields/values.ts';

describe('requisites', () => {
  test.each([
    [readInn, '7707083893', '7707083893'], // Sberbank's, as it publishes it
    [readInn, ' 7707 083-893 ', '7707083893'],
    [readInn, '7707083894', null],
    [readInn, '500100732259', '500100732259'], // the specimen of the tax service
    [readInn, '500100732258', null],
    [readInn, '0000000000', null],
    [readInn, '77070838', null],
    [readKpp, '773601001', '773601001'],
    [readKpp, '7736ab001', '7736AB001'],
    [readKpp, '77360100', null],
    [readOgrn, '1027700132195', '1027700132195'],
    [readOgrn, '1027700132196', null],
    [readOgrn, '304500116000157', '304500116000157'],
    [readOgrn, '304500116000158', null],
    [readBik, '044525225', '044525225'],
    [readBik, '944525225', null],
  ])('%o of %j is %j', (read, text, expected) => {
    expect(read(text)).toBe(expected);
  });

  test('an account belongs to its bank: one wrong digit, or another bank, and it does not', () => {
    const bik = '044525225';
    const digits = '4070281090000000285';
    const right = [...'0123456789'].map((last) => digits + last).filter((account) => readAccount(account, bik));
    expect(right.length).toBe(1);
    expect(readAccount(right[0]!.replace(/^4/, '5'), bik)).toBeNull();
    expect([...'0123456789'].map((last) => digits + last).filter((account) => readAccount(account, '044525974'))).not.toEqual(right);
    // The correspondent account of the same bank is kept at the Bank of Russia.
    expect(readAccount('30101810400000000225', '044525000')).toBe('30101810400000000225');
  });
});

test.each([
  ['г Пермь , улица Ленина,дом 5  кв12', 'г. Пермь, ул. Ленина, д. 5, кв. 12'],
  ['город Москва; проспект Мира д.10 корпус 2', 'г. Москва, пр-т Мира д. 10, корп. 2'],
  ['Москва, Дмитров пер., стр1', 'Москва, Дмитров пер., стр. 1'],
  ['10 Downing Street, London', '10 Downing Street, London'],
  ['Улановская площадка', 'Улановская площадка'],
])('address %j is written %j, and then stays so', (typed, tidy) => {
  expect(tidyAddress(typed)).toBe(tidy);
  expect(tidyAddress(tidy)).toBe(tidy);
});

test.each([
  ['Общество с ограниченной ответственностью "Ромашка"', 'ООО «Ромашка»', 'ООО'],
  ['ромашка, ООО', 'ООО «ромашка»', 'ООО'],
  ['ООО «Ромашка»', 'ООО «Ромашка»', 'ООО'],
  ['ооо Ромашка', 'ООО «Ромашка»', 'ООО'],
  ['ИП Иванов Иван', 'ИП Иванов Иван', 'ИП'],
  ['ООО "Торговый дом "Весна""', 'ООО "Торговый дом "Весна""', 'ООО'],
  ['Оооочень хорошо', 'Оооочень хорошо', null],
  ['ООО', 'ООО', null],
  ['Acme Ltd', 'Acme Ltd', null],
])('company %j is written %j', (typed, name, form) => {
  expect(readCompanyName(typed)).toEqual({ name, form });
  expect(readCompanyName(name).name).toBe(name);
});

test.each([
  ['1 234,50', 1234.5],
  ['1,234.5', 1234.5],
  ['1.234.567', 1234567],
  ['12,5', 12.5],
  ['−3', -3],
  ['1 000', 1000],
  ['1,23,4', null],
  ['1e5', null],
  ['12 kg', null],
  ['', null],
])('number %j is %j', (text, value) => {
  expect(readNumber(text)).toBe(value);
});

test('money is exact, in the units of its currency', () => {
  expect(readAmount('0,29', 2)).toBe(29);
  expect(readAmount('1.005', 2)).toBe(100); // as the bank would: what is below a kopeck is not there
  expect(readAmount('-12', 0)).toBe(-12);
  expect(minorDigits('JPY')).toBe(0);
  expect(minorDigits('RUB')).toBe(2);
});

test.each([
  ['2026-02-28', '2026-02-28'],
  ['1.3.2026', '2026-03-01'],
  ['31/12/85', '1985-12-31'],
  ['01.01.05', '2005-01-01'],
  ['2026-02-30', null],
  ['29.02.2025', null],
  ['yesterday', null],
  ['0001-01-01', null],
])('date %j is %j', (text, date) => {
  expect(readDate(text)).toBe(date);
});

const def = (type: FieldDef['type'], settings: FieldDef['settings'] = {}) => ({ type, settings });
const options = [
  { code: 'a', label: { ru: 'Первый', en: 'First' } },
  { code: 'b', label: { ru: 'Второй', en: 'Second' } },
];
const take = (d: ReturnType<typeof def>, raw: unknown) => {
  try {
    return readValue(d, raw, { country: 'RU' });
  } catch (err) {
    if (err instanceof FieldFault) return `! ${err.code}`;
    throw err;
  }
};

test.each([
  [def('text'), '  a\u0000b ', 'a b'],
  [def('text'), { a: 1 }, '! not_text'],
  [def('text'), 'x'.repeat(2000), '! too_long'],
  [def('number', { decimals: 1, min: 0 }), '2,34', 2.3],
  [def('number', { min: 0 }), -1, '! too_small'],
  [def('number'), Infinity, '! not_a_number'],
  [def('money'), '1 200,50 ₽', { amount: 120050, currency: 'RUB' }],
  [def('money', { currency: 'USD' }), 5, { amount: 500, currency: 'USD' }],
  [def('money'), 'JPY 700', { amount: 700, currency: 'JPY' }],
  [def('money'), { amount: 0.5, currency: 'RUB' }, '! not_money'],
  [def('list', { options }), 'второй', 'b'],
  [def('list', { options }), 'third', '! no_such_option'],
  [def('multi-list', { options }), 'first; Второй; a', ['a', 'b']],
  [def('tags'), ['VIP', 'vip', ' '], ['vip']],
  [def('reference', { to: 'client' }), '#12', 12],
  [def('reference', { to: 'client' }), '12.5', '! not_a_reference'],
  [def('phone'), '8 916 123-45-67 доб. 5', { raw: '8 916 123-45-67 доб. 5', e164: '+79161234567', extension: '5' }],
  [def('phone'), 'нет', '! not_a_phone'],
  [def('email'), 'a@b', '! not_an_email'],
  [def('inn'), '7707083894', '! not_an_inn'],
  [def('accounts'), '40702810900000002851 944525225', '! not_a_bik'],
  [def('messengers'), 'telegram: https://t.me/anna', [{ kind: 'telegram', handle: 'anna' }]],
  [def('formula', { expression: '1' }), 5, '! computed'],
  [def('list', { options }), [], null],
  [def('date'), '   ', null],
])('%o takes %j as %j', (d, raw, value) => {
  expect(take(d, raw)).toEqual(value);
});

test('what is stored is found by the number or the folded text, and read aloud in both languages', () => {
  expect(indexRows('money', { amount: 120050, currency: 'RUB' })).toEqual([{ text: 'RUB', number: 120050 }]);
  expect(indexRows('date', '1970-01-02')).toEqual([{ text: '1970-01-02', number: 86_400_000 }]);
  expect(indexRows('tags', ['Ёлка', 'b'])).toEqual([{ text: 'елка', number: null }, { text: 'b', number: null }]); // prettier-ignore
  expect(valueText(def('multi-list', { options }), ['a', 'b'], 'ru')).toBe('Первый; Второй');
  expect(valueText(def('money'), { amount: 120050, currency: 'RUB' }, 'en')).toBe('1200.50 RUB');
});

const NOW = '2026-03-01';
const values = new Map<string, string | number | null>([['limit', 1000], ['debt', 250], ['city', 'Пермь'], ['born', '1990-03-02'], ['gone', null]]); // prettier-ignore
test.each([
  ['limit - debt * 2', 500],
  ['(limit - debt) / limit', 0.75],
  ['round(1 / 3, 2)', 0.33],
  ['limit / 0', null],
  ['limit + gone', null],
  ['coalesce(gone, 7)', 7],
  ["if(debt > 100 and city = 'ПЕРМЬ', 'x', 'y')", 'x'],
  ["'a' & limit & 'it''s'", "a1000it's"],
  ['age(born)', 35],
  ["days('2026-02-27', today())", 2],
  ['min(3; gone; 2)', 2],
  ['-limit', -1000],
  ['not empty(gone)', false],
  ["contains(city, 'ерм')", true],
  ['nothing', null],
])('%s comes to %j', (text, value) => {
  expect(evaluate(parseFormula(text), values, NOW)).toBe(value);
});

test.each([
  ['1 +', 3, 'unfinished'],
  ['limit $ 2', 6, 'unreadable'],
  ['exec(1)', 0, 'no_such_function'],
  ['constructor(1)', 0, 'no_such_function'],
  ['if(1)', 0, 'wrong_arguments'],
  ['1 2', 2, 'unexpected'],
  ['('.repeat(100), 40, 'too_deep'],
  ['- '.repeat(100), 80, 'too_deep'],
])('%j is refused', (text, at, code) => {
  let fault: unknown;
  try {
    parseFormula(text);
  } catch (err) {
    fault = err;
  }
  expect(fault).toBeInstanceOf(FormulaFault);
  expect((fault as FormulaFault).code).toBe(code);
  expect(Math.abs((fault as FormulaFault).at - at)).toBeLessThan(3);
});

test('a formula names its fields', () => {
  expect([...fieldsOf(parseFormula('if(debt > 1, limit, debt)')).keys()]).toEqual(['debt', 'limit']);
});
