import type { Knex } from 'knex';

export const config = { transaction: false };

/** The queues of the PBXs that Allo works with. `name` is Asterisk's, `label` what people call it. */
export async function up(db: Knex): Promise<void> {
  if (await db.schema.hasTable('queues')) return;
  await db.schema.createTable('queues', (t) => {
    t.increments('id');
    t.string('pbx', 32).notNullable().collate('utf8mb4_bin');
    t.string('name', 100).notNullable().collate('utf8mb4_bin');
    t.string('label', 200).notNullable().defaultTo('');
    t.unique(['pbx', 'name'], { indexName: 'queues_pbx_name' });
  });
}

export const down = (db: Knex): Promise<void> => db.schema.dropTableIfExists('queues');
