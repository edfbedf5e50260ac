import type { Knex } from 'knex';
import { HandoverRule, HandoverState, HeldKind } from './contract.ts';

interface Row {
  id: number;
  from_id: number;
  actor_id: number;
  rule: string;
  kinds: string;
  state: string;
  at_kind: number;
  after_id: number;
  turn: number;
  counts: string;
  alive_at: number | null;
  created_at: number;
  finished_at: number | null;
}

/** By kind: how many became whose, by the id of the person; `kept`: those that stayed. */
export type Counts = Partial<Record<HeldKind, { to: Record<string, number>; kept: number }>>;

export interface StoredHandover {
  id: number;
  fromId: number;
  actorId: number;
  rule: HandoverRule;
  kinds: HeldKind[];
  state: HandoverState;
  atKind: number;
  afterId: number;
  turn: number;
  counts: Counts;
  createdAt: number;
  finishedAt: number | null;
}

const fromRow = (row: Row): StoredHandover => ({
  id: row.id,
  fromId: row.from_id,
  actorId: row.actor_id,
  rule: HandoverRule.parse(JSON.parse(row.rule)),
  kinds: HeldKind.array().parse(JSON.parse(row.kinds)),
  state: HandoverState.parse(row.state),
  atKind: row.at_kind,
  afterId: row.after_id,
  turn: row.turn,
  counts: JSON.parse(row.counts) as Counts,
  createdAt: Number(row.created_at),
  finishedAt: row.finished_at === null ? null : Number(row.finished_at),
});

export const findHandover = async (db: Knex, id: number): Promise<StoredHandover | null> => {
  const row = (await db('handovers').where({ id }).first()) as Row | undefined;
  return row ? fromRow(row) : null;
};

/** In the transaction that goes a step: nobody else goes the same one. */
export const lockHandover = async (trx: Knex, id: number): Promise<StoredHandover> =>
  fromRow((await trx('handovers').where({ id }).forUpdate().first()) as Row);

export const listHandovers = async (db: Knex, before: number | undefined, limit: number): Promise<StoredHandover[]> => {
  const query = db('handovers').orderBy('id', 'desc').limit(limit);
  if (before !== undefined) void query.where('id', '<', before);
  return ((await query) as Row[]).map(fromRow);
};

export const insertHandover = async (
  trx: Knex,
  of: { fromId: number; actorId: number; rule: HandoverRule; kinds: readonly HeldKind[]; at: number },
): Promise<number> => {
  const row = { from_id: of.fromId, actor_id: of.actorId, rule: JSON.stringify(of.rule), kinds: JSON.stringify(of.kinds), state: 'running', counts: '{}', created_at: of.at }; // prettier-ignore
  const [id] = (await trx('handovers').insert(row)) as [number];
  return id;
};

export const saveStep = async (
  trx: Knex,
  id: number,
  { atKind, afterId, turn, counts, aliveAt }: Pick<StoredHandover, 'atKind' | 'afterId' | 'turn' | 'counts'> & { aliveAt: number },
): Promise<void> => {
  const set = { at_kind: atKind, after_id: afterId, turn, counts: JSON.stringify(counts), alive_at: aliveAt };
  await trx('handovers').where({ id }).update(set);
};

/** From one state to another; false: it is not in it any more. */
export const moveState = async (trx: Knex, id: number, from: HandoverState, to: HandoverState, set: object): Promise<boolean> =>
  (await trx('handovers').where({ id, state: from }).update({ state: to, ...set })) === 1; // prettier-ignore

const deserted = (db: Knex, now: number, deadAfterMs: number) =>
  db('handovers')
    .whereIn('state', ['running', 'undoing'])
    .where((q) => void q.whereNull('alive_at').orWhere('alive_at', '<', now - deadAfterMs));

/** Ours to work on, for as long as we say that we live. */
export const claimHandover = async (db: Knex, id: number, now: number, deadAfterMs: number): Promise<boolean> =>
  (await deserted(db, now, deadAfterMs).where({ id }).update({ alive_at: now })) === 1;

export const waitingHandovers = (db: Knex, now: number, deadAfterMs: number): Promise<number[]> => deserted(db, now, deadAfterMs).pluck('id'); // prettier-ignore

/** Is anything of this person on its way? */
export const isOnItsWay = async (db: Knex, fromId: number): Promise<boolean> =>
  (await db('handovers').where({ from_id: fromId }).whereIn('state', ['running', 'undoing']).first('id')) !== undefined; // prettier-ignore
