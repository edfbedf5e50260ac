import { describe, expect, test } from 'vitest';
import {
  expand,
  isOccurrence,
  movedRule,
  readRule,
  ruleBefore,
  ruleFrom,
  spanAt,
  wallMs,
  wallText,
} from '../../server/meetings/recurrence.ts';
import type { Series } from '../../server/meetings/recurrence.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

const series = (start: string, rule: string | null, more: Partial<Series> = {}): Series => {
  const made = { start, minutes: 60, allDay: false, timeZone: 'Europe/Berlin', except: [], ...more };
  if (rule === null) return { ...made, rule, last: null };
  const read = readRule(rule, start, made.timeZone);
  if ('fault' in read) throw new Error(`${rule}: ${read.fault}`);
  return { ...made, ...read };
};
const walls = (one: Series, from: string, to: string) => expand(one, Date.parse(from), Date.parse(to)).map(({ at }) => at);

test('ten o’clock stays ten o’clock over both changes of the clocks', () => {
  const daily = series('2027-03-26T10:00', 'FREQ=DAILY');
  const spring = expand(daily, Date.parse('2027-03-27T00:00Z'), Date.parse('2027-03-30T00:00Z'));
  expect(spring.map(({ from }) => new Date(from).toISOString().slice(0, 16))).toEqual(['2027-03-27T09:00', '2027-03-28T08:00', '2027-03-29T08:00']);
  const autumn = expand(daily, Date.parse('2027-10-30T00:00Z'), Date.parse('2027-11-01T00:00Z'));
  expect(autumn.map(({ from }) => new Date(from).getUTCHours())).toEqual([8, 9]);
}); // prettier-ignore

test('a day of an all-day meeting is as long as that day is', () => {
  const days = { minutes: 1_440, allDay: true, timeZone: 'Europe/Berlin' };
  const hours = (at: string) => (spanAt(days, at).to - spanAt(days, at).from) / HOUR;
  expect(['2027-03-27', '2027-03-28', '2027-10-31'].map((day) => hours(`${day}T00:00`))).toEqual([24, 23, 25]);
});

test('leap days, month ends, ordinals, an end by count and by day', () => {
  expect(walls(series('2028-02-29T09:00', 'FREQ=YEARLY'), '2028-01-01', '2037-01-01')).toEqual(['2028-02-29T09:00', '2032-02-29T09:00', '2036-02-29T09:00']);
  expect(walls(series('2027-01-31T09:00', 'FREQ=MONTHLY'), '2027-01-01', '2027-06-01').map((at) => at.slice(5, 10))).toEqual(['01-31', '03-31', '05-31']);
  expect(walls(series('2027-01-29T09:00', 'FREQ=MONTHLY;BYDAY=-1FR'), '2027-01-01', '2027-04-01').map((at) => at.slice(5, 10))).toEqual(['01-29', '02-26', '03-26']);
  const thrice = series('2027-01-04T09:00', 'FREQ=WEEKLY;BYDAY=MO,WE;COUNT=3');
  expect(thrice.last).toBe('2027-01-11T09:00');
  expect(walls(thrice, '2027-01-01', '2028-01-01').map((at) => at.slice(5, 10))).toEqual(['01-04', '01-06', '01-11']);
  const until = series('2027-01-04T23:30', 'FREQ=DAILY;UNTIL=20270106');
  expect(until).toMatchObject({ last: '2027-01-06T23:30', rule: 'FREQ=DAILY;UNTIL=20270106T225900Z' });
  expect(series('2027-01-04T23:30', until.rule)).toEqual(until);
}); // prettier-ignore

test('what never ends is only looked at where it is asked for, and as fast after a hundred years', () => {
  const endless = series('1990-01-01T10:00', 'FREQ=DAILY;INTERVAL=3');
  const from = performance.now();
  for (let i = 0; i < 200; i += 1) expand(endless, Date.parse('2090-01-01'), Date.parse('2090-01-08'));
  expect(performance.now() - from).toBeLessThan(2_000);
  expect(walls(endless, '2090-01-01', '2090-01-08').length).toBeGreaterThan(1);
});

test.each([
  ['FREQ=SECONDLY', 'rule_not_understood'],
  ['FREQ=DAILY;COUNT=0', 'rule_not_understood'],
  ['FREQ=DAILY;COUNT=5000', 'rule_not_understood'],
  ['FREQ=DAILY;INTERVAL=0', 'rule_not_understood'],
  ['FREQ=DAILY;BYHOUR=3', 'rule_not_understood'],
  ['FREQ=DAILY;BYSETPOS=2', 'rule_not_understood'],
  ['FREQ=DAILY;COUNT=2;UNTIL=20300101', 'rule_not_understood'],
  ['BYDAY=MO', 'rule_not_understood'],
  ['nonsense', 'rule_not_understood'],
  ['FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30', 'rule_does_not_fit'],
  ['FREQ=WEEKLY;BYDAY=TU', 'rule_does_not_fit'],
  ['FREQ=MONTHLY;BYMONTHDAY=4;BYSETPOS=2', 'rule_not_understood'],
  ['FREQ=MONTHLY;BYDAY=5MO;BYMONTHDAY=4', 'rule_not_understood'],
  ['FREQ=DAILY;UNTIL=20260101', 'rule_ends_before'],
])('%s is refused: %s', (rule, fault) => {
  expect(readRule(rule, '2027-01-04T09:00', 'Europe/Berlin')).toEqual({ fault });
});

describe('a series is cut in two and moved', () => {
  const weekly = series('2027-01-04T09:00', 'FREQ=WEEKLY;BYDAY=MO,TH;COUNT=6');
  test('both parts together are the whole', () => {
    const at = '2027-01-14T09:00';
    const [first, rest] = [series(weekly.start, ruleBefore(weekly, at)), series(at, ruleFrom(weekly, at))];
    const all = (one: Series) => walls(one, '2027-01-01', '2028-01-01');
    expect([...all(first), ...all(rest)]).toEqual(all(weekly));
    expect(all(rest)[0]).toBe(at);
  });
  test('days are turned with the start, also over a Sunday, and the end goes along', () => {
    expect(movedRule(weekly.rule!, '2027-01-04T09:00', '2027-01-08T10:00')).toBe('FREQ=WEEKLY;COUNT=6;BYDAY=FR,MO');
    expect(movedRule('FREQ=DAILY;UNTIL=20270110T080000Z', '2027-01-04T09:00', '2027-01-05T10:30')).toBe(
      'FREQ=DAILY;UNTIL=20270111T093000Z',
    );
    expect(movedRule('FREQ=MONTHLY;BYDAY=1MO', '2027-01-04T09:00', '2027-01-05T09:00')).toBeNull();
    expect(movedRule('FREQ=MONTHLY;BYDAY=1MO', '2027-01-04T09:00', '2027-01-04T11:00')).toBe('FREQ=MONTHLY;BYDAY=1MO');
  });
});

test('by brute force: any window shows what a walk from the beginning shows in it', () => {
  let seed = 11;
  const random = (n: number) => (seed = (seed * 48_271) % 2_147_483_647) % n;
  const days = ['SU', 'MO', 'TU', 'WE', 'TH', 'FR', 'SA'];
  let seen = 0;
  for (let i = 0; i < 150; i += 1) {
    const start = wallText(wallMs('2026-01-01T00:00') + random(700) * DAY + random(1_440) * 60_000);
    const byDay = random(2) === 1;
    const first = new Date(wallMs(start)).getUTCDay();
    const set = [...new Set([first, random(7)])];
    const interval = 1 + random(3);
    const weekly = byDay || random(2) === 1;
    const rule = `FREQ=${weekly ? 'WEEKLY' : 'DAILY'};INTERVAL=${interval}${byDay ? `;BYDAY=${set.map((day) => days[day]).join()}` : ''}`;
    const zone = ['Europe/Berlin', 'America/New_York', 'Europe/Moscow', 'Australia/Lord_Howe'][random(4)]!;
    const minutes = 15 + random(3_000);
    const one = series(start, rule, { timeZone: zone, minutes });
    const from = Date.parse('2027-01-01') + random(600) * DAY + random(24) * HOUR;
    const to = from + (1 + random(20)) * DAY;
    const monday = (ms: number) => Math.floor((ms / DAY + 3) / 7);
    const fits = (ms: number): boolean => {
      const passed = Math.floor((ms - (wallMs(start) % DAY)) / DAY) - Math.floor((wallMs(start) - (wallMs(start) % DAY)) / DAY);
      if (!weekly) return passed % interval === 0;
      if ((monday(ms) - monday(wallMs(start))) % interval !== 0) return false;
      return (byDay ? set : [first]).includes(new Date(ms).getUTCDay());
    };
    const wanted: string[] = [];
    for (let ms = wallMs(start); ms < to + 3 * DAY; ms += DAY) {
      const span = spanAt(one, wallText(ms));
      if (fits(ms) && span.from < to && span.to > from) wanted.push(span.at);
    }
    expect(expand(one, from, to).map(({ at }) => at), `${rule} ${start} ${zone}`).toEqual(wanted); // prettier-ignore
    for (const at of wanted) expect(isOccurrence(one, at)).toBe(true);
    seen += wanted.length;
  }
  expect(seen).toBeGreaterThan(300);
});
