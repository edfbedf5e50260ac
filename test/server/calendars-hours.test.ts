import { describe, expect, test } from 'vitest';
import type { DayRule, Hours, Pattern } from '../../server/calendars/contract.ts';
import { mergeDays, readDays, readIntervals } from '../../server/calendars/days.ts';
import { addWorking, everWorks, intervalsOf, isOpen, nextOpen, workingMs, workingSpans } from '../../server/calendars/hours.ts';
import { wallOf } from '../../server/core/zone.ts';

const MIN = 60_000;
const HOUR = 60 * MIN;
const hours = (from: number, to: number) => ({ from: from * 60, to: to * 60 });
const nine = [hours(9, 18)];
const office: Hours = { timeZone: 'Europe/Moscow', week: [nine, nine, nine, nine, nine, [], []], days: [] };
const at = (text: string) => Date.parse(text);

describe('an office', () => {
  test('is open from the first minute to the last', () => {
    expect(isOpen(office, at('2026-11-27T06:00:00Z'))).toBe(true);
    expect(isOpen(office, at('2026-11-27T05:59:59.999Z'))).toBe(false);
    expect(isOpen(office, at('2026-11-27T15:00:00Z'))).toBe(false);
    expect(nextOpen(office, at('2026-11-27T15:00:00Z'))).toBe(at('2026-11-30T06:00:00Z'));
  });
  test('counts only its hours', () => {
    // Friday 17:00 and eight working hours: Monday 16:00
    expect(addWorking(office, at('2026-11-27T14:00:00Z'), 8 * HOUR)).toBe(at('2026-11-30T13:00:00Z'));
    expect(workingMs(office, at('2026-11-27T14:00:00Z'), at('2026-11-30T13:00:00Z'))).toBe(8 * HOUR);
    expect(addWorking(office, at('2026-11-27T20:00:00Z'), 0)).toBe(at('2026-11-27T20:00:00Z'));
    // at the end of the day, not at the beginning of the next
    expect(addWorking(office, at('2026-11-27T06:00:00Z'), 9 * HOUR)).toBe(at('2026-11-27T15:00:00Z'));
  });
  test('holidays, short days and hours of one day', () => {
    const days: DayRule[] = [
      { date: '2026-11-30', kind: 'closed', intervals: [], name: '' },
      { date: '2026-12-01', kind: 'short', intervals: [], name: '' },
      { date: '2026-12-05', kind: 'hours', intervals: [hours(10, 12)], name: '' },
    ];
    const with3 = { ...office, days };
    expect(nextOpen(with3, at('2026-11-27T15:00:00Z'))).toBe(at('2026-12-01T06:00:00Z'));
    expect(workingMs(with3, at('2026-11-30T00:00:00Z'), at('2026-12-02T00:00:00Z'))).toBe(8 * HOUR);
    expect(workingMs(with3, at('2026-12-05T00:00:00Z'), at('2026-12-06T00:00:00Z'))).toBe(2 * HOUR);
  });
  test('no working time: an answer, and soon', () => {
    const never = { ...office, week: [[], [], [], [], [], [], []] };
    expect(nextOpen(never, at('2026-11-27T15:00:00Z'))).toBe(null);
    expect(addWorking(never, at('2026-11-27T15:00:00Z'), 1)).toBe(null);
    expect(workingMs(never, 0, at('2026-11-27T15:00:00Z'))).toBe(0);
    expect(isOpen(never, 0)).toBe(false);
    expect(addWorking(office, at('2026-11-27T15:00:00Z'), Number.MAX_SAFE_INTEGER)).toBe(null);
  });
  test('day and night is every minute, once', () => {
    const always = { ...office, timeZone: 'Europe/Berlin', week: Array.from({ length: 7 }, () => [hours(0, 24), hours(20, 30)]) };
    const [from, to] = [at('2026-01-01T00:00:00Z'), at('2027-01-01T00:00:00Z')];
    expect(workingMs(always, from, to)).toBe(to - from);
    expect(addWorking(always, from, to - from)).toBe(to);
  });
  test('more years than the horizon', () => {
    const [from, to] = [at('2000-01-03T00:00:00Z'), at('2028-01-03T00:00:00Z')];
    const middle = at('2011-05-05T09:30:00Z');
    expect(workingMs(office, from, to)).toBe(workingMs(office, from, middle) + workingMs(office, middle, to));
  });
});

/** An opinion that looks at every minute: the clock's furthest showing so far lies between the beginning and the end of a piece of work. */
const minuteByMinute = (calendar: Pattern, from: number, to: number): boolean[] => {
  const wallOfMinute = (m: number) => {
    const wall = wallOf(m, calendar.timeZone);
    return { wall, value: Date.UTC(wall.year, wall.month - 1, wall.day, wall.hour, wall.minute) / MIN };
  };
  let furthest = -Infinity;
  const open: boolean[] = [];
  const work = new Map<number, readonly [number, number][]>();
  for (let m = from - 3 * HOUR; m < to; m += MIN) {
    furthest = Math.max(furthest, wallOfMinute(m).value);
    if (m < from) continue;
    const midnight = Math.floor(furthest / 1440) * 1440;
    const isWork = [0, 1].some((back) => {
      const start = midnight - back * 1440;
      if (!work.has(start)) {
        const date = new Date(start * MIN);
        const day = { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate(), hour: 0, minute: 0 };
        work.set(
          start,
          intervalsOf(calendar, day).map((i) => [start + i.from, start + i.to] as [number, number]),
        );
      }
      return work.get(start)!.some(([a, b]) => furthest >= a && furthest < b);
    });
    open.push(isWork);
  }
  return open;
};

describe('against an opinion that looks at every minute', () => {
  let seed = 20261127;
  const random = () => {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
    return seed / 2 ** 32;
  };
  const upTo = (n: number) => Math.floor(random() * n);
  const interval = () => {
    const from = upTo(1440);
    return { from, to: from + 1 + upTo(1440) };
  };
  const zones = ['Europe/Moscow', 'Europe/London', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Kathmandu', 'Africa/Casablanca', 'America/Sao_Paulo', 'Pacific/Apia', 'Asia/Kamchatka']; // prettier-ignore
  // round the clock changes, a leap day, and the day that Samoa skipped
  const moments = ['2026-03-28T22:00Z', '2026-10-24T22:00Z', '2026-03-08T04:00Z', '2026-11-01T03:00Z', '2028-02-28T12:00Z', '2026-04-04T12:00Z', '2026-10-03T12:00Z', '2018-11-03T20:00Z', '2011-12-29T20:00Z', '2010-03-27T12:00Z', '2026-12-31T12:00Z']; // prettier-ignore

  test('thousands of cases agree', () => {
    let compared = 0;
    for (let i = 0; i < 80; i += 1) {
      const from = at(moments[i % moments.length]!) + upTo(600) * MIN;
      const to = from + 36 * HOUR;
      const day = new Date(from + upTo(48) * HOUR).toISOString().slice(0, 10);
      const kinds = ['closed', 'short', 'hours'] as const;
      const calendar: Pattern = {
        timeZone: zones[upTo(zones.length)]!,
        week: Array.from({ length: 7 }, () => Array.from({ length: upTo(4) }, interval)),
        days: random() < 0.5 ? [{ date: day, kind: kinds[upTo(3)]!, intervals: [interval()], name: '' }] : [],
        cycle:
          random() < 0.4 ? { anchor: ['2026-02-28', '2031-01-01', '2012-02-29'][upTo(3)]!, days: Array.from({ length: 1 + upTo(8) }, () => Array.from({ length: upTo(3) }, interval)) } : null, // prettier-ignore
      };
      const open = minuteByMinute(calendar, from, to);
      for (let k = 0; k < 25; k += 1) {
        const [a, b] = [upTo(open.length), upTo(open.length)].sort((x, y) => x - y) as [number, number];
        const where = `${JSON.stringify(calendar)} ${new Date(from + a * MIN).toISOString()}`;
        expect(isOpen(calendar, from + a * MIN), where).toBe(open[a]);
        const worked = open.slice(a, b).filter(Boolean).length;
        expect(workingMs(calendar, from + a * MIN, from + b * MIN), where).toBe(worked * MIN);
        const next = open.indexOf(true, a);
        if (next >= 0) expect(nextOpen(calendar, from + a * MIN), where).toBe(from + next * MIN);
        if (worked > 0) {
          const end = addWorking(calendar, from + a * MIN, worked * MIN)!;
          // the first such moment: a minute after the last one that was worked
          expect(end, where).toBe(from + (open.lastIndexOf(true, b - 1) + 1) * MIN);
        }
        compared += 1;
      }
    }
    expect(compared).toBe(2_000);
  });
});

describe('shifts that come again', () => {
  const twoTwo: Pattern = { ...office, cycle: { anchor: '2026-11-30', days: [[hours(8, 20)], [hours(20, 32)], [], []] } };
  const on = (date: string, pattern = twoTwo) => intervalsOf(pattern, { ...wallOf(at(`${date}T12:00Z`), 'UTC'), hour: 0, minute: 0 });
  test('day, night, two off: before the anchor and after it, over a leap day and years', () => {
    expect(['2026-11-30', '2026-12-01', '2026-12-02', '2026-12-03', '2026-12-04'].map((date) => on(date)[0]?.from ?? null)).toEqual([480, 1200, null, null, 480]); // prettier-ignore
    expect(['2026-11-26', '2026-11-27', '2026-11-28', '2026-11-29'].map((date) => on(date)[0]?.from ?? null)).toEqual([480, 1200, null, null]); // prettier-ignore
    // walked day by day, by somebody who counts on the fingers
    let turn = 0;
    for (let day = Date.parse('2026-11-30'); day < Date.parse('2029-03-02'); day += 86_400_000, turn = (turn + 1) % 4)
      expect(on(new Date(day).toISOString().slice(0, 10)), new Date(day).toISOString()).toEqual(twoTwo.cycle!.days[turn]);
  });
  test('a night over a change of the clocks is an hour longer or shorter', () => {
    const night = (zone: string): Pattern => ({ timeZone: zone, week: office.week, days: [], cycle: { anchor: '2026-10-24', days: [[hours(22, 30)]] } }); // prettier-ignore
    const berlin = night('Europe/Berlin');
    expect(workingMs(berlin, at('2026-10-24T12:00Z'), at('2026-10-25T12:00Z'))).toBe(9 * HOUR);
    expect(workingMs(berlin, at('2027-03-27T12:00Z'), at('2027-03-28T12:00Z'))).toBe(7 * HOUR);
    expect(workingMs(night('Europe/Moscow'), at('2026-10-24T12:00Z'), at('2026-10-25T12:00Z'))).toBe(8 * HOUR);
  });
  test('without a working day: an answer, and soon', () => {
    const never: Pattern = { ...office, cycle: { anchor: '2026-11-30', days: [[], []] } };
    expect([everWorks(never), everWorks(twoTwo), everWorks(office)]).toEqual([false, true, true]);
    expect(nextOpen(never, 0)).toBe(null);
    expect(workingSpans(never, 0, at('2026-11-30T00:00Z'))).toEqual([]);
  });
  test('the pieces of a week add up to what is worked in it', () => {
    const [from, to] = [at('2026-12-01T20:00Z'), at('2026-12-08T00:00Z')];
    const spans = workingSpans(twoTwo, from, to);
    expect(spans[0]).toEqual({ from, to: at('2026-12-02T05:00Z') });
    expect(spans.reduce((sum, span) => sum + span.to - span.from, 0)).toBe(workingMs(twoTwo, from, to));
    expect(spans.every((span, i) => i === 0 || span.from > spans[i - 1]!.to)).toBe(true);
  });
});

describe('a production calendar as text', () => {
  test('hours of a day', () => {
    expect(readIntervals('9:00-13:00, 14-18')).toEqual([hours(9, 13), hours(14, 18)]);
    expect(readIntervals('22:00–6:00')).toEqual([hours(22, 30)]);
    expect(readIntervals('0:00-24:00')).toEqual([hours(0, 24)]);
    for (const wrong of ['', '9', '25:00-26:00', '9:00-', 'a-b', '9:00-10:00;']) expect(readIntervals(wrong)).toBe(null);
  });
  test('lines', () => {
    const { days, rejected } = readDays('дата;вид;название\r\n01.01.2027;выходной;Новый год\n2027-04-30;short\n\n2027-02-20;9:00-18:00;Рабочая суббота\n30.02.2027;выходной\nx\n', office); // prettier-ignore
    expect(days.map(({ date, kind, name }) => [date, kind, name])).toEqual([
      ['2027-01-01', 'closed', 'Новый год'],
      ['2027-04-30', 'short', ''],
      ['2027-02-20', 'hours', 'Рабочая суббота'],
    ]);
    expect(rejected.map(({ line }) => line)).toEqual([6, 7]);
  });
  test('as it is published', () => {
    const text = JSON.stringify({ year: 2026, months: [{ month: 11, days: '1,3*,4,8,14,15,21,22,28,29' }] });
    const { days, rejected } = readDays(text, office);
    expect(rejected).toEqual([]);
    // 7 November is a Saturday that is not named: worked
    expect(days.map(({ date, kind }) => `${date} ${kind}`)).toEqual(['2026-11-03 short', '2026-11-04 closed', '2026-11-07 hours']);
    expect(readDays('{"year":2026,"months":[{"month":2,"days":"30,x,1"}]}', office).rejected).toHaveLength(2);
    for (const wrong of ['{', '{}', '{"year":2026,"months":[{"month":13,"days":"1"}]}']) expect(readDays(wrong, office).days).toEqual([]);
  });
  test('as XML', () => {
    const xml = `<?xml version="1.0"?>\n<calendar year="2027" lang="ru"><holidays><holiday id="1" title="Рождество" /></holidays>\n<days><day d="01.07" t="1" h="1" /><day d="02.20" t="3"/>\n<day d="04.30" t="2" /><day d="02.30" t="1" /><day d="05.05" t="9"/></days></calendar>`;
    const { days, rejected } = readDays(xml, office);
    expect(days).toEqual([
      { date: '2027-01-07', kind: 'closed', intervals: [], name: 'Рождество' },
      { date: '2027-02-20', kind: 'hours', intervals: nine, name: '' },
      { date: '2027-04-30', kind: 'short', intervals: [], name: '' },
    ]);
    expect(rejected.map(({ line }) => line)).toEqual([4, 4]);
    for (const wrong of ['<calendar>', '<calendar year="27"><day d="01.01" t="1"/>', '<html/>', `<day ${'a'.repeat(150_000)}`])
      expect(readDays(wrong, office)).toMatchObject({ days: [], rejected: [{ line: 1 }] });
  });
  test('as an iCalendar file', () => {
    const event = (...lines: string[]) => ['BEGIN:VEVENT', ...lines, 'END:VEVENT'].join('\r\n');
    const file = (...events: string[]) => ['BEGIN:VCALENDAR', 'VERSION:2.0', ...events, 'END:VCALENDAR'].join('\r\n');
    const text = file(
      event('DTSTART;VALUE=DATE:20270101', 'DTEND;VALUE=DATE:20270103', 'SUMMARY:New Year\\, the', '  long one'),
      event('DTSTART;VALUE=DATE:20270107', 'SUMMARY:Christmas'),
      event('DTSTART:20270108T100000Z', 'SUMMARY:A meeting'),
      event('DTSTART;VALUE=DATE:20270101', 'DTEND;VALUE=DATE:20670101', 'SUMMARY:Forty years'),
      event('SUMMARY:Nothing'),
    );
    const { days, rejected } = readDays(text, office);
    expect(days.map(({ date, kind, name }) => `${date} ${kind} ${name}`)).toEqual(['2027-01-01 closed New Year, the long one', '2027-01-02 closed New Year, the long one', '2027-01-07 closed Christmas']); // prettier-ignore
    expect(rejected.map(({ text: words }) => words)).toEqual(['A meeting', 'Forty years', 'Nothing']);
  });
  test('a new word on a day replaces the one before', () => {
    const day = (date: string, kind: DayRule['kind']): DayRule => ({ date, kind, intervals: [], name: '' });
    expect(mergeDays([day('2027-02-02', 'closed'), day('2027-01-01', 'closed')], [day('2027-02-02', 'short')])).toEqual([
      day('2027-01-01', 'closed'),
      day('2027-02-02', 'short'),
    ]);
  });
});
