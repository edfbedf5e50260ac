import type { Knex } from 'knex';

export const config = { transaction: false };

/** When a supervisor wants to be warned of a queue. */
export async function up(db: Knex): Promise<void> {
  if (await db.schema.hasTable('floor_thresholds')) return;
  await db.schema.createTable('floor_thresholds', (t) => {
    t.integer('user_id').unsigned().notNullable();
    // "PBX:NAME"; '': of all that have none of their own
    t.string('queue', 140).notNullable().collate('utf8mb4_bin');
    t.integer('wait_seconds').nullable();
    // per cent
    t.integer('service_level').nullable();
    t.primary(['user_id', 'queue']);
  });
}

export const down = (db: Knex): Promise<void> => db.schema.dropTableIfExists('floor_thresholds');
