import type { Knex } from 'knex';

export const config = { transaction: false };

/** What the client is given. Above the limit somebody else has to approve it. */
export async function up(db: Knex): Promise<void> {
  if (await db.schema.hasTable('complaint_compensations')) return;
  await db.schema.createTable('complaint_compensations', (t) => {
    t.increments('id');
    t.integer('complaint_id').unsigned().notNullable().references('complaints.id').onDelete('RESTRICT');
    // money | gift | apology
    t.string('kind', 10).notNullable();
    // minor units
    t.bigInteger('amount').notNullable();
    t.string('currency', 3).notNullable();
    t.string('note', 500).notNullable();
    // asked | approved | refused
    t.string('state', 10).notNullable();
    t.integer('user_id').unsigned().notNullable();
    t.bigInteger('at').notNullable();
    t.integer('decided_by').unsigned().nullable();
    t.bigInteger('decided_at').nullable();
    t.index(['complaint_id'], 'complaint_compensations_complaint');
    t.index(['state', 'decided_at'], 'complaint_compensations_state');
  });
}

export const down = (db: Knex): Promise<void> => db.schema.dropTableIfExists('complaint_compensations');
