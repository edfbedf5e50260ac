import rrule from 'rrule';
import { momentOf, momentText, wallOf } from '../core/zone.ts';
import type { Wall } from '../core/zone.ts';

/**
 * RFC 5545 recurrence on the wall of a time zone: pure. The rule is worked out on clocks that know no zone (the library is given them as if they were
 * UTC), and each day and hour found becomes a moment by the zone's own rules; so ten o'clock stays ten o'clock when the clocks change.
 */

const { RRule } = rrule;
/** A rule is searched no further than that beyond the moment asked for, or its own beginning. */
const HORIZON_MS = 30 * 366 * 86_400_000;
const PARTS: Readonly<Record<string, RegExp>> = {
  FREQ: /^(DAILY|WEEKLY|MONTHLY|YEARLY)$/,
  INTERVAL: /^([1-9]\d?|[123]\d\d|400)$/,
  COUNT: /^([1-9]\d{0,2}|1000)$/,
  UNTIL: /^\d{8}(T\d{6}Z?)?$/,
  BYDAY: /^([+-]?[1-5]?(MO|TU|WE|TH|FR|SA|SU))(,[+-]?[1-5]?(MO|TU|WE|TH|FR|SA|SU)){0,20}$/,
  BYMONTHDAY: /^-?([1-9]|[12]\d|3[01])(,-?([1-9]|[12]\d|3[01])){0,30}$/,
  BYMONTH: /^([1-9]|1[0-2])(,([1-9]|1[0-2])){0,11}$/,
  BYSETPOS: /^-?([1-9]|[1-4]\d)(,-?([1-9]|[1-4]\d)){0,5}$/,
  WKST: /^(MO|TU|WE|TH|FR|SA|SU)$/,
};

export interface Series {
  readonly rule: string;
  readonly timeZone: string;
  /** DTSTART on the wall, "2027-01-08T10:00". */
  readonly start: string;
  /** EXDATE, as start. */
  readonly exdates: readonly string[];
}

export const textOfWall = (wall: Wall): string => momentText(wall).replace(' ', 'T');
const clockless = (wall: string): Date => new Date(`${wall}:00Z`);
const wallText = (date: Date): string => date.toISOString().slice(0, 16);
const wallOfText = (text: string): Wall => {
  const [year, month, day, hour, minute] = text.split(/\D/).map(Number);
  return { year: year!, month: month!, day: day!, hour: hour!, minute: minute! };
};
export const momentOfSeries = (wall: string, timeZone: string): number => momentOf(wallOfText(wall), timeZone);

const partsOf = (rule: string): Map<string, string> | null => {
  const parts = new Map<string, string>();
  for (const part of rule.trim().toUpperCase().replace(/^RRULE:/, '').split(';')) {
    const [name = '', value = ''] = part.split('=');
    if (!PARTS[name]?.test(value) || parts.has(name)) return null;
    parts.set(name, value);
  }
  return parts;
}; // prettier-ignore
const written = (parts: ReadonlyMap<string, string>): string => [...parts].map(([name, value]) => `${name}=${value}`).join(';');

const LONGEST = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** The rule as it is kept; null: not one that we repeat tasks by. Nothing shorter than a day, and no day that never comes: it would be searched for ever. */
export const readRule = (text: string): string | null => {
  const parts = partsOf(text);
  const freq = parts?.get('FREQ');
  if (!parts || !freq || (parts.has('COUNT') && parts.has('UNTIL'))) return null;
  const often = freq === 'DAILY' || freq === 'WEEKLY';
  if (often && (parts.has('BYSETPOS') || /\d/.test(parts.get('BYDAY') ?? '') || (freq === 'WEEKLY' && parts.has('BYMONTHDAY'))))
    return null;
  const days = parts.get('BYMONTHDAY')?.split(',').map(Number); // prettier-ignore
  const months = parts.get('BYMONTH')?.split(',').map(Number) ?? LONGEST.map((_, i) => i + 1);
  if (days && !months.some((month) => days.some((day) => Math.abs(day) <= LONGEST[month - 1]!))) return null;
  return written(parts);
};

const ruleOf = ({ rule, timeZone, start }: Series, until: number) => {
  const parts = new Map(partsOf(rule)!);
  const said = parts.get('UNTIL');
  parts.delete('UNTIL');
  const limits = [Date.parse(`${textOfWall(wallOf(until, timeZone))}:00Z`)];
  if (said) {
    const [, y, m, d, h = '23', min = '59', s = '59', z] = /^(\d{4})(\d{2})(\d{2})(?:T(\d{2})(\d{2})(\d{2})(Z?))?$/.exec(said)!;
    const at = Date.UTC(Number(y), Number(m) - 1, Number(d), Number(h), Number(min), Number(s));
    limits.push(z === 'Z' ? Date.parse(`${textOfWall(wallOf(at, timeZone))}:00Z`) : at);
  }
  return new RRule({ ...RRule.parseString(written(parts)), dtstart: clockless(start), until: new Date(Math.min(...limits)) });
};

/** The first `most` moments behind `after`; fewer when the series ends. */
export const occurrencesAfter = (series: Series, after: number, most: number): number[] => {
  const rule = ruleOf(series, Math.max(after, momentOfSeries(series.start, series.timeZone)) + HORIZON_MS);
  const gone = new Set(series.exdates);
  const found: number[] = [];
  // A day before: what the clock skips or shows twice is told apart by its moment, below.
  const near = clockless(textOfWall(wallOf(Math.max(after, 0), series.timeZone))).getTime() - 86_400_000;
  rule.all((date) => {
    if (date.getTime() < near) return true;
    const moment = momentOfSeries(wallText(date), series.timeZone);
    if (moment > after && !gone.has(wallText(date))) found.push(moment);
    return found.length < most;
  });
  return found;
};

/** The same rule up to this moment, without it. */
export const endBefore = (rule: string, at: number): string => {
  const parts = new Map(partsOf(rule)!);
  parts.delete('COUNT');
  const until = new Date(at - 60_000).toISOString().replace(/[-:]|\.\d+/g, '');
  parts.set('UNTIL', until);
  return written(parts);
};

/** The rule from this moment on: of a COUNT what is left. */
export const restFrom = (series: Series, at: number): string => {
  const parts = new Map(partsOf(series.rule)!);
  const count = Number(parts.get('COUNT') ?? 0);
  if (count === 0) return series.rule;
  const before = occurrencesAfter({ ...series, exdates: [] }, momentOfSeries(series.start, series.timeZone) - 1, count).filter((one) => one < at).length; // prettier-ignore
  parts.set('COUNT', String(Math.max(1, count - before)));
  return written(parts);
};
