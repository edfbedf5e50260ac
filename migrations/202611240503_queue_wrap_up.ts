import type { Knex } from 'knex';

export const config = { transaction: false };

/** wrap_up_seconds: for writing down a call, 0: none; wrap_up_max_seconds: as far as it may be extended. outcome_required: none without it. */
export async function up(db: Knex): Promise<void> {
  const missing = async (name: string) => !(await db.schema.hasColumn('queues', name));
  if (await missing('wrap_up_seconds'))
    await db.schema.alterTable('queues', (t) => t.integer('wrap_up_seconds').notNullable().defaultTo(0));
  if (await missing('wrap_up_max_seconds'))
    await db.schema.alterTable('queues', (t) => t.integer('wrap_up_max_seconds').notNullable().defaultTo(0));
  if (await missing('outcome_required'))
    await db.schema.alterTable('queues', (t) => t.boolean('outcome_required').notNullable().defaultTo(false));
}

export async function down(db: Knex): Promise<void> {
  await db.schema.alterTable('queues', (t) => t.dropColumns('wrap_up_seconds', 'wrap_up_max_seconds', 'outcome_required'));
}
