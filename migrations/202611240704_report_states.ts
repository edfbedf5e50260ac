import type { Knex } from 'knex';

export const config = { transaction: false };

/** Roll-up: ms that an operator was in each state, by hour. */
export async function up(db: Knex): Promise<void> {
  if (await db.schema.hasTable('report_states')) return;
  await db.schema.createTable('report_states', (t) => {
    t.bigInteger('hour').notNullable();
    t.integer('user_id').unsigned().notNullable();
    t.string('state', 16).notNullable();
    t.string('reason', 40).notNullable();
    t.bigInteger('ms').notNullable();
    t.primary(['hour', 'user_id', 'state', 'reason']);
  });
}

export const down = (db: Knex): Promise<void> => db.schema.dropTableIfExists('report_states');
