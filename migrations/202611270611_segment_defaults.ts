import type { Knex } from 'knex';

export const config = { transaction: false };

/** With which saved filter a user's list opens. */
export async function up(db: Knex): Promise<void> {
  if (await db.schema.hasTable('segment_defaults')) return;
  await db.schema.createTable('segment_defaults', (t) => {
    t.integer('user_id').unsigned().notNullable().references('users.id').onDelete('CASCADE').primary();
    t.integer('segment_id').unsigned().notNullable().references('segments.id').onDelete('CASCADE');
  });
}

export const down = (db: Knex): Promise<void> => db.schema.dropTableIfExists('segment_defaults');
