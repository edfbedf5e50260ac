import type { Knex } from 'knex';

export const config = { transaction: false };

/** Who wants to be told of a complaint. */
export async function up(db: Knex): Promise<void> {
  if (await db.schema.hasTable('complaint_watchers')) return;
  await db.schema.createTable('complaint_watchers', (t) => {
    t.integer('complaint_id').unsigned().notNullable().references('complaints.id').onDelete('RESTRICT');
    t.integer('user_id').unsigned().notNullable();
    t.primary(['complaint_id', 'user_id']);
    t.index(['user_id'], 'complaint_watchers_user');
  });
}

export const down = (db: Knex): Promise<void> => db.schema.dropTableIfExists('complaint_watchers');
