import type { Knex } from 'knex';

export const config = { transaction: false };

/** The last number given in a year: its row is locked until the complaint that takes the next is written. */
export async function up(db: Knex): Promise<void> {
  if (await db.schema.hasTable('complaint_numbers')) return;
  await db.schema.createTable('complaint_numbers', (t) => {
    t.integer('year').unsigned().primary();
    t.integer('last').unsigned().notNullable();
  });
}

export const down = (db: Knex): Promise<void> => db.schema.dropTableIfExists('complaint_numbers');
