import type { Knex } from 'knex';
import type { CallBackStory } from './contract.ts';
import type { AttemptRow, CallBackRow } from './rows.ts';

type Briefs = (ids: readonly number[]) => Promise<ReadonlyMap<number, { name: string }>>;

/** What became of the wish to be called back that was told in this call, or that this call answers; null: there was none. */
export const callBackStory = async (
  db: Knex,
  briefs: Briefs,
  { pbx, linkedid }: { pbx: string; linkedid: string },
): Promise<CallBackStory | null> => {
  const attempt = (await db<AttemptRow>('callback_attempts').where({ channel_id: linkedid, pbx }).first('callback_id')) as
    Pick<AttemptRow, 'callback_id'> | undefined;
  const row = (await db<CallBackRow>('callbacks')
    .where(attempt ? { id: attempt.callback_id } : { pbx, linkedid })
    .first()) as CallBackRow | undefined;
  if (!row) return null;
  const attempts = (await db<AttemptRow>('callback_attempts').where({ callback_id: row.id }).orderBy('n')) as AttemptRow[];
  const people = row.closed_by === null ? null : await briefs([row.closed_by]);
  return {
    state: row.state,
    how: row.closed_how as CallBackStory['how'],
    by: row.closed_by === null ? null : (people?.get(row.closed_by)?.name ?? null),
    at: row.closed_at,
    attempts: attempts.map(({ placed_at, result }) => ({ at: placed_at, result: result as CallBackStory['attempts'][number]['result'] })),
  };
};
