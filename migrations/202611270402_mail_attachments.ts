import type { Knex } from 'knex';

export const config = { transaction: false };

/** What a letter carries: its bytes, or the path of a file that is read when the letter is sent. */
export async function up(db: Knex): Promise<void> {
  if (await db.schema.hasTable('mail_attachments')) return;
  const isSqlite = (db.client as { dialect: string }).dialect === 'sqlite3';
  await db.schema.createTable('mail_attachments', (t) => {
    t.increments('id');
    t.integer('mail_id').unsigned().notNullable();
    t.integer('position').notNullable();
    t.string('name', 200).notNullable();
    t.string('type', 100).notNullable();
    if (isSqlite) t.binary('content').nullable();
    else t.specificType('content', 'LONGBLOB').nullable();
    t.string('file', 500).nullable();
    t.unique(['mail_id', 'position'], { indexName: 'mail_attachments_mail' });
  });
}

export const down = (db: Knex): Promise<void> => db.schema.dropTableIfExists('mail_attachments');
