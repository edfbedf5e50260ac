import type { Knex } from 'knex';

export const config = { transaction: false };

/** Whom a message is for, and when each has read it. */
export async function up(db: Knex): Promise<void> {
  if (await db.schema.hasTable('message_readers')) return;
  await db.schema.createTable('message_readers', (t) => {
    t.integer('message_id').unsigned().notNullable().references('messages.id').onDelete('CASCADE');
    t.integer('user_id').unsigned().notNullable();
    t.bigInteger('read_at').nullable();
    t.primary(['message_id', 'user_id']);
    t.index(['user_id', 'read_at', 'message_id'], 'message_readers_unread');
  });
}

export const down = (db: Knex): Promise<void> => db.schema.dropTableIfExists('message_readers');
