import type { Knex } from 'knex';

export const config = { transaction: false };

export async function up(db: Knex): Promise<void> {
  if (await db.schema.hasTable('users')) return;
  await db.schema.createTable('users', (t) => {
    t.increments('id');
    t.string('login', 100).notNullable().unique('users_login'); // lower case
    t.string('name', 200).notNullable();
    t.string('role', 20).notNullable();
    t.integer('department_id').unsigned().nullable().references('departments.id').onDelete('RESTRICT');
    t.string('password_hash', 200).nullable(); // argon2id; null: cannot sign in with a password
    t.string('language', 2).notNullable();
    t.string('theme', 10).notNullable().defaultTo('auto');
    t.string('time_zone', 60).notNullable();
    t.bigInteger('created_at').notNullable();
    t.bigInteger('left_at').nullable();
  });
}

export const down = (db: Knex): Promise<void> => db.schema.dropTableIfExists('users');
