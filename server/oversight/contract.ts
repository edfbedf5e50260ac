import { z } from 'zod';
import { Id, UserBrief } from '../users/contract.ts';

/** cards: opened; listed: rows of lists and searches; exported: rows of files; heard: recordings. */
export const SightKind = z.enum(['cards', 'listed', 'exported', 'heard']);
export type SightKind = z.infer<typeof SightKind>;

const Day = z.string().regex(/^\d{4}-\d{2}-\d{2}$/);

export const Alert = z.object({
  id: Id,
  user: UserBrief,
  kind: SightKind,
  day: Day,
  /** So far on that day, and what they have on a usual one; `most`: from where on it is unusual. */
  n: z.number().int(),
  usual: z.number().int(),
  most: z.number().int(),
  at: z.number(),
  seenBy: UserBrief.nullable(),
  seenAt: z.number().nullable(),
  can: z.object({ see: z.boolean() }),
});
export type Alert = z.infer<typeof Alert>;
export const AlertQuery = z.object({ before: z.coerce.number().int().positive().max(Number.MAX_SAFE_INTEGER).optional() });
export const AlertList = z.object({ items: z.array(Alert), next: z.number().nullable(), unseen: z.number().int() });
export type AlertList = z.infer<typeof AlertList>;

/** Who looked at how much on a day (missing: today), beside what is usual with them; the most unusual first. */
export const DayQuery = z.object({ day: Day.optional() });
const Sighting = z.object({ kind: SightKind, n: z.number().int(), usual: z.number().int() });
export const DayReply = z.object({ day: Day, items: z.array(z.object({ user: UserBrief, counts: z.array(Sighting) })) });
export type DayReply = z.infer<typeof DayReply>;

/** What was taken away as a file. */
export const RecordKind = z.enum(['clients.exported', 'campaign.exported', 'reports.exported', 'import.rejected_saved', 'recording.downloaded', 'file.downloaded']); // prettier-ignore
export type RecordKind = z.infer<typeof RecordKind>;
export const ExportRecord = z.object({
  id: Id,
  at: z.number(),
  user: UserBrief.nullable(),
  what: RecordKind,
  /** Of what: the row's id; null: of no one thing. */
  of: z.string().nullable(),
  format: z.string().nullable(),
  rows: z.number().int().nullable(),
  columns: z.array(z.string()),
});
export type ExportRecord = z.infer<typeof ExportRecord>;
export const RecordQuery = AlertQuery.extend({ userId: z.coerce.number().int().positive().max(Number.MAX_SAFE_INTEGER).optional() });
export const RecordList = z.object({ items: z.array(ExportRecord), next: z.number().nullable() });
export type RecordList = z.infer<typeof RecordList>;

/** Unusual is more than `floor`, and more than `factor` times what is usual; of whom nothing is known yet, more than `factor` floors. */
export const SightRule = z.object({
  kind: SightKind,
  factor: z.number().int().min(2).max(100),
  floor: z.number().int().min(1).max(10_000_000),
});
export type SightRule = z.infer<typeof SightRule>;
export const RulesReply = z.object({ items: z.array(SightRule), can: z.object({ edit: z.boolean() }) });
export type RulesReply = z.infer<typeof RulesReply>;
export const RulesDraft = z.object({ items: z.array(SightRule).max(SightKind.options.length) });
