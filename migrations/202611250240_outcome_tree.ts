import type { Knex } from 'knex';

export const config = { transaction: false };

/** Outcomes in groups, and what each asks for. */
export async function up(db: Knex): Promise<void> {
  const missing = async (name: string) => !(await db.schema.hasColumn('outcomes', name));
  // the group it stands in; null: at the top
  if (await missing('parent')) await db.schema.alterTable('outcomes', (t) => t.string('parent', 40).nullable().collate('utf8mb4_bin'));
  if (await missing('needs_note')) await db.schema.alterTable('outcomes', (t) => t.boolean('needs_note').notNullable().defaultTo(false));
  // none | offered | required: when to call back
  if (await missing('next_step')) {
    await db.schema.alterTable('outcomes', (t) => t.string('next_step', 10).notNullable().defaultTo('none'));
    await db('outcomes').where('code', 'call-back').update({ next_step: 'offered' });
  }
}

export async function down(db: Knex): Promise<void> {
  await db.schema.alterTable('outcomes', (t) => t.dropColumns('parent', 'needs_note', 'next_step'));
}
