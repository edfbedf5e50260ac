import type { Knex } from 'knex';

export const config = { transaction: false };

/** One row: what an administrator set, as JSON. */
export async function up(db: Knex): Promise<void> {
  if (await db.schema.hasTable('complaint_settings')) return;
  await db.schema.createTable('complaint_settings', (t) => {
    t.integer('id').unsigned().primary();
    t.text('data').notNullable();
    t.integer('version').unsigned().notNullable();
  });
}

export const down = (db: Knex): Promise<void> => db.schema.dropTableIfExists('complaint_settings');
