import type { Knex } from 'knex';
import type { AgentStateName } from './contract.ts';

/** Somebody on shift, and what they are at. */
export interface OnShift {
  userId: number;
  pbx: string;
  extension: string;
  state: AgentStateName;
  /** Of a break: its code, what an administrator calls it, its limit (0: none). */
  reason: string | null;
  label: string | null;
  limitMinutes: number;
  since: number;
  /** "PBX:NAME", as they were joined. */
  queues: string[];
}

interface Row {
  user_id: number;
  pbx: string;
  extension: string;
  since: number;
  state: AgentStateName | null;
  reason: string | null;
  started_at: number | null;
  label: string | null;
  limit_minutes: number | null;
}

export const listOnShift = async (db: Knex): Promise<OnShift[]> => {
  const rows = await db('shifts')
    .leftJoin('agent_states', (on) => on.on('agent_states.user_id', 'shifts.user_id').andOnNull('agent_states.ended_at'))
    .leftJoin('break_reasons', 'break_reasons.code', 'agent_states.reason')
    .orderBy(['shifts.user_id', 'agent_states.id'])
    .select<Row[]>(
      'shifts.user_id',
      'shifts.pbx',
      'shifts.extension',
      'shifts.since',
      'agent_states.state',
      'agent_states.reason',
      'agent_states.started_at',
      'break_reasons.label',
      'break_reasons.limit_minutes',
    );
  const joined: { pbx: string; queue: string; user_id: number }[] = await db('shift_queues').where('state', 'joined').orderBy('queue');
  const queues = new Map<number, string[]>();
  for (const { pbx, queue, user_id } of joined) queues.set(user_id, [...(queues.get(user_id) ?? []), `${pbx}:${queue}`]);
  return rows.map((row) => ({
    userId: row.user_id,
    pbx: row.pbx,
    extension: row.extension,
    state: row.state ?? 'available',
    reason: row.reason,
    label: row.label,
    limitMinutes: row.limit_minutes ?? 0,
    since: row.started_at ?? row.since,
    queues: queues.get(row.user_id) ?? [],
  }));
};
