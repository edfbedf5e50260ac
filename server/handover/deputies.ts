import type { Knex } from 'knex';

export interface StoredDeputy {
  id: number;
  userId: number;
  deputyId: number;
  startsAt: number;
  endsAt: number;
  endedAt: number | null;
  reason: string;
}

const deputies = (db: Knex) =>
  db('deputies').select('id', 'user_id as userId', 'deputy_id as deputyId', 'starts_at as startsAt', 'ends_at as endsAt', 'ended_at as endedAt', 'reason'); // prettier-ignore

/** Who stands in for whom and has not ended, now or later. */
export const listDeputising = async (db: Knex, at: number): Promise<StoredDeputy[]> =>
  deputies(db).where('ends_at', '>', at).whereNull('ended_at').orderBy(['starts_at', 'id']);

/** The last that are over. */
export const listPast = async (db: Knex, at: number, limit: number): Promise<StoredDeputy[]> =>
  deputies(db)
    .where((q) => void q.where('ends_at', '<=', at).orWhereNotNull('ended_at'))
    .orderBy('id', 'desc')
    .limit(limit);

export const findDeputy = async (db: Knex, id: number): Promise<StoredDeputy | null> =>
  ((await deputies(db).where({ id }).first()) as StoredDeputy | undefined) ?? null;

export const insertDeputy = async (
  trx: Knex,
  of: { userId: number; deputyId: number; startsAt: number; endsAt: number; reason: string; createdBy: number; at: number },
): Promise<number> => {
  const row = { user_id: of.userId, deputy_id: of.deputyId, starts_at: of.startsAt, ends_at: of.endsAt, reason: of.reason, created_by: of.createdBy, created_at: of.at }; // prettier-ignore
  const [id] = (await trx('deputies').insert(row)) as [number];
  return id;
};

/** @returns false: it is over */
export const endDeputy = async (trx: Knex, id: number, at: number): Promise<boolean> =>
  (await trx('deputies').where({ id }).whereNull('ended_at').where('ends_at', '>', at).update({ ended_at: at })) === 1;

/** Whoever has left stands in for nobody, and nobody for them. */
export const endDeputiesOf = (trx: Knex, userId: number, at: number): Promise<number> =>
  trx('deputies')
    .whereNull('ended_at')
    .where('ends_at', '>', at)
    .where((q) => void q.where('user_id', userId).orWhere('deputy_id', userId))
    .update({ ended_at: at });
