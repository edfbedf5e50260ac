import { z } from 'zod';
import { OutcomeCode } from '../outcomes/contract.ts';
import { Id } from '../users/contract.ts';

const HOUR_S = 3600;
const Seconds = z.number().int().min(0).max(HOUR_S);

/** A queue of the PBX and what Allo does with its calls. `name` is Asterisk's, `label` what people call it ('': the name). */
export const Queue = z.object({
  id: Id,
  pbx: z.string(),
  name: z.string(),
  label: z.string(),
  record: z.enum(['none', 'all']),
  /** Days that recordings are kept; 0: for ever. */
  keepDays: z.number().int(),
  /** Time after a call in which no other comes; 0: none. */
  wrapUpSeconds: z.number().int(),
  /** As far as an operator may extend it. */
  wrapUpMaxSeconds: z.number().int(),
  /** The time after a call lasts until it has an outcome. */
  outcomeRequired: z.boolean(),
  /** Outcomes, or groups of them, that it offers; none: all. */
  outcomes: z.array(OutcomeCode),
});
export type Queue = z.infer<typeof Queue>;

export const QueueList = z.object({ items: z.array(Queue), can: z.object({ edit: z.boolean() }) });
export type QueueList = z.infer<typeof QueueList>;

/** PATCH: what is missing stays. */
export const QueueEdit = z
  .object({
    label: z
      .string()
      .trim()
      .max(200)
      .regex(/^[^\p{Cc}]*$/u),
    wrapUpSeconds: Seconds,
    wrapUpMaxSeconds: Seconds,
    outcomeRequired: z.boolean(),
    outcomes: z.array(OutcomeCode).max(200),
  })
  .partial();
export type QueueEdit = z.infer<typeof QueueEdit>;

export const QueueReply = z.object({ queue: Queue });
export type QueueReply = z.infer<typeof QueueReply>;
