import { expect, test } from 'vitest';
import { parsePhone } from '../../server/core/phone.ts';

const MOBILE = '+79161234567';

/** [as written, e164, extension, digits], read in Russia. */
const RU: [string, string | null, string | null, string][] = [
  ['+79161234567', MOBILE, null, '79161234567'],
  ['79161234567', MOBILE, null, '79161234567'],
  ['89161234567', MOBILE, null, '79161234567'],
  ['9161234567', MOBILE, null, '79161234567'],
  ['0079161234567', MOBILE, null, '79161234567'],
  ['81079161234567', MOBILE, null, '79161234567'],
  ['+7 (916) 123-45-67', MOBILE, null, '79161234567'],
  ['8 916 123 45 67', MOBILE, null, '79161234567'],
  ['8(916)123-45-67', MOBILE, null, '79161234567'],
  ['8-916-123-4567', MOBILE, null, '79161234567'],
  ['8\u00a0916\u2009123\u201145\u201167', MOBILE, null, '79161234567'],
  ['\u202a+7 916 123-45-67\u202c', MOBILE, null, '79161234567'],
  ['+7 916 123 45 67', MOBILE, null, '79161234567'],
  ['tel:+7-916-123-45-67', MOBILE, null, '79161234567'],
  ['sip:+79161234567@trunk.example', MOBILE, null, '79161234567'],
  ['моб. +7 916 1234567', MOBILE, null, '79161234567'],
  ['8 (495) 123-45-67 доб. 12', '+74951234567', '12', '74951234567'],
  ['8 (495) 123-45-67 доб.12', '+74951234567', '12', '74951234567'],
  ['8 (495) 123-45-67, доб. 1234', '+74951234567', '1234', '74951234567'],
  ['8 (495) 123-45-67 добавочный 12', '+74951234567', '12', '74951234567'],
  ['8 (495) 123-45-67 (вн. 5)', '+74951234567', '5', '74951234567'],
  ['84951234567 вн.5', '+74951234567', '5', '74951234567'],
  ['84951234567 внутр. 501', '+74951234567', '501', '74951234567'],
  ['+7 495 123-45-67 ext. 12', '+74951234567', '12', '74951234567'],
  ['+7 495 123-45-67 ext 12', '+74951234567', '12', '74951234567'],
  ['+74951234567;ext=12', '+74951234567', '12', '74951234567'],
  ['+7 495 123-45-67 x12', '+74951234567', '12', '74951234567'],
  ['+7 495 123-45-67 #12', '+74951234567', '12', '74951234567'],
  ['+74951234567,,12', '+74951234567', '12', '74951234567'],
  ['8 800 555 35 35', '+78005553535', null, '78005553535'],
  ['+44 20 7946 0958', '+442079460958', null, '442079460958'],
  ['0044 20 7946 0958', '+442079460958', null, '442079460958'],
  ['810 44 20 7946 0958', '+442079460958', null, '442079460958'],
  ['442079460958', '+442079460958', null, '442079460958'],
  ['+1 (212) 555-2368', '+12125552368', null, '12125552368'],
  ['101', null, null, '101'],
  ['7000', null, null, '7000'],
  ['x12', null, null, '12'],
  ['112', null, null, '112'],
  ['*72', null, null, '72'],
  ['1234567', null, null, '1234567'],
  ['+7 000 000 00 00', null, null, '70000000000'],
  ['99999999999999999999', null, null, '99999999999999999999'],
  ['', null, null, ''],
  ['anonymous', null, null, ''],
  ['Иванов', null, null, ''],
  ['+', null, null, ''],
  ['\u0000\r\n', null, null, ''],
  ["'; DROP TABLE clients; --", null, null, ''],
];

test.each(RU)('%j', (raw, e164, extension, digits) => {
  expect(parsePhone(raw, 'RU')).toEqual({ raw, e164, extension, digits });
});

test('a local number is read in the country given', () => {
  expect(parsePhone('030 123456', 'DE').e164).toBe('+4930123456');
  expect(parsePhone('020 7946 0958', 'GB').e164).toBe('+442079460958');
  expect(parsePhone('(212) 555-2368 ext. 7', 'US')).toMatchObject({ e164: '+12125552368', extension: '7' });
  expect(parsePhone('+7 916 123-45-67', 'US').e164).toBe(MOBILE);
  expect(parsePhone('8 916 123-45-67', 'ZZ').e164).toBeNull();
});

test('the same number in every spelling has the same digits', () => {
  const spellings = RU.filter(([, e164]) => e164 === MOBILE).map(([raw]) => parsePhone(raw, 'RU').digits);
  expect(spellings.length).toBeGreaterThan(10);
  expect(new Set(spellings)).toEqual(new Set(['79161234567']));
});

test('long and odd text neither throws nor hangs', () => {
  for (const piece of ['9', '+', ' ', 'доб. ', '(', ',', '#1', '\u0661', '😀', 'x1 ']) {
    expect(parsePhone(piece.repeat(5_000), 'RU').digits.length).toBeLessThanOrEqual(200);
  }
});
