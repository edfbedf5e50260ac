import type { Knex } from 'knex';

export const config = { transaction: false };

/** How far the search for duplicates has come, in the order in which cards were changed: one row. */
export async function up(db: Knex): Promise<void> {
  if (!(await db.schema.hasTable('duplicate_scan')))
    await db.schema.createTable('duplicate_scan', (t) => {
      t.integer('id').unsigned().notNullable().primary();
      t.bigInteger('changed_at').notNullable(); // of the last card that was looked at
      t.integer('client_id').unsigned().notNullable();
      t.integer('seen').unsigned().notNullable(); // cards since it began anew
      t.bigInteger('begun_at').notNullable();
      t.bigInteger('caught_up_at').nullable(); // when there was nothing left the last time
    });
  await db('duplicate_scan').insert({ id: 1, changed_at: -1, client_id: 0, seen: 0, begun_at: 0 }).onConflict('id').ignore();
}

export const down = (db: Knex): Promise<void> => db.schema.dropTableIfExists('duplicate_scan');
