import { z } from 'zod';
import { CallRef } from '../calls/contract.ts';
import { Id, UserBrief } from '../users/contract.ts';

const line = (min: number) =>
  z
    .string()
    .trim()
    .min(min)
    .max(200)
    .regex(/^[^\p{Cc}]*$/u);

/** What a client may be interested in. `heading`: the group of products it stands under; '': none. */
export const Topic = z.object({
  id: Id,
  label: z.string(),
  heading: z.string(),
  /** Epoch ms; no longer offered, and stays with the clients that have it. */
  retiredAt: z.number().nullable(),
  /** Clients have, or had it: it can be retired, not deleted. */
  used: z.boolean(),
});
export type Topic = z.infer<typeof Topic>;
/** GET /api/interests/topics, in the administrator's order, the retired too. */
export const TopicList = z.object({ items: z.array(Topic), can: z.object({ edit: z.boolean() }) });
export type TopicList = z.infer<typeof TopicList>;

export const TopicDraft = z.object({ label: line(1), heading: line(0).default('') });
export type TopicDraft = z.input<typeof TopicDraft>;
/** PATCH: what is missing stays. */
export const TopicEdit = z.object({ label: line(1), heading: line(0), retired: z.boolean() }).partial();
export type TopicEdit = z.infer<typeof TopicEdit>;
/** Up or down among those that are offered. */
export const TopicMove = z.object({ by: z.union([z.literal(-1), z.literal(1)]) });
export const TopicReply = z.object({ topic: Topic });
export type TopicReply = z.infer<typeof TopicReply>;

/** 0 not interested, 1 perhaps, 2 interested, 3 wants it now. */
export const Strength = z.number().int().min(0).max(3);

/** What is known of one topic today. `since`: when the interest arose, or went. */
export const Interest = z.object({
  topicId: Id,
  strength: Strength,
  since: z.number(),
  /** When it was last said, and how it became known. */
  at: z.number(),
  source: z.enum(['call', 'hand']),
  call: CallRef.nullable(),
  user: UserBrief.nullable(),
});
export type Interest = z.infer<typeof Interest>;

/** GET /api/interests?client=ID */
export const InterestQuery = z.object({ client: z.coerce.number().int().positive() });
export const InterestList = z.object({ items: z.array(Interest), can: z.object({ set: z.boolean() }) });
export type InterestList = z.infer<typeof InterestList>;

export const InterestParams = z.object({ clientId: z.coerce.number().int().positive(), topicId: z.coerce.number().int().positive() });
/** `call`: the conversation in which it was said, one of the actor's own. Said again in the same call, or on the same day, it replaces what was said. */
export const InterestDraft = z.object({ strength: Strength, call: CallRef.max(120).optional() });
export type InterestDraft = z.infer<typeof InterestDraft>;
/** DELETE: what was said in this call, or today without one, was a mistake; what was known before stands again. */
export const InterestMistake = z.object({ call: CallRef.max(120).optional() });
