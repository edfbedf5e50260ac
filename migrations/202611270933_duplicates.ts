import type { Knex } from 'knex';

export const config = { transaction: false };

/** Pairs of cards that may be one client. A pair stands here once, the smaller id first. */
export async function up(db: Knex): Promise<void> {
  if (await db.schema.hasTable('duplicates')) return;
  await db.schema.createTable('duplicates', (t) => {
    t.integer('low_id').unsigned().notNullable();
    t.integer('high_id').unsigned().notNullable();
    t.integer('score').unsigned().notNullable(); // 0 to 100
    t.string('reasons', 100).notNullable(); // codes, separated by commas
    t.string('state', 10).notNullable().collate('utf8mb4_bin'); // open | dismissed | merged
    t.bigInteger('found_at').notNullable();
    t.bigInteger('decided_at').nullable();
    t.integer('decided_by').unsigned().nullable();
    t.primary(['low_id', 'high_id']);
    t.index(['high_id', 'low_id'], 'duplicates_high');
    t.index(['state', 'score', 'low_id', 'high_id'], 'duplicates_open');
  });
}

export const down = (db: Knex): Promise<void> => db.schema.dropTableIfExists('duplicates');
