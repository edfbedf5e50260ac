import { expect, test } from 'vitest';
import { dayOf, oneOf, periodOfDays, readDay, startOf } from '../../web/core/period.ts';
import { clockOf, minutesOf } from '../../web/core/wall.ts';

test('of an address only what is a day, or one of the choices, is read', () => {
  expect(['2026-11-24', '2026-11-24T00:00', '24.11.2026', '', null].map(readDay)).toEqual(['2026-11-24', '', '', '', '']);
  expect(['a', 'c', null].map((text) => oneOf(['a', 'b'], text, 'b'))).toEqual(['a', 'b', 'b']);
});

test('a period has both its days whole, and is not longer than it may be', () => {
  const [from, until] = periodOfDays('2026-11-24', '2026-11-25', 2)!;
  expect([dayOf(from), dayOf(until - 1), dayOf(until)]).toEqual(['2026-11-24', '2026-11-25', '2026-11-26']);
  expect(from).toBe(startOf('2026-11-24'));
  expect(periodOfDays('2026-11-24', '2026-11-24', 1)).toEqual([from, startOf('2026-11-25')]);
  expect(periodOfDays('2026-11-24', '2026-11-26', 2)).toBeNull();
  expect(periodOfDays('2026-11-25', '2026-11-24', 2)).toBeNull();
  expect(periodOfDays('2026-11-24', '', 2)).toBeNull();
});

test('a clock of minutes: the end of the day is written as the midnight that it is', () => {
  expect([0, 485, 1439, 1440].map(clockOf)).toEqual(['00:00', '08:05', '23:59', '00:00']);
  expect(['00:00', '08:05', '23:59'].map(minutesOf)).toEqual([0, 485, 1439]);
});
