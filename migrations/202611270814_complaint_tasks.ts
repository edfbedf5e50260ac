import type { Knex } from 'knex';

export const config = { transaction: false };

/** Tasks that a complaint made: corrective actions and promised call-backs. */
export async function up(db: Knex): Promise<void> {
  if (await db.schema.hasTable('complaint_tasks')) return;
  await db.schema.createTable('complaint_tasks', (t) => {
    t.increments('id');
    t.integer('complaint_id').unsigned().notNullable().references('complaints.id').onDelete('RESTRICT');
    // corrective | call-back
    t.string('kind', 10).notNullable();
    t.integer('task_id').unsigned().notNullable();
    t.integer('user_id').unsigned().notNullable();
    t.string('text', 500).notNullable();
    t.bigInteger('due_at').notNullable();
    // of a call-back: until when the client can be reached
    t.bigInteger('until_at').nullable();
    // null: it is looked at until the task is done or has been missed
    t.bigInteger('settled_at').nullable();
    t.index(['complaint_id'], 'complaint_tasks_complaint');
    t.index(['settled_at', 'due_at'], 'complaint_tasks_due');
  });
}

export const down = (db: Knex): Promise<void> => db.schema.dropTableIfExists('complaint_tasks');
