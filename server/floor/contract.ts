import { z } from 'zod';
import { AgentStateName } from '../agents/contract.ts';
import { CallRef, Direction } from '../calls/contract.ts';
import { ClientBrief } from '../clients/contract.ts';
import { QueueRef } from '../reports/contract.ts';
import { Id } from '../users/contract.ts';

/** All times are epoch ms by the server's clock. Shares 0..1; null: no data. */
const share = z.number().nullable();

/**
 * Visits that entered the queue since a moment (metrics.md). Service level: variant `short` at the queue's own T with tau, answered(<=T) / (answered + abandoned -
 * abandoned(<=tau) + those who wait now, longer than T).
 */
export const FloorFigures = z.object({
  offered: z.number().int(),
  answered: z.number().int(),
  abandoned: z.number().int(),
  /** Of them within tau. */
  abandonedShort: z.number().int(),
  serviceLevel: share,
  /** Its two sums, so that those of several queues can be added up. */
  good: z.number().int(),
  of: z.number().int(),
  /** Mean wait of the answered, ms. */
  asa: z.number().nullable(),
});
export type FloorFigures = z.infer<typeof FloorFigures>;

export const FloorQueue = z.object({
  ref: QueueRef,
  label: z.string(),
  /** Its own target: `goal` per cent answered within T = `target` s. */
  target: z.number(),
  goal: z.number().int(),
  waiting: z.number().int(),
  /** Of those who hung up and keep their place: they do not wait on the line, and no figure counts them. */
  callBacks: z.number().int(),
  /** Since when the one waits who waits longest. */
  oldest: z.number().nullable(),
  /** The last `windowMinutes`. */
  live: FloorFigures,
  today: FloorFigures,
  /** Of its operators on shift, how many are at what. */
  operators: z.partialRecord(AgentStateName, z.number().int()),
});
export type FloorQueue = z.infer<typeof FloorQueue>;

export const FloorPerson = z.object({
  extension: z.string(),
  userId: Id.nullable(),
  name: z.string().nullable(),
  at: z.enum(['dialling', 'ringing', 'talking', 'hold', 'consult']),
});
export type FloorPerson = z.infer<typeof FloorPerson>;

/** What a supervisor should know of a client at once: how far the relationship has come, in the words of the settings; complaints that are open. */
export const ClientStanding = z.object({ stage: z.object({ ru: z.string(), en: z.string() }).nullable(), complaints: z.number().int() });
export type ClientStanding = z.infer<typeof ClientStanding>;

/** Hung up, keeps the place in the queue, and is called when it is their turn. */
export const FloorCallBack = z.object({
  id: Id,
  /** Is being called now. */
  dialling: z.boolean(),
  /** Calls that came to nothing, and the moment before which there is no further one. */
  attempts: z.number().int(),
  nextAt: z.number(),
});

/** A call that is up; or the place of somebody who hung up, under the ref of the call in which they asked to be called back. */
export const FloorCall = z.object({
  ref: CallRef,
  direction: Direction,
  number: z.string(),
  callerName: z.string(),
  /** Likeliest first; null: is being looked up. */
  clients: z.array(ClientBrief).nullable(),
  /** Of the likeliest; null: nobody, not looked up yet, or a past moment. */
  standing: ClientStanding.nullable(),
  /** Of the queue it waits in, or came from. */
  queue: QueueRef.nullable(),
  startedAt: z.number(),
  /** In the queue, not answered yet; null: not waiting. */
  waitingSince: z.number().nullable(),
  answeredAt: z.number().nullable(),
  people: z.array(FloorPerson),
  callBack: FloorCallBack.nullable(),
});
export type FloorCall = z.infer<typeof FloorCall>;

/** Somebody on shift. */
export const FloorOperator = z.object({
  userId: Id,
  name: z.string(),
  pbx: z.string(),
  extension: z.string(),
  state: AgentStateName,
  /** Of a break, its code, its words where an administrator wrote some, and its limit (0: none). */
  reason: z.string().nullable(),
  label: z.string().nullable(),
  limitMinutes: z.number().int(),
  since: z.number(),
  queues: z.array(QueueRef),
  /** The call they are in now. */
  call: CallRef.nullable(),
});
export type FloorOperator = z.infer<typeof FloorOperator>;

/** GET /api/floor. `today` begins at `todaySince`, midnight where the asker is. */
export const Floor = z.object({
  at: z.number(),
  todaySince: z.number(),
  windowMinutes: z.number().int(),
  /** tau of the service level, s. */
  short: z.number(),
  queues: z.array(FloorQueue),
  /** At most CALLS_MOST: who waits longest first, then the talks that began first. `up`: how many there are. */
  calls: z.array(FloorCall),
  up: z.number().int(),
  operators: z.array(FloorOperator),
});
/** Nobody reads more lines on one screen; the figures of the queues count them all. */
export const CALLS_MOST = 200;
export type Floor = z.infer<typeof Floor>;

/** GET /api/floor/at: epoch ms. */
export const PastQuery = z.object({ at: z.coerce.number().int().min(1).max(253_402_300_799_000) });

/** What is another than before, and what is no more (or no longer among those shown). */
export const FloorChange = z.object({
  at: z.number(),
  up: z.number().int(),
  queues: z.array(FloorQueue),
  calls: z.array(FloorCall),
  operators: z.array(FloorOperator),
  gone: z.object({ queues: z.array(QueueRef), calls: z.array(CallRef), operators: z.array(Id) }),
});
export type FloorChange = z.infer<typeof FloorChange>;

/**
 * /live/floor (WebSocket): the whole first, then changes, at most four a second; the whole again for a browser that read too slowly, and at
 * midnight. The browser sends nothing. Close codes: 4401 no session, 4403 not for this role.
 */
export const FloorFrame = z.union([z.object({ floor: Floor }), z.object({ change: FloorChange })]);
export type FloorFrame = z.infer<typeof FloorFrame>;

/** When a supervisor wants to be warned; null: never. `queue` '': for all that have none of their own. */
export const Threshold = z.object({
  queue: z.union([z.literal(''), QueueRef]),
  /** The longest wait, s. */
  waitSeconds: z.number().int().min(1).max(3600).nullable(),
  /** Service level of the last `windowMinutes`, per cent. null for all queues: each one's own goal. */
  serviceLevel: z.number().int().min(1).max(100).nullable(),
});
export type Threshold = z.infer<typeof Threshold>;
export const ThresholdList = z.object({ items: z.array(Threshold) });

/** Where a caller is sent. */
export const MoveDraft = z.union([z.strictObject({ queue: QueueRef }), z.strictObject({ userId: Id })]);
export type MoveDraft = z.infer<typeof MoveDraft>;

/** ready: a break, or the time after a call, is over. offline: the shift is. */
export const StateDraft = z.discriminatedUnion('state', [
  z.object({ state: z.literal('break'), reason: z.string().min(1).max(40) }),
  z.object({ state: z.literal('ready') }),
  z.object({ state: z.literal('offline') }),
]);
export type StateDraft = z.infer<typeof StateDraft>;

export const QueueServed = z.object({ queue: QueueRef, serves: z.boolean() });
