import type { Knex } from 'knex';

export const config = { transaction: false };

/** Numbers that are not called in any campaign, and who said so; a row of the call itself is never taken back by another outcome. */
export async function up(db: Knex): Promise<void> {
  if (await db.schema.hasTable('do_not_call')) return;
  await db.schema.createTable('do_not_call', (t) => {
    t.increments('id');
    // E.164
    t.string('number', 20).notNullable().collate('utf8mb4_bin');
    // own | import | call
    t.string('source', 10).notNullable();
    // of an imported list, else ''
    t.string('list', 100).notNullable().defaultTo('').collate('utf8mb4_bin');
    t.string('list_date', 10).nullable();
    t.string('note', 300).notNullable().defaultTo('');
    // "PBX:LINKEDID" of the call in which it was said
    t.string('call_ref', 140).nullable();
    t.integer('user_id').unsigned().nullable();
    t.bigInteger('at').notNullable();
    t.unique(['number', 'source', 'list'], { indexName: 'do_not_call_once' });
  });
}

export const down = (db: Knex): Promise<void> => db.schema.dropTableIfExists('do_not_call');
