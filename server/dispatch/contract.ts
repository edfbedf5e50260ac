import { z } from 'zod';
import { ClientBrief } from '../clients/contract.ts';
import { Id, UserBrief } from '../users/contract.ts';

/** missed: nobody answered, and it is nobody's. queued: keeps a place in a queue, to be called back by their turn. call-back: a promise that is due. complaint: its time is over, or nearly so. */
export const DispatchKind = z.enum(['missed', 'queued', 'call-back', 'complaint']);
export type DispatchKind = z.infer<typeof DispatchKind>;

/** What is due, and whose it is. */
export const DispatchItem = z.object({
  kind: DispatchKind,
  id: Id,
  /** Sent back with the order (409 conflict when somebody has changed it). */
  version: z.number().int(),
  number: z.string(),
  client: ClientBrief.nullable(),
  text: z.string(),
  /** By name; '' when it came from none. */
  queue: z.string(),
  /** A promise: when it was to be kept; a missed call: when it was missed; a place in a queue: since when; a complaint: by when its next clock has to stop. */
  dueAt: z.number(),
  owner: UserBrief.nullable(),
});
export type DispatchItem = z.infer<typeof DispatchItem>;

export const Department = z.object({ id: Id, name: z.string(), onShift: z.number().int() });
export type Department = z.infer<typeof Department>;

/** GET /api/dispatch: complaints that nobody works on, then who waits longest; `more`: there are others behind. */
export const DispatchList = z.object({ items: z.array(DispatchItem), more: z.boolean(), departments: z.array(Department) });
export type DispatchList = z.infer<typeof DispatchList>;
export const DISPATCH_MOST = 100;

/** departmentId: to whoever of it is on shift and has the least to do. `text`: of the task, where the kind has no words of its own. */
export const GiveDraft = z.intersection(
  z.object({ version: z.number().int(), text: z.string().trim().min(1).max(500).regex(/^[^\p{Cc}]*$/u) }), // prettier-ignore
  z.union([z.object({ userId: Id }), z.object({ departmentId: Id })]),
);
export const GiveReply = z.object({ owner: UserBrief });
export const DispatchParam = z.object({ kind: DispatchKind, id: z.coerce.number().int().positive().max(Number.MAX_SAFE_INTEGER) });
