import type { Knex } from 'knex';

export const config = { transaction: false };

/** Each with its own way in: the number as equality, its beginning, its end. */
export async function up(db: Knex): Promise<void> {
  if (await db.schema.hasTable('phones')) return;
  await db.schema.createTable('phones', (t) => {
    t.increments('id');
    t.integer('client_id').unsigned().notNullable().references('clients.id').onDelete('RESTRICT');
    t.integer('ordinal').unsigned().notNullable(); // within the client, from 0
    t.string('raw', 60).notNullable(); // as it was typed
    t.string('purpose', 60).notNullable();
    t.string('e164', 20).nullable().collate('utf8mb4_bin');
    t.string('extension', 20).nullable();
    t.string('digits', 60).notNullable().collate('utf8mb4_bin'); // of e164, else of raw
    t.string('reversed', 60).notNullable().collate('utf8mb4_bin'); // digits, last first
    t.index(['client_id', 'ordinal'], 'phones_client');
    t.index(['e164'], 'phones_e164');
    t.index(['digits', 'client_id'], 'phones_digits');
    t.index(['reversed', 'client_id'], 'phones_reversed');
  });
}

export const down = (db: Knex): Promise<void> => db.schema.dropTableIfExists('phones');
