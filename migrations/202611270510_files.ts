import type { Knex } from 'knex';

export const config = { transaction: false };

/** What hangs on a client, a complaint, a task. The bytes lie in the file store under their hash; the same bytes twice are stored once. */
export async function up(db: Knex): Promise<void> {
  if (await db.schema.hasTable('files')) return;
  await db.schema.createTable('files', (t) => {
    t.increments('id');
    t.string('owner_kind', 20).notNullable().collate('utf8mb4_bin');
    t.string('owner_ref', 60).notNullable().collate('utf8mb4_bin');
    t.string('name', 200).notNullable();
    t.string('media', 100).notNullable(); // as the bytes say, not as the sender does
    t.bigInteger('size').notNullable();
    t.string('hash', 64).notNullable().collate('utf8mb4_bin'); // SHA-256, hex
    t.integer('user_id').unsigned().nullable().references('users.id').onDelete('RESTRICT');
    t.bigInteger('at').notNullable();
    t.bigInteger('archived_at').nullable();
    t.index(['owner_kind', 'owner_ref', 'id'], 'files_owner');
    t.index(['hash'], 'files_hash');
  });
}

export const down = (db: Knex): Promise<void> => db.schema.dropTableIfExists('files');
