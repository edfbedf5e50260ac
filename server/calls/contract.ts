import { z } from 'zod';
import { CallBackStory } from '../callbacks/contract.ts';
import { ClientBrief, NumberOrigin } from '../clients/contract.ts';
import { Recording } from '../recordings/contract.ts';
import { TaskDraft } from '../tasks/contract.ts';
import { Id, UserBrief } from '../users/contract.ts';

/** A call is named by its natural key, "PBX:LINKEDID" ("main:1700000000.12"): known before its row is written. */
export const CallRef = z.string().regex(/^[\w-]{1,32}:[\w.-]{1,100}$/);
export const CallRefParam = z.object({ ref: CallRef });

export const Direction = z.enum(['in', 'out', 'internal']);
export const CallEnd = z.enum(['completed', 'abandoned', 'no-answer', 'busy', 'failed', 'lost']);
export const SegmentKind = z.enum(['ivr', 'queue', 'offer', 'talk', 'hold', 'consult', 'transfer']);

export const CallSegment = z.object({
  kind: SegmentKind,
  user: UserBrief.nullable(),
  extension: z.string().nullable(),
  queue: z.string().nullable(),
  from: z.number(),
  to: z.number().nullable(),
  endReason: z.string().nullable(),
});
export type CallSegment = z.infer<typeof CallSegment>;

/** A call of those that are one to whoever reads the log: the caller asked to be called back (`in`), and was (`out`), perhaps more than once. */
export const CallPart = z.object({
  ref: CallRef,
  direction: Direction,
  operators: z.array(UserBrief),
  startedAt: z.number(),
  answeredAt: z.number().nullable(),
  endedAt: z.number().nullable(),
  endReason: CallEnd.nullable(),
  waitMs: z.number(),
  talkMs: z.number(),
});
export type CallPart = z.infer<typeof CallPart>;

/** A row of the log. `number`: the other party's, E.164 where it could be read, else as the trunk sent it, '' when withheld. */
export const CallRow = CallPart.extend({
  number: z.string(),
  callerName: z.string(),
  queue: z.string().nullable(),
  client: ClientBrief.nullable(),
  outcome: z.string().nullable(),
  note: z.string(),
  /** Its queue demands an outcome, and it has none. */
  outcomeDue: z.boolean(),
  /** Itself among them, in order; none: nobody asked to be called back in it, or has been yet. */
  parts: z.array(CallPart),
});
export type CallRow = z.infer<typeof CallRow>;
/** GET /api/calls/mine: newest first; `after` is `next` of the page before. */
export const CallQuery = z.object({ after: z.string().max(40).optional(), limit: z.coerce.number().int().min(1).max(100).default(30) });
export const CallPage = z.object({ items: z.array(CallRow), next: z.string().nullable() });
export type CallPage = z.infer<typeof CallPage>;

/** What of a call a figure counted: a visit to a queue, an offer, a talk (see reports/cells.ts). repeated: the client called again within 7 days. */
export const LogKind = z.enum([
  'visits',
  'answered',
  'abandoned',
  'flowed',
  'call-backs',
  'waiting',
  'repeated',
  'offers',
  'missed',
  'rejected',
  'handled',
  'transferred',
]);
export type LogKind = z.infer<typeof LogKind>;

const oneOrMore = <T extends z.ZodType>(item: T) => z.preprocess((v) => (v === undefined || Array.isArray(v) ? v : [v]), z.array(item).max(200).optional()); // prettier-ignore
const Time = z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER);
const LOG_MOST_MS = 366 * 86_400_000;

/** GET /api/calls/log: `from`, `until` are of what was counted. hour, weekday (1 Monday): on the wall of who asks. */
export const LogQuery = z
  .object({
    from: Time,
    until: Time,
    kind: LogKind,
    /** "PBX:QUEUE" */
    queue: oneOrMore(z.string().regex(/^[^:]{1,32}:.{1,100}$/)),
    user: oneOrMore(z.coerce.number().int().positive()),
    hour: z.coerce.number().int().min(0).max(23).optional(),
    weekday: z.coerce.number().int().min(1).max(7).optional(),
    /** s, of the visit */
    waitedOver: z.coerce.number().int().min(0).max(86_400).optional(),
    /** own: the target of the queue it was in. */
    waitedUpTo: z.union([z.literal('own'), z.coerce.number().int().min(0).max(86_400)]).optional(),
    outcome: z.string().min(1).max(40).optional(),
    after: z.string().max(40).optional(),
    limit: z.coerce.number().int().min(1).max(100).default(50),
  })
  .refine((q) => q.until > q.from && q.until - q.from <= LOG_MOST_MS, { path: ['until'] });
export type LogQuery = z.infer<typeof LogQuery>;

export const LogPage = z.object({
  items: z.array(
    z.object({
      call: CallRow,
      counted: z.object({
        from: z.number(),
        /** null: it goes on. */
        ms: z.number().nullable(),
        queue: z.string().nullable(),
        user: UserBrief.nullable(),
        endReason: z.string().nullable(),
      }),
    }),
  ),
  next: z.string().nullable(),
});
export type LogPage = z.infer<typeof LogPage>;

export const CallReply = z.object({
  call: CallRow.extend({
    segments: z.array(CallSegment),
    recordings: z.array(Recording),
    /** Whom answering-machine detection took the one who lifted for; null: nobody was judged. */
    amd: z.enum(['human', 'machine', 'notsure']).nullable(),
    parts: z.array(CallPart.extend({ segments: z.array(CallSegment) })),
    /** The caller asked for a call back instead of waiting, or this is that call back; null: neither. */
    callBack: CallBackStory.nullable(),
  }),
  can: z.object({
    outcome: z.boolean(),
    attach: z.boolean(),
    /** Hold, hand over, park, keys: of the actor's own talk. */
    control: z.boolean(),
    /** The call is up: its recording can be begun, paused, ended. */
    record: z.boolean(),
    /** The call is up: the actor may listen in. */
    spy: z.boolean(),
    /** What was recorded. */
    hear: z.boolean(),
    download: z.boolean(),
  }),
});
export type CallReply = z.infer<typeof CallReply>;

export const OutcomeDraft = z.object({
  outcome: z.string().trim().min(1).max(40),
  note: z.string().trim().max(10_000).default(''),
  /** The call-back that was promised: a task of whoever files the outcome, one for each call; said again it is moved. */
  next: TaskDraft.pick({ dueAt: true, text: true }).optional(),
});
export const AttachDraft = z.object({ clientId: Id });
export const DialDraft = z.object({ number: z.string().trim().min(1).max(60), clientId: Id.optional() });
/** A number, or a colleague. */
export const TransferDraft = z.union([z.strictObject({ number: z.string().trim().min(1).max(60) }), z.strictObject({ userId: Id })]);
export type TransferDraft = z.infer<typeof TransferDraft>;
export const ParkReply = z.object({ space: z.string() });
export type ParkReply = z.infer<typeof ParkReply>;
export const KeysDraft = z.object({ digits: z.string().regex(/^[0-9*#A-D]{1,32}$/) });
export const PauseDraft = z.object({ paused: z.boolean() });
/** `userId`: whose talk, where several operators are in the call. */
export const SpyDraft = z.object({ mode: z.enum(['listen', 'whisper', 'barge']), userId: Id.optional() });
export type SpyDraft = z.infer<typeof SpyDraft>;

export const DialReply = z.object({ ref: CallRef });
export type DialReply = z.infer<typeof DialReply>;

/**
 * A call as its operator's screen needs it, pushed on the live topic `calls` and listed by GET /api/calls/live.
 * phase, of the operator it is sent to: ringing (my phone rings), dialling (I call out, the other side rings), talking, ended, elsewhere
 * (another one took it), missed (it stopped ringing without me).
 */
/** Who ordered to hear my talk, and when (epoch ms); shown where the country's rules want it. */
export const Listened = z.object({ by: z.string(), mode: z.enum(['listen', 'whisper', 'barge']), at: z.number() });
export type Listened = z.infer<typeof Listened>;

export const LiveCall = z.object({
  ref: CallRef,
  phase: z.enum(['ringing', 'dialling', 'talking', 'ended', 'elsewhere', 'missed']),
  direction: Direction,
  number: z.string(),
  callerName: z.string(),
  /** Where the number is from; null: a colleague, withheld, or no number of any plan. */
  origin: NumberOrigin.nullable(),
  queue: z.string().nullable(),
  startedAt: z.number(),
  /** When my phone began to ring. */
  offeredAt: z.number().nullable(),
  answeredAt: z.number().nullable(),
  endedAt: z.number().nullable(),
  endReason: CallEnd.nullable(),
  /** undecided: still being looked up; then `clients` lists who has this number, likeliest first; empty: unknown number. */
  clients: z.array(ClientBrief).nullable(),
  outcome: z.string().nullable(),
  /** My phone holds the other side. */
  held: z.boolean(),
  /** I ask somebody first, while the other side waits: whom I asked rings, or talks with me. */
  consult: z.enum(['ringing', 'talking']).nullable(),
  /** Of the call, as it goes on; null: nothing is recorded. */
  recording: z.enum(['recording', 'paused']).nullable(),
  /** The last who did. */
  listened: Listened.nullable(),
});
export type LiveCall = z.infer<typeof LiveCall>;
/** The time after a call, in which the operator gets no other. `required`: it lasts until the call has an outcome. */
export const WrapUp = z.object({
  ref: CallRef,
  queue: z.string(),
  since: z.number(),
  /** When it ends by itself, unless `required`. */
  until: z.number(),
  /** As far as it may be extended. */
  latest: z.number(),
  required: z.boolean(),
});
export type WrapUp = z.infer<typeof WrapUp>;

/**
 * A caller whom the actor may take: waits in a queue, rings at somebody, or is parked. Pushed whole on the live topic `waiting`, at most four times a
 * second, and listed by GET /api/calls/waiting; whoever has waited longest is first.
 */
export const WaitingCall = z.object({
  ref: CallRef,
  state: z.enum(['queue', 'ringing', 'parked']),
  number: z.string(),
  callerName: z.string(),
  /** Null: not known, or another department's. */
  client: ClientBrief.nullable(),
  queue: z.string().nullable(),
  since: z.number(),
  /** At whose phones it rings. */
  ringing: z.array(UserBrief),
  /** Of a parked call: whatever phone dials it has the caller. */
  space: z.string().nullable(),
  parkedBy: UserBrief.nullable(),
});
export type WaitingCall = z.infer<typeof WaitingCall>;
export const WaitingList = z.object({ items: z.array(WaitingCall) });
export type WaitingList = z.infer<typeof WaitingList>;
/** As many as are listed. */
export const WAITING_MOST = 20;

/** GET /api/calls/live: the calls of my screen, up or waiting for their outcome. */
export const LiveList = z.object({ items: z.array(LiveCall), wrapUp: WrapUp.nullable() });
export type LiveList = z.infer<typeof LiveList>;

/** GET /api/calls/missing: calls of queues that demand an outcome and have none, newest first. `total` counts to MISSING_MOST. */
export const MissingPage = CallPage.extend({ total: z.number() });
export type MissingPage = z.infer<typeof MissingPage>;
export const MISSING_MOST = 1000;
