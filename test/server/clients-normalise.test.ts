import { expect, test } from 'vitest';
import { cleanLine, cleanText, numberBeginnings, sortKey, typedDigits } from '../../server/clients/normalise.ts';
import { wordsOf, wordsToFind } from '../../server/core/words.ts';
import { numberPlanOf } from '../../server/clients/number-plan.ts';
import { sourcesOf } from '../../server/clients/search.ts';

test.each([
  ['Семёнов Пётр', ['семенов', 'петр']],
  ['ООО «Ромашка-Плюс»', ['ооо', 'ромашка', 'плюс']],
  ["Sean O'Brien", ['sean', 'obrien', 'o', 'brien']],
  ['Йошкар-Ола', ['йошкар', 'ола']],
  ['Йога', ['йога']], // written as и with a breve
  ['ＡＢＣ Ltd.', ['abc', 'ltd']],
  ['1С:Франчайзи', ['1с', 'франчайзи']],
  ['İstanbul', ['i̇stanbul']],
  ['😀 %_\'"<>', []],
  ['Анна\u0000Мария', ['анна', 'мария']],
  ['a\ud800b', ['a', 'b']],
  ['', []],
])('%j is found by %j', (text, words) => {
  expect(wordsOf(text).sort()).toEqual([...words].sort());
});

test('a word is cut at sixty letters, in the index and in the question alike', () => {
  expect(wordsOf('ы'.repeat(200))).toEqual(['ы'.repeat(60)]);
  expect(wordsToFind('Ы'.repeat(200))).toEqual(['ы'.repeat(60)]);
});

test('a question asks each word once, and only the longer of two that begin alike', () => {
  expect(wordsToFind('Иван иван Иванов')).toEqual(['иванов']);
  expect(wordsToFind('Иван Пётр')).toEqual(['иван', 'петр']);
  expect(wordsToFind("O'Brien")).toEqual(['obrien']);
  expect(wordsToFind('а б в г д е ж з и к л м').length).toBe(8);
});

test('Latin and Cyrillic look-alikes stay different', () => {
  expect(wordsOf('Cop')).not.toEqual(wordsOf('Сор'));
});

test('one line has no line ends, no NUL, and keeps everything else', () => {
  expect(cleanLine(' a\u0000b\r\nc\t ')).toBe('a b c');
  expect(cleanLine('<img src=x onerror=alert(1)> "\' 😀 \u202eabc')).toBe('<img src=x onerror=alert(1)> "\' 😀 \u202eabc');
  expect(cleanLine('x\ud800')).toBe('x\ufffd');
  expect(cleanText('a\r\nb\u0000c\td')).toBe('a\nb c\td');
});

test('the sort key fits its column whatever the name', () => {
  expect([...sortKey('𝒜'.repeat(200))].length).toBeLessThanOrEqual(120);
  expect([...sortKey('ﷺ'.repeat(200))].length).toBeLessThanOrEqual(120); // one character folds to eighteen
});

test.each([
  ['8916', { digits: '8916', international: false }],
  ['+7 (916) 12', { digits: '791612', international: true }],
  ['916-12', { digits: '91612', international: false }],
  ['９１６', { digits: '916', international: false }],
  ['12', { digits: '12', international: false }],
  ['+7 9', { digits: '79', international: true }],
  ['916a', null],
  ['', null],
  ['+', null],
])('%j typed is %j', (query, typed) => {
  expect(typedDigits(query)).toEqual(typed);
});

test.each([
  ['RU', '8916', ['8916', '7916']],
  ['RU', '916', ['916', '7916']],
  ['RU', '7916', ['7916', '77916']],
  ['GB', '0207', ['0207', '44207']],
  ['RU', '00441', ['00441', '441', '700441']],
  ['XX', '916', ['916']],
])('in %s the beginning %s may be stored as %j', (country, digits, beginnings) => {
  expect(numberBeginnings(digits, false, numberPlanOf(country))).toEqual(beginnings);
});

test('a question is asked of what it can mean', () => {
  const tables = (q: string) => sourcesOf(q, numberPlanOf('RU'), 0).map((source) => `${source.column} ${source.prefix}`);
  expect(tables('Иванов')).toEqual(['word иванов', 'address_key иванов']);
  expect(tables('Иванов Пётр')).toEqual(['word иванов']);
  expect(tables('Ivan@ex')).toEqual(['address_key ivan@ex']);
  expect(tables('8916')).toEqual(['digits 8916', 'digits 7916', 'reversed 6198', 'word 8916']);
  expect(tables('+7 916')).toEqual(['digits 7916', 'word 7']);
  expect(tables('%')).toEqual(['address_key %']);
});
