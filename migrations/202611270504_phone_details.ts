import type { Knex } from 'knex';

export const config = { transaction: false };

/** When a number is best called, and since when it leads to nobody. */
export async function up(db: Knex): Promise<void> {
  if (await db.schema.hasColumn('phones', 'bad_since')) return;
  await db.schema.alterTable('phones', (t) => {
    t.string('best_time', 60).notNullable().defaultTo('');
    t.bigInteger('bad_since').nullable();
  });
}

export async function down(db: Knex): Promise<void> {
  await db.schema.alterTable('phones', (t) => {
    t.dropColumn('best_time');
    t.dropColumn('bad_since');
  });
}
