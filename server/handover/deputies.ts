import type { Knex } from 'knex';

/** Who stands in for whom and has not ended, now or later. */
export const listDeputising = async (
  db: Knex,
  at: number,
): Promise<{ userId: number; deputyId: number; startsAt: number; endsAt: number }[]> =>
  db('deputies')
    .where('ends_at', '>', at)
    .whereNull('ended_at')
    .select('user_id as userId', 'deputy_id as deputyId', 'starts_at as startsAt', 'ends_at as endsAt');
