import type { Knex } from 'knex';

export const config = { transaction: false };

/** Queues that a supervisor has added to a shift, or taken from it: until its end they go before queue_members. */
export async function up(db: Knex): Promise<void> {
  if (await db.schema.hasTable('shift_queue_extras')) return;
  await db.schema.createTable('shift_queue_extras', (t) => {
    t.integer('user_id').unsigned().notNullable();
    t.string('pbx', 32).notNullable().collate('utf8mb4_bin');
    t.string('queue', 100).notNullable().collate('utf8mb4_bin');
    t.boolean('serves').notNullable();
    t.primary(['user_id', 'pbx', 'queue']);
  });
}

export const down = (db: Knex): Promise<void> => db.schema.dropTableIfExists('shift_queue_extras');
