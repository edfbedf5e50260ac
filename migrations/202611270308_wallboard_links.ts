import type { Knex } from 'knex';

export const config = { transaction: false };

/** By what a screen shows a wallboard without a log-in. The token itself is nowhere kept. */
export async function up(db: Knex): Promise<void> {
  if (await db.schema.hasTable('wallboard_links')) return;
  await db.schema.createTable('wallboard_links', (t) => {
    t.increments('id');
    t.integer('wallboard_id').unsigned().notNullable().references('wallboards.id').onDelete('CASCADE');
    // SHA-256, hex
    t.string('token_hash', 64).notNullable().unique('wallboard_links_token');
    t.string('label', 100).notNullable();
    t.bigInteger('created_at').notNullable();
    t.integer('created_by').unsigned().notNullable();
    t.bigInteger('seen_at').nullable();
    t.bigInteger('revoked_at').nullable();
    t.index(['wallboard_id'], 'wallboard_links_board');
  });
}

export const down = (db: Knex): Promise<void> => db.schema.dropTableIfExists('wallboard_links');
