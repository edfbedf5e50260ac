import type { Knex } from 'knex';

export interface LevelAsk {
  readonly pbx: string;
  readonly queue: string;
  /** Visits that began from then on; epoch ms. */
  readonly since: number;
  readonly now: number;
  /** T, and what counts as a short abandon; ms. */
  readonly targetMs: number;
  readonly shortMs: number;
}

/**
 * The service level of the people who call a queue (metrics.md): answered within T, of all that were answered, or gave up later than at once, or wait for
 * longer than T already. Calls of campaigns are none of theirs. @returns counts: `quick` of `of`
 */
export const callersLevel = async (
  db: Knex,
  { pbx, queue, since, now, targetMs, shortMs }: LevelAsk,
): Promise<{ quick: number; of: number }> => {
  const wait = 's.ended_at - s.started_at';
  const row = (await db('call_segments as s')
    .join('calls as c', 'c.id', 's.call_id')
    .where({ 's.kind': 'queue', 's.queue': queue, 'c.pbx': pbx, 'c.direction': 'in' })
    .where('s.started_at', '>=', since)
    .first(
      db.raw(`SUM(CASE WHEN s.end_reason = 'answered' AND ${wait} <= ? THEN 1 ELSE 0 END) AS quick`, [targetMs]),
      db.raw(
        `SUM(CASE WHEN s.end_reason = 'answered' OR (s.end_reason = 'abandoned' AND ${wait} > ?) OR (s.ended_at IS NULL AND s.started_at < ?) THEN 1 ELSE 0 END) AS total`,
        [shortMs, now - targetMs],
      ),
    )) as { quick: number | string | null; total: number | string | null };
  return { quick: Number(row.quick ?? 0), of: Number(row.total ?? 0) };
};
