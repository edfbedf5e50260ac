import type { Knex } from 'knex';

export const config = { transaction: false };

/** What an operator was, from when to when; the open row is the state now. */
export async function up(db: Knex): Promise<void> {
  if (await db.schema.hasTable('agent_states')) return;
  await db.schema.createTable('agent_states', (t) => {
    t.increments('id');
    t.integer('user_id').unsigned().notNullable();
    // available | offline
    t.string('state', 16).notNullable();
    t.string('reason', 40).nullable();
    t.bigInteger('started_at').notNullable();
    t.bigInteger('ended_at').nullable();
    t.index(['user_id', 'ended_at'], 'agent_states_user_open');
    t.index(['started_at'], 'agent_states_started');
  });
}

export const down = (db: Knex): Promise<void> => db.schema.dropTableIfExists('agent_states');
