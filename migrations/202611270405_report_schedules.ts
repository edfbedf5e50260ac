import type { Knex } from 'knex';

export const config = { transaction: false };

/** Reports that go out by mail by themselves. */
export async function up(db: Knex): Promise<void> {
  if (await db.schema.hasTable('report_schedules')) return;
  await db.schema.createTable('report_schedules', (t) => {
    t.increments('id');
    t.integer('user_id').unsigned().notNullable();
    t.string('address', 320).notNullable();
    t.string('title', 200).notNullable();
    // daily: of the day before; weekly: on Mondays, of the week before; monthly: on the first, of the month before
    t.string('every', 10).notNullable();
    // minutes after midnight on the user's wall
    t.integer('minute').notNullable();
    // JSON: what is asked and its words, as an export has it, without the period
    t.text('draft', 'mediumtext').notNullable();
    t.bigInteger('next_at').notNullable();
    t.bigInteger('sent_at').nullable();
    t.bigInteger('created_at').notNullable();
    t.index(['next_at'], 'report_schedules_due');
    t.index(['user_id'], 'report_schedules_user');
  });
}

export const down = (db: Knex): Promise<void> => db.schema.dropTableIfExists('report_schedules');
