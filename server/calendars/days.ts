import { isDate, plusDays, weekdayOf } from '../core/zone.ts';
import { dateText } from './hours.ts';
import type { DayRule, Hours, Interval } from './contract.ts';
import { Interval as IntervalShape } from './contract.ts';

/**
 * Reads a production calendar. Four spellings:
 * - a line a day: DATE;KIND;NAME, where DATE is 2027-01-08 or 08.01.2027, KIND closed, short or hours such as 9:00-13:00,14:00-18:00, and comma, tab or
 *   semicolon between them. A first line of headings and empty lines are passed over.
 * - the JSON in which Russia's production calendar is published: {"year": 2027, "months": [{"month": 1, "days": "1,2,3*,4+"}]}: all days off of the
 *   year; * is a shortened day, + a day off that was moved there. A Saturday or Sunday that is not named is worked as a Monday.
 * - the XML in which it is published as well: <calendar year="2027"><days><day d="01.08" t="1" h="1"/>: 1 closed, 2 short, 3 worked as a Monday.
 * - an iCalendar file of all-day events, each of whose days is closed.
 */
export interface ReadDays {
  readonly days: DayRule[];
  /** Lines from 1. */
  readonly rejected: { line: number; text: string }[];
}

const at = (text: string | undefined): number => {
  const [hour, minute = '0'] = (text ?? '').split(':');
  return Number(hour) * 60 + Number(minute);
};

/** "9:00-13:00, 22:00-6:00"; null: not understood. An end that is not later than the beginning is on the next day. */
export const readIntervals = (text: string): Interval[] | null => {
  const parts = text.split(',').map((part) => /^\s*(\d{1,2}(?::\d{2})?)\s*[-–—]\s*(\d{1,2}(?::\d{2})?)\s*$/.exec(part));
  const intervals = parts.map((part) => {
    const [from, to] = [at(part?.[1]), at(part?.[2])];
    return IntervalShape.safeParse({ from, to: to <= from ? to + 1440 : to });
  });
  return parts.every(Boolean) && intervals.every(({ success }) => success) ? intervals.map(({ data }) => data!) : null;
};

const readDate = (text: string): string | null => {
  const [, y, m, d] = /^(\d{4})-(\d{1,2})-(\d{1,2})$/.exec(text) ?? [];
  const [, d2, m2, y2] = /^(\d{1,2})\.(\d{1,2})\.(\d{4})$/.exec(text) ?? [];
  const [year, month, day] = [Number(y ?? y2), Number(m ?? m2), Number(d ?? d2)];
  return year >= 1970 && isDate(year, month, day) ? dateText({ year, month, day }) : null;
};

const CLOSED = /^(closed|holiday|off|выходной|праздник|нерабочий)$/iu;
const SHORT = /^(short|сокращенный|сокращённый|короткий)$/iu;

const readLine = (line: string): DayRule | null => {
  const separator = /[;\t]/.exec(line)?.[0] ?? ',';
  const [dateIn = '', kindIn = 'closed', ...rest] = line.split(separator).map((part) => part.trim().replace(/^"|"$/g, ''));
  const date = readDate(dateIn);
  if (!date) return null;
  const name = rest.join(separator === '\t' ? ' ' : separator).slice(0, 100);
  const kind = kindIn || 'closed';
  if (CLOSED.test(kind)) return { date, kind: 'closed', intervals: [], name };
  if (SHORT.test(kind)) return { date, kind: 'short', intervals: [], name };
  const intervals = readIntervals(kind);
  return intervals && { date, kind: 'hours', intervals, name };
};

const readLines = (text: string): ReadDays => {
  const days: DayRule[] = [];
  const rejected: ReadDays['rejected'] = [];
  const lines = text.replace(/^\uFEFF/, '').split(/\r\n|\r|\n/);
  lines.forEach((line, i) => {
    if (line.trim() === '') return;
    const day = readLine(line);
    if (day) days.push(day);
    else if (i > 0 || /\d/.test(line)) rejected.push({ line: i + 1, text: line.slice(0, 200) });
  });
  return { days, rejected };
};

interface Published {
  year: number;
  months: { month: number; days: string }[];
}
const isPublished = (value: unknown): value is Published => {
  const { year, months } = (value ?? {}) as Partial<Published>;
  return (
    Number.isInteger(year) &&
    year! >= 1970 &&
    year! <= 9999 &&
    Array.isArray(months) &&
    months.length <= 12 &&
    months.every((m) => Number.isInteger(m?.month) && m.month >= 1 && m.month <= 12 && typeof m.days === 'string')
  );
};

const readPublished = ({ year, months }: Published, monday: readonly Interval[]): ReadDays => {
  const days: DayRule[] = [];
  const rejected: ReadDays['rejected'] = [];
  months.forEach(({ month, days: list }, i) => {
    const named = new Map<number, string>();
    for (const item of list.split(',')) {
      const [, day, sign = ''] = /^\s*(\d{1,2})([*+]?)\s*$/.exec(item) ?? [];
      if (isDate(year, month, Number(day ?? 0))) named.set(Number(day), sign);
      else rejected.push({ line: i + 1, text: item.slice(0, 200) });
    }
    for (let day = 1; isDate(year, month, day); day += 1) {
      const weekend = weekdayOf({ year, month, day, hour: 0, minute: 0 }) > 5;
      const date = dateText({ year, month, day });
      const sign = named.get(day);
      if (sign === '*') days.push({ date, kind: 'short', intervals: [], name: '' });
      else if (sign !== undefined && !weekend) days.push({ date, kind: 'closed', intervals: [], name: '' });
      else if (sign === undefined && weekend) days.push({ date, kind: 'hours', intervals: [...monday], name: '' });
    }
  });
  return { days, rejected };
};

const attributes = (text: string): Record<string, string> =>
  Object.fromEntries([...text.matchAll(/([\w-]+)\s*=\s*"([^"]*)"/g)].map(([, name, value]) => [name!, value!]));

/** A document of days and nothing else: <day d="MM.DD" t="1|2|3" h="HOLIDAY"/>, with the year and the holidays' titles beside it. */
const readXml = (text: string, monday: readonly Interval[]): ReadDays => {
  const wrong = { days: [], rejected: [{ line: 1, text: text.slice(0, 200) }] };
  const year = Number(attributes(/<calendar\b([^<>]{0,500})>/.exec(text)?.[1] ?? '').year);
  if (!Number.isInteger(year) || year < 1970 || year > 9999) return wrong;
  const titles = new Map(
    [...text.matchAll(/<holiday\b([^<>]{0,500})>/g)].map(([, tag]) => [attributes(tag!).id, attributes(tag!).title ?? '']),
  );
  const days: DayRule[] = [];
  const rejected: ReadDays['rejected'] = [];
  const lineOf = (index: number) => text.slice(0, index).split('\n').length;
  for (const found of text.matchAll(/<day\b([^<>]{0,500})>/g)) {
    const { d = '', t, h } = attributes(found[1]!);
    const [, month, day] = /^(\d{2})\.(\d{2})$/.exec(d) ?? [];
    const kind = { 1: 'closed', 2: 'short', 3: 'hours' }[t ?? ''] as DayRule['kind'] | undefined;
    if (!kind || !isDate(year, Number(month), Number(day))) rejected.push({ line: lineOf(found.index), text: found[0].slice(0, 200) });
    else {
      const name = (titles.get(h) ?? '').replace(/[\p{Cc}]+/gu, ' ').slice(0, 100);
      days.push({
        date: `${dateText({ year, month: Number(month), day: Number(day) })}`,
        kind,
        intervals: kind === 'hours' ? [...monday] : [],
        name,
      });
    }
  }
  return days.length + rejected.length === 0 ? wrong : { days, rejected };
};

/** No event of a calendar of holidays is longer. */
const LONGEST_EVENT_DAYS = 31;

/** All-day events of RFC 5545: each of their days is closed. Whatever has an hour is none, and is said. */
const readIcs = (text: string): ReadDays => {
  const lines = text.replace(/\r?\n[ \t]/g, '').split(/\r\n|\r|\n/);
  const days: DayRule[] = [];
  const rejected: ReadDays['rejected'] = [];
  let event: { line: number; from?: string; to?: string; name: string } | null = null;
  const dateOf = (value: string): string | null => {
    const [, y, m, d] = /^(\d{4})(\d{2})(\d{2})$/.exec(value) ?? [];
    return y === undefined ? null : readDate(`${y}-${m}-${d}`);
  };
  lines.forEach((line, i) => {
    const [, name = '', value = ''] = /^([A-Za-z-]+)(?:;[^:]*)?:(.*)$/.exec(line) ?? [];
    const key = name.toUpperCase();
    if (key === 'BEGIN' && value.trim().toUpperCase() === 'VEVENT') event = { line: i + 1, name: '' };
    if (!event) return;
    if (key === 'DTSTART') event.from = dateOf(value.trim()) ?? '';
    if (key === 'DTEND') event.to = dateOf(value.trim()) ?? '';
    if (key === 'SUMMARY') event.name = value.replace(/\\n/gi, ' ').replace(/\\(.)/g, '$1').replace(/\p{Cc}+/gu, ' ').trim().slice(0, 100); // prettier-ignore
    if (key !== 'END' || value.trim().toUpperCase() !== 'VEVENT') return;
    const { from, to, line: began, name: words } = event;
    event = null;
    const wall = (date: string) => {
      const [year, month, day] = date.split('-').map(Number) as [number, number, number];
      return { year, month, day, hour: 0, minute: 0 };
    };
    const list: DayRule[] = [];
    if (from)
      for (let at = wall(from); list.length <= LONGEST_EVENT_DAYS; at = plusDays(at, 1)) {
        if (list.length > 0 && (to === undefined || dateText(at) >= to)) break;
        list.push({ date: dateText(at), kind: 'closed', intervals: [], name: words });
      }
    if (list.length === 0 || list.length > LONGEST_EVENT_DAYS || to === '') rejected.push({ line: began, text: words.slice(0, 200) });
    else days.push(...list);
  });
  return { days, rejected };
};

/** `week`: how a Monday is worked, for the Saturdays that are. Pure. */
export const readDays = (text: string, { week }: Pick<Hours, 'week'>): ReadDays => {
  const start = text.replace(/^\uFEFF/, '').trimStart();
  if (start.startsWith('<')) return readXml(start, week[0] ?? []);
  if (/^BEGIN:VCALENDAR/i.test(start)) return readIcs(start);
  if (!text.trimStart().startsWith('{')) return readLines(text);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { days: [], rejected: [{ line: 1, text: text.slice(0, 200) }] };
  }
  return isPublished(value) ? readPublished(value, week[0] ?? []) : { days: [], rejected: [{ line: 1, text: text.slice(0, 200) }] };
};

/** Those of `next` replace those of the same date; in order. */
export const mergeDays = (before: readonly DayRule[], next: readonly DayRule[]): DayRule[] =>
  [...new Map([...before, ...next].map((day) => [day.date, day])).values()].sort((a, b) => (a.date < b.date ? -1 : 1));
