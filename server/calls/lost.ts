import { inTransaction } from '../core/db.ts';
import { sums } from './shape.ts';
import { fileOnTimeline } from './timeline.ts';
import type { CallRecord, WriteDeps } from './write.ts';
import type { SegmentRecord } from './write-parts.ts';

/**
 * The bridge has told all calls that are up: any other row of this PBX that is open, and began before, ended while nobody listened.
 * @param spared keys that were heard of since
 * @returns how many were closed
 */
export const closeLost = async (
  deps: WriteDeps,
  pbx: string,
  at: number,
  live: ReadonlySet<string>,
  spared: ReadonlySet<string>,
): Promise<number> => {
  const open = await deps.db<CallRecord>('calls').whereNull('ended_at').where({ pbx }).where('started_at', '<', at);
  const lost = open.filter((row) => !live.has(row.linkedid) && !spared.has(row.linkedid));
  for (const row of lost) {
    const told = await inTransaction(deps.db, async (trx) => {
      const now = await trx<CallRecord>('calls').where({ pbx, linkedid: row.linkedid }).forUpdate().first();
      if (!now || now.ended_at !== null) return null;
      await trx('call_segments')
        .where('call_id', now.id)
        .whereNull('ended_at')
        .where('started_at', '<=', at)
        .update({ ended_at: at, end_reason: 'lost' });
      await trx('call_segments')
        .where('call_id', now.id)
        .whereNull('ended_at')
        .update({ ended_at: trx.ref('started_at'), end_reason: 'lost' });
      const segments = await trx<SegmentRecord>('call_segments').where('call_id', now.id);
      const spans = segments.map((s) => ({ kind: s.kind, from: s.started_at, to: s.ended_at }));
      const { waitMs, talkMs } = sums({ startedAt: now.started_at, answeredAt: now.answered_at, endedAt: at, segments: spans });
      const after = { ended_at: at, end_reason: 'lost' as const, wait_ms: waitMs, talk_ms: talkMs };
      await trx('calls').where('id', now.id).update(after);
      await deps.reportCalls(trx, [{ startedAt: now.started_at, endedAt: at }]);
      if (now.client_id !== null) await fileOnTimeline(deps, trx, [{ ...now, ...after }]);
      return now.client_id;
    });
    if (told !== null) deps.bus.emit('client.changed', { id: told, history: true });
  }
  return lost.length;
};
