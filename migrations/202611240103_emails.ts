import type { Knex } from 'knex';

export const config = { transaction: false };

export async function up(db: Knex): Promise<void> {
  if (await db.schema.hasTable('emails')) return;
  await db.schema.createTable('emails', (t) => {
    t.increments('id');
    t.integer('client_id').unsigned().notNullable().references('clients.id').onDelete('RESTRICT');
    t.integer('ordinal').unsigned().notNullable(); // within the client, from 0
    t.string('address', 254).notNullable(); // as it was typed
    t.string('address_key', 254).notNullable().collate('utf8mb4_bin'); // lower case
    t.index(['client_id', 'ordinal'], 'emails_client');
    t.index(['address_key', 'client_id'], 'emails_key');
  });
}

export const down = (db: Knex): Promise<void> => db.schema.dropTableIfExists('emails');
