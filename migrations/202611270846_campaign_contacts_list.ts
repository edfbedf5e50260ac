import type { Knex } from 'knex';

export const config = { transaction: false };

/** Of which list a person is; null: added before lists were kept. */
export async function up(db: Knex): Promise<void> {
  if (await db.schema.hasColumn('campaign_contacts', 'list_id')) return;
  await db.schema.alterTable('campaign_contacts', (t) => {
    t.integer('list_id').unsigned().nullable();
  });
}

export async function down(db: Knex): Promise<void> {
  if (!(await db.schema.hasColumn('campaign_contacts', 'list_id'))) return;
  await db.schema.alterTable('campaign_contacts', (t) => {
    t.dropColumn('list_id');
  });
}
