import type { Knex } from 'knex';
import { RelationKind } from './contract.ts';
import type { Relation } from './contract.ts';

interface Row {
  id: number;
  from_id: number;
  to_id: number;
  kind: string;
  position: string;
  share: number | null;
  since: string | null;
  until: string | null;
  note: string;
}

const fromRow = (row: Row): Relation => ({
  id: row.id,
  fromId: row.from_id,
  toId: row.to_id,
  kind: RelationKind.parse(row.kind),
  position: row.position,
  share: row.share,
  since: row.since,
  until: row.until,
  note: row.note,
});

/** Read at once, for one walk outward. */
const MOST_READ = 2_000;
const BATCH = 400;

/** At either end of which one of these stands; by id. */
export const relationsOf = async (db: Knex, ids: readonly number[]): Promise<Relation[]> => {
  const found = new Map<number, Relation>();
  for (let from = 0; from < ids.length; from += BATCH)
    for (const end of ['from_id', 'to_id'] as const) {
      const rows = (await db('relations').whereIn(end, ids.slice(from, from + BATCH)).whereNull('archived_at').orderBy('id').limit(MOST_READ)) as Row[]; // prettier-ignore
      for (const row of rows) found.set(row.id, fromRow(row));
    }
  return [...found.values()].sort((a, b) => a.id - b.id);
};

export const findRelation = async (db: Knex, id: number): Promise<Relation | null> => {
  const row = (await db('relations').where({ id }).first()) as Row | undefined;
  return row ? fromRow(row) : null;
};

const columns = (relation: Partial<Relation>) => ({
  position: relation.position,
  share: relation.share,
  since: relation.since,
  until: relation.until,
  note: relation.note,
});

export const insertRelation = async (trx: Knex, relation: Omit<Relation, 'id'>, by: { userId: number; at: number }): Promise<number> => {
  const row = { ...columns(relation), from_id: relation.fromId, to_id: relation.toId, kind: relation.kind, user_id: by.userId, at: by.at };
  return ((await trx('relations').insert(row)) as [number])[0];
};

export const updateRelation = async (trx: Knex, relation: Relation, archivedAt: number | null | undefined): Promise<void> => {
  await trx('relations')
    .where({ id: relation.id })
    .update({ ...columns(relation), ...(archivedAt === undefined ? {} : { archived_at: archivedAt }) });
};

/** Others whom the same person directs. */
export const sameDirector = async (db: Knex, id: number): Promise<{ otherId: number; directorId: number }[]> =>
  (await db('relations as mine')
    .join('relations as other', 'other.from_id', 'mine.from_id')
    .where({ 'mine.to_id': id, 'mine.kind': 'director', 'other.kind': 'director' })
    .whereNot('other.to_id', id)
    .whereNull('mine.archived_at')
    .whereNull('other.archived_at')
    .select({ otherId: 'other.to_id', directorId: 'other.from_id' })
    .limit(50)) as { otherId: number; directorId: number }[];

const ends = (a: number, b: number) => ({ low_id: Math.min(a, b), high_id: Math.max(a, b) });

/** Somebody said that these two do not belong together. */
export const refuse = async (trx: Knex, a: number, b: number, by: { userId: number; at: number }): Promise<void> => {
  await trx('relation_refusals').insert({ ...ends(a, b), user_id: by.userId, at: by.at }).onConflict(['low_id', 'high_id']).ignore(); // prettier-ignore
};

export const refused = async (db: Knex, id: number): Promise<Set<number>> => {
  const rows = (await db('relation_refusals').where({ low_id: id }).orWhere({ high_id: id })) as { low_id: number; high_id: number }[];
  return new Set(rows.map((row) => (row.low_id === id ? row.high_id : row.low_id)));
};
