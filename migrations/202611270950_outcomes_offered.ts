import type { Knex } from 'knex';

export const config = { transaction: false };

/** Of the shipped ones; what is not here is offered always. */
const SHIPPED: Record<string, string[]> = {
  answered: ['resolved', 'sale', 'complaint', 'not-interested', 'dropped'],
  unanswered: ['no-answer', 'busy'],
};

/** After which calls an outcome is offered: always | answered | unanswered. */
export async function up(db: Knex): Promise<void> {
  if (await db.schema.hasColumn('outcomes', 'offered')) return;
  await db.schema.alterTable('outcomes', (t) => {
    t.string('offered', 12).notNullable().defaultTo('always');
  });
  for (const [offered, codes] of Object.entries(SHIPPED)) await db('outcomes').whereIn('code', codes).update({ offered });
}

export async function down(db: Knex): Promise<void> {
  if (!(await db.schema.hasColumn('outcomes', 'offered'))) return;
  await db.schema.alterTable('outcomes', (t) => {
    t.dropColumn('offered');
  });
}
