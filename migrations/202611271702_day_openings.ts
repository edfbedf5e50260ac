import type { Knex } from 'knex';

export const config = { transaction: false };

/** When somebody first looked at what is due on a day: their chief sees who has not. */
export async function up(db: Knex): Promise<void> {
  if (await db.schema.hasTable('day_openings')) return;
  await db.schema.createTable('day_openings', (t) => {
    t.integer('user_id').unsigned().notNullable().references('users.id').onDelete('RESTRICT');
    t.string('day', 10).notNullable(); // on the wall of their schedule's zone
    t.bigInteger('opened_at').notNullable();
    t.primary(['user_id', 'day']);
  });
}

export const down = (db: Knex): Promise<void> => db.schema.dropTableIfExists('day_openings');
