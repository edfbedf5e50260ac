import type { Knex } from 'knex';

export const config = { transaction: false };

export async function up(db: Knex): Promise<void> {
  if (await db.schema.hasTable('departments')) return;
  await db.schema.createTable('departments', (t) => {
    t.increments('id');
    t.string('name', 100).notNullable().unique('departments_name');
    t.bigInteger('created_at').notNullable();
  });
}

export const down = (db: Knex): Promise<void> => db.schema.dropTableIfExists('departments');
