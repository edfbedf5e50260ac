import type { Knex } from 'knex';

export const config = { transaction: false };

/** Imports that repeat by themselves: from where, how often, and what their columns mean. */
export async function up(db: Knex): Promise<void> {
  if (await db.schema.hasTable('import_profiles')) return;
  await db.schema.createTable('import_profiles', (t) => {
    t.increments('id');
    t.string('name', 120).notNullable();
    t.integer('owner_id').unsigned().notNullable().references('users.id').onDelete('RESTRICT'); // in whose name it runs
    t.string('source', 10).notNullable(); // folder | http
    t.string('place', 1000).notNullable(); // a folder below DATA_DIR/inbox, or an address
    t.integer('every_minutes').unsigned().notNullable();
    t.text('columns', 'mediumtext').notNullable(); // JSON: those that a file must have
    t.text('mapping', 'mediumtext').notNullable(); // JSON
    t.text('rules').notNullable(); // JSON
    t.boolean('is_on').notNullable();
    t.bigInteger('next_at').notNullable();
    t.bigInteger('looked_at').nullable();
    t.string('fault', 60).nullable(); // of the last look
    t.string('fault_file', 255).nullable(); // which file was refused
    t.bigInteger('created_at').notNullable();
    t.index(['is_on', 'next_at'], 'import_profiles_due');
  });
}

export const down = (db: Knex): Promise<void> => db.schema.dropTableIfExists('import_profiles');
