import type { Knex } from 'knex';

export const config = { transaction: false };

/** Entries of a client's history that stay on top. */
export async function up(db: Knex): Promise<void> {
  if (await db.schema.hasTable('timeline_pins')) return;
  await db.schema.createTable('timeline_pins', (t) => {
    t.integer('client_id').unsigned().notNullable().references('clients.id').onDelete('RESTRICT');
    t.integer('entry_id').unsigned().notNullable();
    t.integer('user_id').unsigned().notNullable().references('users.id').onDelete('RESTRICT');
    t.bigInteger('at').notNullable();
    t.primary(['client_id', 'entry_id']);
  });
}

export const down = (db: Knex): Promise<void> => db.schema.dropTableIfExists('timeline_pins');
