import type { Knex } from 'knex';

export const config = { transaction: false };

/** Sessions when there is no Redis. */
export async function up(db: Knex): Promise<void> {
  if (await db.schema.hasTable('sessions')) return;
  await db.schema.createTable('sessions', (t) => {
    t.string('id', 64).primary();
    t.integer('user_id').unsigned().nullable();
    t.text('data').notNullable(); // JSON
    t.bigInteger('expires_at').notNullable();
    t.index(['user_id'], 'sessions_user');
    t.index(['expires_at'], 'sessions_expires');
  });
}

export const down = (db: Knex): Promise<void> => db.schema.dropTableIfExists('sessions');
