import type { Knex } from 'knex';

export const config = { transaction: false };

const hasIndex = async (db: Knex): Promise<boolean> =>
  (db.client as { dialect: string }).dialect === 'sqlite3'
    ? (await db('sqlite_master').where({ type: 'index', name: 'clients_contacted' }).first('name')) !== undefined
    : ((await db.raw("SHOW INDEX FROM clients WHERE Key_name = 'clients_contacted'")) as [unknown[]])[0].length > 0;

/** By the last contact. */
export async function up(db: Knex): Promise<void> {
  if (await hasIndex(db)) return;
  await db.schema.alterTable('clients', (t) => t.index(['contact_at', 'id'], 'clients_contacted'));
}

export const down = (db: Knex): Promise<void> => db.schema.alterTable('clients', (t) => t.dropIndex([], 'clients_contacted'));
