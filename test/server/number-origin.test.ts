import { expect, test } from 'vitest';
import { isOrdinary, originOf } from '../../server/core/number-origin.ts';

test.each([
  ['+74951234567', 'Moscow', 'Europe/Moscow'],
  ['+78121234567', 'Saint Petersburg', 'Europe/Moscow'],
  ['+73432123456', 'Sverdlovsk Oblast', 'Asia/Yekaterinburg'],
  ['+74012123456', 'Kaliningrad Oblast', 'Europe/Kaliningrad'],
  ['+74232123456', 'Primorsky Krai', 'Asia/Vladivostok'],
  ['+78552123456', 'Tatarstan', 'Europe/Moscow'],
  ['+74112123456', 'Sakha (Yakutia)', 'Asia/Yakutsk'],
  // that republic has three time zones: of its other codes none is claimed
  ['+74114512345', 'Sakha (Yakutia)', null],
  ['+78185312345', 'Nenets Autonomous Okrug', 'Europe/Moscow'],
])('a Russian landline %s stands in %s, %s', (number, region, timeZone) => {
  expect(originOf(number)).toMatchObject({ country: 'RU', kind: 'fixed', region: { en: region }, timeZone });
});

test('a Russian mobile says no more than that', () => {
  expect(originOf('+79161234567')).toEqual({ country: 'RU', kind: 'mobile', region: null, timeZone: null });
});

test('+7 is Kazakhstan too, and no landline of it is taken for a Russian one', () => {
  expect(originOf('+77273123456')).toMatchObject({ country: 'KZ', region: null });
  expect(originOf('+77012345678')).toMatchObject({ country: 'KZ', kind: 'mobile', region: null });
});

test('a country with one clock has its time, one with several has none', () => {
  expect(originOf('+375291234567')).toMatchObject({ country: 'BY', kind: 'mobile', timeZone: 'Europe/Minsk' });
  expect(originOf('+493012345678')).toMatchObject({ country: 'DE', kind: 'fixed', timeZone: 'Europe/Berlin' });
  expect(originOf('+12125550123')?.timeZone).toBeNull();
  expect(originOf('+61212345678')?.timeZone).toBeNull();
});

test.each([
  '',
  '101',
  '+',
  '+0',
  '+999999999999',
  '+80012345678',
  'anonymous',
  '+7 916',
  `+${'9'.repeat(500)}`,
  "+7'; drop table",
  '+78001234567',
])('nothing is made up for %j', (number) => {
  const origin = originOf(number);
  expect(origin?.region ?? null).toBeNull();
  expect(origin?.timeZone ?? null).toBeNull();
});

test.each([
  ['+79161234567', 'RU', true],
  ['+77011234567', 'RU', true], // Kazakhstan has the same plan
  ['+447911123456', 'GB', true],
  // what costs its owner’s price, what is far away, what is no number of the plan
  ['+252612345678', 'RU', false],
  ['+9607712345', 'RU', false],
  ['+447911123456', 'RU', false],
  ['+78091234567', 'RU', false],
  ['+7112', 'RU', false],
  ['', 'RU', false],
])('a machine may call %s back from %s: %s', (number, country, may) => {
  expect(isOrdinary(number, country)).toBe(may);
});

test('every zone of the table is one that there is', async () => {
  const { russianArea } = await import('../../server/core/russia.ts');
  let known = 0;
  for (let code = 300; code < 900; code++) {
    const area = russianArea(`${code}0000000`);
    if (!area) continue;
    known++;
    if (area.timeZone) expect(new Intl.DateTimeFormat('en', { timeZone: area.timeZone }).resolvedOptions().timeZone).not.toBe('');
  }
  expect(known).toBeGreaterThan(85);
  expect([900, 916, 999].map((code) => russianArea(`${code}0000000`))).toEqual([null, null, null]);
});
