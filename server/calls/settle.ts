import type { JournalCall } from '../../cti/index.ts';
import { compareCall, isJournaled } from './compare.ts';
import type { Difference } from './compare.ts';
import type { CallRecord, Work, WriteDeps } from './write.ts';
import { writeCalls } from './write.ts';
import type { SegmentRecord } from './write-parts.ts';

export interface Settled {
  /** Calls that the log did not have. */
  filled: number;
  /** Calls of which the log had not seen everything. */
  mended: number;
}

const AT_ONCE = 100;

/**
 * Brings the log to what Asterisk's journal tells of calls that are over. What a bridge has seen from beginning to end stays as it is, but for times
 * that it was told late; doing it again changes nothing.
 * @param watchedSince epoch ms: calls that began before may have gone on unseen for a while. @throws when the database is away
 */
export const settleCalls = async (deps: WriteDeps, pbx: string, found: readonly JournalCall[], watchedSince: number): Promise<Settled> => {
  const settled = { filled: 0, mended: 0 };
  for (let i = 0; i < found.length; i += AT_ONCE) {
    const some = found.slice(i, i + AT_ONCE);
    const log = await logOf(deps, pbx, some);
    const works: Work[] = [];
    for (const one of some) {
      const rows = one.linkedids.flatMap((id) => log.get(id) ?? []);
      // a bridge that was killed in a merge may have left them behind
      for (const linkedid of one.linkedids)
        if (linkedid !== one.call.key) await deps.recordings.move(deps.db, { pbx, linkedid }, one.call.key);
      if (rows.length > 0 && !needsMending(rows, one, watchedSince)) continue;
      const { call } = one;
      const merged = one.linkedids.filter((id) => id !== call.key);
      works.push({ call, at: call.endedAt!, adopted: false, merged, journal: true });
      settled[rows.length > 0 ? 'mended' : 'filled'] += 1;
    }
    if (works.length > 0) await writeCalls(deps, works);
  }
  return settled;
};

export type LoggedCall = CallRecord & { segments: SegmentRecord[] };

/** By Linkedid: the rows of these calls. */
export const logOf = async (
  { db }: Pick<WriteDeps, 'db'>,
  pbx: string,
  found: readonly JournalCall[],
): Promise<Map<string, LoggedCall>> => {
  const rows: CallRecord[] = [];
  const ids = found.flatMap((one) => one.linkedids);
  for (let i = 0; i < ids.length; i += 200)
    rows.push(
      ...(await db<CallRecord>('calls')
        .where({ pbx })
        .whereIn('linkedid', ids.slice(i, i + 200))),
    );
  const byId = new Map(rows.map((row) => [row.id, { ...row, segments: [] as SegmentRecord[] }]));
  for (let i = 0; i < rows.length; i += 200) {
    const some = rows.slice(i, i + 200).map((row) => row.id);
    const segments = await db<SegmentRecord & { call_id: number }>('call_segments').whereIn('call_id', some);
    for (const { call_id, ...segment } of segments) byId.get(call_id)?.segments.push(segment);
  }
  return new Map([...byId.values()].map((row) => [row.linkedid, row]));
};

const TIMES: readonly Difference[] = ['started', 'answered', 'ended', 'talk'];
/** An Asterisk under load tells late; beyond this it is no lag, but a clock or a time zone that is set wrong in one of the two. */
const LAG_MS = 10_000;

const needsMending = (rows: readonly LoggedCall[], one: JournalCall, watchedSince: number): boolean => {
  const [row] = rows;
  if (rows.length > 1 || row?.linkedid !== one.call.key || row.ended_at === null) return true;
  if (one.call.endReason === 'lost') return false; // when it really ended the journal does not know either
  // how a hold ended that nobody saw the journal does not tell
  const unseen = row.segments.filter((s) => s.end_reason === 'lost' && (isJournaled(s.kind) || s.ended_at! > row.ended_at!));
  if (row.end_reason === 'lost' || unseen.length > 0) return true;
  const { differs, offMs } = compareCall(row, row.segments, one);
  if (row.started_at < watchedSince) return differs.length > 0;
  return (
    differs.length > 0 &&
    differs.every((what) => TIMES.includes(what)) &&
    (row.answered_at === null) === (one.call.answeredAt === null) &&
    offMs < LAG_MS
  );
};
