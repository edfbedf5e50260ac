import type { Knex } from 'knex';
import type { Marks } from '../../cti/index.ts';

interface Row {
  pbx: string;
  cel: string;
  queue_log: string;
  read_at: number;
}

/** How far the journal of this PBX is in the log; null: it was never read. */
export const readOffsets = async (db: Knex, pbx: string): Promise<Marks | null> => {
  const row = await db<Row>('journal_offsets').where({ pbx }).first();
  return row ? { cel: row.cel, queue: row.queue_log } : null;
};

export const saveOffsets = async (db: Knex, pbx: string, { cel, queue }: Marks, at: number): Promise<void> => {
  await db<Row>('journal_offsets').insert({ pbx, cel, queue_log: queue, read_at: at }).onConflict('pbx').merge();
};
