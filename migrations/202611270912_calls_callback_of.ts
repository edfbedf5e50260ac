import type { Knex } from 'knex';

export const config = { transaction: false };

/** Of a call back: the call in which its caller asked for it. Both are one call to whoever reads the log. */
export async function up(db: Knex): Promise<void> {
  if (await db.schema.hasColumn('calls', 'callback_of')) return;
  await db.schema.alterTable('calls', (t) => {
    t.integer('callback_of').unsigned().nullable();
    t.index(['callback_of'], 'calls_callback_of');
  });
}

export const down = (db: Knex): Promise<void> =>
  db.schema.alterTable('calls', (t) => {
    t.dropIndex(['callback_of'], 'calls_callback_of');
    t.dropColumn('callback_of');
  });
