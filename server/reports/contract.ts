import { z } from 'zod';
import { TARGET_SECONDS } from '../queues/contract.ts';
import { Language, UserBrief } from '../users/contract.ts';

const Time = z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER);
const YEAR_MS = 366 * 86_400_000;

const Seconds = z.coerce.number().pipe(z.literal(TARGET_SECONDS));

/** One value or several, as a query string has them. */
const list = <T extends z.ZodType>(item: T) => z.preprocess((v) => (v === undefined || Array.isArray(v) ? v : [v]), z.array(item).max(200).optional()); // prettier-ignore

/** "PBX:QUEUE"; a name of a PBX has no colon. */
export const QueueRef = z.string().regex(/^[^:]{1,32}:.{1,100}$/);

/** hour, day: of the period, in the asker's time zone; hourOfDay 0..23, weekday 1 (Monday)..7: summed over the period. */
export const Grouping = z.enum(['queue', 'operator', 'hour', 'day', 'hourOfDay', 'weekday', 'outcome']);
export type Grouping = z.infer<typeof Grouping>;

/** [from, until) in epoch ms, counted in whole hours, at most a year. */
const Asked = z.object({
  by: Grouping,
  queue: list(QueueRef),
  user: list(z.coerce.number().int().positive()),
  /** T of the service level for all, s; missing: each queue's own. */
  target: Seconds.optional(),
  /** tau: a shorter abandon does not count, s. */
  short: Seconds.default(5),
});
export const ReportQuery = Asked.extend({ from: Time, until: Time }).refine((q) => q.until > q.from && q.until - q.from <= YEAR_MS, {
  path: ['until'],
});
export type ReportQuery = z.infer<typeof ReportQuery>;

const share = z.number().nullable();
const ms = z.number().nullable();

/** fcr: first-call resolution over `fcrCalls`, those whose window of 7 days has closed; `repeated`: after these the client called again. */
const Resolution = { fcr: share, fcrCalls: z.number(), repeated: z.number() };

export const QueueFigures = z.object({
  offered: z.number(),
  answered: z.number(),
  abandoned: z.number(),
  abandonedShort: z.number(),
  flowed: z.number(),
  callBacks: z.number(),
  callBacksReached: z.number(),
  waiting: z.number(),
  /** T of its service levels, s; null: each queue's own, which differ. `goal`: the share wanted within it; null: several, or T is not the queue's. */
  target: z.number().nullable(),
  goal: share,
  slStrict: share,
  slShort: share,
  slAnswered: share,
  asa: ms,
  timeToAbandon: ms,
  waitMax: z.number(),
  abandonRate: share,
  aht: ms,
  talk: ms,
  hold: ms,
  wrap: ms,
  ...Resolution,
});
export type QueueFigures = z.infer<typeof QueueFigures>;

export const OperatorFigures = z.object({
  handled: z.number(),
  aht: ms,
  talk: ms,
  hold: ms,
  wrap: ms,
  offers: z.number(),
  missedRate: share,
  rejectedRate: share,
  transferRate: share,
  blind: z.number(),
  attended: z.number(),
  toQueue: z.number(),
  loggedIn: z.number(),
  occupancy: share,
  utilisation: share,
  onBreak: z.number(),
  ...Resolution,
});
export type OperatorFigures = z.infer<typeof OperatorFigures>;

/** What a row is about; by its grouping: a queue, an operator, a time (epoch ms), an hour or weekday, an outcome's code. */
const Key = z.object({ queue: QueueRef.optional(), user: UserBrief.optional(), at: z.number().optional(), n: z.number().optional(), outcome: z.string().optional() }); // prettier-ignore
export type ReportKey = z.infer<typeof Key>;

const report = <T extends z.ZodType>(figures: T) =>
  z.object({
    rows: z.array(z.object({ key: Key, figures })),
    total: figures,
    /** The sums hold what had been counted by then. */
    asOf: z.number().nullable(),
    timeZone: z.string(),
  });

export const QueueReport = report(QueueFigures);
export type QueueReport = z.infer<typeof QueueReport>;
export const OperatorReport = report(OperatorFigures);
export type OperatorReport = z.infer<typeof OperatorReport>;
export const OutcomeReport = report(z.object({ calls: z.number(), share }));
export type OutcomeReport = z.infer<typeof OutcomeReport>;
/** ms by state and reason. */
export const BreakReport = report(z.object({ ms: z.number(), share }));
export type BreakReport = z.infer<typeof BreakReport>;

const Word = z.string().max(200);
const Words = z.object({
  key: Word,
  total: Word,
  columns: z
    .array(z.object({ name: z.string().max(40), label: Word, kind: z.enum(['count', 'share', 'ms']) }))
    .min(1)
    .max(60),
  keys: z.record(z.string().max(150), Word),
});
const file = {
  report: z.enum(['queues', 'operators', 'outcomes', 'breaks']),
  format: z.enum(['csv', 'xlsx']),
  language: Language,
  words: Words,
};
/** POST /api/reports/export. The words are the browser's: of the columns, of queues, weekdays and outcomes by their code. */
export const ExportDraft = z.object({ ...file, query: ReportQuery });
export type ExportDraft = z.infer<typeof ExportDraft>;

/** A report by mail: daily of the day before, weekly on Mondays of the week before, monthly on the first of the month before. */
const timing = {
  address: z.string().trim().min(3).max(320),
  title: z
    .string()
    .trim()
    .min(1)
    .max(200)
    .regex(/^[^\p{Cc}]*$/u),
  every: z.enum(['daily', 'weekly', 'monthly']),
  /** After midnight, on the wall of the owner's time zone. */
  minute: z.number().int().min(0).max(1439),
};
export const ScheduleDraft = z.object({ ...timing, draft: z.object({ ...file, query: Asked }) });
export type ScheduleDraft = z.infer<typeof ScheduleDraft>;
const Schedule = z.object({ ...timing, id: z.number().int(), nextAt: z.number(), sentAt: z.number().nullable() });
export type Schedule = z.infer<typeof Schedule>;
export const ScheduleReply = z.object({ schedule: Schedule });
/** `mail`: there is a mail server. */
export const ScheduleList = z.object({ mail: z.boolean(), items: z.array(Schedule) });
export type ScheduleList = z.infer<typeof ScheduleList>;

export const StaffingQuery = z.object({
  queue: QueueRef,
  /** Whole weeks before today that the forecast is the mean of. */
  weeks: z.coerce.number().int().min(1).max(26).default(4),
  /** 0..0.99 of the calls within `target` s; missing: the queue's own target, at most 0.99. */
  level: z.coerce.number().min(0).max(0.99).optional(),
  target: z.coerce.number().int().min(1).max(600).optional(),
  /** Share of paid time that is not at the phone: breaks, training, illness. */
  shrinkage: z.coerce.number().min(0).max(0.9).default(0.3),
});
export type StaffingQuery = z.infer<typeof StaffingQuery>;

/** Per weekday (1 Monday..7) and hour of day, in the asker's time zone; hours without a call are left out. */
export const Staffing = z.object({
  timeZone: z.string(),
  weeks: z.number(),
  aht: ms,
  /** What it was counted for: this share of the calls within `target` s. */
  level: z.number(),
  target: z.number(),
  hours: z.array(
    z.object({
      weekday: z.number(),
      hour: z.number(),
      /** Mean calls in that hour. */
      calls: z.number(),
      operators: z.number(),
      /** With shrinkage. */
      scheduled: z.number(),
      serviceLevel: z.number(),
      asa: z.number(),
      occupancy: z.number(),
    }),
  ),
});
export type Staffing = z.infer<typeof Staffing>;

export const RebuildDraft = z.object({ from: Time, until: Time }).refine((q) => q.until > q.from && q.until - q.from <= 31 * 86_400_000, { path: ['until'] }); // prettier-ignore
