import type { Knex } from 'knex';

export const config = { transaction: false };

/** What a profile has taken in: the same bytes once. */
export async function up(db: Knex): Promise<void> {
  if (await db.schema.hasTable('import_profile_files')) return;
  await db.schema.createTable('import_profile_files', (t) => {
    t.integer('profile_id').unsigned().notNullable().references('import_profiles.id').onDelete('CASCADE');
    t.string('hash', 64).notNullable().collate('utf8mb4_bin'); // SHA-256
    t.string('name', 200).notNullable();
    t.integer('import_id').unsigned().nullable(); // null: it was none that could be taken
    t.string('fault', 60).nullable();
    t.bigInteger('at').notNullable();
    t.primary(['profile_id', 'hash']);
  });
}

export const down = (db: Knex): Promise<void> => db.schema.dropTableIfExists('import_profile_files');
