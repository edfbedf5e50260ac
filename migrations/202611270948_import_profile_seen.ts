import type { Knex } from 'knex';

export const config = { transaction: false };

/** What a profile has seen in its folder, by name: several names may have the same bytes. Unchanged, it is not opened again. */
export async function up(db: Knex): Promise<void> {
  if (await db.schema.hasTable('import_profile_seen')) return;
  await db.schema.createTable('import_profile_seen', (t) => {
    t.integer('profile_id').unsigned().notNullable().references('import_profiles.id').onDelete('CASCADE');
    t.string('name', 255).notNullable().collate('utf8mb4_bin');
    t.bigInteger('size').notNullable();
    t.bigInteger('mtime').notNullable();
    t.string('fault', 60).nullable(); // null: it is taken in
    t.boolean('again').notNullable(); // the fault is not the file's: it is tried again
    t.bigInteger('at').notNullable(); // when it was tried
    t.primary(['profile_id', 'name']);
  });
}

export const down = (db: Knex): Promise<void> => db.schema.dropTableIfExists('import_profile_seen');
