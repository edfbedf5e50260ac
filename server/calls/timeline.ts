import type { Knex } from 'knex';
import type { Deps } from '../app.ts';
import { refOf, rawNumber, shownNumber } from './shape.ts';
import type { CallRecord } from './write.ts';

/** The call in its client's history, as it now is; in the transaction that writes the call. The row has to have a client. */
export const fileOnTimeline = async (
  deps: Pick<Deps, 'addTimeline' | 'recordings'>,
  trx: Knex.Transaction,
  row: CallRecord,
): Promise<void> => {
  const operators = await trx('call_operators')
    .where('call_id', row.id)
    .whereNot('part', 'offered')
    .orderBy('part', 'desc')
    .pluck('user_id');
  const e164 = row.direction === 'out' ? row.to_e164 : row.from_e164;
  await deps.addTimeline(trx, {
    clientId: row.client_id!,
    at: row.started_at,
    kind: 'call',
    ref: refOf(row.pbx, row.linkedid),
    userId: (operators[0] as number | undefined) ?? null,
    data: {
      direction: row.direction,
      number: shownNumber(e164, rawNumber({ direction: row.direction, from: row.from_raw, to: row.to_raw })),
      queue: row.queue,
      answeredAt: row.answered_at,
      endedAt: row.ended_at,
      endReason: row.end_reason,
      talkMs: row.talk_ms,
      outcome: row.outcome,
      note: row.note,
      recorded: await deps.recordings.has(trx, row),
    },
  });
};
