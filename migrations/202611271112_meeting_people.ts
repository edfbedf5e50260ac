import type { Knex } from 'knex';

export const config = { transaction: false };

/**
 * Who and what takes part, with the times beside them, so that a week of many people is some ranges of one index. `span`: 0 within a day, 1 longer,
 * 2 repeats, 9 cancelled.
 */
export async function up(db: Knex): Promise<void> {
  if (await db.schema.hasTable('meeting_people')) return;
  await db.schema.createTable('meeting_people', (t) => {
    t.increments('id');
    t.integer('meeting_id').unsigned().notNullable().references('meetings.id').onDelete('RESTRICT');
    t.integer('user_id').unsigned().nullable().references('users.id').onDelete('RESTRICT');
    t.integer('resource_id').unsigned().nullable().references('resources.id').onDelete('RESTRICT');
    t.integer('client_id').unsigned().nullable().references('clients.id').onDelete('RESTRICT');
    t.string('email', 320).nullable().collate('utf8mb4_bin');
    t.string('answer', 20).notNullable();
    t.integer('span').unsigned().notNullable();
    t.bigInteger('starts_at').notNullable();
    t.bigInteger('until_at').notNullable();
    t.unique(['meeting_id', 'user_id'], { indexName: 'meeting_people_user' });
    t.unique(['meeting_id', 'resource_id'], { indexName: 'meeting_people_resource' });
    t.unique(['meeting_id', 'email'], { indexName: 'meeting_people_email' });
    t.index(['user_id', 'span', 'starts_at', 'until_at'], 'meeting_people_user_time');
    t.index(['resource_id', 'span', 'starts_at', 'until_at'], 'meeting_people_resource_time');
    t.index(['client_id'], 'meeting_people_client');
  });
}

export const down = (db: Knex): Promise<void> => db.schema.dropTableIfExists('meeting_people');
