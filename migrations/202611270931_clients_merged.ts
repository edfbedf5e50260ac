import type { Knex } from 'knex';

export const config = { transaction: false };

/** Of a card that was merged into another: which one. It is archived, and its id leads there. */
export async function up(db: Knex): Promise<void> {
  if (await db.schema.hasColumn('clients', 'merged_into')) return;
  await db.schema.alterTable('clients', (t) => {
    t.integer('merged_into').unsigned().nullable();
  });
}

export async function down(db: Knex): Promise<void> {
  await db.schema.alterTable('clients', (t) => {
    t.dropColumn('merged_into');
  });
}
