import type { Knex } from 'knex';

export const config = { transaction: false };

/** Texts for answers. */
export async function up(db: Knex): Promise<void> {
  if (await db.schema.hasTable('complaint_templates')) return;
  await db.schema.createTable('complaint_templates', (t) => {
    t.increments('id');
    t.string('language', 2).notNullable();
    t.string('name', 200).notNullable();
    t.string('subject', 200).notNullable();
    t.text('text').notNullable();
    t.bigInteger('retired_at').nullable();
  });
}

export const down = (db: Knex): Promise<void> => db.schema.dropTableIfExists('complaint_templates');
