import type { Knex } from 'knex';

export const config = { transaction: false };

/** Two cards that became one. What moved and what stood there before is in `changes`, as the batch "merge:ID". */
export async function up(db: Knex): Promise<void> {
  if (await db.schema.hasTable('merges')) return;
  await db.schema.createTable('merges', (t) => {
    t.increments('id');
    t.integer('survivor_id').unsigned().notNullable();
    t.integer('merged_id').unsigned().notNullable();
    t.integer('actor_id').unsigned().notNullable();
    t.bigInteger('at').notNullable();
    t.text('moved').notNullable(); // JSON: how many rows of each table
    t.bigInteger('undone_at').nullable();
    t.integer('undone_by').unsigned().nullable();
    t.index(['survivor_id', 'id'], 'merges_survivor');
    t.index(['at', 'id'], 'merges_at');
  });
}

export const down = (db: Knex): Promise<void> => db.schema.dropTableIfExists('merges');
