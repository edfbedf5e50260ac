/**
 * The language between the telephony bridge and the rest of Allo: what the bridge says (facts) and what it is told (actions).
 * Times are epoch milliseconds UTC by Asterisk's clock. Agents are named by their extension ("101" of PJSIP/101): who that is, the CRM knows.
 */

import type { DialOrder } from './dialler/ports.ts';

export type Direction = 'in' | 'out' | 'internal';

export type SegmentKind = 'ivr' | 'queue' | 'offer' | 'talk' | 'hold' | 'consult' | 'transfer';

/**
 * Why a segment ended.
 * ivr: key (the caller chose), timeout (chose nothing, or the dialplan went no further), transferred (the next step began), abandoned.
 * queue: answered, abandoned, timeout, key, empty, call-back (the caller asked to be called instead of waiting), transferred (sent elsewhere by order). offer: answered, no-answer, busy, rejected, cancelled (the caller gave up),
 * elsewhere (another phone took it), transferred (the phone forwards to another), failed. talk, consult and hold: agent (the operator's
 * side hung up or resumed), customer, transferred. hold without an agent (the caller is parked): answered, timeout, abandoned.
 * transfer (the customer and somebody outside to whom the call was handed over): agent (that one hung up), customer.
 * lost: nobody was listening when it ended; `to` is then the moment it was found gone.
 */
export type SegmentEnd =
  | 'answered'
  | 'abandoned'
  | 'timeout'
  | 'key'
  | 'empty'
  | 'call-back'
  | 'no-answer'
  | 'busy'
  | 'rejected'
  | 'cancelled'
  | 'elsewhere'
  | 'failed'
  | 'agent'
  | 'customer'
  | 'transferred'
  | 'lost';

export interface Segment {
  /** Natural key within the call: kind, the Uniqueid of the channel it belongs to, and its ordinal there ("talk:1700000000.12:1"). The same after a
   *  bridge restart as far as the snapshot allows. */
  readonly id: string;
  readonly kind: SegmentKind;
  /** Extension of the operator concerned; null for the caller's own waiting. */
  readonly agent: string | null;
  /** Name of the channel at Asterisk ("PJSIP/101-00000003"), by which an action finds it. */
  readonly channel: string | null;
  readonly queue: string | null;
  readonly from: number;
  readonly to: number | null;
  readonly endReason: SegmentEnd | null;
}

/** completed: somebody talked. abandoned: the caller gave up before an answer. lost: it ended while nobody listened, how is not known. */
export type CallEnd = 'completed' | 'abandoned' | 'no-answer' | 'busy' | 'failed' | 'lost';

/** Whom answering-machine detection took the one who lifted for; notsure: neither, in its time (app AMD of Asterisk). */
export type Amd = 'human' | 'machine' | 'notsure';

/** A whole call as it is now. One call is one set of Linkedids, however many channels it has. */
export interface Call {
  readonly pbx: string;
  /** The oldest Linkedid: with `pbx` the natural key of the call. */
  readonly key: string;
  readonly direction: Direction;
  /** The calling and the called number as Asterisk has them, not normalised; '' when withheld. Untrusted text. */
  readonly from: string;
  readonly fromName: string;
  readonly to: string;
  /** The first queue it entered. */
  readonly queue: string | null;
  /** Extension of the operator who made it (direction out and internal). */
  readonly initiator: string | null;
  readonly startedAt: number;
  /** First talk between the customer and an operator. */
  readonly answeredAt: number | null;
  readonly endedAt: number | null;
  readonly endReason: CallEnd | null;
  /** Asterisk's hang-up cause of the called leg (Q.850), for outbound endings; null when unknown. */
  readonly cause: number | null;
  /** Found in progress when the bridge came up: `from` times of its first segments are the earliest that the snapshot tells. */
  readonly adopted: boolean;
  readonly segments: readonly Segment[];
  /** Operators who ask somebody first, by our order (`attended`), while the other side waits; left out when there are none. */
  readonly asking?: readonly string[];
  /** The parking space in which the other side waits, by whose number any phone fetches it; left out while it is in none. */
  readonly space?: string;
  /** Left out where nobody was judged. */
  readonly amd?: Amd;
}

interface CallFact {
  readonly pbx: string;
  readonly key: string;
  readonly at: number;
  readonly call: Call;
}

export type Fact =
  | (CallFact & { readonly kind: 'call.started' | 'call.adopted' | 'call.changed' | 'call.ended' })
  | (CallFact & { readonly kind: 'call.queued'; readonly queue: string })
  /** Two calls became one: the row of `merged` goes into the row of `key`. */
  | (CallFact & { readonly kind: 'call.merged'; readonly merged: string })
  | (CallFact & { readonly kind: 'segment.started' | 'segment.ended'; readonly segment: Segment })
  | { readonly kind: 'agent.state'; readonly pbx: string; readonly at: number; readonly agent: string; readonly state: DeviceState }
  | {
      readonly kind: 'queue.member';
      readonly pbx: string;
      readonly at: number;
      readonly queue: string;
      readonly agent: string;
      readonly present: boolean;
      readonly paused: boolean;
      readonly reason: string;
    }
  /** The snapshot after a (re)connect is in: these calls live; any other that the receiver holds open has ended unseen. */
  | { readonly kind: 'pbx.synced'; readonly pbx: string; readonly at: number; readonly live: readonly string[] }
  | { readonly kind: 'pbx.status'; readonly pbx: string; readonly at: number; readonly status: PbxStatus };

export type DeviceState = 'unknown' | 'idle' | 'ringing' | 'busy' | 'unavailable';

export interface PbxStatus {
  readonly name: string;
  /** standby: another bridge owns this PBX. */
  readonly state: 'connected' | 'offline' | 'standby';
  readonly since: number;
  /** English, for the administrator: why it is offline; null when connected. */
  readonly reason: string | null;
  /** Asterisk's clock minus ours, ms; null until measured. */
  readonly clockOffsetMs: number | null;
}

/**
 * offline: no connection to the PBX. timeout: no answer in time, the result is unknown. refused: Asterisk said no. invalid: the values were.
 * unsupported: the phone does not heed. unreachable: whoever was called is busy, refused, or does not exist.
 */
export type ActionErrorCode = 'offline' | 'timeout' | 'refused' | 'invalid' | 'unsupported' | 'unreachable';

export class ActionError extends Error {
  readonly code: ActionErrorCode;
  constructor(code: ActionErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}

/** What the bridge can be told. Each rejects with ActionError. Values with CR, LF or NUL and numbers beyond `0-9+*#` are `invalid`. */
export interface Actions {
  /** Rings the operator's phone, then dials the number. Resolves with the call's key, `id` where one is given, once Asterisk has taken the order. */
  originate(order: { extension: string; number: string; callerName?: string; id?: string }): Promise<{ key: string }>;
  /** Ends the operator's own leg of the call. */
  hangup(order: { key: string; extension: string }): Promise<void>;
  /** Asks the operator's ringing phone to answer (PJSIPNotify `Event: talk`); `unsupported` where the phone cannot. */
  answer(order: { key: string; extension: string }): Promise<void>;
  /** Asks the operator's phone to hold (PJSIPNotify `Event: hold`), so that the phone and Asterisk agree on it; `unsupported` where it does not. */
  hold(order: { key: string; extension: string }): Promise<void>;
  /** The same phone takes the call back from hold (`Event: talk`). */
  resume(order: { key: string; extension: string }): Promise<void>;
  /** Hands the other side over to a number or a colleague's extension; the operator is out of the call. */
  transfer(order: { key: string; extension: string; number: string }): Promise<void>;
  /** Calls the number while the other side waits; done when it is being called. Hanging up one's own leg hands the call over. */
  attended(order: { key: string; extension: string; number: string }): Promise<void>;
  /** Back to the other side, without the one who was asked. */
  cancelAttended(order: { key: string; extension: string }): Promise<void>;
  /**
   * By whoever leads the floor: the caller, who waits or talks, goes to another queue (its name at the PBX) or number; the operator who talked is out.
   * The wait that this ends is no abandon.
   */
  move(order: { key: string; to: { queue: string } | { number: string } }): Promise<void>;
  /** By whoever leads the floor: hangs up every phone of the call, the party outside first. */
  end(order: { key: string }): Promise<void>;
  /** Parks the other side; whoever dials the space has the call. */
  park(order: { key: string; extension: string }): Promise<{ space: string }>;
  /** Rings the operator's phone; when it is lifted, the caller, who waits, rings somebody else or is parked, is connected to it. */
  pickup(order: { key: string; extension: string }): Promise<void>;
  /** Keys for a machine at the other side: 1 to 32 of `0-9*#A-D`, one after the other. */
  dtmf(order: { key: string; extension: string; digits: string }): Promise<void>;
  /** Records the party outside, through transfers, until its call ends. `file`: below Asterisk's monitor folder, with .wav. */
  record(order: { key: string; file: string }): Promise<void>;
  /** Silence is written instead of what is said. */
  recordPause(order: { key: string; paused: boolean }): Promise<void>;
  recordStop(order: { key: string }): Promise<void>;
  /** Rings the supervisor's phone, which then hears the call: whisper: `agent` hears the supervisor, barge: all do. No call of its own in the log. */
  spy(order: { key: string; extension: string; agent: string; mode: SpyMode }): Promise<void>;
  /** `paused`: enters the queue without getting its calls yet. Of a member who is there already the penalty is set, unless it is fixed. */
  queueAdd(order: { queue: string; extension: string; name: string; penalty?: number; paused?: boolean }): Promise<void>;
  queueRemove(order: { queue: string; extension: string }): Promise<void>;
  /** The PBX reads its file of queues anew; `queues`: those that are in it now. Members and calls stay. */
  queueReload(order: { queues: readonly string[] }): Promise<void>;
  queuePause(order: { queue?: string; extension: string; paused: boolean; reason?: string }): Promise<void>;
}

export type SpyMode = 'listen' | 'whisper' | 'barge';

/** Who may own a PBX: one bridge at a time. The store is the CRM's; the bridge only asks. */
export interface Lease {
  /** True when the lease is ours until now + ttlMs. Never throws for "another has it"; throws when the store is away. */
  acquire(pbx: string, owner: string, ttlMs: number): Promise<boolean>;
  release(pbx: string, owner: string): Promise<void>;
}

/** The part of pino that the bridge uses. */
export interface CtiLog {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

export interface CtiOptions {
  readonly pbx: {
    readonly name: string;
    readonly host: string;
    readonly port: number;
    readonly user: string;
    readonly secret: string;
    /** An endpoint whose name matches is an operator's phone, any other is a trunk. Default: two to six digits. */
    readonly extensions?: RegExp;
  };
  /** Hears every fact, in order. Must return at once and not throw. */
  readonly onFact: (fact: Fact) => void;
  readonly lease: Lease;
  readonly log: CtiLog;
  /** Names this process in the lease. */
  readonly owner: string;
}

/** Of a queue, as the PBX has it. `fixed`: written into queues.conf or its database; Allo neither removes them nor changes their penalty. */
export interface PbxQueueMember {
  /** Extension. */
  readonly agent: string;
  readonly name: string;
  readonly penalty: number;
  readonly fixed: boolean;
  readonly paused: boolean;
  readonly reason: string;
}
export interface PbxQueue {
  readonly name: string;
  readonly members: readonly PbxQueueMember[];
}

/** Counted since the bridge has the lease. */
export interface CtiStats {
  readonly bytes: number;
  readonly messages: number;
  /** Events that were heard, by name. */
  readonly events: Readonly<Record<string, number>>;
  /** Events that nobody wants. */
  readonly skipped: number;
  /** Blocks that are neither event nor response; blocks above the limit. */
  readonly malformed: number;
  readonly oversized: number;
  readonly signals: number;
  /** Signals for channels never seen. */
  readonly strangers: number;
  /** Steps back of the PBX's clock. */
  readonly backwards: number;
  /** Uniqueids that came again for another channel. */
  readonly reborn: number;
  /** Channels gone unseen. */
  readonly lost: number;
}

/** One bridge to one PBX. */
export interface Cti {
  status(): PbxStatus;
  /** What the PBX sent, and what was odd in it. */
  stats(): CtiStats;
  /** The calls that are up now; none where that is not known, see knowsCalls. */
  calls(): readonly Call[];
  /** The PBX has told which calls are up, since this bridge owns it. It is not known anew only because the connection is lost. */
  knowsCalls(): boolean;
  /** The queues that the PBX has, and who is in them. */
  queues(): readonly PbxQueue[];
  readonly actions: Actions;
  /** Calls a person for a campaign, or back: whoever answers is put into the queue. Resolves once Asterisk has taken the order. */
  dial(order: DialOrder): Promise<void>;
  /** Closes both connections and gives the lease back. Calls go on at Asterisk. */
  stop(): Promise<void>;
}
