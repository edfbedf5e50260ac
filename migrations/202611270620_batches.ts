import type { Knex } from 'knex';

export const config = { transaction: false };

/** What was done to many rows as one thing, and can be undone as one: what was there before stands in `changes`. */
export async function up(db: Knex): Promise<void> {
  if (await db.schema.hasTable('batches')) return;
  await db.schema.createTable('batches', (t) => {
    t.string('batch', 64).notNullable().collate('utf8mb4_bin').primary(); // "bulk:…", "import:12", "merge:3", "handover:4"
    t.integer('actor_id').unsigned().nullable();
    t.bigInteger('at').notNullable();
    t.text('details').notNullable(); // JSON
    t.bigInteger('undone_at').nullable();
    t.integer('undone_by').unsigned().nullable();
    t.index(['at'], 'batches_at');
  });
}

export const down = (db: Knex): Promise<void> => db.schema.dropTableIfExists('batches');
