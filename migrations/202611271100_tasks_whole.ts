import type { Knex } from 'knex';

export const config = { transaction: false };

/** What a task is beside its text and its time: who asked for what, how long it takes, as a part of what, from which series. */
export async function up(db: Knex): Promise<void> {
  if (!(await db.schema.hasColumn('tasks', 'priority')))
    await db.schema.alterTable('tasks', (t) => {
      t.integer('priority').notNullable().defaultTo(1); // 0 low, 1 normal, 2 high
      t.integer('estimate_min').unsigned().nullable();
      t.integer('parent_id').unsigned().nullable();
      t.string('about_kind', 20).notNullable().defaultTo(''); // call, complaint, campaign
      t.string('about_ref', 140).notNullable().defaultTo('');
      t.integer('accept').unsigned().notNullable().defaultTo(0); // 1: the author looks at the result
      t.bigInteger('accepted_at').nullable();
      t.integer('returns').unsigned().notNullable().defaultTo(0);
      t.integer('moves').unsigned().notNullable().defaultTo(0); // postponements
      t.bigInteger('first_due_at').nullable(); // as it was promised at first; null: never moved
      t.integer('cancelled').unsigned().notNullable().defaultTo(0); // done_at says when: it was not to be done after all
      t.integer('series_id').unsigned().nullable();
      t.bigInteger('occurrence_at').nullable(); // which of its series, whatever became of the deadline
    });
}

export const down = (db: Knex): Promise<void> =>
  db.schema.alterTable('tasks', (t) => {
    t.dropColumns('priority', 'estimate_min', 'parent_id', 'about_kind', 'about_ref', 'accept', 'accepted_at', 'returns', 'moves', 'first_due_at', 'cancelled', 'series_id', 'occurrence_at'); // prettier-ignore
  });
