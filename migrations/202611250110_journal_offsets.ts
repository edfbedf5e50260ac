import type { Knex } from 'knex';

export const config = { transaction: false };

/** How far the journals of each PBX (CEL, queue_log) have been read into the call log. */
export async function up(db: Knex): Promise<void> {
  if (await db.schema.hasTable('journal_offsets')) return;
  await db.schema.createTable('journal_offsets', (t) => {
    t.string('pbx', 32).notNullable().primary().collate('utf8mb4_bin');
    // places as cti/journal names them: inode and byte of a file, or the id of a row
    t.string('cel', 64).notNullable();
    t.string('queue_log', 64).notNullable();
    t.bigInteger('read_at').notNullable();
  });
}

export const down = (db: Knex): Promise<void> => db.schema.dropTableIfExists('journal_offsets');
