import type { Knex } from 'knex';

export const config = { transaction: false };

/** When the roll-ups were last brought up to date (sweep), and last compared with the log (check). */
export async function up(db: Knex): Promise<void> {
  if (await db.schema.hasTable('report_counts')) return;
  await db.schema.createTable('report_counts', (t) => {
    t.string('name', 16).notNullable().primary();
    t.bigInteger('at').notNullable();
  });
}

export const down = (db: Knex): Promise<void> => db.schema.dropTableIfExists('report_counts');
