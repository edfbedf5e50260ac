import type { Knex } from 'knex';

export const config = { transaction: false };

/** Who is on shift now, by which phone. Past shifts are in agent_states. */
export async function up(db: Knex): Promise<void> {
  if (await db.schema.hasTable('shifts')) return;
  await db.schema.createTable('shifts', (t) => {
    t.integer('user_id').unsigned().notNullable().primary();
    t.string('pbx', 32).notNullable().collate('utf8mb4_bin');
    t.string('extension', 40).notNullable();
    // softphone | desk
    t.string('mode', 16).notNullable();
    t.bigInteger('since').notNullable();
  });
}

export const down = (db: Knex): Promise<void> => db.schema.dropTableIfExists('shifts');
