import type { Knex } from 'knex';

export const config = { transaction: false };

/** What a client may be interested in: the administrator's catalogue. */
export async function up(db: Knex): Promise<void> {
  if (await db.schema.hasTable('interest_topics')) return;
  await db.schema.createTable('interest_topics', (t) => {
    t.increments('id');
    t.string('label', 200).notNullable();
    // the group of products, as a heading; '': none
    t.string('heading', 200).notNullable();
    t.integer('position').notNullable();
    t.bigInteger('retired_at').nullable();
  });
}

export const down = (db: Knex): Promise<void> => db.schema.dropTableIfExists('interest_topics');
