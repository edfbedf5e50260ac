import type { Knex } from 'knex';

export const config = { transaction: false };

/** Calls that belong to a complaint, and the moment in them when it began. */
export async function up(db: Knex): Promise<void> {
  if (await db.schema.hasTable('complaint_calls')) return;
  await db.schema.createTable('complaint_calls', (t) => {
    t.integer('complaint_id').unsigned().notNullable().references('complaints.id').onDelete('RESTRICT');
    t.string('call_ref', 140).notNullable().collate('utf8mb4_bin');
    t.bigInteger('moment_at').notNullable();
    t.integer('user_id').unsigned().nullable();
    t.primary(['complaint_id', 'call_ref']);
    t.index(['call_ref'], 'complaint_calls_ref');
  });
}

export const down = (db: Knex): Promise<void> => db.schema.dropTableIfExists('complaint_calls');
