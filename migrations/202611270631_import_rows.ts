import type { Knex } from 'knex';

export const config = { transaction: false };

/** What became of each line: written with it, so that a line is taken once however often the work begins anew. */
export async function up(db: Knex): Promise<void> {
  if (await db.schema.hasTable('import_rows')) return;
  await db.schema.createTable('import_rows', (t) => {
    t.integer('import_id').unsigned().notNullable().references('imports.id').onDelete('CASCADE');
    t.integer('line').unsigned().notNullable();
    t.string('outcome', 10).notNullable(); // made | changed | skipped | rejected
    t.integer('client_id').unsigned().nullable();
    t.string('reason', 120).nullable(); // of a rejected one: a code
    t.text('cells', 'mediumtext').nullable(); // JSON, of a rejected one
    t.primary(['import_id', 'line']);
    t.index(['import_id', 'outcome', 'line'], 'import_rows_outcome');
  });
}

export const down = (db: Knex): Promise<void> => db.schema.dropTableIfExists('import_rows');
