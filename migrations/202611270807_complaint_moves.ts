import type { Knex } from 'knex';

export const config = { transaction: false };

/** Whatever about a complaint was changed: status, owner, severity, clocks ... from what, to what, by whom. */
export async function up(db: Knex): Promise<void> {
  if (await db.schema.hasTable('complaint_moves')) return;
  await db.schema.createTable('complaint_moves', (t) => {
    t.increments('id');
    t.integer('complaint_id').unsigned().notNullable().references('complaints.id').onDelete('RESTRICT');
    t.string('kind', 20).notNullable();
    t.string('from_value', 200).notNullable().defaultTo('');
    t.string('to_value', 200).notNullable().defaultTo('');
    t.string('note', 2000).notNullable().defaultTo('');
    t.integer('user_id').unsigned().nullable();
    t.bigInteger('at').notNullable();
    t.integer('version').unsigned().notNullable();
    t.index(['complaint_id', 'id'], 'complaint_moves_complaint');
    t.index(['kind', 'at', 'complaint_id'], 'complaint_moves_kind');
  });
}

export const down = (db: Knex): Promise<void> => db.schema.dropTableIfExists('complaint_moves');
