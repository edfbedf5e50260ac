import type { Knex } from 'knex';

export const config = { transaction: false };

/**
 * Letters that were taken in, each once: by its Message-ID, however often the mailbox shows it. fate: registered, added, noted (a bounce, or somebody's
 * automatic answer), ignored (a loop, an automatic letter of nobody's).
 */
export async function up(db: Knex): Promise<void> {
  if (await db.schema.hasTable('complaint_mails')) return;
  await db.schema.createTable('complaint_mails', (t) => {
    t.increments('id');
    t.string('mailbox', 200).notNullable().collate('utf8mb4_bin');
    t.string('uid_validity', 20).notNullable();
    t.bigInteger('uid').notNullable();
    t.string('message_id', 300).notNullable().collate('utf8mb4_bin');
    t.string('from_address', 254).notNullable();
    t.string('subject', 500).notNullable();
    t.string('fate', 12).notNullable();
    t.string('why', 40).notNullable();
    t.integer('complaint_id').unsigned().nullable();
    t.bigInteger('at').notNullable();
    t.unique(['message_id'], { indexName: 'complaint_mails_message' });
    t.index(['mailbox', 'uid_validity', 'uid'], 'complaint_mails_uid');
    t.index(['complaint_id'], 'complaint_mails_complaint');
  });
}

export const down = (db: Knex): Promise<void> => db.schema.dropTableIfExists('complaint_mails');
