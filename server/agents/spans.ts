import type { Knex } from 'knex';
import type { AgentStateName } from './contract.ts';
import type { OnShift } from './on-shift.ts';

/** Shifts and queues as they were: one row from when to when. */
interface Span {
  id: number;
  user_id: number;
  pbx: string;
  extension: string;
  /** '': the shift itself. */
  queue: string;
  started_at: number;
  ended_at: number | null;
}

type Place = Pick<Span, 'user_id' | 'pbx' | 'extension' | 'queue'>;

const openOnes = (db: Knex, where: Partial<Place>) => db<Span>('shift_spans').where(where).whereNull('ended_at');

/** Again it changes nothing. */
export const openSpan = async (db: Knex, { user_id, pbx, extension, queue }: Place, at: number): Promise<void> => {
  const place = { user_id, pbx, extension, queue };
  if (!(await openOnes(db, place).first('id'))) await db('shift_spans').insert({ ...place, started_at: at, ended_at: null });
};

export const closeSpans = async (db: Knex, where: Partial<Place> & Pick<Place, 'user_id'>, at: number): Promise<void> =>
  void (await openOnes(db, where).update({ ended_at: at }));

interface StateRow {
  user_id: number;
  state: AgentStateName;
  reason: string | null;
  started_at: number;
  label: string | null;
  limit_minutes: number | null;
}

const at = (query: Knex.QueryBuilder, table: string, moment: number) =>
  query
    .where(`${table}.started_at`, '<=', moment)
    .where((open) => open.where(`${table}.ended_at`, '>', moment).orWhereNull(`${table}.ended_at`));

/** No shift is longer: an open row that is older belongs to somebody who is on shift still. */
const LONGEST_MS = 36 * 3_600_000;

/** Who was on shift at a past moment, epoch ms, and what they were at. */
export const onShiftAt = async (db: Knex, moment: number): Promise<OnShift[]> => {
  const spans = (await at(db('shift_spans'), 'shift_spans', moment)
    .where((near) => near.where('started_at', '>', moment - LONGEST_MS).orWhereNull('ended_at'))
    .orderBy(['user_id', 'queue'])) as Span[];
  const states = (await at(db('agent_states'), 'agent_states', moment)
    .where((near) => near.where('agent_states.started_at', '>', moment - LONGEST_MS).orWhereNull('agent_states.ended_at'))
    .leftJoin('break_reasons', 'break_reasons.code', 'agent_states.reason')
    .orderBy('agent_states.id')
    .select('agent_states.user_id', 'agent_states.state', 'agent_states.reason', 'agent_states.started_at', 'break_reasons.label', 'break_reasons.limit_minutes')) as StateRow[]; // prettier-ignore
  const stateOf = new Map(states.map((row) => [row.user_id, row]));
  return spans
    .filter(({ queue }) => queue === '')
    .map((shift) => {
      const state = stateOf.get(shift.user_id);
      return {
        userId: shift.user_id,
        pbx: shift.pbx,
        extension: shift.extension,
        state: state?.state ?? 'available',
        reason: state?.reason ?? null,
        label: state?.label ?? null,
        limitMinutes: state?.limit_minutes ?? 0,
        since: state?.started_at ?? shift.started_at,
        queues: spans.filter((s) => s.user_id === shift.user_id && s.queue !== '').map((s) => `${s.pbx}:${s.queue}`),
      };
    });
};
