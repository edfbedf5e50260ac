import type { Knex } from 'knex';

/** What an operator was in for a while, as reports are made of. */
export interface LoggedState {
  userId: number;
  state: string;
  reason: string | null;
  from: number;
  /** Now for the one that goes on. */
  to: number;
  /** "PBX:LINKEDID": the call that a wrap-up follows. */
  call: string | null;
}

interface StateRow {
  user_id: number;
  state: string;
  reason: string | null;
  started_at: number;
  ended_at: number | null;
  call_ref: string | null;
}

/** The states at any time of [from, until), ms; being offline is left out. */
export const statesBetween = async (db: Knex, from: number, until: number, now: number): Promise<LoggedState[]> => {
  const rows = await db('agent_states')
    .where('started_at', '<', until)
    .where((open) => open.where('ended_at', '>', from).orWhereNull('ended_at'))
    .whereNot('state', 'offline')
    .orderBy(['user_id', 'started_at', 'id'])
    .select<StateRow[]>('user_id', 'state', 'reason', 'started_at', 'ended_at', 'call_ref');
  return rows.map((row) => ({
    userId: row.user_id,
    state: row.state,
    reason: row.reason,
    from: row.started_at,
    to: row.ended_at ?? now,
    call: row.call_ref,
  }));
};

/** What of a shift calls take: from the first ring to the end of what is written down after it. */
const IN_CALLS = ['dialling', 'ringing', 'talking', 'hold', 'wrap-up'];

/** ms that each of these people spent so in [from, to); what still goes on is left out. */
export const callTime = async (db: Knex, userIds: readonly number[], from: number, to: number): Promise<Map<number, number>> => {
  const rows = (await db('agent_states')
    .whereIn('user_id', [...userIds])
    .where('ended_at', '>', from)
    .where('started_at', '<', to)
    .whereIn('state', IN_CALLS)
    .groupBy('user_id')
    .select('user_id')
    .select(db.raw('SUM(CASE WHEN ended_at < ? THEN ended_at ELSE ? END - CASE WHEN started_at > ? THEN started_at ELSE ? END) AS ms', [to, to, from, from]))) as { user_id: number; ms: number }[]; // prettier-ignore
  return new Map(rows.map(({ user_id, ms }) => [user_id, Number(ms)]));
};
