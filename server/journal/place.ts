import type { JournalPlace, Table } from '../../cti/index.ts';
import type { PbxConfig } from '../config.ts';
import { openDb } from '../core/db.ts';
import type { DbLog } from '../core/db.ts';

export interface OpenPlace {
  place: JournalPlace;
  close(): Promise<void>;
}

/** Where the PBX's journal is read: the tables of `?journal=`, else the folder of `?spool=`; null: nowhere. Connects when it is read. */
export const openPlace = ({ journal, spool }: Pick<PbxConfig, 'journal' | 'spool'>, log?: DbLog): OpenPlace | null => {
  if (journal === null) return spool === null ? null : { place: { spool }, close: async () => {} };
  const db = openDb(journal, log);
  // a date of the driver would end at the millisecond
  const table = (name: string, time: string): Table => ({
    after: (id, limit) =>
      db<{ id: number }>(name)
        .where('id', '>', id)
        .orderBy('id')
        .limit(limit)
        .select('*', db.raw('cast(?? as char) as ??', [time, time])),
    async last() {
      const row = await db(name).max<{ last: number | null }>({ last: 'id' }).first();
      return row?.last ?? 0;
    },
  });
  return { place: { tables: { cel: table('cel', 'eventtime'), queue: table('queue_log', 'time') } }, close: () => db.destroy() };
};
