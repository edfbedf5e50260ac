import type { Knex } from 'knex';

export const config = { transaction: false };

/** Seconds up to which waits are counted: a target is one of them. */
const COUNTED = [5, 10, 15, 20, 30, 45, 60, 90, 120, 180, 300, 600];

export async function up(db: Knex): Promise<void> {
  // the share of calls that the queue wants answered within target_seconds
  if (!(await db.schema.hasColumn('queues', 'target_percent')))
    await db.schema.alterTable('queues', (t) => t.integer('target_percent').notNullable().defaultTo(80));
  for (const [i, seconds] of COUNTED.entries())
    await db('queues')
      .where('target_seconds', '>', COUNTED[i - 1] ?? 0)
      .where('target_seconds', '<', seconds)
      .update('target_seconds', seconds);
}

export const down = (db: Knex): Promise<void> => db.schema.alterTable('queues', (t) => t.dropColumn('target_percent'));
