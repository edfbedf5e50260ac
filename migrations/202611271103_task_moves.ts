import type { Knex } from 'knex';

export const config = { transaction: false };

/** Each move of a deadline, and each that was asked for. */
export async function up(db: Knex): Promise<void> {
  if (await db.schema.hasTable('task_moves')) return;
  await db.schema.createTable('task_moves', (t) => {
    t.increments('id');
    t.integer('task_id').unsigned().notNullable().references('tasks.id').onDelete('CASCADE');
    t.integer('owner_id').unsigned().notNullable().references('users.id').onDelete('RESTRICT'); // whose the task was
    t.integer('user_id').unsigned().notNullable().references('users.id').onDelete('RESTRICT'); // who moved it, or asked to
    t.bigInteger('from_at').notNullable();
    t.bigInteger('to_at').notNullable();
    t.string('reason', 20).notNullable();
    t.string('note', 500).notNullable();
    t.string('state', 10).notNullable(); // made, asked, granted, refused, dropped
    t.bigInteger('at').notNullable();
    t.integer('decided_by').unsigned().nullable().references('users.id').onDelete('RESTRICT');
    t.bigInteger('decided_at').nullable();
    t.string('decided_note', 500).notNullable();
    t.index(['task_id', 'id'], 'task_moves_task');
    t.index(['state', 'id'], 'task_moves_state');
    t.index(['at'], 'task_moves_at');
  });
}

export const down = (db: Knex): Promise<void> => db.schema.dropTableIfExists('task_moves');
