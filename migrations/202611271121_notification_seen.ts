import type { Knex } from 'knex';

export const config = { transaction: false };

/** Up to when somebody's pages have shown what came: what came later came while they were away. */
export async function up(db: Knex): Promise<void> {
  if (await db.schema.hasTable('notification_seen')) return;
  await db.schema.createTable('notification_seen', (t) => {
    t.integer('user_id').unsigned().notNullable().primary();
    t.bigInteger('seen_at').notNullable();
  });
}

export const down = (db: Knex): Promise<void> => db.schema.dropTableIfExists('notification_seen');
