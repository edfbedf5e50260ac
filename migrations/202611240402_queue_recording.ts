import type { Knex } from 'knex';

export const config = { transaction: false };

/** record: none or all calls of the queue. keep_days: how long their recordings are kept; 0: for ever. */
export async function up(db: Knex): Promise<void> {
  if (!(await db.schema.hasColumn('queues', 'record')))
    await db.schema.alterTable('queues', (t) => t.string('record', 10).notNullable().defaultTo('none'));
  if (!(await db.schema.hasColumn('queues', 'keep_days')))
    await db.schema.alterTable('queues', (t) => t.integer('keep_days').notNullable().defaultTo(90));
}

export async function down(db: Knex): Promise<void> {
  await db.schema.alterTable('queues', (t) => t.dropColumns('record', 'keep_days'));
}
