import type { Knex } from 'knex';
import type { Deps } from '../deps.ts';
import { familiesOf } from './parts.ts';
import { refOf, rawNumber, shownNumber } from './shape.ts';
import type { CallRecord } from './write.ts';

/** The calls in their clients' histories, as they now are; in the transaction that writes the calls. Each row has to have a client. */
export const fileOnTimeline = async (
  deps: Pick<Deps, 'addTimelines' | 'recordings'>,
  trx: Knex.Transaction,
  given: readonly CallRecord[],
): Promise<void> => {
  if (given.length === 0) return;
  const families = await familiesOf(trx, given);
  // whoever asked to be called back, and was, is one entry: that of the first call, if it has the same client
  const firstOf = (row: CallRecord): CallRecord => {
    const first = row.callback_of === null ? undefined : families.get(row.callback_of)?.[0];
    return first?.client_id === row.client_id ? first : row;
  };
  const rows = [...new Map(given.map((row) => [firstOf(row).id, firstOf(row)])).values()];
  const backsOf = (row: CallRecord) => (families.get(row.id) ?? []).filter((part) => part.callback_of === row.id);
  const ids = rows.flatMap((row) => [row.id, ...backsOf(row).map((back) => back.id)]);
  const operators = (await trx('call_operators')
    .whereIn('call_id', ids)
    .whereNot('part', 'offered')
    .orderBy(['part', { column: 'user_id', order: 'desc' }])
    .select('call_id', 'user_id')) as { call_id: number; user_id: number }[];
  // the last one counts: who talked stands behind who dialled
  const byCall = new Map(operators.map(({ call_id, user_id }) => [call_id, user_id]));
  const open = rows.filter((row) => row.direction === 'in' && row.answered_at === null).map((row) => row.id);
  const asked = new Set(open.length === 0 ? [] : await trx('call_segments').whereIn('call_id', open).where('end_reason', 'call-back').pluck<number[]>('call_id')); // prettier-ignore
  const recorded = await deps.recordings.among(trx, rows);
  const entries = rows.map((row) => {
    const backs = backsOf(row);
    const userId = backs.reduce<number | null>((last, back) => byCall.get(back.id) ?? last, byCall.get(row.id) ?? null);
    return entryOf(row, { backs, asked: asked.has(row.id) }, userId, recorded.has(refOf(row.pbx, row.linkedid)));
  });
  await deps.addTimelines(trx, entries);
};

/** `asked`: to be called back instead of waiting; `backs`: the calls that followed from it. */
interface Asking {
  asked: boolean;
  backs: readonly CallRecord[];
}

const entryOf = (row: CallRecord, { asked, backs }: Asking, userId: number | null, recorded: boolean) => ({
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
    ...(asked && {
      callBack: {
        attempts: backs.length,
        answeredAt: backs.find((back) => back.answered_at !== null)?.answered_at ?? null,
        talkMs: backs.reduce((ms, back) => ms + back.talk_ms, 0),
      },
    }),
  },
});
