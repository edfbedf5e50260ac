import type { Knex } from 'knex';

export const config = { transaction: false };

/** Which outcomes, or groups of them, a queue offers; a queue without rows offers all. */
export async function up(db: Knex): Promise<void> {
  if (await db.schema.hasTable('queue_outcomes')) return;
  await db.schema.createTable('queue_outcomes', (t) => {
    t.integer('queue_id').unsigned().notNullable().references('queues.id').onDelete('CASCADE');
    t.string('outcome', 40).notNullable().collate('utf8mb4_bin');
    t.primary(['queue_id', 'outcome']);
  });
}

export const down = (db: Knex): Promise<void> => db.schema.dropTableIfExists('queue_outcomes');
