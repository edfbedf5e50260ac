import type { Knex } from 'knex';

/**
 * The one journal of what was there before: a row for each field that was changed, in the transaction that changes it. Histories of cards read it, and
 * so does whoever undoes an import, a merge or a hand-over.
 */
export interface Change {
  table: string;
  rowId: number;
  field: string;
  /** JSON values; undefined is stored as null. */
  before: unknown;
  after: unknown;
}

export interface StoredChange extends Change {
  id: number;
  at: number;
  actorId: number | null;
  /** What it was a part of: "import:12", "merge:3"; null: by itself. */
  batch: string | null;
}

interface Row {
  id: number;
  at: number;
  actor_id: number | null;
  batch: string | null;
  table_name: string;
  row_id: number;
  field: string;
  before_json: string;
  after_json: string;
}

/** Rows a statement: both engines take it. */
const BATCH = 400;

export const writeChanges = async (
  trx: Knex,
  by: { actorId: number | null; at: number; batch?: string | null },
  changes: readonly Change[],
): Promise<void> => {
  const rows = changes.map(({ table, rowId, field, before, after }) => ({
    at: by.at,
    actor_id: by.actorId,
    batch: by.batch ?? null,
    table_name: table,
    row_id: rowId,
    field,
    before_json: JSON.stringify(before ?? null),
    after_json: JSON.stringify(after ?? null),
  }));
  for (let from = 0; from < rows.length; from += BATCH) await trx('changes').insert(rows.slice(from, from + BATCH));
};

const fromRow = (row: Row): StoredChange => ({
  id: row.id,
  at: Number(row.at),
  actorId: row.actor_id,
  batch: row.batch,
  table: row.table_name,
  rowId: row.row_id,
  field: row.field,
  before: JSON.parse(row.before_json) as unknown,
  after: JSON.parse(row.after_json) as unknown,
});

/** Of one row, newest first, behind `before` (an id); of one field alone when it is named. */
export const changesOfRow = async (
  db: Knex,
  ask: { table: string; rowId: number; field?: string | undefined; before?: number | undefined; limit: number },
): Promise<StoredChange[]> => {
  const query = db('changes').where({ table_name: ask.table, row_id: ask.rowId });
  if (ask.field !== undefined) void query.where({ field: ask.field });
  if (ask.before !== undefined) void query.where('id', '<', ask.before);
  return ((await query.orderBy('id', 'desc').limit(ask.limit)) as Row[]).map(fromRow);
};

/** The rows of one batch in ascending order, behind the row `after`, each with its changes in the order in which they were made. */
export const changesOfBatch = async (
  db: Knex,
  ask: { batch: string; table: string; after: number; rows: number },
): Promise<{ rows: Map<number, StoredChange[]>; last: number }> => {
  const ids = (await db('changes')
    .distinct('row_id')
    .where({ batch: ask.batch, table_name: ask.table })
    .where('row_id', '>', ask.after)
    .orderBy('row_id')
    .limit(ask.rows)
    .pluck('row_id')) as number[];
  if (ids.length === 0) return { rows: new Map(), last: ask.after };
  const found = (await db('changes').where({ batch: ask.batch, table_name: ask.table }).whereIn('row_id', ids).orderBy(['row_id', 'id'])) as Row[]; // prettier-ignore
  const rows = new Map<number, StoredChange[]>(ids.map((id) => [id, []]));
  for (const row of found) rows.get(row.row_id)!.push(fromRow(row));
  return { rows, last: ids.at(-1)! };
};
