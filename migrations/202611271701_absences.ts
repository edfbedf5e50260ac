import type { Knex } from 'knex';

export const config = { transaction: false };

/** Whole days on which somebody is away, and the deputy that was named with it. */
export async function up(db: Knex): Promise<void> {
  if (await db.schema.hasTable('absences')) return;
  await db.schema.createTable('absences', (t) => {
    t.increments('id');
    t.integer('user_id').unsigned().notNullable().references('users.id').onDelete('RESTRICT');
    t.string('kind', 16).notNullable();
    t.string('from_day', 10).notNullable();
    t.string('to_day', 10).notNullable(); // the last of them; before from_day: they were not away after all
    t.string('note', 200).notNullable();
    t.integer('deputy_row').unsigned().nullable(); // deputies.id
    t.integer('created_by').unsigned().notNullable().references('users.id').onDelete('RESTRICT');
    t.bigInteger('created_at').notNullable();
    t.bigInteger('ended_at').nullable(); // back before the time
    t.index(['user_id', 'to_day'], 'absences_user');
    t.index(['to_day'], 'absences_until');
  });
}

export const down = (db: Knex): Promise<void> => db.schema.dropTableIfExists('absences');
