import type { Knex } from 'knex';

export const config = { transaction: false };

/** A department may be a part of another one. */
export async function up(db: Knex): Promise<void> {
  if (await db.schema.hasColumn('departments', 'parent_id')) return;
  await db.schema.alterTable('departments', (t) => {
    t.integer('parent_id').unsigned().nullable();
  });
}

export const down = (db: Knex): Promise<void> => db.schema.alterTable('departments', (t) => t.dropColumn('parent_id'));
