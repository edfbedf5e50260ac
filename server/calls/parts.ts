import type { Knex } from 'knex';
import type { CallRecord } from './write.ts';

/** Calls that are one to whoever reads the log, by the id of the first of them, in order; of calls that stand alone there are none. */
export const familiesOf = async (db: Knex, rows: readonly CallRecord[]): Promise<Map<number, CallRecord[]>> => {
  const firsts = [...new Set(rows.map((row) => row.callback_of ?? row.id))];
  const families = new Map<number, CallRecord[]>();
  for (let i = 0; i < firsts.length; i += 400) {
    const backs = (await db<CallRecord>('calls')
      .whereIn('callback_of', firsts.slice(i, i + 400))
      .orderBy(['started_at', 'id'])) as CallRecord[];
    for (const back of backs) families.set(back.callback_of!, [...(families.get(back.callback_of!) ?? []), back]);
  }
  const ids = [...families.keys()];
  for (let i = 0; i < ids.length; i += 400)
    for (const first of (await db<CallRecord>('calls').whereIn('id', ids.slice(i, i + 400))) as CallRecord[])
      families.set(first.id, [first, ...families.get(first.id)!]);
  return families;
};
