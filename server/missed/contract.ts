import { z } from 'zod';
import { ClientBrief } from '../clients/contract.ts';
import { Id, UserBrief } from '../users/contract.ts';

/** abandoned: gave up in a queue. no-answer: on somebody's own extension. flow-out: left the queue by time-out or key, and nobody answered afterwards. */
export const MissKind = z.enum(['abandoned', 'no-answer', 'flow-out']);
export const CloseReason = z.enum(['reached', 'no-need', 'not-client', 'unreachable', 'other']);
export type CloseReason = z.infer<typeof CloseReason>;

/** Somebody who called and was not answered, however often they tried. */
export const MissedItem = z.object({
  id: Id,
  /** '': withheld, closed by hand only. */
  number: z.string(),
  /** Null: not known, or another department's. */
  client: ClientBrief.nullable(),
  kind: MissKind,
  queues: z.array(z.string()),
  /** Whose own extensions were called. */
  called: z.array(UserBrief),
  firstAt: z.number(),
  lastAt: z.number(),
  tries: z.number().int(),
  /** Calls back that nobody answered. */
  attempts: z.number().int(),
  attemptAt: z.number().nullable(),
  /** Calls back now: others wait until `until`. */
  taken: z.object({ by: UserBrief, until: z.number() }).nullable(),
  /** Whose task it is. */
  owner: UserBrief.nullable(),
  version: z.number().int(),
});
export type MissedItem = z.infer<typeof MissedItem>;

/** GET /api/missed: who waits longest is first. */
export const MissedQuery = z.object({
  queue: z.string().max(100).optional(),
  /** Missed this many minutes ago, or longer. */
  minutes: z.coerce.number().int().min(0).max(1_000_000).optional(),
  tries: z.coerce.number().int().min(1).max(1000).optional(),
  after: z.string().max(40).optional(),
  limit: z.coerce.number().int().min(1).max(100).default(50),
});
export type MissedQuery = z.infer<typeof MissedQuery>;
export const MissedList = z.object({
  items: z.array(MissedItem),
  next: z.string().nullable(),
  /** Open and mine to see, without the filters; counts to MISSED_MOST. */
  total: z.number().int(),
  can: z.object({ act: z.boolean(), assign: z.boolean() }),
});
export type MissedList = z.infer<typeof MissedList>;
export const MISSED_MOST = 1000;

export const CloseDraft = z
  .object({
    reason: CloseReason,
    note: z
      .string()
      .trim()
      .max(300)
      .regex(/^[^\p{Cc}]*$/u)
      .default(''),
  }) // prettier-ignore
  .refine(({ reason, note }) => reason !== 'other' || note !== '', { path: ['note'], error: 'required' });
export const AssignDraft = z.object({ userId: Id, dueAt: z.number().int().min(0).max(253_402_300_799_000), text: z.string().trim().min(1).max(500).regex(/^[^\p{Cc}]*$/u) }); // prettier-ignore
