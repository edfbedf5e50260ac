import type { Knex } from 'knex';

export const config = { transaction: false };

/** What a supervisor said to operators. */
export async function up(db: Knex): Promise<void> {
  if (await db.schema.hasTable('messages')) return;
  await db.schema.createTable('messages', (t) => {
    t.increments('id');
    t.integer('author_id').unsigned().notNullable();
    // made by the page: sent twice it is one message
    t.string('draft', 40).notNullable().collate('utf8mb4_bin');
    t.string('text', 1000).notNullable();
    t.bigInteger('at').notNullable();
    t.unique(['author_id', 'draft'], { indexName: 'messages_draft' });
    t.index(['at', 'id'], 'messages_at');
  });
}

export const down = (db: Knex): Promise<void> => db.schema.dropTableIfExists('messages');
