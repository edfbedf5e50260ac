import type { Knex } from 'knex';

export const config = { transaction: false };

/** The calls behind a row of missed: those that nobody answered, and those back that nobody answered either. */
export async function up(db: Knex): Promise<void> {
  if (await db.schema.hasTable('missed_tries')) return;
  await db.schema.createTable('missed_tries', (t) => {
    t.increments('id');
    t.integer('missed_id').unsigned().notNullable();
    t.string('pbx', 32).notNullable().collate('utf8mb4_bin');
    t.string('linkedid', 100).notNullable().collate('utf8mb4_bin');
    // abandoned | no-answer | flow-out | attempt
    t.string('kind', 12).notNullable();
    // when the call ended
    t.bigInteger('at').notNullable();
    t.string('queue', 100).nullable();
    // whose extension was called; of an attempt, who called
    t.integer('user_id').unsigned().nullable();
    t.unique(['pbx', 'linkedid'], { indexName: 'missed_tries_call' });
    t.index(['missed_id'], 'missed_tries_missed');
  });
}

export const down = (db: Knex): Promise<void> => db.schema.dropTableIfExists('missed_tries');
