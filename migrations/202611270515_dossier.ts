import type { Knex } from 'knex';

export const config = { transaction: false };

/** What was learnt about a client: needs, strong and weak sides, manner of talk, objections and what answered them. */
export async function up(db: Knex): Promise<void> {
  if (await db.schema.hasTable('dossier')) return;
  await db.schema.createTable('dossier', (t) => {
    t.increments('id');
    t.integer('client_id').unsigned().notNullable().references('clients.id').onDelete('RESTRICT');
    t.string('kind', 20).notNullable().collate('utf8mb4_bin');
    t.text('text').notNullable();
    t.text('answer').notNullable(); // to an objection
    t.string('source', 200).notNullable(); // where it is known from, in words
    t.integer('user_id').unsigned().notNullable().references('users.id').onDelete('RESTRICT');
    t.bigInteger('at').notNullable();
    t.bigInteger('archived_at').nullable();
    t.index(['client_id', 'at', 'id'], 'dossier_client');
  });
}

export const down = (db: Knex): Promise<void> => db.schema.dropTableIfExists('dossier');
