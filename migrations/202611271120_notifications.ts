import type { Knex } from 'knex';

export const config = { transaction: false };

/** What somebody is told of: one row for a person and an event, however often the event comes. */
export async function up(db: Knex): Promise<void> {
  if (await db.schema.hasTable('notifications')) return;
  await db.schema.createTable('notifications', (t) => {
    t.increments('id');
    t.integer('user_id').unsigned().notNullable();
    t.string('kind', 40).notNullable();
    // the natural key of the event: "task:12:due:1764240000000"
    t.string('effect', 190).notNullable().collate('utf8mb4_bin');
    // what it opens: "task" and "12"
    t.string('about_kind', 20).notNullable();
    t.string('about_ref', 100).notNullable();
    // JSON: what the words are filled in with
    t.text('params').notNullable();
    t.bigInteger('created_at').notNullable();
    // when it came up: at first, or again after it was put off
    t.bigInteger('shown_at').notNullable();
    t.bigInteger('read_at').nullable();
    // put off: neither counted nor new until then
    t.bigInteger('snoozed_until').nullable();
    t.unique(['effect', 'user_id'], { indexName: 'notifications_effect' });
    t.index(['user_id', 'shown_at', 'id'], 'notifications_list');
    t.index(['user_id', 'read_at', 'snoozed_until', 'shown_at', 'id'], 'notifications_unread');
    t.index(['snoozed_until', 'id'], 'notifications_snoozed');
  });
}

export const down = (db: Knex): Promise<void> => db.schema.dropTableIfExists('notifications');
