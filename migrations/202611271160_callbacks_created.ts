import type { Knex } from 'knex';

export const config = { transaction: false };

/** A past moment asks who kept a place then. */
export async function up(db: Knex): Promise<void> {
  if (await db.schema.hasColumn('callback_attempts', 'next_at')) return;
  await db.schema.alterTable('callbacks', (t) => t.index(['created_at'], 'callbacks_created'));
  // ours: not called again before this, as it was known when the attempt had come to nothing
  await db.schema.alterTable('callback_attempts', (t) => void t.bigInteger('next_at').nullable());
}

export async function down(db: Knex): Promise<void> {
  await db.schema.alterTable('callback_attempts', (t) => t.dropColumn('next_at'));
  await db.schema.alterTable('callbacks', (t) => t.dropIndex(['created_at'], 'callbacks_created'));
}
