import type { Knex } from 'knex';

export const config = { transaction: false };

/** agent_pauses.until: lifted by itself then; null: not. break_reasons.needs_approval: somebody who leads the floor has to say yes. */
export async function up(db: Knex): Promise<void> {
  if (!(await db.schema.hasColumn('agent_pauses', 'until')))
    await db.schema.alterTable('agent_pauses', (t) => t.bigInteger('until').nullable());
  if (!(await db.schema.hasColumn('break_reasons', 'needs_approval')))
    await db.schema.alterTable('break_reasons', (t) => t.boolean('needs_approval').notNullable().defaultTo(false));
  if (await db.schema.hasTable('break_requests')) return;
  // one open question an operator; the row goes when it is answered
  await db.schema.createTable('break_requests', (t) => {
    t.integer('user_id').unsigned().notNullable().primary();
    t.string('reason', 40).notNullable().collate('utf8mb4_bin');
    t.bigInteger('asked_at').notNullable();
  });
}

export async function down(db: Knex): Promise<void> {
  await db.schema.dropTableIfExists('break_requests');
  await db.schema.alterTable('agent_pauses', (t) => t.dropColumn('until'));
  await db.schema.alterTable('break_reasons', (t) => t.dropColumn('needs_approval'));
}
