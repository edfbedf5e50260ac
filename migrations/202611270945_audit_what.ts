import type { Knex } from 'knex';

export const config = { transaction: false };

const INDEX = 'audit_what';

const there = async (db: Knex): Promise<boolean> =>
  (db.client as { dialect: string }).dialect === 'sqlite3'
    ? (await db('sqlite_master').where({ type: 'index', name: INDEX }).first('name')) !== undefined
    : ((await db.raw('SHOW INDEX FROM audit WHERE Key_name = ?', [INDEX])) as [unknown[]])[0].length > 0;

/** What was done, of one sort, the latest first. */
export async function up(db: Knex): Promise<void> {
  if (!(await there(db))) await db.schema.alterTable('audit', (t) => t.index(['what', 'id'], INDEX));
}

export const down = (db: Knex): Promise<void> => db.schema.alterTable('audit', (t) => t.dropIndex([], INDEX));
