import type { Knex } from 'knex';

export const config = { transaction: false };

/** By when a complaint must have had what: the most particular policy that fits. Times are working time, in ms. */
export async function up(db: Knex): Promise<void> {
  if (await db.schema.hasTable('complaint_policies')) return;
  await db.schema.createTable('complaint_policies', (t) => {
    t.increments('id');
    t.string('name', 200).notNullable();
    // null: of any
    t.integer('category_id').unsigned().nullable();
    t.string('severity', 10).nullable();
    t.string('client_stage', 40).nullable();
    t.integer('department_id').unsigned().nullable();
    // null: that of the department
    t.integer('calendar_id').unsigned().nullable();
    // null: no such clock
    t.bigInteger('acknowledge_ms').nullable();
    t.bigInteger('first_answer_ms').nullable();
    t.bigInteger('next_answer_ms').nullable();
    t.bigInteger('resolve_ms').nullable();
    // share of the time, after which the owner is warned
    t.integer('warn_percent').notNullable();
    // after the breach
    t.bigInteger('chief_after_ms').notNullable();
    t.bigInteger('director_after_ms').notNullable();
  });
  const minute = 60_000;
  const hour = 60 * minute;
  const times = (acknowledge: number, first: number, next: number, resolve: number, chief: number, director: number) => ({
    acknowledge_ms: acknowledge,
    first_answer_ms: first,
    next_answer_ms: next,
    resolve_ms: resolve,
    warn_percent: 75,
    chief_after_ms: chief,
    director_after_ms: director,
  });
  await db('complaint_policies').insert([
    { name: '', severity: null, ...times(hour, 4 * hour, 8 * hour, 24 * hour, 0, 8 * hour) },
    { name: '', severity: 'critical', ...times(15 * minute, hour, 2 * hour, 8 * hour, 0, hour) },
  ]);
}

export const down = (db: Knex): Promise<void> => db.schema.dropTableIfExists('complaint_policies');
