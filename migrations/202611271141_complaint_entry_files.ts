import type { Knex } from 'knex';

export const config = { transaction: false };

/** What went out with an answer, as it was called; the bytes are the complaint's own files. */
export async function up(db: Knex): Promise<void> {
  if (await db.schema.hasTable('complaint_entry_files')) return;
  await db.schema.createTable('complaint_entry_files', (t) => {
    t.integer('entry_id').unsigned().notNullable().references('complaint_entries.id').onDelete('RESTRICT');
    t.integer('file_id').unsigned().notNullable();
    t.string('name', 300).notNullable();
    t.integer('size').unsigned().notNullable();
    t.primary(['entry_id', 'file_id']);
  });
}

export const down = (db: Knex): Promise<void> => db.schema.dropTableIfExists('complaint_entry_files');
