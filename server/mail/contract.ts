import { z } from 'zod';
import { Id, UserBrief } from '../users/contract.ts';

/** queued: waits, or is tried again. failed: given up, or mail was off. refused: the server will never take it. */
export const MailState = z.enum(['queued', 'sent', 'failed', 'refused']);
export type MailState = z.infer<typeof MailState>;

/** Bytes of all that one letter carries: above it mail servers refuse. */
export const MOST_CARRIED = 15_000_000;

/** A letter of the outbox, without what it says. */
export const OutboxItem = z.object({
  id: Id,
  to: z.string(),
  toName: z.string(),
  subject: z.string(),
  /** Who asked: "report", "complaint", and which one. */
  kind: z.string(),
  ref: z.string(),
  askedBy: UserBrief.nullable(),
  attachments: z.array(z.string()),
  state: MailState,
  attempts: z.number().int(),
  createdAt: z.number(),
  /** Of a queued one. */
  nextAt: z.number().nullable(),
  sentAt: z.number().nullable(),
  /** What the mail server said last; "mail_off": there was none. */
  error: z.string(),
});
export type OutboxItem = z.infer<typeof OutboxItem>;

/** GET /api/mail/outbox: newest first. */
export const OutboxQuery = z.object({
  state: MailState.optional(),
  after: z.coerce.number().int().positive().max(Number.MAX_SAFE_INTEGER).optional(),
  limit: z.coerce.number().int().min(1).max(100).default(50),
});
export type OutboxQuery = z.infer<typeof OutboxQuery>;

export const Outbox = z.object({
  /** SMTP_URL and MAIL_FROM are set. */
  on: z.boolean(),
  from: z.string().nullable(),
  items: z.array(OutboxItem),
  next: z.string().nullable(),
  counts: z.record(MailState, z.number().int()),
});
export type Outbox = z.infer<typeof Outbox>;

export const TestLetter = z.object({ to: z.string().trim().min(3).max(320) });
