import type { Knex } from 'knex';

export const config = { transaction: false };

/** Where people of a campaign came from: each time that some were added. */
export async function up(db: Knex): Promise<void> {
  if (await db.schema.hasTable('campaign_lists')) return;
  await db.schema.createTable('campaign_lists', (t) => {
    t.increments('id');
    t.integer('campaign_id').unsigned().notNullable();
    // list | missed | campaign | segment
    t.string('kind', 10).notNullable();
    // what whoever added them calls it
    t.string('name', 200).notNullable().defaultTo('');
    t.integer('user_id').unsigned().notNullable();
    t.bigInteger('at').notNullable();
    t.index(['campaign_id', 'id'], 'campaign_lists_of');
  });
}

export const down = (db: Knex): Promise<void> => db.schema.dropTableIfExists('campaign_lists');
