import type { Knex } from 'knex';
import type { Deps } from '../app.ts';
import { refOf, rawNumber, shownNumber } from './shape.ts';
import type { CallRecord } from './write.ts';

/** The calls in their clients' histories, as they now are; in the transaction that writes the calls. Each row has to have a client. */
export const fileOnTimeline = async (
  deps: Pick<Deps, 'addTimelines' | 'recordings'>,
  trx: Knex.Transaction,
  rows: readonly CallRecord[],
): Promise<void> => {
  if (rows.length === 0) return;
  const operators = (await trx('call_operators')
    .whereIn(
      'call_id',
      rows.map((row) => row.id),
    )
    .whereNot('part', 'offered')
    .orderBy(['part', { column: 'user_id', order: 'desc' }])
    .select('call_id', 'user_id')) as { call_id: number; user_id: number }[];
  // the last one counts: who talked stands behind who dialled
  const byCall = new Map(operators.map(({ call_id, user_id }) => [call_id, user_id]));
  const recorded = await deps.recordings.among(trx, rows);
  await deps.addTimelines(trx, rows.map((row) => entryOf(row, byCall.get(row.id) ?? null, recorded.has(refOf(row.pbx, row.linkedid))))); // prettier-ignore
};

const entryOf = (row: CallRecord, userId: number | null, recorded: boolean) => ({
  clientId: row.client_id!,
  at: row.started_at,
  kind: 'call',
  ref: refOf(row.pbx, row.linkedid),
  userId,
  data: {
    direction: row.direction,
    number: shownNumber(
      row.direction === 'out' ? row.to_e164 : row.from_e164,
      rawNumber({ direction: row.direction, from: row.from_raw, to: row.to_raw }),
    ),
    queue: row.queue,
    answeredAt: row.answered_at,
    endedAt: row.ended_at,
    endReason: row.end_reason,
    talkMs: row.talk_ms,
    outcome: row.outcome,
    note: row.note,
    recorded,
  },
});
