import type { Knex } from 'knex';

export const config = { transaction: false };

const COLUMNS = ['call_backs', 'call_backs_reached'];

/** Visits whose caller asked to be called back, and those of them that were spoken with then. */
export async function up(db: Knex): Promise<void> {
  for (const name of COLUMNS)
    if (!(await db.schema.hasColumn('report_visits', name)))
      await db.schema.alterTable('report_visits', (t) => void t.integer(name).notNullable().defaultTo(0));
}

export const down = (db: Knex): Promise<void> => db.schema.alterTable('report_visits', (t) => t.dropColumns(...COLUMNS));
