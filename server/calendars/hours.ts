import { momentOf, plusDays, wallOf, weekdayOf } from '../core/zone.ts';
import type { Wall } from '../core/zone.ts';
import type { DayRule, Interval, Pattern } from './contract.ts';

/**
 * Working time as arithmetic: pure; moments are epoch ms. Work runs from the first moment at which the clock on the wall has reached the beginning to the
 * first at which it has reached the end: what the clock skips in spring is not worked, what it shows twice in autumn is worked twice where it lies
 * inside, and an end in that hour is its first showing.
 */

const DAY_MIN = 1440;
const MINUTE = 60_000;
/** A calendar without working time is searched no further. */
const HORIZON_DAYS = 3_660;
/** Minutes: the day before a holiday, by the Labour Code of Russia, art. 95. */
const SHORT_BY = 60;

const pad = (n: number, width = 2) => String(n).padStart(width, '0');
export const dateText = ({ year, month, day }: Pick<Wall, 'year' | 'month' | 'day'>): string => `${pad(year, 4)}-${pad(month)}-${pad(day)}`;

/** Midnight of "2027-01-08". */
export const dayOf = (date: string): Wall => {
  const [year, month, day] = date.split('-').map(Number);
  return { year: year!, month: month!, day: day!, hour: 0, minute: 0 };
};

const wallMinutes = (wall: Wall): number => Date.UTC(wall.year, wall.month - 1, wall.day, wall.hour, wall.minute) / MINUTE;

/** The first moment at which the clock of the zone shows `minutes` after that midnight, or more. */
const reached = (day: Wall, minutes: number, timeZone: string): number => {
  const wall = { ...plusDays(day, Math.floor(minutes / DAY_MIN)), hour: Math.floor((minutes % DAY_MIN) / 60), minute: minutes % 60 };
  const moment = momentOf(wall, timeZone);
  const wanted = wallMinutes(wall);
  if (wallMinutes(wallOf(moment, timeZone)) === wanted) return moment;
  // The clock skips it: the moment of the jump lies before, by no more than the longest jump there was, a day.
  let [before, after] = [Math.floor(moment / MINUTE) - DAY_MIN - 60, Math.floor(moment / MINUTE) + 1];
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2);
    if (wallMinutes(wallOf(middle * MINUTE, timeZone)) >= wanted) after = middle;
    else before = middle;
  }
  return after * MINUTE;
};

const rules = new WeakMap<readonly DayRule[], ReadonlyMap<string, DayRule>>();
const ruleOf = (days: readonly DayRule[], date: string): DayRule | undefined => {
  let byDate = rules.get(days);
  if (!byDate) rules.set(days, (byDate = new Map(days.map((day) => [day.date, day]))));
  return byDate.get(date);
};

/** An hour less at the end of the day. */
const shortened = (intervals: readonly Interval[]): Interval[] => {
  const left = [...intervals].sort((a, b) => a.from - b.from);
  for (let less = SHORT_BY; less > 0 && left.length > 0;) {
    const last = left.pop()!;
    const cut = Math.min(less, last.to - last.from);
    less -= cut;
    if (last.to - cut > last.from) left.push({ from: last.from, to: last.to - cut });
  }
  return left;
};

const daysBetween = (from: Wall, to: Wall): number => (wallMinutes({ ...to, hour: 0, minute: 0 }) - wallMinutes(from)) / DAY_MIN;

/** What the pattern has on this day when nothing is different about it. */
const usual = ({ week, cycle }: Pick<Pattern, 'week' | 'cycle'>, day: Wall): readonly Interval[] => {
  if (!cycle) return week[weekdayOf(day) - 1] ?? [];
  const turn = daysBetween(dayOf(cycle.anchor), day) % cycle.days.length;
  return cycle.days[turn < 0 ? turn + cycle.days.length : turn] ?? [];
};

/** What begins on this day, in order. */
export const intervalsOf = (pattern: Pick<Pattern, 'week' | 'days' | 'cycle'>, day: Wall): Interval[] => {
  const weekly = usual(pattern, day);
  const { days } = pattern;
  const rule = ruleOf(days, dateText(day));
  if (rule?.kind === 'closed') return [];
  if (rule?.kind === 'short') return shortened(weekly);
  return [...(rule ? rule.intervals : weekly)].sort((a, b) => a.from - b.from);
};

/** There is some day with work; without one a search ends at once. */
export const everWorks = ({ week, cycle, days }: Pick<Pattern, 'week' | 'days' | 'cycle'>): boolean =>
  (cycle?.days ?? week).some((day) => day.length > 0) || days.some((day) => day.intervals.length > 0);

/** Pieces of working time that end after `from`, in order and apart, as [from, to); ends after HORIZON_DAYS. */
function* pieces(hours: Pattern, from: number): Generator<readonly [number, number]> {
  if (!everWorks(hours)) return;
  // the evening of the day before may run on for a day, and a zone may have skipped one
  let day = plusDays(wallOf(from, hours.timeZone), -2);
  let covered = -Infinity;
  for (let i = 0; i < HORIZON_DAYS; i += 1, day = plusDays(day, 1))
    for (const interval of intervalsOf(hours, day)) {
      const start = Math.max(covered, reached(day, interval.from, hours.timeZone));
      const end = reached(day, interval.to, hours.timeZone);
      if (end <= start) continue;
      covered = end;
      if (end > from) yield [start, end];
    }
}

/** The first moment from `at` on that is working time: `at` itself while open; null: none within ten years. */
export const nextOpen = (hours: Pattern, at: number): number | null => {
  for (const [from] of pieces(hours, at)) return Math.max(at, from);
  return null;
};

export const isOpen = (hours: Pattern, at: number): boolean => nextOpen(hours, at) === at;

/** Working time in [from, to), ms; 0 when `to` is not later. */
export const workingMs = (hours: Pattern, from: number, to: number): number => {
  if (to <= from) return 0;
  let sum = 0;
  // a span beyond the horizon is counted in parts
  for (let since = from; since < to;) {
    const last = Math.min(to, since + (HORIZON_DAYS - 10) * DAY_MIN * MINUTE);
    for (const [start, end] of pieces(hours, since)) {
      if (start >= last) break;
      sum += Math.min(end, last) - Math.max(start, since);
    }
    since = last;
  }
  return sum;
};

/** The pieces of working time in [from, to), in order and apart; no more than ten years of them. */
export const workingSpans = (hours: Pattern, from: number, to: number): { from: number; to: number }[] => {
  const spans: { from: number; to: number }[] = [];
  for (const [start, end] of pieces(hours, from)) {
    if (start >= to) break;
    spans.push({ from: Math.max(start, from), to: Math.min(end, to) });
  }
  return spans;
};

/** The first moment by which `ms` of working time have passed since `from`; `from` itself for 0; null: not within ten years. */
export const addWorking = (hours: Pattern, from: number, ms: number): number | null => {
  if (ms <= 0) return from;
  let left = ms;
  for (const [start, end] of pieces(hours, from)) {
    const begin = Math.max(start, from);
    if (end - begin >= left) return begin + left;
    left -= end - begin;
  }
  return null;
};
