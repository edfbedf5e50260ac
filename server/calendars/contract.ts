import { z } from 'zod';
import { Id } from '../users/contract.ts';

/** Minutes since midnight on the wall; `to` beyond 1440 runs into the next day. */
export const Interval = z
  .object({ from: z.number().int().min(0).max(1439), to: z.number().int().min(1).max(2879) })
  .refine(({ from, to }) => to > from && to <= from + 1440, { path: ['to'], error: 'empty_or_too_long' });
export type Interval = z.infer<typeof Interval>;

const DATE = /^(\d{4})-(\d{2})-(\d{2})$/;
/** A day that exists, "2028-02-29". */
export const DateText = z.string().refine((text) => {
  const [, year, month, day] = DATE.exec(text) ?? [];
  const date = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)));
  return year !== undefined && date.getUTCMonth() === Number(month) - 1 && date.getUTCDate() === Number(day) && Number(year) >= 1970;
}, 'no such day');

/** closed: a holiday or a shift-free day. short: an hour less than its weekday. hours: those of `intervals`. */
export const DayRule = z.object({
  date: DateText,
  kind: z.enum(['closed', 'short', 'hours']),
  intervals: z.array(Interval).max(10).default([]),
  name: z
    .string()
    .trim()
    .max(100)
    .regex(/^[^\p{Cc}]*$/u)
    .default(''),
});
export type DayRule = z.infer<typeof DayRule>;

const isZone = (name: string): boolean => {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
};
const zone = z.string().max(60).refine(isZone, 'no such time zone');
const name = z.string().trim().min(1).max(100).regex(/^[^\p{Cc}]*$/u); // prettier-ignore

/** When there is work. `week`: Monday first. */
export const Hours = z.object({
  timeZone: zone,
  week: z.array(z.array(Interval).max(10)).length(7),
  days: z.array(DayRule).max(5_000),
});
export type Hours = z.infer<typeof Hours>;

/** Days that come again in their order whatever day of the week it is: two on, two off. `anchor`: a day that is the first of them. */
export const Cycle = z.object({ anchor: DateText, days: z.array(z.array(Interval).max(10)).min(1).max(60) });
export type Cycle = z.infer<typeof Cycle>;
/** A cycle, where there is one, stands in the place of the week. */
export type Pattern = Hours & { readonly cycle?: Cycle | null };

export const Calendar = Hours.extend({
  id: Id,
  name: z.string(),
  /** That of whoever has no department, or one without a calendar. */
  isDefault: z.boolean(),
  departments: z.array(Id),
  version: z.number().int(),
  /** At the moment of asking; `nextAt`: when that changes to open, null while it is open or never opens. */
  openNow: z.boolean(),
  nextAt: z.number().nullable(),
});
export type Calendar = z.infer<typeof Calendar>;

export const CalendarList = z.object({
  items: z.array(Calendar),
  departments: z.array(z.object({ id: Id, name: z.string() })),
  can: z.object({ edit: z.boolean() }),
});
export type CalendarList = z.infer<typeof CalendarList>;

/** A new one is a copy of the default. */
export const CalendarDraft = z.object({ name });
/** PUT-like for each part that is given; `version`: the one that was edited. */
export const CalendarEdit = z.object({
  version: z.number().int(),
  name: name.optional(),
  timeZone: zone.optional(),
  week: Hours.shape.week.optional(),
  days: Hours.shape.days.optional(),
  isDefault: z.literal(true).optional(),
  departments: z.array(Id).max(1_000).optional(),
});
export type CalendarEdit = z.infer<typeof CalendarEdit>;
export const CalendarReply = z.object({ calendar: Calendar });
export type CalendarReply = z.infer<typeof CalendarReply>;

/** A production calendar as text (docs): its days replace those of the same dates. */
export const DaysImport = z.object({ version: z.number().int(), text: z.string().min(1).max(200_000), dryRun: z.boolean().default(false) });
export const DaysImported = z.object({
  /** Days that were read. */
  days: z.number().int(),
  /** Lines that say nothing that is understood, from 1. */
  rejected: z.array(z.object({ line: z.number().int(), text: z.string() })),
  calendar: Calendar,
});
export type DaysImported = z.infer<typeof DaysImported>;
