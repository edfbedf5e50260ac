import type { Knex } from 'knex';

export const config = { transaction: false };

/** What a client's filterable fields hold, made comparable: a row for each value. The values themselves stand in clients.custom. */
export async function up(db: Knex): Promise<void> {
  if (await db.schema.hasTable('client_values')) return;
  await db.schema.createTable('client_values', (t) => {
    t.increments('id');
    t.integer('client_id').unsigned().notNullable().references('clients.id').onDelete('RESTRICT');
    t.string('field', 40).notNullable().collate('utf8mb4_bin');
    t.string('text', 120).nullable().collate('utf8mb4_bin'); // folded
    t.double('number').nullable(); // minor units of money, midnight UTC of a date
    t.index(['client_id', 'field'], 'client_values_client');
    t.index(['field', 'text', 'client_id'], 'client_values_text');
    t.index(['field', 'number', 'client_id'], 'client_values_number');
  });
}

export const down = (db: Knex): Promise<void> => db.schema.dropTableIfExists('client_values');
