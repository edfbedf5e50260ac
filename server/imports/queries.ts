import type { Knex } from 'knex';
import { ImportRules, ImportState, Mapping } from './contract.ts';
import type { Import } from './contract.ts';
import type { Kind } from './read/table.ts';

export interface StoredImport extends Kind {
  id: number;
  actorId: number;
  name: string;
  columns: string[];
  mapping: (string | null)[];
  rules: ImportRules;
  state: Import['state'];
  line: number;
  made: number;
  changed: number;
  skipped: number;
  rejected: number;
  bytes: number;
  bytesRead: number;
  fault: string | null;
  createdAt: number;
  finishedAt: number | null;
}

interface Row {
  id: number;
  actor_id: number;
  name: string;
  format: Kind['format'];
  encoding: string;
  delimiter: string;
  columns: string;
  mapping: string;
  rules: string;
  state: string;
  line: number;
  made: number;
  changed: number;
  skipped: number;
  rejected: number;
  bytes: number;
  bytes_read: number;
  fault: string | null;
  created_at: number;
  finished_at: number | null;
}

const fromRow = (row: Row): StoredImport => ({
  id: row.id,
  actorId: row.actor_id,
  name: row.name,
  format: row.format,
  encoding: row.encoding,
  delimiter: row.delimiter,
  columns: JSON.parse(row.columns) as string[],
  mapping: Mapping.parse(JSON.parse(row.mapping)),
  rules: ImportRules.parse(JSON.parse(row.rules)),
  state: ImportState.parse(row.state),
  line: row.line,
  made: row.made,
  changed: row.changed,
  skipped: row.skipped,
  rejected: row.rejected,
  bytes: Number(row.bytes),
  bytesRead: Number(row.bytes_read),
  fault: row.fault,
  createdAt: Number(row.created_at),
  finishedAt: row.finished_at === null ? null : Number(row.finished_at),
});

export const findImport = async (db: Knex, id: number): Promise<StoredImport | null> => {
  const row = (await db('imports').where({ id }).first()) as Row | undefined;
  return row ? fromRow(row) : null;
};
export const listImports = async (db: Knex, actorId: number | null): Promise<StoredImport[]> => {
  const query = db('imports').orderBy('id', 'desc').limit(50);
  if (actorId !== null) void query.where({ actor_id: actorId });
  return ((await query) as Row[]).map(fromRow);
};

export const insertImport = async (db: Knex, of: { actorId: number; name: string; bytes: number; at: number }): Promise<number> => {
  const none = { format: 'csv', encoding: '', delimiter: '', columns: '[]', signature: '', mapping: '[]', rules: '{}', line: 0, made: 0, changed: 0, skipped: 0, rejected: 0, bytes_read: 0 }; // prettier-ignore
  const [id] = (await db('imports').insert({ ...none, actor_id: of.actorId, name: of.name, bytes: of.bytes, state: 'ready', created_at: of.at })) as [number]; // prettier-ignore
  return id;
};

export const updateImport = async (db: Knex, id: number, set: Partial<Row> & { signature?: string; alive_at?: number | null }): Promise<void> => {
  if (Object.keys(set).length > 0) await db('imports').where({ id }).update(set);
}; // prettier-ignore

/** How the same columns were mapped last. */
export const rememberedMapping = async (db: Knex, actorId: number, signature: string): Promise<(string | null)[] | null> => {
  const row = (await db('imports').where({ actor_id: actorId, signature }).whereNotIn('state', ['ready', 'failed']).orderBy('id', 'desc').first('mapping')) as { mapping: string } | undefined; // prettier-ignore
  return row ? Mapping.parse(JSON.parse(row.mapping)) : null;
};

/** From one state to another; false: it was in none of `from` (any more). */
export const moveState = async (db: Knex, id: number, from: readonly string[], to: string, set: object = {}): Promise<boolean> =>
  (await db('imports').where({ id }).whereIn('state', [...from]).update({ state: to, ...set })) === 1; // prettier-ignore

/** Ours to work on, for as long as we say that we live. */
export const claim = async (db: Knex, id: number, now: number, deadAfterMs: number): Promise<boolean> =>
  (await db('imports')
    .where({ id, state: 'running' })
    .where((q) => void q.whereNull('alive_at').orWhere('alive_at', '<', now - deadAfterMs))
    .update({ alive_at: now })) === 1;

export const waiting = async (db: Knex, now: number, deadAfterMs: number): Promise<number[]> =>
  db('imports')
    .where({ state: 'running' })
    .where((q) => void q.whereNull('alive_at').orWhere('alive_at', '<', now - deadAfterMs))
    .pluck('id');

export interface RowOutcome {
  line: number;
  outcome: string;
  clientId: number | null;
  reason: string | null;
  cells: readonly string[] | null;
}
const BATCH = 400;
export const writeRows = async (trx: Knex, importId: number, rows: readonly RowOutcome[]): Promise<void> => {
  const all = rows.map(({ line, outcome, clientId, reason, cells }) => ({ import_id: importId, line, outcome, client_id: clientId, reason, cells: cells && JSON.stringify(cells) })); // prettier-ignore
  for (let from = 0; from < all.length; from += BATCH) await trx('import_rows').insert(all.slice(from, from + BATCH));
};

/** Clients that the import made, behind a line. */
export const madeBy = async (db: Knex, importId: number, after: number, limit: number): Promise<{ line: number; clientId: number }[]> =>
  db('import_rows').where({ import_id: importId, outcome: 'made' }).where('line', '>', after).orderBy('line').limit(limit).select('line', 'client_id as clientId'); // prettier-ignore

export const rejectedOf = async (db: Knex, importId: number, after: number, limit: number): Promise<{ line: number; reason: string; cells: string[] }[]> => {
  const rows = (await db('import_rows').where({ import_id: importId, outcome: 'rejected' }).where('line', '>', after).orderBy('line').limit(limit)) as { line: number; reason: string; cells: string }[];
  return rows.map(({ line, reason, cells }) => ({ line, reason, cells: JSON.parse(cells) as string[] }));
}; // prettier-ignore
