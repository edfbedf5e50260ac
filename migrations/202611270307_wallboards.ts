import type { Knex } from 'knex';

export const config = { transaction: false };

/** What a screen on the wall shows. */
export async function up(db: Knex): Promise<void> {
  if (await db.schema.hasTable('wallboards')) return;
  await db.schema.createTable('wallboards', (t) => {
    t.increments('id');
    t.string('name', 100).notNullable();
    // JSON: tiles, whether operators are named, language, colours, time zone
    t.text('layout').notNullable();
    t.integer('version').unsigned().notNullable();
    t.bigInteger('created_at').notNullable();
    t.integer('created_by').unsigned().notNullable();
    t.bigInteger('archived_at').nullable();
  });
}

export const down = (db: Knex): Promise<void> => db.schema.dropTableIfExists('wallboards');
