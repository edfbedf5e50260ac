import type { Knex } from 'knex';

export const config = { transaction: false };

/** Whatever happened to a client, written with the thing itself. The browser words it from kind and data. */
export async function up(db: Knex): Promise<void> {
  if (await db.schema.hasTable('timeline')) return;
  await db.schema.createTable('timeline', (t) => {
    t.increments('id');
    t.integer('client_id').unsigned().notNullable().references('clients.id').onDelete('RESTRICT');
    t.bigInteger('at').notNullable();
    t.string('kind', 20).notNullable().collate('utf8mb4_bin');
    t.string('ref', 140).notNullable().collate('utf8mb4_bin'); // names the thing within its kind: the ref of a call
    t.integer('user_id').unsigned().nullable().references('users.id').onDelete('RESTRICT');
    t.text('data').notNullable(); // JSON
    t.unique(['kind', 'ref', 'client_id'], { indexName: 'timeline_ref' });
    t.index(['client_id', 'at', 'id'], 'timeline_client');
  });
}

export const down = (db: Knex): Promise<void> => db.schema.dropTableIfExists('timeline');
