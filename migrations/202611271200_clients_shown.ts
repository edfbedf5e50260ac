import type { Knex } from 'knex';

export const config = { transaction: false };

const isSqlite = (db: Knex): boolean => (db.client as { dialect: string }).dialect === 'sqlite3';
const hasIndex = async (db: Knex, name: string): Promise<boolean> =>
  isSqlite(db)
    ? (await db('sqlite_master').where({ type: 'index', name }).first('name')) !== undefined
    : ((await db.raw('SHOW INDEX FROM clients WHERE Key_name = ?', [name])) as [unknown[]])[0].length > 0;

/**
 * The order of lists by name among those who are not archived: a list that keeps one client of a hundred walks past the others in the index, without
 * reading each card to learn that it is not archived. Names alone are found by clients_named. SQLite would take a leading column for the best way to
 * any list, and sort it all; there it is a partial index.
 */
export async function up(db: Knex): Promise<void> {
  if (!(await hasIndex(db, 'clients_shown')))
    await db.schema.alterTable('clients', (t) =>
      isSqlite(db)
        ? t.index(['sort_key', 'id'], 'clients_shown', { predicate: db.whereNull('archived_at') })
        : t.index(['archived_at', 'sort_key', 'id'], 'clients_shown'),
    );
  if (await hasIndex(db, 'clients_sorted')) await db.schema.alterTable('clients', (t) => t.dropIndex([], 'clients_sorted'));
}

export async function down(db: Knex): Promise<void> {
  await db.schema.alterTable('clients', (t) => t.index(['sort_key', 'id'], 'clients_sorted'));
  await db.schema.alterTable('clients', (t) => t.dropIndex([], 'clients_shown'));
}
