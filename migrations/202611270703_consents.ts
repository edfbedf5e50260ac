import type { Knex } from 'knex';

export const config = { transaction: false };

/** Who has agreed to be called, for what, in which words, and until when. Nothing is deleted: it is withdrawn. */
export async function up(db: Knex): Promise<void> {
  if (await db.schema.hasTable('consents')) return;
  await db.schema.createTable('consents', (t) => {
    t.increments('id');
    t.string('number', 20).notNullable().collate('utf8mb4_bin');
    // ad | service | debt | survey
    t.string('purpose', 10).notNullable();
    t.string('source', 200).notNullable();
    t.string('channel', 60).notNullable();
    t.text('text').notNullable();
    t.bigInteger('at').notNullable();
    t.bigInteger('until_at').nullable();
    t.bigInteger('withdrawn_at').nullable();
    t.integer('user_id').unsigned().nullable();
    t.index(['number', 'purpose'], 'consents_number');
  });
}

export const down = (db: Knex): Promise<void> => db.schema.dropTableIfExists('consents');
