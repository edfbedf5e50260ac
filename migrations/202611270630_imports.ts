import type { Knex } from 'knex';

export const config = { transaction: false };

/** Files that became clients, or will. The row says how far it has come, so that it goes on after a kill. */
export async function up(db: Knex): Promise<void> {
  if (await db.schema.hasTable('imports')) return;
  await db.schema.createTable('imports', (t) => {
    t.increments('id');
    t.integer('actor_id').unsigned().notNullable().references('users.id').onDelete('RESTRICT');
    t.string('name', 200).notNullable(); // of the file
    t.string('format', 10).notNullable(); // csv | xlsx | dbf | vcf | xml
    t.string('encoding', 20).notNullable();
    t.string('delimiter', 2).notNullable();
    t.text('columns', 'mediumtext').notNullable(); // JSON: what stands in the first line
    t.string('signature', 64).notNullable().collate('utf8mb4_bin'); // of the columns: the same again is mapped as before
    t.text('mapping', 'mediumtext').notNullable(); // JSON: a key of the catalogue for each column, or null
    t.text('rules').notNullable(); // JSON: what is a match, and what becomes of it
    t.string('state', 12).notNullable(); // ready | running | stopped | done | failed | undone
    t.integer('line').unsigned().notNullable(); // done up to here
    t.integer('made').unsigned().notNullable();
    t.integer('changed').unsigned().notNullable();
    t.integer('skipped').unsigned().notNullable();
    t.integer('rejected').unsigned().notNullable();
    t.bigInteger('bytes').notNullable();
    t.bigInteger('bytes_read').notNullable();
    t.string('fault', 60).nullable(); // why the file cannot be read further
    t.bigInteger('alive_at').nullable(); // whoever works on it says so
    t.bigInteger('created_at').notNullable();
    t.bigInteger('finished_at').nullable();
    t.index(['state', 'alive_at'], 'imports_state');
    t.index(['actor_id', 'signature'], 'imports_signature');
  });
}

export const down = (db: Knex): Promise<void> => db.schema.dropTableIfExists('imports');
