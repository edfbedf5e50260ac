import type { Knex } from 'knex';

export const config = { transaction: false };

/** Complaints that belong together: related, a repetition, or merged. One row for each pair, the lower id first. */
export async function up(db: Knex): Promise<void> {
  if (await db.schema.hasTable('complaint_links')) return;
  await db.schema.createTable('complaint_links', (t) => {
    t.integer('complaint_id').unsigned().notNullable().references('complaints.id').onDelete('RESTRICT');
    t.integer('other_id').unsigned().notNullable().references('complaints.id').onDelete('RESTRICT');
    t.string('kind', 10).notNullable();
    t.primary(['complaint_id', 'other_id']);
    t.index(['other_id'], 'complaint_links_other');
  });
}

export const down = (db: Knex): Promise<void> => db.schema.dropTableIfExists('complaint_links');
