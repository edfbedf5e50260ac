import type { Knex } from 'knex';

export const config = { transaction: false };

/** From which status a complaint may come into which. */
export async function up(db: Knex): Promise<void> {
  if (await db.schema.hasTable('complaint_transitions')) return;
  await db.schema.createTable('complaint_transitions', (t) => {
    t.string('from_status', 20).notNullable();
    t.string('to_status', 20).notNullable();
    t.primary(['from_status', 'to_status']);
  });
  const work = ['in-work', 'waiting-client', 'waiting-department', 'resolved'];
  const ways: Record<string, string[]> = {
    new: ['acknowledged', ...work],
    acknowledged: work,
    'in-work': ['waiting-client', 'waiting-department', 'resolved'],
    'waiting-client': ['in-work', 'waiting-department', 'resolved'],
    'waiting-department': ['in-work'],
    resolved: ['closed', 'reopened'],
    closed: ['reopened'],
    reopened: work,
  };
  await db('complaint_transitions').insert(
    Object.entries(ways).flatMap(([from_status, to]) => to.map((to_status) => ({ from_status, to_status }))),
  );
}

export const down = (db: Knex): Promise<void> => db.schema.dropTableIfExists('complaint_transitions');
