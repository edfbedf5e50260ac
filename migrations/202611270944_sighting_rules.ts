import type { Knex } from 'knex';

export const config = { transaction: false };

/** How much more than usual is unusual; what is not here is as the program has it. */
export async function up(db: Knex): Promise<void> {
  if (await db.schema.hasTable('sighting_rules')) return;
  await db.schema.createTable('sighting_rules', (t) => {
    t.string('kind', 10).notNullable().primary();
    t.integer('factor').unsigned().notNullable();
    t.integer('floor').unsigned().notNullable();
  });
}

export const down = (db: Knex): Promise<void> => db.schema.dropTableIfExists('sighting_rules');
