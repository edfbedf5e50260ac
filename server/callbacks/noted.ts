import { isOfTheTrunk } from '../core/causes.ts';

/** A call of the log as its writer hands it over; users by id. */
export interface NotedCall {
  readonly pbx: string;
  readonly linkedid: string;
  readonly direction: 'in' | 'out' | 'internal';
  /** The other side's: E.164 where it could be read, else as the trunk sent it, '' when withheld. */
  readonly number: string;
  readonly callerName: string;
  readonly answeredAt: number | null;
  readonly endedAt: number | null;
  readonly endReason: string | null;
  readonly cause: number | null;
  readonly segments: readonly {
    readonly kind: string;
    readonly queue: string | null;
    readonly started_at: number;
    readonly ended_at: number | null;
    readonly end_reason: string | null;
  }[];
}

export interface CallId {
  readonly pbx: string;
  readonly linkedid: string;
}

/** How an attempt stands. */
export interface End {
  /** The person answered. */
  readonly answeredAt: number | null;
  /** Null: it goes on, or nobody saw how it ended; the journal tells later. */
  readonly result: 'talked' | 'hung-up' | 'busy' | 'no-answer' | 'failed' | null;
  /** The trunk's fault, not the person's. */
  readonly trunk: boolean;
}

const first = ({ segments }: NotedCall, kind: string) =>
  segments.reduce<number | null>((at, s) => (s.kind === kind && (at === null || s.started_at < at) ? s.started_at : at), null);

/** Pure. */
export const endOf = (call: NotedCall): End => {
  const talkedAt = first(call, 'talk');
  const answeredAt = first(call, 'queue') ?? talkedAt;
  const end = (result: End['result'], trunk = false): End => ({ answeredAt, result, trunk });
  if (talkedAt !== null) return end('talked');
  if (call.endedAt === null || call.endReason === 'lost') return end(null);
  if (answeredAt !== null) return end('hung-up');
  if (call.endReason === 'busy') return end('busy');
  // no cause: there was no channel at all
  if (call.endReason === 'failed') return end('failed', call.cause === null || isOfTheTrunk(call.cause));
  return end('no-answer');
};

/** The visit in which the caller asked, the last of them; null: in none. */
export const askOf = ({ direction, segments }: NotedCall): { queue: string; enteredAt: number; askedAt: number } | null => {
  const visits = direction === 'in' ? segments.filter((s) => s.kind === 'queue' && s.end_reason === 'call-back') : [];
  const last = visits.reduce<(typeof visits)[number] | null>((late, s) => (!late || s.started_at >= late.started_at ? s : late), null);
  return last?.queue == null || last.ended_at === null ? null : { queue: last.queue, enteredAt: last.started_at, askedAt: last.ended_at };
};

/** Since when the other side was in touch with us by themselves, after `since`: came into a queue, or talked; null: was not. */
export const inTouchAfter = ({ direction, segments }: NotedCall, since: number): number | null => {
  const kinds = direction === 'in' ? ['queue', 'talk'] : direction === 'out' ? ['talk'] : [];
  const at = segments.filter((s) => kinds.includes(s.kind) && s.started_at > since).map((s) => s.started_at);
  return at.length > 0 ? Math.min(...at) : null;
};
