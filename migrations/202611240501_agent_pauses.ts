import type { Knex } from 'knex';

export const config = { transaction: false };

/** Why an operator gets no calls from the queues now: paused at the PBX as long as there is a row. */
export async function up(db: Knex): Promise<void> {
  if (await db.schema.hasTable('agent_pauses')) return;
  await db.schema.createTable('agent_pauses', (t) => {
    t.integer('user_id').unsigned().notNullable();
    t.string('reason', 20).notNullable().collate('utf8mb4_bin');
    // pausing: the PBX has to be told; paused: it was; lifting: it has to be told that the reason is gone, then the row goes too
    t.string('state', 8).notNullable();
    t.bigInteger('since').notNullable();
    t.primary(['user_id', 'reason']);
    t.index(['state'], 'agent_pauses_state');
  });
}

export const down = (db: Knex): Promise<void> => db.schema.dropTableIfExists('agent_pauses');
