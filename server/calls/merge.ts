import type { Knex } from 'knex';
import type { Deps } from '../deps.ts';
import { morePart, refOf } from './shape.ts';
import type { Part } from './shape.ts';
import { fileOnTimeline } from './timeline.ts';
import type { CallRecord } from './write.ts';

/** Two calls became one: what hangs on the row of `key` moves to `into`, and that row goes. Again: nothing is left to move. */
export const mergeRow = async (
  deps: Pick<Deps, 'moveTimeline' | 'recordings'>,
  trx: Knex.Transaction,
  into: CallRecord,
  key: string,
): Promise<void> => {
  await deps.recordings.move(trx, { pbx: into.pbx, linkedid: key }, into.linkedid);
  const gone = await trx<CallRecord>('calls').where({ pbx: into.pbx, linkedid: key }).forUpdate().first();
  if (!gone || gone.id === into.id) return;

  const kept = await trx('call_segments').where('call_id', into.id).pluck('segment_key');
  await trx('call_segments').where('call_id', gone.id).whereNotIn('segment_key', kept).update({ call_id: into.id });
  await trx('call_outcomes').where('call_id', gone.id).update({ call_id: into.id });

  const operators = await trx('call_operators').where('call_id', gone.id).select<{ user_id: number; part: Part }[]>('user_id', 'part');
  for (const { user_id, part } of operators) {
    const mine = { call_id: into.id, user_id };
    const have = await trx('call_operators').where(mine).first<{ part: Part } | undefined>('part');
    if (have)
      await trx('call_operators')
        .where(mine)
        .update({ part: morePart(have.part, part) });
    else await trx('call_operators').insert({ ...mine, part, started_at: into.started_at });
  }

  await deps.moveTimeline(trx, 'call', refOf(into.pbx, key), null);
  await trx('calls').where('id', gone.id).delete();

  // What a person said of either call stays said; the caller carries it into the row it writes.
  if (into.outcome === null) Object.assign(into, { outcome: gone.outcome, outcome_flags: gone.outcome_flags, note: gone.note });
  if (!into.client_fixed && (into.client_id === null || gone.client_fixed) && gone.client_id !== null) {
    Object.assign(into, { client_id: gone.client_id, client_fixed: gone.client_fixed });
    await trx('calls').where('id', into.id).update({ client_id: gone.client_id, client_fixed: gone.client_fixed });
  }
  if (gone.outcome !== null) {
    const { outcome, outcome_flags, note } = into;
    await trx('calls').where('id', into.id).update({ outcome, outcome_flags, note });
  }
};

/**
 * Another call has come under the id of this one, which had ended: Asterisk began to count anew within the second, its clock was set back. The
 * row stays as it is, under an id that Asterisk never gives.
 */
export const setAside = async (
  deps: Pick<Deps, 'addTimelines' | 'moveTimeline' | 'recordings' | 'renameCall'>,
  trx: Knex.Transaction,
  row: CallRecord,
): Promise<void> => {
  const linkedid = `${row.linkedid}-${row.id}`;
  await trx('calls').where('id', row.id).update({ linkedid });
  await deps.recordings.move(trx, row, linkedid);
  await deps.renameCall(trx, row, linkedid);
  await deps.moveTimeline(trx, 'call', refOf(row.pbx, row.linkedid), null);
  if (row.client_id !== null) await fileOnTimeline(deps, trx, [{ ...row, linkedid }]);
};
