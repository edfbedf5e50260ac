import type { Call, JournalCall } from '../../cti/index.ts';
import type { CallRecord } from './write.ts';
import type { SegmentRecord } from './write-parts.ts';

/** What the log has of a call, beside what Asterisk's own journal (CEL and queue_log) tells of it. Pure. */

/** Up to this the times of the two ways may differ: they pass through different threads of Asterisk. */
export const TOLERANCE_MS = 50;

export type Difference = 'open' | 'started' | 'answered' | 'ended' | 'end' | 'talk' | 'segments';

export interface Comparison {
  readonly differs: readonly Difference[];
  /** The largest distance of two times that are there on both sides. */
  readonly offMs: number;
  /** For people: what stands on either side. */
  readonly words: readonly string[];
}

type Row = Pick<CallRecord, 'started_at' | 'answered_at' | 'ended_at' | 'end_reason'>;
type SegmentRow = Pick<SegmentRecord, 'segment_key' | 'kind' | 'queue' | 'started_at' | 'ended_at'>;

/** Holds and menus are told by the live events alone. */
export const isJournaled = (kind: string): boolean => kind !== 'hold' && kind !== 'ivr';

export const compareCall = (row: Row, rows: readonly SegmentRow[], { call }: JournalCall): Comparison => {
  const differs: Difference[] = [];
  const words: string[] = [];
  let offMs = 0;
  const say = (what: Difference, log: unknown, journal: unknown) => {
    if (!differs.includes(what)) differs.push(what);
    words.push(`${what}: ${String(log)} in the log, ${String(journal)} in the journal`);
  };
  const time = (what: Difference, log: number | null, journal: number | null) => {
    const off = log === null || journal === null ? (log === journal ? 0 : Infinity) : Math.abs(log - journal);
    if (Number.isFinite(off)) offMs = Math.max(offMs, off);
    if (off > TOLERANCE_MS) say(what, log, journal);
  };

  time('started', row.started_at, call.startedAt);
  time('answered', row.answered_at, call.answeredAt);
  // when a call ended that went down with Asterisk, nobody knows
  if (row.ended_at === null) say('open', 'still up', 'over');
  else if (call.endReason !== 'lost') {
    time('ended', row.ended_at, call.endedAt);
    if (row.end_reason !== call.endReason) say('end', row.end_reason, call.endReason);
    const [mine, theirs] = [new Map(rows.filter((s) => isJournaled(s.kind)).map((s) => [s.segment_key, s])), segmentsOf(call)];
    for (const [id, segment] of theirs) {
      const have = mine.get(id);
      if (!have) say('segments', 'none', id);
      else if (have.kind === 'queue' && have.queue !== segment.queue) say('segments', `${id} in ${have.queue}`, `in ${segment.queue}`);
      else if (segment.kind === 'talk') {
        time('talk', have.started_at, segment.from);
        time('talk', have.ended_at, segment.to);
      }
    }
    for (const id of mine.keys()) if (!theirs.has(id)) say('segments', id, 'none');
  }
  return { differs, offMs, words };
};

const segmentsOf = (call: Call) => new Map(call.segments.filter((s) => isJournaled(s.kind)).map((s) => [s.id, s]));
