import type { Knex } from 'knex';

export const config = { transaction: false };

/** A complaint given to another department, which takes it or refuses it. */
export async function up(db: Knex): Promise<void> {
  if (await db.schema.hasTable('complaint_handovers')) return;
  await db.schema.createTable('complaint_handovers', (t) => {
    t.increments('id');
    t.integer('complaint_id').unsigned().notNullable().references('complaints.id').onDelete('RESTRICT');
    t.integer('from_department_id').unsigned().nullable();
    t.integer('to_department_id').unsigned().notNullable();
    t.integer('user_id').unsigned().notNullable();
    // whose it was
    t.integer('from_owner_id').unsigned().nullable();
    t.string('reason', 1000).notNullable();
    // JSON [{text, done}]
    t.text('checklist').notNullable();
    t.bigInteger('at').notNullable();
    t.bigInteger('deadline_at').notNullable();
    // waiting | accepted | refused
    t.string('state', 10).notNullable();
    t.integer('answered_by').unsigned().nullable();
    t.bigInteger('answered_at').nullable();
    t.string('answer', 1000).notNullable().defaultTo('');
    t.index(['complaint_id'], 'complaint_handovers_complaint');
    t.index(['state', 'deadline_at'], 'complaint_handovers_due');
  });
}

export const down = (db: Knex): Promise<void> => db.schema.dropTableIfExists('complaint_handovers');
