import type { Knex } from 'knex';

export const config = { transaction: false };

/** What came of a meeting with a client, of each occurrence. */
export async function up(db: Knex): Promise<void> {
  if (await db.schema.hasTable('meeting_results')) return;
  await db.schema.createTable('meeting_results', (t) => {
    t.increments('id');
    t.integer('meeting_id').unsigned().notNullable().references('meetings.id').onDelete('RESTRICT');
    t.string('occurrence', 16).notNullable();
    t.string('text', 2000).notNullable();
    t.integer('user_id').unsigned().notNullable().references('users.id').onDelete('RESTRICT');
    t.bigInteger('at').notNullable();
    t.unique(['meeting_id', 'occurrence'], { indexName: 'meeting_results_one' });
  });
}

export const down = (db: Knex): Promise<void> => db.schema.dropTableIfExists('meeting_results');
