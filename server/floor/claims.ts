import type { Knex } from 'knex';

/** For so long after an order of one supervisor another one is told of it, instead of ordering against it. */
const CLAIM_MS = 5_000;

export interface Claim {
  /** "call PBX:LINKEDID", "operator ID" */
  subject: string;
  actorId: number;
  what: string;
}

interface Row {
  subject: string;
  actor_id: number;
  what: string;
  until: number;
}

/** @returns null: it is the actor's now; else whose it is and what they have ordered */
export const claim = async (
  db: Knex,
  { subject, actorId, what }: Claim,
  now: number,
): Promise<{ actorId: number; what: string } | null> => {
  const row: Row = { subject, actor_id: actorId, what, until: now + CLAIM_MS };
  await db('floor_claims').insert({ ...row, until: 0 }).onConflict('subject').ignore(); // prettier-ignore
  const mine = await db<Row>('floor_claims')
    .where({ subject })
    .where((free) => free.where('until', '<=', now).orWhere('actor_id', actorId))
    .update({ actor_id: actorId, what, until: row.until });
  if (mine > 0) return null;
  const other = await db<Row>('floor_claims').where({ subject }).first();
  return other ? { actorId: other.actor_id, what: other.what } : null;
};

/** The order came to nothing. */
export const release = async (db: Knex, { subject, actorId }: Pick<Claim, 'subject' | 'actorId'>): Promise<void> =>
  void (await db('floor_claims').where({ subject, actor_id: actorId }).delete());

export const forgetClaims = async (db: Knex, now: number): Promise<void> =>
  void (await db('floor_claims')
    .where('until', '<', now - CLAIM_MS)
    .delete());
