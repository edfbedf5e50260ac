import type { Knex } from 'knex';

export const config = { transaction: false };

/** Operators who talk in a call of a queue with wrap-up, or write down how it went. The queue's rule is copied at the connect. */
export async function up(db: Knex): Promise<void> {
  if (await db.schema.hasTable('wrap_ups')) return;
  await db.schema.createTable('wrap_ups', (t) => {
    t.integer('user_id').unsigned().notNullable();
    t.string('pbx', 32).notNullable().collate('utf8mb4_bin');
    t.string('linkedid', 100).notNullable().collate('utf8mb4_bin');
    t.string('queue', 100).notNullable().collate('utf8mb4_bin');
    // talk | wrap
    t.string('phase', 8).notNullable();
    // of the phase
    t.bigInteger('since').notNullable();
    // when the wrap-up ends by itself; null while they talk
    t.bigInteger('until').nullable();
    t.integer('seconds').notNullable();
    t.integer('max_seconds').notNullable();
    // it does not end before the call has an outcome
    t.boolean('required').notNullable();
    t.primary(['user_id', 'pbx', 'linkedid']);
    t.index(['pbx', 'linkedid'], 'wrap_ups_call');
    t.index(['phase', 'until'], 'wrap_ups_due');
  });
}

export const down = (db: Knex): Promise<void> => db.schema.dropTableIfExists('wrap_ups');
