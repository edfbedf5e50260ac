import type { Knex } from 'knex';
import type { Call, SegmentEnd, SegmentKind } from '../../cti/index.ts';
import type { CallRecord } from './write.ts';

/** No call lasts longer. */
const LONGEST_MS = 12 * 3_600_000;
const CHUNK = 400;

interface SegmentRow {
  call_id: number;
  segment_key: string;
  kind: SegmentKind;
  extension: string | null;
  queue: string | null;
  started_at: number;
  ended_at: number | null;
  end_reason: SegmentEnd | null;
}

/** The calls that were up at some time of [from, until], ms, as the log has them now; of those whose end nobody has seen, the open ones. */
export const callsUpIn = async (db: Knex, from: number, until: number): Promise<Call[]> => {
  const rows = (await db('calls')
    .where('started_at', '<=', until)
    .where('started_at', '>=', from - LONGEST_MS)
    .where((up) => up.where('ended_at', '>=', from).orWhereNull('ended_at'))
    .orderBy(['started_at', 'id'])) as CallRecord[];
  const byCall = new Map<number, SegmentRow[]>(rows.map((row) => [row.id, []]));
  const ids = [...byCall.keys()];
  for (let i = 0; i < ids.length; i += CHUNK) {
    const segments = (await db('call_segments').whereIn('call_id', ids.slice(i, i + CHUNK)).orderBy(['call_id', 'started_at', 'id'])) as SegmentRow[]; // prettier-ignore
    for (const segment of segments) byCall.get(segment.call_id)!.push(segment);
  }
  return rows.map((row) => ({
    pbx: row.pbx,
    key: row.linkedid,
    direction: row.direction as Call['direction'],
    from: row.from_raw,
    fromName: row.caller_name,
    to: row.to_raw,
    queue: row.queue,
    // the machine called: nobody of ours dials
    initiator: row.direction === 'in' || row.from_raw === '' ? null : row.from_raw,
    startedAt: row.started_at,
    answeredAt: row.answered_at,
    endedAt: row.ended_at,
    endReason: row.end_reason as Call['endReason'],
    cause: row.cause,
    adopted: Boolean(row.adopted),
    segments: byCall.get(row.id)!.map((s) => ({
      id: s.segment_key,
      kind: s.kind,
      agent: s.extension,
      channel: null,
      queue: s.queue,
      from: s.started_at,
      to: s.ended_at,
      endReason: s.end_reason,
    })),
  }));
};
