import type { Knex } from 'knex';

export const config = { transaction: false };

/** What was written: by the client (in), to the client (out), among ourselves (note). */
export async function up(db: Knex): Promise<void> {
  if (await db.schema.hasTable('complaint_entries')) return;
  await db.schema.createTable('complaint_entries', (t) => {
    t.increments('id');
    t.integer('complaint_id').unsigned().notNullable().references('complaints.id').onDelete('RESTRICT');
    t.string('kind', 10).notNullable();
    t.string('channel', 10).notNullable();
    t.bigInteger('at').notNullable();
    t.integer('user_id').unsigned().nullable();
    t.text('text', 'mediumtext').notNullable();
    // cleaned; null: there was none
    t.text('html', 'mediumtext').nullable();
    // the address of an e-mail's other end
    t.string('address', 254).notNullable().defaultTo('');
    t.string('message_id', 300).nullable().collate('utf8mb4_bin');
    t.integer('version').unsigned().notNullable();
    t.unique(['message_id'], { indexName: 'complaint_entries_message' });
    t.index(['complaint_id', 'id'], 'complaint_entries_complaint');
  });
}

export const down = (db: Knex): Promise<void> => db.schema.dropTableIfExists('complaint_entries');
