import type { Knex } from 'knex';

export const config = { transaction: false };

/** Calls of campaigns: a row before it is a call, named by the id that its channel will have. */
export async function up(db: Knex): Promise<void> {
  if (await db.schema.hasTable('attempts')) return;
  await db.schema.createTable('attempts', (t) => {
    t.increments('id');
    t.integer('campaign_id').unsigned().notNullable();
    t.integer('contact_id').unsigned().notNullable();
    t.integer('n').notNullable();
    t.string('number', 20).notNullable().collate('utf8mb4_bin');
    t.string('pbx', 32).notNullable();
    // Uniqueid and Linkedid of its call
    t.string('channel_id', 100).notNullable().collate('utf8mb4_bin');
    // open | settled | refused (the PBX did not take it: no attempt at the person)
    t.string('state', 8).notNullable().defaultTo('open');
    t.string('mode', 12).notNullable();
    t.integer('operator_id').unsigned().nullable();
    // JSON: what the gate said
    t.text('decision').notNullable();
    t.bigInteger('placed_at').notNullable();
    t.bigInteger('answered_at').nullable();
    t.bigInteger('connected_at').nullable();
    t.bigInteger('ended_at').nullable();
    // talked | abandoned | hung-up | busy | no-answer | failed | lost | refused
    t.string('result', 12).nullable();
    t.integer('cause').nullable();
    t.string('outcome', 40).nullable();
    t.unique(['channel_id', 'pbx'], { indexName: 'attempts_channel' });
    t.unique(['contact_id', 'n'], { indexName: 'attempts_once' });
    t.index(['number', 'placed_at'], 'attempts_number');
    t.index(['campaign_id', 'placed_at'], 'attempts_campaign');
    t.index(['state', 'placed_at'], 'attempts_open');
  });
}

export const down = (db: Knex): Promise<void> => db.schema.dropTableIfExists('attempts');
