import type { Knex } from 'knex';

export const config = { transaction: false };

/** Roll-up: calls by their outcome. */
export async function up(db: Knex): Promise<void> {
  if (await db.schema.hasTable('report_outcomes')) return;
  await db.schema.createTable('report_outcomes', (t) => {
    t.bigInteger('hour').notNullable();
    t.integer('user_id').unsigned().notNullable();
    t.string('pbx', 32).notNullable().collate('utf8mb4_bin');
    t.string('queue', 100).notNullable().collate('utf8mb4_bin');
    t.string('outcome', 40).notNullable();
    t.integer('calls').notNullable();
    t.primary(['hour', 'user_id', 'pbx', 'queue', 'outcome']);
  });
}

export const down = (db: Knex): Promise<void> => db.schema.dropTableIfExists('report_outcomes');
