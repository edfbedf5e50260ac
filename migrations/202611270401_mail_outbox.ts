import type { Knex } from 'knex';

export const config = { transaction: false };

/** Letters to send: written in the transaction of whatever asks for them, sent by a sweep. */
export async function up(db: Knex): Promise<void> {
  if (await db.schema.hasTable('mail_outbox')) return;
  await db.schema.createTable('mail_outbox', (t) => {
    t.increments('id');
    // the natural key: "complaint:12:received"; asked for again it changes nothing
    t.string('effect', 190).notNullable().collate('utf8mb4_bin');
    // without the angle brackets; the same in every attempt
    t.string('message_id', 190).notNullable().collate('utf8mb4_bin');
    t.string('to_address', 320).notNullable();
    t.string('to_name', 200).notNullable().defaultTo('');
    t.string('reply_to', 320).nullable();
    t.string('subject', 500).notNullable();
    t.text('text', 'mediumtext').notNullable();
    t.text('html', 'mediumtext').nullable();
    // Message-ID of the letter that it answers
    t.string('in_reply_to', 900).nullable();
    // JSON: Message-IDs of the whole thread
    t.text('thread').nullable();
    // who asked: "report", "complaint", and which one
    t.string('kind', 40).notNullable();
    t.string('ref', 100).notNullable();
    t.integer('asked_by').unsigned().nullable();
    t.bigInteger('created_at').notNullable();
    // queued | sent | failed (given up, or mail is off) | refused (the server will never take it)
    t.string('state', 10).notNullable();
    t.integer('attempts').notNullable().defaultTo(0);
    // of a queued one: not before; while an attempt runs, when it counts as dead
    t.bigInteger('next_at').notNullable();
    t.bigInteger('sent_at').nullable();
    // what the server said last
    t.string('error', 500).notNullable().defaultTo('');
    t.unique(['effect'], { indexName: 'mail_outbox_effect' });
    t.unique(['message_id'], { indexName: 'mail_outbox_message' });
    t.index(['state', 'next_at'], 'mail_outbox_due');
    t.index(['kind', 'ref'], 'mail_outbox_ref');
  });
}

export const down = (db: Knex): Promise<void> => db.schema.dropTableIfExists('mail_outbox');
