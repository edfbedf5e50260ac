import type { Knex } from 'knex';

export const config = { transaction: false };

const hasIndex = async (db: Knex): Promise<boolean> =>
  (db.client as { dialect: string }).dialect === 'sqlite3'
    ? (await db('sqlite_master').where({ type: 'index', name: 'clients_stage_sorted' }).first('name')) !== undefined
    : ((await db.raw("SHOW INDEX FROM clients WHERE Key_name = 'clients_stage_sorted'")) as [unknown[]])[0].length > 0;

/** The clients of one stage by name. */
export async function up(db: Knex): Promise<void> {
  if (await hasIndex(db)) return;
  await db.schema.alterTable('clients', (t) => t.index(['stage', 'sort_key', 'id'], 'clients_stage_sorted'));
}

export const down = (db: Knex): Promise<void> => db.schema.alterTable('clients', (t) => t.dropIndex([], 'clients_stage_sorted'));
