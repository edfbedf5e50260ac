import type { Knex } from 'knex';

export const config = { transaction: false };

/** Where the client is, as the address says it: with the name it finds the same client again. Cards that are there already are read by the background. */
export async function up(db: Knex): Promise<void> {
  if (await db.schema.hasColumn('clients', 'city')) return;
  await db.schema.alterTable('clients', (t) => {
    t.string('city', 60).notNullable().defaultTo('').collate('utf8mb4_bin'); // folded
    t.index(['sort_key', 'city', 'id'], 'clients_named');
  });
  if (await db('clients').first('id')) await db('field_defs').where({ field: 'address' }).update({ indexing_from: 0 });
}

export async function down(db: Knex): Promise<void> {
  await db.schema.alterTable('clients', (t) => {
    t.dropIndex([], 'clients_named');
    t.dropColumn('city');
  });
}
