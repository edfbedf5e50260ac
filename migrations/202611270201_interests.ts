import type { Knex } from 'knex';

export const config = { transaction: false };

/**
 * Each time a client's interest in something was learned: one row for a call, or for a day where there was no call. The last one stands; what it
 * says is valid until the next.
 */
export async function up(db: Knex): Promise<void> {
  if (await db.schema.hasTable('interests')) return;
  await db.schema.createTable('interests', (t) => {
    t.increments('id');
    t.integer('client_id').unsigned().notNullable().references('clients.id').onDelete('RESTRICT');
    t.integer('topic_id').unsigned().notNullable().references('interest_topics.id').onDelete('RESTRICT');
    // the ref of the call, or the day
    t.string('ref', 140).notNullable().collate('utf8mb4_bin');
    // call | hand
    t.string('source', 20).notNullable().collate('utf8mb4_bin');
    // 0 not interested, 1 perhaps, 2 interested, 3 wants it now
    t.integer('strength').notNullable();
    t.bigInteger('at').notNullable();
    // when the next row took over; null: this one stands
    t.bigInteger('until_at').nullable();
    t.integer('user_id').unsigned().nullable().references('users.id').onDelete('RESTRICT');
    t.unique(['client_id', 'topic_id', 'ref'], { indexName: 'interests_ref' });
    t.index(['topic_id', 'until_at', 'strength', 'client_id'], 'interests_topic');
    t.index(['ref'], 'interests_call');
  });
}

export const down = (db: Knex): Promise<void> => db.schema.dropTableIfExists('interests');
