import rrule from 'rrule';
import type { Options, Weekday } from 'rrule';
import { momentOf, plusDays } from '../core/zone.ts';
import type { Wall } from '../core/zone.ts';

/**
 * Repetition as arithmetic: pure. A rule runs on the wall of its zone ("2027-01-08T10:00"), so that ten o'clock stays ten o'clock over a change of the
 * clocks; only then is an occurrence a moment. Nothing is ever expanded outside a window.
 */

const MINUTE = 60_000;
const DAY = 1_440 * MINUTE;
/** A zone's clock and UTC differ by no more. */
const ZONE_MS = 26 * 60 * MINUTE;

export interface Series {
  readonly start: string;
  readonly minutes: number;
  readonly allDay: boolean;
  readonly timeZone: string;
  readonly rule: string | null;
  /** Of the rule, see `lastStart`. */
  readonly last: string | null;
  readonly except: readonly string[];
}

export interface Occurrence {
  /** On the wall: RECURRENCE-ID. */
  readonly at: string;
  readonly from: number;
  readonly to: number;
}

export const wallMs = (text: string): number => Date.parse(`${text}Z`);
export const wallText = (ms: number): string => new Date(ms).toISOString().slice(0, 16);
const wallOfText = (text: string): Wall => {
  const [year, month, day, hour, minute] = text.split(/[-T:]/).map(Number) as [number, number, number, number, number];
  return { year, month, day, hour, minute };
};
export const momentOfText = (text: string, timeZone: string): number => momentOf(wallOfText(text), timeZone);

/** A day of an all-day meeting is as long as that day is. */
export const spanAt = ({ minutes, allDay, timeZone }: Pick<Series, 'minutes' | 'allDay' | 'timeZone'>, at: string): Occurrence => {
  const from = momentOfText(at, timeZone);
  const to = allDay ? momentOf(plusDays(wallOfText(at), Math.round(minutes / 1_440)), timeZone) : from + minutes * MINUTE;
  return { at, from, to };
};

type Parts = Readonly<Record<string, string>>;
const DAYS = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'] as const;
const MOST_COUNT = 1_000;

const SHAPES: Readonly<Record<string, RegExp>> = {
  FREQ: /^(DAILY|WEEKLY|MONTHLY|YEARLY)$/,
  INTERVAL: /^[1-9]\d{0,2}$/,
  COUNT: /^[1-9]\d{0,3}$/,
  UNTIL: /^\d{8}(T\d{6}Z?)?$/,
  BYDAY: /^([+-]?[1-5])?(MO|TU|WE|TH|FR|SA|SU)(,([+-]?[1-5])?(MO|TU|WE|TH|FR|SA|SU)){0,6}$/,
  BYMONTHDAY: /^(-?([1-9]|[12]\d|3[01]))(,-?([1-9]|[12]\d|3[01])){0,30}$/,
  BYMONTH: /^([1-9]|1[0-2])(,([1-9]|1[0-2])){0,11}$/,
  BYSETPOS: /^-?[1-5]$/,
  WKST: /^(MO|TU|WE|TH|FR|SA|SU)$/,
};

const partsOf = (rule: string): Parts =>
  Object.fromEntries(
    rule
      .replace(/^RRULE:/i, '')
      .toUpperCase()
      .split(';')
      .map((part) => part.split('=') as [string, string]),
  );
const textOf = (parts: Parts): string =>
  Object.keys(SHAPES)
    .filter((key) => parts[key] !== undefined)
    .map((key) => `${key}=${parts[key]}`)
    .join(';');

/** UNTIL as it stands on the wall of the zone. */
const untilOnWall = (until: string, timeZone: string): string => {
  const [, date, time = '235900', utc] = /^(\d{8})(?:T(\d{6})(Z?))?$/.exec(until)!;
  const text = `${date!.slice(0, 4)}-${date!.slice(4, 6)}-${date!.slice(6)}T${time.slice(0, 2)}:${time.slice(2, 4)}`;
  if (!utc) return text;
  const at = wallMs(text);
  // the offset is found from the other direction: which wall shows this moment
  const offset =
    wallMs(new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'short' }).format(at).replace(' ', 'T')) - at;
  return wallText(at + offset);
};
const compact = (ms: number): string => `${new Date(ms).toISOString().slice(0, 19).replace(/[-:]/g, '')}Z`;

const { RRule } = rrule;
const weekday = (text: string): Weekday => {
  const [, nth, name] = /^([+-]?\d)?(\w\w)$/.exec(text)!;
  const day = RRule[name as (typeof DAYS)[number]];
  return nth ? day.nth(Number(nth)) : day;
};
const numbers = (text: string | undefined): number[] | null => (text === undefined ? null : text.split(',').map(Number));

/** The rule without its end, from `start` on; what ends it is the caller's. */
const optionsOf = (parts: Parts, start: number): Partial<Options> => ({
  freq: RRule[parts.FREQ as 'DAILY' | 'WEEKLY' | 'MONTHLY' | 'YEARLY'],
  interval: Number(parts.INTERVAL ?? 1),
  dtstart: new Date(start),
  byweekday: parts.BYDAY?.split(',').map(weekday) ?? null,
  bymonthday: numbers(parts.BYMONTHDAY),
  bymonth: numbers(parts.BYMONTH),
  bysetpos: numbers(parts.BYSETPOS),
  wkst: RRule[(parts.WKST ?? 'MO') as (typeof DAYS)[number]],
});
const ruleOf = (parts: Parts, start: number, end: Partial<Options>) => new RRule({ ...optionsOf(parts, start), ...end }, true);

/** The day could be one of the rule's: asked first, since a rule that fits no day at all is searched to the year 9999. */
const mayFit = (parts: Parts, start: number): boolean => {
  const date = new Date(start);
  const days = parts.BYDAY?.split(',').map((day) => day.slice(-2));
  const last = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate();
  const dates = numbers(parts.BYMONTHDAY)?.map((day) => (day < 0 ? last + 1 + day : day));
  return (
    (days?.includes(DAYS[(date.getUTCDay() + 6) % 7]!) ?? true) &&
    (dates?.includes(date.getUTCDate()) ?? true) &&
    (numbers(parts.BYMONTH)?.includes(date.getUTCMonth() + 1) ?? true)
  );
};

/**
 * A rule as it is stored, and when it begins for the last time (null: never ends). The first occurrence is the start itself.
 * @returns the code of what is wrong with it
 */
export const readRule = (text: string, start: string, timeZone: string): { rule: string; last: string | null } | { fault: string } => {
  const parts = partsOf(text);
  if (!parts.FREQ || Object.entries(parts).some(([key, value]) => !SHAPES[key]?.test(value ?? ''))) return { fault: 'rule_not_understood' };
  const ordinals = parts.BYDAY !== undefined && /\d/.test(parts.BYDAY);
  const small = parts.FREQ === 'DAILY' || parts.FREQ === 'WEEKLY';
  if (small && (ordinals || parts.BYSETPOS !== undefined)) return { fault: 'rule_not_understood' };
  // sets that may be empty for ever would be searched to the year 9999
  if (ordinals && (parts.BYMONTHDAY !== undefined || parts.BYSETPOS !== undefined)) return { fault: 'rule_not_understood' };
  if (parts.BYSETPOS !== undefined && (parts.BYDAY === undefined || parts.BYMONTHDAY !== undefined))
    return { fault: 'rule_not_understood' };
  if (parts.FREQ === 'YEARLY' && parts.BYDAY !== undefined && parts.BYMONTH === undefined) return { fault: 'rule_not_understood' };
  if (parts.COUNT !== undefined && (parts.UNTIL !== undefined || Number(parts.COUNT) > MOST_COUNT)) return { fault: 'rule_not_understood' };
  const from = wallMs(start);
  if (!mayFit(parts, from) || ruleOf(parts, from, { count: 1 }).all()[0]?.getTime() !== from) return { fault: 'rule_does_not_fit' };
  if (parts.COUNT !== undefined) {
    const last = ruleOf(parts, from, { count: Number(parts.COUNT) })
      .all()
      .at(-1)!;
    return { rule: textOf(parts), last: wallText(last.getTime()) };
  }
  if (parts.UNTIL === undefined) return { rule: textOf(parts), last: null };
  const until = untilOnWall(parts.UNTIL, timeZone);
  if (Number.isNaN(wallMs(until)) || until < start) return { fault: 'rule_ends_before' };
  const last = ruleOf(parts, from, { until: new Date(wallMs(until)) }).before(new Date(wallMs(until) + MINUTE), true)!;
  return { rule: textOf({ ...parts, UNTIL: compact(momentOfText(until, timeZone)) }), last: wallText(last.getTime()) };
};

/** A long series is not walked from its beginning: whole periods are skipped, which changes nothing behind them. */
const near = (parts: Parts, start: number, wanted: number): number => {
  const days = parts.FREQ === 'DAILY' ? 1 : parts.FREQ === 'WEEKLY' ? 7 : 0;
  const step = days * DAY * Number(parts.INTERVAL ?? 1);
  return step === 0 ? start : start + Math.max(0, Math.floor((wanted - start) / step) - 1) * step;
};

/** The beginnings on the wall in [low, high], without what is excepted. */
const starts = (series: Series, low: number, high: number): string[] => {
  const start = wallMs(series.start);
  const end = Math.min(high, series.last === null ? Infinity : wallMs(series.last));
  if (series.rule === null || end < Math.max(low, start)) return [];
  const parts = partsOf(series.rule);
  const found = ruleOf(parts, near(parts, start, low), { until: new Date(end) }).between(
    new Date(Math.max(low, start)),
    new Date(end),
    true,
  );
  return found.map((date) => wallText(date.getTime())).filter((at) => !series.except.includes(at));
};

/** What of it lies in [from, to). Bounded by the window, whatever the rule says. */
export const expand = (series: Series, from: number, to: number): Occurrence[] => {
  const within = (one: Occurrence) => one.from < to && one.to > from;
  if (series.rule === null) return [spanAt(series, series.start)].filter(within);
  const long = series.minutes * MINUTE;
  return starts(series, from - long - ZONE_MS, to + ZONE_MS)
    .map((at) => spanAt(series, at))
    .filter(within);
};

export const isOccurrence = (series: Series, at: string): boolean => starts(series, wallMs(at), wallMs(at)).length === 1;

/** The rule of a series that ends before this occurrence. */
export const ruleBefore = (series: Series, at: string): string => {
  const { COUNT: _, ...parts } = partsOf(series.rule!);
  return textOf({ ...parts, UNTIL: compact(momentOfText(wallText(wallMs(at) - MINUTE), series.timeZone)) });
};

/** The rule of the series that goes on with this occurrence: of a number of times, those that are left. */
export const ruleFrom = (series: Series, at: string): string => {
  const parts = partsOf(series.rule!);
  if (parts.COUNT === undefined) return series.rule!;
  const before = starts({ ...series, except: [] }, wallMs(series.start), wallMs(at) - MINUTE).length;
  return textOf({ ...parts, COUNT: String(Number(parts.COUNT) - before) });
};

/** The rule of a series whose start moves from one wall to another, its end with it; null: it names days in a way that cannot be moved. */
export const movedRule = (rule: string, before: string, after: string): string | null => {
  const moved = wallMs(after) - wallMs(before);
  const days = Math.round((wallMs(`${after.slice(0, 10)}T00:00`) - wallMs(`${before.slice(0, 10)}T00:00`)) / DAY);
  const parts = partsOf(rule);
  const until: Parts = parts.UNTIL === undefined ? {} : { UNTIL: compact(wallMs(untilOnWall(parts.UNTIL, 'UTC')) + moved) };
  const named = parts.BYDAY !== undefined || parts.BYMONTHDAY !== undefined || parts.BYMONTH !== undefined;
  if (days === 0 || !named) return textOf({ ...parts, ...until });
  if (parts.FREQ !== 'WEEKLY' || parts.BYDAY === undefined || parts.BYMONTH !== undefined || parts.BYMONTHDAY !== undefined) return null;
  const turned = parts.BYDAY.split(',').map((day) => DAYS[(((DAYS.indexOf(day as 'MO') + days) % 7) + 7) % 7]!);
  return textOf({ ...parts, ...until, BYDAY: turned.join(',') });
};
