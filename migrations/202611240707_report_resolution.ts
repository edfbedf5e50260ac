import type { Knex } from 'knex';

export const config = { transaction: false };

/**
 * Roll-up: calls handled whose window of first-call resolution has closed, and those of them after which the client called again within it. By
 * the hour of the visit (user 0: of the queue) and of the talk (of the operator).
 */
export async function up(db: Knex): Promise<void> {
  if (await db.schema.hasTable('report_resolution')) return;
  await db.schema.createTable('report_resolution', (t) => {
    t.bigInteger('hour').notNullable();
    t.integer('user_id').unsigned().notNullable();
    t.string('pbx', 32).notNullable().collate('utf8mb4_bin');
    t.string('queue', 100).notNullable().collate('utf8mb4_bin');
    t.integer('closed').notNullable();
    t.integer('repeated').notNullable();
    t.primary(['hour', 'user_id', 'pbx', 'queue']);
  });
}

export const down = (db: Knex): Promise<void> => db.schema.dropTableIfExists('report_resolution');
