import type { Knex } from 'knex';

export const config = { transaction: false };

/** When a person works, where that is not as their department's calendar has it. */
export async function up(db: Knex): Promise<void> {
  if (await db.schema.hasTable('schedules')) return;
  await db.schema.createTable('schedules', (t) => {
    t.integer('user_id').unsigned().notNullable().primary().references('users.id').onDelete('RESTRICT');
    t.string('kind', 16).notNullable(); // calendar | week | cycle
    t.string('time_zone', 60).notNullable(); // '': the calendar's
    t.text('week').notNullable(); // JSON as in calendars
    t.text('cycle').nullable(); // JSON: {anchor, days}
    t.boolean('holidays').notNullable(); // the calendar's different days are this person's too
    t.text('days', 'longtext').notNullable(); // JSON as in calendars: their own, which go before the calendar's
    t.integer('version').notNullable();
  });
}

export const down = (db: Knex): Promise<void> => db.schema.dropTableIfExists('schedules');
