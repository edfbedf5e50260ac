import type { Knex } from 'knex';

export const config = { transaction: false };

/** Who answers at which extension of which PBX. One person, one extension. */
export async function up(db: Knex): Promise<void> {
  if (await db.schema.hasTable('extensions')) return;
  await db.schema.createTable('extensions', (t) => {
    t.increments('id');
    t.string('pbx', 32).notNullable();
    t.string('extension', 20).notNullable();
    t.integer('user_id').unsigned().notNullable().unique('extensions_user').references('users.id').onDelete('RESTRICT');
    t.string('secret_sealed', 1000).nullable(); // the SIP password under SECRETS_KEY; null: a desk phone that has its own
    t.unique(['pbx', 'extension'], { indexName: 'extensions_pbx_extension' });
  });
}

export const down = (db: Knex): Promise<void> => db.schema.dropTableIfExists('extensions');
