import type { Knex } from 'knex';

export const config = { transaction: false };

/** What stood in a field before it was changed, whoever changed it: histories and undo read it. */
export async function up(db: Knex): Promise<void> {
  if (await db.schema.hasTable('changes')) return;
  await db.schema.createTable('changes', (t) => {
    t.increments('id');
    t.bigInteger('at').notNullable();
    t.integer('actor_id').unsigned().nullable().references('users.id').onDelete('RESTRICT');
    t.string('batch', 64).nullable().collate('utf8mb4_bin'); // import:12
    t.string('table_name', 40).notNullable().collate('utf8mb4_bin');
    t.integer('row_id').unsigned().notNullable();
    t.string('field', 60).notNullable().collate('utf8mb4_bin');
    t.text('before_json', 'mediumtext').notNullable();
    t.text('after_json', 'mediumtext').notNullable();
    t.index(['table_name', 'row_id', 'id'], 'changes_row');
    t.index(['batch', 'id'], 'changes_batch');
  });
}

export const down = (db: Knex): Promise<void> => db.schema.dropTableIfExists('changes');
