import type { Knex } from 'knex';

export const config = { transaction: false };

/** true: answered in a queue that demands an outcome, and nobody has said it yet. Few rows, found by the index. */
export async function up(db: Knex): Promise<void> {
  if (await db.schema.hasColumn('calls', 'outcome_due')) return;
  await db.schema.alterTable('calls', (t) => {
    t.boolean('outcome_due').notNullable().defaultTo(false);
    t.index(['outcome_due', 'started_at', 'id'], 'calls_outcome_due');
  });
}

export async function down(db: Knex): Promise<void> {
  await db.schema.alterTable('calls', (t) => t.dropIndex(['outcome_due', 'started_at', 'id'], 'calls_outcome_due'));
  await db.schema.alterTable('calls', (t) => t.dropColumn('outcome_due'));
}
