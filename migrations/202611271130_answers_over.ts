import type { Knex } from 'knex';

export const config = { transaction: false };

/** Whether an answer came when its quota was full: whoever gave it is counted for none. */
export async function up(db: Knex): Promise<void> {
  if (await db.schema.hasColumn('answers', 'over_quota')) return;
  await db.schema.alterTable('answers', (t) => {
    t.boolean('over_quota').notNullable().defaultTo(false);
  });
}

export async function down(db: Knex): Promise<void> {
  if (!(await db.schema.hasColumn('answers', 'over_quota'))) return;
  await db.schema.alterTable('answers', (t) => {
    t.dropColumn('over_quota');
  });
}
