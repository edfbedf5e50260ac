import type { Knex } from 'knex';

export const config = { transaction: false };

/** What comes again and again: the rule, and what each of its tasks is like. */
export async function up(db: Knex): Promise<void> {
  if (await db.schema.hasTable('task_series')) return;
  await db.schema.createTable('task_series', (t) => {
    t.increments('id');
    t.string('rule', 300).notNullable(); // RFC 5545 RRULE
    t.string('time_zone', 60).notNullable();
    t.string('start_wall', 16).notNullable(); // DTSTART on the wall of that zone, "2027-01-08T10:00"
    t.text('exdates').notNullable(); // JSON list of the same
    t.text('template').notNullable(); // JSON: what each task is like
    t.integer('owner_id').unsigned().notNullable().references('users.id').onDelete('RESTRICT'); // whose the next one is
    t.integer('author_id').unsigned().notNullable().references('users.id').onDelete('RESTRICT');
    t.integer('client_id').unsigned().nullable().references('clients.id').onDelete('RESTRICT');
    t.bigInteger('next_at').nullable(); // the occurrence that is to be made next; null: the series has ended
    t.bigInteger('created_at').notNullable();
    t.index(['next_at', 'id'], 'task_series_next');
    t.index(['client_id'], 'task_series_client');
  });
}

export const down = (db: Knex): Promise<void> => db.schema.dropTableIfExists('task_series');
