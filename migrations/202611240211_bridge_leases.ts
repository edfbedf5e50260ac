import type { Knex } from 'knex';

export const config = { transaction: false };

/** Which process owns a PBX, until when. */
export async function up(db: Knex): Promise<void> {
  if (await db.schema.hasTable('bridge_leases')) return;
  await db.schema.createTable('bridge_leases', (t) => {
    t.string('pbx', 32).notNullable().primary().collate('utf8mb4_bin');
    t.string('owner', 100).notNullable().collate('utf8mb4_bin');
    t.bigInteger('until_at').notNullable();
  });
}

export const down = (db: Knex): Promise<void> => db.schema.dropTableIfExists('bridge_leases');
