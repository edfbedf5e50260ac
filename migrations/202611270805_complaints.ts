import type { Knex } from 'knex';

export const config = { transaction: false };

/** Complaints. What happened to one stands in complaint_moves and complaint_entries; here is where it is now. */
export async function up(db: Knex): Promise<void> {
  if (await db.schema.hasTable('complaints')) return;
  await db.schema.createTable('complaints', (t) => {
    t.increments('id');
    t.string('number', 20).notNullable().unique('complaints_number').collate('utf8mb4_bin');
    t.integer('client_id').unsigned().nullable();
    // who complained, as far as no card tells
    t.string('contact_name', 200).notNullable().defaultTo('');
    t.string('contact_phone', 60).notNullable().defaultTo('');
    t.string('contact_email', 254).notNullable().defaultTo('');
    t.integer('category_id').unsigned().notNullable();
    t.string('severity', 10).notNullable();
    t.string('product', 200).notNullable().defaultTo('');
    // phone | card | email | web | api
    t.string('channel', 10).notNullable();
    t.string('queue', 100).nullable();
    t.string('subject', 200).notNullable();
    t.string('wish', 1000).notNullable().defaultTo('');
    t.string('status', 20).notNullable();
    // 1 while somebody has to do something about it
    t.integer('is_open').notNullable();
    // what the lists go by: the due time of the next clock, or a number above all times when none runs; of a closed one counted down from its closing
    t.bigInteger('place').notNullable();
    t.integer('owner_id').unsigned().nullable();
    t.integer('department_id').unsigned().nullable();
    t.integer('registered_by').unsigned().nullable();
    t.bigInteger('registered_at').notNullable();
    t.bigInteger('updated_at').notNullable();
    t.bigInteger('resolved_at').nullable();
    t.bigInteger('closed_at').nullable();
    t.integer('cause_id').unsigned().nullable();
    t.string('done_text', 2000).notNullable().defaultTo('');
    // null until it is closed: was the client told
    t.boolean('told').nullable();
    t.string('not_told_reason', 500).notNullable().defaultTo('');
    t.integer('repeat_of').unsigned().nullable();
    t.integer('merged_into').unsigned().nullable();
    t.integer('policy_id').unsigned().nullable();
    // names the policies, settings and calendars that its clocks were counted with
    t.string('timed_with', 64).notNullable().defaultTo('');
    // opens the page that asks the client how it was
    t.string('token', 64).notNullable().unique('complaints_token').collate('utf8mb4_bin');
    t.integer('satisfaction').nullable();
    t.string('satisfaction_text', 1000).notNullable().defaultTo('');
    // of what sends the same twice: the message-id of a mail, the key of a form or an API's client
    t.string('once_key', 300).nullable().collate('utf8mb4_bin');
    t.integer('version').unsigned().notNullable();
    t.unique(['once_key'], { indexName: 'complaints_once' });
    t.index(['is_open', 'place', 'id'], 'complaints_place');
    t.index(['is_open', 'owner_id', 'place', 'id'], 'complaints_owner');
    t.index(['is_open', 'department_id', 'place', 'id'], 'complaints_department');
    t.index(['is_open', 'registered_by', 'place', 'id'], 'complaints_author');
    t.index(['is_open', 'status', 'place', 'id'], 'complaints_status');
    t.index(['client_id', 'is_open', 'registered_at'], 'complaints_client');
    t.index(['registered_at', 'id'], 'complaints_registered');
  });
}

export const down = (db: Knex): Promise<void> => db.schema.dropTableIfExists('complaints');
