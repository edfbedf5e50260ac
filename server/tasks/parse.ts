import type { TaskKind } from './contract.ts';
import { namesIn } from './names.ts';
import { readDay, readLater, readPart, readTime } from './when.ts';
import type { Found } from './when.ts';
import { momentOf, plusDays, wallOf } from '../core/zone.ts';

export interface Line {
  readonly text: string;
  readonly kind: TaskKind;
  /** Epoch ms; null: no time was named. */
  readonly dueAt: number | null;
  /** What was named is over. */
  readonly past: boolean;
  /** Whom it may mean: one or several words each, as they were typed; likeliest first. */
  readonly names: readonly string[][];
}

/** When a day is named and no hour. */
const MORNING = { hour: 10, minute: 0 } as const;
const QUARTER_MS = 15 * 60_000;
const HOUR_MS = 3_600_000;

const CALLS =
  /(?<![\p{L}\p{N}])(?:пере|по|со|до|об)?(?:звон(?:ить|ок|ка|ка?м|и|ите|ю|ит|иться|имся)|набрать|набери)(?![\p{L}\p{N}])|(?<![\p{L}\p{N}])(?:call(?:[ -]?back)?|ring|phone|dial)(?![\p{L}\p{N}])/u;

/** Lower case, ё as е; every sign keeps its place. */
const fold = (text: string): string =>
  [...text.replaceAll(/[ёЁ]/g, 'е')].map((sign) => (sign.toLowerCase().length === sign.length ? sign.toLowerCase() : sign)).join('');

const without = (text: string, found: readonly (Found | null)[]): string => {
  const signs = text.split('');
  for (const span of found) if (span) signs.fill(' ', span.from, span.to);
  return signs
    .join('')
    .replace(/\s+/g, ' ')
    .replace(/ ([,.;:!?])/g, '$1')
    .replace(/^[\s,.;:–—-]+|[\s,;:–—-]+$/g, '')
    .trim();
};

const blank = (text: string, span: Found | null): string =>
  span === null ? text : text.slice(0, span.from) + ' '.repeat(span.to - span.from) + text.slice(span.to);

interface At {
  readonly now: number;
  readonly timeZone: string;
}

/** The words of the time, and the moment they mean. */
const readWhen = (folded: string, { now, timeZone }: At): { dueAt: number | null; past: boolean; spans: (Found | null)[] } => {
  const today = wallOf(now, timeZone);
  const later = readLater(folded, today);
  if (later && 'ms' in later) return { dueAt: Math.ceil((now + later.ms) / 60_000) * 60_000, past: false, spans: [later] };
  const day = later ?? readDay(folded, today);
  const left = blank(folded, day);
  const time = readTime(left);
  const part = readPart(blank(left, time));
  const spans = [day, time, part];
  if (!day && !time && !part) return { dueAt: null, past: false, spans };

  const hour = time ?? part ?? null;
  // "at 8 in the evening": the part of the day says which half of it.
  const named =
    time && part && !time.sure ? { ...time, hour: part.hour >= 12 ? (time.hour % 12) + 12 : time.hour % 12 || time.hour } : hour;
  const on = (days: number) => {
    const date = plusDays(day ? { ...today, ...day.date } : today, days);
    return momentOf({ ...date, hour: named?.hour ?? MORNING.hour, minute: named?.minute ?? MORNING.minute }, timeZone);
  };
  const due = on(0);
  if (due > now) return { dueAt: due, past: false, spans };
  if (!day) return { dueAt: on(1), past: false, spans };
  // A weekday that is today, at an hour that is over, is the one a week later.
  if (day.weekly) return { dueAt: on(7), past: false, spans };
  const isToday = day.date.year === today.year && day.date.month === today.month && day.date.day === today.day;
  if (isToday && !named) return { dueAt: Math.ceil((now + HOUR_MS) / QUARTER_MS) * QUARTER_MS, past: false, spans };
  return { dueAt: due, past: true, spans };
};

/** One typed line, in Russian or English: what is to be done, when, and with whom. Pure. */
export const parseLine = (typed: string, at: At): Line => {
  const text = typed.normalize('NFC');
  const folded = fold(text);
  const { dueAt, past, spans } = readWhen(folded, at);
  const rest = without(text, spans);
  const call = CALLS.exec(fold(rest));
  return {
    text: rest || text.trim(),
    kind: call ? 'call-back' : 'task',
    dueAt,
    past,
    names: namesIn(rest, call ? call.index + call[0].length : null),
  };
};
