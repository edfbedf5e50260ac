import type { Knex } from 'knex';

export const config = { transaction: false };

/** human | machine | notsure: whom answering-machine detection took the one who lifted for; null: nobody was judged. */
export async function up(db: Knex): Promise<void> {
  for (const table of ['calls', 'attempts'])
    if (!(await db.schema.hasColumn(table, 'amd'))) await db.schema.alterTable(table, (t) => t.string('amd', 8).nullable());
}

export async function down(db: Knex): Promise<void> {
  for (const table of ['calls', 'attempts']) await db.schema.alterTable(table, (t) => t.dropColumns('amd'));
}
