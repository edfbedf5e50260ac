import { z } from 'zod';
import { Id, UserBrief } from '../users/contract.ts';

/** What a supervisor says to one operator or to all on shift. It stays on each one's screen until they say that they have read it. */
export const Message = z.object({ id: Id, author: UserBrief.nullable(), text: z.string(), at: z.number() });
export type Message = z.infer<typeof Message>;

/** GET /api/messages: mine that I have not read, the oldest first. */
export const UnreadList = z.object({ items: z.array(Message) });

const Text = z
  .string()
  .trim()
  .min(1)
  .max(1000)
  .regex(/^[^\p{Cc}]*(?:[\n\t][^\p{Cc}]*)*$/u);
/** `draft`: made by the page, so that what is sent twice is one message. `to` all: everybody on shift now. */
export const MessageDraft = z.object({
  draft: z.string().regex(/^[\w-]{8,40}$/),
  text: Text,
  to: z.union([z.literal('all'), z.array(Id).min(1).max(500)]),
});
export type MessageDraft = z.infer<typeof MessageDraft>;

export const SentMessage = Message.extend({ readers: z.array(z.object({ user: UserBrief, readAt: z.number().nullable() })) });
export type SentMessage = z.infer<typeof SentMessage>;
export const SentReply = z.object({ message: SentMessage });
/** GET /api/messages/sent: the supervisors' last, newest first; `after` is `next` of the page before. */
export const SentQuery = z.object({
  after: z.coerce.number().int().positive().max(Number.MAX_SAFE_INTEGER).optional(),
  limit: z.coerce.number().int().min(1).max(100).default(20),
});
export const SentPage = z.object({ items: z.array(SentMessage), next: z.number().nullable() });
