import type { Knex } from 'knex';

export const config = { transaction: false };

/** How far a role reaches with an action; what is not here is as the program has it. */
export async function up(db: Knex): Promise<void> {
  if (await db.schema.hasTable('rights')) return;
  await db.schema.createTable('rights', (t) => {
    t.string('role', 20).notNullable();
    t.string('action', 20).notNullable();
    t.string('level', 20).notNullable(); // none | own | department | tree | all
    t.primary(['role', 'action']);
  });
}

export const down = (db: Knex): Promise<void> => db.schema.dropTableIfExists('rights');
