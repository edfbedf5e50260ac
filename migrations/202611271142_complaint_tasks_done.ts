import type { Knex } from 'knex';

export const config = { transaction: false };

/** When a corrective action was done, by whom, and what came of it; the list of those that are open reads one index. */
export async function up(db: Knex): Promise<void> {
  if (!(await db.schema.hasColumn('complaint_tasks', 'done_at')))
    await db.schema.alterTable('complaint_tasks', (t) => {
      t.bigInteger('done_at').nullable();
      t.integer('done_by').unsigned().nullable();
      t.string('result', 1000).notNullable().defaultTo('');
      t.index(['kind', 'done_at', 'due_at', 'id'], 'complaint_tasks_open');
      t.index(['task_id'], 'complaint_tasks_task');
    });
  // those that were done before; what came of them stands in the task
  await db('complaint_tasks')
    .whereNull('done_at')
    .update({ done_at: db('tasks').whereRaw('tasks.id = complaint_tasks.task_id').select('done_at') });
}

export const down = (db: Knex): Promise<void> =>
  db.schema.alterTable('complaint_tasks', (t) => {
    t.dropIndex([], 'complaint_tasks_open');
    t.dropIndex([], 'complaint_tasks_task');
    t.dropColumns('done_at', 'done_by', 'result');
  });
