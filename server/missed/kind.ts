/** A call of the log as its writer hands it over; users by id. */
export interface NotedCall {
  readonly pbx: string;
  readonly linkedid: string;
  readonly direction: 'in' | 'out' | 'internal';
  /** The other side's: E.164 where it could be read, else as the trunk sent it, '' when withheld. */
  readonly number: string;
  readonly answeredAt: number | null;
  readonly endedAt: number | null;
  readonly endReason: string | null;
  readonly segments: readonly NotedSegment[];
}

interface NotedSegment {
  readonly kind: string;
  readonly user_id: number | null;
  readonly queue: string | null;
  readonly started_at: number;
  readonly ended_at: number | null;
  readonly end_reason: string | null;
}

/** abandoned: the caller gave up in a queue. no-answer: on somebody's own extension. flow-out: left the queue by its time-out, a key, for lack of operators, or asked in vain to be called back. */
export interface Miss {
  readonly kind: 'abandoned' | 'no-answer' | 'flow-out';
  readonly at: number;
  readonly queue: string | null;
  readonly userId: number | null;
}

const last = (segments: readonly NotedSegment[], kind: string): NotedSegment | undefined =>
  segments
    .filter((s) => s.kind === kind)
    .reduce<NotedSegment | undefined>((late, s) => (!late || s.started_at >= late.started_at ? s : late), undefined);

/**
 * What was missed in this call; null: nothing, or it was given up before anybody could have answered. How a call that was lost from sight ended, the
 * journal tells later. Pure.
 */
export const missOf = (call: NotedCall, shortMs: number): Miss | null => {
  const { endedAt: at, segments } = call;
  if (call.direction !== 'in' || at === null || call.answeredAt !== null || call.endReason === 'lost') return null;
  const visits = segments.filter((s) => s.kind === 'queue');
  const visit = last(segments, 'queue');
  const offer = last(segments, 'offer');
  const since = Math.min(...(visit ? visits : segments.filter((s) => s.kind === 'offer')).map((s) => s.started_at));
  const gaveUp = visit ? visit.end_reason === 'abandoned' : call.endReason === 'abandoned';
  if ((!visit && !offer) || (gaveUp && at - since < shortMs)) return null;
  if (visit) return { kind: gaveUp ? 'abandoned' : 'flow-out', at, queue: visit.queue, userId: null };
  return { kind: 'no-answer', at, queue: null, userId: offer!.user_id };
};
