import type { Knex } from 'knex';

export const config = { transaction: false };

/**
 * Hours whose roll-up no longer says what the log says. Written with the change, in its transaction; the sweep counts them anew and deletes
 * them. Rows are only added (no unique key that a hundred writers a second would wait for).
 */
export async function up(db: Knex): Promise<void> {
  if (await db.schema.hasTable('report_marks')) return;
  await db.schema.createTable('report_marks', (t) => {
    t.increments('id');
    // of the first and the last hour that the call touched
    t.bigInteger('from_hour').notNullable();
    t.bigInteger('to_hour').notNullable();
  });
}

export const down = (db: Knex): Promise<void> => db.schema.dropTableIfExists('report_marks');
