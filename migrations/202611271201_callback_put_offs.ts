import type { Knex } from 'knex';

export const config = { transaction: false };

/** A queue that was closed put its call-backs off until it opened: a past moment shows until when, as it was known then. */
export async function up(db: Knex): Promise<void> {
  if (await db.schema.hasTable('callback_put_offs')) return;
  await db.schema.createTable('callback_put_offs', (t) => {
    t.increments('id');
    t.integer('callback_id').unsigned().notNullable().references('callbacks.id').onDelete('CASCADE');
    // ours, both: when it was said, and not called before
    t.bigInteger('at').notNullable();
    t.bigInteger('next_at').notNullable();
    t.index(['callback_id', 'at'], 'callback_put_offs_of');
  });
}

export const down = (db: Knex): Promise<void> => db.schema.dropTableIfExists('callback_put_offs');
