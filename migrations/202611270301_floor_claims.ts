import type { Knex } from 'knex';

export const config = { transaction: false };

/** Which supervisor has just ordered something of a call or an operator: for some seconds another one is told instead of doing the same again. */
export async function up(db: Knex): Promise<void> {
  if (await db.schema.hasTable('floor_claims')) return;
  await db.schema.createTable('floor_claims', (t) => {
    // "call PBX:LINKEDID", "operator ID"
    t.string('subject', 150).notNullable().collate('utf8mb4_bin').primary();
    t.integer('actor_id').unsigned().notNullable();
    t.string('what', 20).notNullable();
    t.bigInteger('until').notNullable();
  });
}

export const down = (db: Knex): Promise<void> => db.schema.dropTableIfExists('floor_claims');
