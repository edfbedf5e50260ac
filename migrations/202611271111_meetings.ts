import type { Knex } from 'knex';

export const config = { transaction: false };

/**
 * People's calendars. A series is one row with its rule; an occurrence that differs is a row of its own with the same uid, as RFC 5545 has it with
 * RECURRENCE-ID.
 */
export async function up(db: Knex): Promise<void> {
  if (await db.schema.hasTable('meetings')) return;
  await db.schema.createTable('meetings', (t) => {
    t.increments('id');
    t.string('uid', 200).notNullable().collate('utf8mb4_bin');
    t.integer('series_id').unsigned().nullable().references('meetings.id').onDelete('RESTRICT');
    t.string('occurrence', 16).notNullable(); // of the series: "2027-01-08T10:00" on its wall; '': a meeting or series itself
    t.integer('owner_id').unsigned().notNullable().references('users.id').onDelete('RESTRICT');
    t.integer('client_id').unsigned().nullable().references('clients.id').onDelete('RESTRICT');
    t.string('kind', 20).notNullable();
    t.string('title', 200).notNullable();
    t.string('place', 200).notNullable();
    t.string('note', 2000).notNullable();
    t.string('time_zone', 60).notNullable();
    t.string('start', 16).notNullable(); // on the wall of the zone; a change of the zone's rules moves the moment, not the hour
    t.integer('minutes').unsigned().notNullable();
    t.integer('all_day').unsigned().notNullable();
    t.string('rule', 300).nullable(); // RRULE
    t.string('last_start', 16).nullable(); // of the rule, worked out; null: endless, or no rule
    t.text('except').notNullable(); // JSON: EXDATEs on the wall
    t.bigInteger('starts_at').notNullable();
    t.bigInteger('until_at').notNullable(); // end of the last occurrence
    t.bigInteger('cancelled_at').nullable();
    t.integer('version').unsigned().notNullable();
    t.bigInteger('created_at').notNullable();
    t.unique(['uid', 'occurrence'], { indexName: 'meetings_uid' });
    t.index(['series_id', 'occurrence'], 'meetings_series');
    t.index(['owner_id', 'until_at', 'id'], 'meetings_owner');
    t.index(['client_id', 'starts_at', 'id'], 'meetings_client');
  });
}

export const down = (db: Knex): Promise<void> => db.schema.dropTableIfExists('meetings');
