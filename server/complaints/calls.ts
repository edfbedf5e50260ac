import type { Knex } from 'knex';

/** The call has another Linkedid now. Again: nothing is left to move. */
export const renameComplaintCall = async (trx: Knex, { pbx, linkedid }: { pbx: string; linkedid: string }, to: string): Promise<void> => {
  const refs = { old: `${pbx}:${linkedid}`, now: `${pbx}:${to}` };
  const rows = (await trx('complaint_calls').where('call_ref', refs.old)) as {
    complaint_id: number;
    moment_at: number;
    user_id: number | null;
  }[];
  if (rows.length === 0) return;
  await trx('complaint_calls').insert(rows.map((row) => ({ ...row, call_ref: refs.now }))).onConflict(['complaint_id', 'call_ref']).ignore(); // prettier-ignore
  await trx('complaint_calls').where('call_ref', refs.old).delete();
};
