import type { Knex } from 'knex';

export const config = { transaction: false };

/** Who did what. Rows are added, never changed. */
export async function up(db: Knex): Promise<void> {
  if (await db.schema.hasTable('audit')) return;
  await db.schema.createTable('audit', (t) => {
    t.bigIncrements('id');
    t.bigInteger('at').notNullable();
    t.integer('actor_id').unsigned().nullable(); // null: nobody signed in, or the program itself
    t.string('what', 60).notNullable();
    t.string('table_name', 60).nullable();
    t.string('row_id', 120).nullable();
    t.text('details').notNullable(); // JSON
    t.string('ip', 64).nullable();
    t.index(['at'], 'audit_at');
    t.index(['table_name', 'row_id', 'at'], 'audit_row');
    t.index(['actor_id', 'at'], 'audit_actor');
  });
}

export const down = (db: Knex): Promise<void> => db.schema.dropTableIfExists('audit');
