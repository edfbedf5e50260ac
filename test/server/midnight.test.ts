import { describe, expect, test } from 'vitest';
import { stretches } from '../../server/calls/log.ts';
import { bucketOf, midnight } from '../../server/reports/buckets.ts';

/** Calls at midnight and when the clocks change: every hour is in one day, of 23, 24 or 25 of them. */
const HOUR = 3_600_000;
const hours = (from: string, count: number) => Array.from({ length: count }, (_, i) => Date.parse(from) + i * HOUR);

describe.each([
  ['a plain day in Moscow', 'Europe/Moscow', '2026-11-26T21:00:00Z', 24],
  ['the clock goes back in Berlin', 'Europe/Berlin', '2026-10-24T22:00:00Z', 25],
  ['the clock goes forward in Berlin', 'Europe/Berlin', '2026-03-28T23:00:00Z', 23],
  ['the clock goes back in New York', 'America/New_York', '2026-11-01T04:00:00Z', 25],
  ['a midnight that does not exist: the clock goes forward in Beirut', 'Asia/Beirut', '2026-03-28T22:00:00Z', 23],
  ['half an hour beside the others: Kolkata', 'Asia/Kolkata', '2026-11-26T18:30:00Z', 24],
])('%s', (_, zone, begins, length) => {
  const day = hours(begins, length);
  const [start, end] = [day[0]!, day.at(-1)! + HOUR];

  test('its hours are that day, the one before and the one after are not', () => {
    const [first] = day.map((hour) => bucketOf('day', hour, zone));
    expect(new Set(day.map((hour) => bucketOf('day', hour, zone)))).toEqual(new Set([first]));
    expect(bucketOf('day', start - 1, zone)).not.toBe(first);
    expect(bucketOf('day', end, zone)).not.toBe(first);
  });

  test('midnight is where it begins, from any moment of it', () => {
    for (const at of [start, start + 90_000, end - 1]) {
      expect(midnight(at, 0, zone)).toBe(start);
      expect(midnight(at, 1, zone)).toBe(end);
    }
  });

  test('the calls behind its hours are those of the whole day, each once', () => {
    const found = Array.from({ length: 24 }, (__, hour) => stretches({ from: start, until: end, hour }, zone)).flat();
    const total = found.reduce((sum, [from, to]) => sum + (to - from), 0);
    expect(total).toBe(Math.ceil((end - Math.floor(start / HOUR) * HOUR) / HOUR) * HOUR);
    expect(new Set(found.map(([from]) => from)).size).toBe(found.length);
  });
});
