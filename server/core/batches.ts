import type { Knex } from 'knex';
import { AppError } from './errors.ts';

/** Things done to many rows at once that can be undone as a whole; what was there before stands in the journal (changes.ts). */

export interface Batch {
  batch: string;
  actorId: number | null;
  at: number;
  details: Record<string, unknown>;
  undoneAt: number | null;
}

export const openBatch = async (trx: Knex, { batch, actorId, at, details }: Omit<Batch, 'undoneAt'>): Promise<void> => {
  await trx('batches').insert({ batch, actor_id: actorId, at, details: JSON.stringify(details) });
};

export const findBatch = async (db: Knex, batch: string): Promise<Batch | null> => {
  const row = (await db('batches').where({ batch }).first()) as { actor_id: number | null; at: number; details: string; undone_at: number | null } | undefined; // prettier-ignore
  if (!row) return null;
  const details = JSON.parse(row.details) as Record<string, unknown>;
  return { batch, actorId: row.actor_id, at: Number(row.at), details, undoneAt: row.undone_at === null ? null : Number(row.undone_at) };
};

/** @throws AppError conflict when it has been undone already */
export const closeBatch = async (trx: Knex, batch: string, actorId: number, at: number): Promise<void> => {
  const closed = await trx('batches').where({ batch }).whereNull('undone_at').update({ undone_at: at, undone_by: actorId });
  if (closed !== 1) throw new AppError('conflict', 'undone already', { reason: 'undone' });
};
