import type { Knex } from 'knex';

export const config = { transaction: false };

/** Complaints a statement. */
const CHUNK = 20_000;

/** When the first of a complaint's clocks ran out, or will if nothing happens: whether it is late is then one comparison. */
export async function up(db: Knex): Promise<void> {
  if (!(await db.schema.hasColumn('complaints', 'late_at')))
    await db.schema.alterTable('complaints', (t) => {
      t.bigInteger('late_at').nullable();
    });
  const [{ most }] = (await db('complaints').max({ most: 'id' })) as [{ most: number | null }];
  // a clock that was met says nothing; one that is paused has no time at which it runs out
  const first =
    '(SELECT MIN(k.due_at) FROM complaint_clocks k WHERE k.complaint_id = complaints.id AND (k.met = 0 OR k.stopped_at IS NULL))';
  for (let from = 0; from < (most ?? 0); from += CHUNK)
    await db('complaints')
      .where('id', '>', from)
      .where('id', '<=', from + CHUNK)
      .update({ late_at: db.raw(first) });
}

export const down = (db: Knex): Promise<void> => db.schema.alterTable('complaints', (t) => t.dropColumn('late_at'));
