import type { Knex } from 'knex';

export const config = { transaction: false };

/** The words a client is found by, folded. Derived from the client, and only of those that can be found: an archived one has none. */
export async function up(db: Knex): Promise<void> {
  if (await db.schema.hasTable('search_words')) return;
  await db.schema.createTable('search_words', (t) => {
    t.string('word', 60).notNullable().collate('utf8mb4_bin');
    t.integer('client_id').unsigned().notNullable().references('clients.id').onDelete('RESTRICT');
    t.primary(['word', 'client_id']);
    t.index(['client_id', 'word'], 'search_words_client');
  });
}

export const down = (db: Knex): Promise<void> => db.schema.dropTableIfExists('search_words');
