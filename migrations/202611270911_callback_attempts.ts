import type { Knex } from 'knex';

export const config = { transaction: false };

/** Calls back: a row before it is a call, named by the id that its channel will have. */
export async function up(db: Knex): Promise<void> {
  if (await db.schema.hasTable('callback_attempts')) return;
  await db.schema.createTable('callback_attempts', (t) => {
    t.increments('id');
    t.integer('callback_id').unsigned().notNullable();
    t.integer('n').notNullable();
    t.string('pbx', 32).notNullable().collate('utf8mb4_bin');
    t.string('channel_id', 100).notNullable().collate('utf8mb4_bin');
    // open | settled | refused (the PBX or the trunk did not take it: no attempt at the person)
    t.string('state', 8).notNullable().defaultTo('open');
    t.bigInteger('placed_at').notNullable();
    t.bigInteger('answered_at').nullable();
    t.bigInteger('ended_at').nullable();
    // talked | hung-up (answered, and no operator came in time) | busy | no-answer | failed | refused
    t.string('result', 12).nullable();
    t.integer('cause').nullable();
    t.unique(['channel_id', 'pbx'], { indexName: 'callback_attempts_channel' });
    t.unique(['callback_id', 'n'], { indexName: 'callback_attempts_once' });
    t.index(['state', 'placed_at'], 'callback_attempts_open');
  });
}

export const down = (db: Knex): Promise<void> => db.schema.dropTableIfExists('callback_attempts');
