import type { Knex } from 'knex';

/** MySQL commits at every DDL statement: a transaction would promise what it cannot keep. So: one table per file, safe to repeat. */
export const config = { transaction: false };

/** The call log: one row a call. What can be derived is derived from call_segments; the sums stand here for the lists. */
export async function up(db: Knex): Promise<void> {
  if (await db.schema.hasTable('calls')) return;
  await db.schema.createTable('calls', (t) => {
    t.increments('id');
    t.string('pbx', 32).notNullable().collate('utf8mb4_bin');
    t.string('linkedid', 100).notNullable().collate('utf8mb4_bin');
    t.string('direction', 8).notNullable();
    t.string('from_raw', 100).notNullable().defaultTo('');
    t.string('to_raw', 100).notNullable().defaultTo('');
    t.string('from_e164', 20).nullable();
    t.string('to_e164', 20).nullable();
    t.string('caller_name', 200).notNullable().defaultTo('');
    t.integer('client_id').unsigned().nullable();
    // true once a person chose the client: the lookup by number no longer touches it
    t.boolean('client_fixed').notNullable().defaultTo(false);
    t.string('queue', 100).nullable();
    t.bigInteger('started_at').notNullable();
    t.bigInteger('answered_at').nullable();
    t.bigInteger('ended_at').nullable();
    t.string('end_reason', 16).nullable();
    t.integer('cause').nullable();
    t.integer('wait_ms').notNullable().defaultTo(0);
    t.integer('talk_ms').notNullable().defaultTo(0);
    t.string('outcome', 40).nullable();
    // JSON list, copied from the outcome when it was chosen: a later change of the outcome rewrites no history
    t.text('outcome_flags').nullable();
    t.text('note').nullable();
    t.boolean('adopted').notNullable().defaultTo(false);
    // live | journal
    t.string('source', 8).notNullable().defaultTo('live');
    t.unique(['pbx', 'linkedid'], { indexName: 'calls_pbx_linkedid' });
    t.index(['started_at', 'id'], 'calls_started');
    t.index(['client_id', 'started_at'], 'calls_client');
    // finds the open ones of a PBX: few rows have ended_at null
    t.index(['ended_at', 'pbx'], 'calls_ended');
  });
}

export const down = (db: Knex): Promise<void> => db.schema.dropTableIfExists('calls');
