import type { Knex } from 'knex';

export const config = { transaction: false };

/** Which campaign's rule a recording goes by; null: its queue's. */
export async function up(db: Knex): Promise<void> {
  if (await db.schema.hasColumn('recordings', 'campaign_id')) return;
  await db.schema.alterTable('recordings', (t) => t.integer('campaign_id').unsigned().nullable());
}

export async function down(db: Knex): Promise<void> {
  await db.schema.alterTable('recordings', (t) => t.dropColumns('campaign_id'));
}
