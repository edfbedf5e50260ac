import type { Knex } from 'knex';

export const config = { transaction: false };

/** Of a pause for a break: which. */
export async function up(db: Knex): Promise<void> {
  if (!(await db.schema.hasColumn('agent_pauses', 'detail')))
    await db.schema.alterTable('agent_pauses', (t) => t.string('detail', 40).nullable().collate('utf8mb4_bin'));
}

export async function down(db: Knex): Promise<void> {
  await db.schema.alterTable('agent_pauses', (t) => t.dropColumn('detail'));
}
