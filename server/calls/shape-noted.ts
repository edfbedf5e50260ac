import { rawNumber, shownNumber } from './shape.ts';
import type { CallRecord } from './write.ts';
import type { SegmentRecord } from './write-parts.ts';

/** A call of the log as those are handed it who follow the log. */
export const noted = (row: CallRecord, segments: readonly SegmentRecord[]) => ({
  pbx: row.pbx,
  linkedid: row.linkedid,
  direction: row.direction,
  number: shownNumber(
    row.direction === 'out' ? row.to_e164 : row.from_e164,
    rawNumber({ direction: row.direction, from: row.from_raw, to: row.to_raw }),
  ),
  answeredAt: row.answered_at,
  endedAt: row.ended_at,
  endReason: row.end_reason,
  cause: row.cause,
  amd: row.amd,
  callerName: row.caller_name,
  segments,
});
