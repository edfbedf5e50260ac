import type { Knex } from 'knex';

export const config = { transaction: false };

/** What a meeting needs beside people: rooms, cars, projectors. */
export async function up(db: Knex): Promise<void> {
  if (await db.schema.hasTable('resources')) return;
  await db.schema.createTable('resources', (t) => {
    t.increments('id');
    t.string('name', 100).notNullable().unique();
    t.string('kind', 20).notNullable(); // room, other
    t.integer('seats').unsigned().nullable();
    t.bigInteger('archived_at').nullable();
    t.bigInteger('created_at').notNullable();
  });
}

export const down = (db: Knex): Promise<void> => db.schema.dropTableIfExists('resources');
