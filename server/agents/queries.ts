import type { Knex } from 'knex';
import type { Doing } from './activity.ts';
import type { PauseReason } from './contract.ts';
import { closeSpans, openSpan } from './spans.ts';
import { stateOf } from './state.ts';
import type { AgentNow } from './state.ts';

const NOTHING: Doing = { activity: null, call: null };

export interface ShiftRow {
  user_id: number;
  pbx: string;
  extension: string;
  mode: 'softphone' | 'desk';
  since: number;
}

/** joining: the PBX has to be told; joined: it was; leaving: it has to be told to let the phone go, then the row goes too. */
export interface QueueRow {
  pbx: string;
  queue: string;
  extension: string;
  user_id: number;
  state: 'joining' | 'joined' | 'leaving';
  penalty: number;
}

export type QueueKey = Pick<QueueRow, 'pbx' | 'queue' | 'extension'>;
export const keyOf = ({ pbx, queue, extension }: QueueKey): QueueKey => ({ pbx, queue, extension });

export const shiftOf = (db: Knex, userId: number) => db<ShiftRow>('shifts').where('user_id', userId).first();

export const queuesOf = (db: Knex, userId: number): Promise<QueueRow[]> =>
  db<QueueRow>('shift_queues').where('user_id', userId).orderBy('queue');

/** Where the operator is to be a member, as an administrator set it, and a supervisor for this shift. */
const wanted = async (db: Knex, userId: number, pbx: string): Promise<{ queue: string; penalty: number }[]> => {
  const set: { queue: string; penalty: number }[] = await db('queue_members').where({ user_id: userId, pbx }).select('queue', 'penalty');
  const extras: { queue: string; serves: boolean | number }[] = await db('shift_queue_extras').where({ user_id: userId, pbx });
  const without = new Set(extras.filter(({ serves }) => !serves).map(({ queue }) => queue));
  const more = extras.filter(({ queue, serves }) => serves && !set.some((one) => one.queue === queue));
  return [...set.filter(({ queue }) => !without.has(queue)), ...more.map(({ queue }) => ({ queue, penalty: 0 }))];
};

/** Brings the rows to what is wanted; the commands follow the rows. */
export const planQueues = async (trx: Knex, shift: ShiftRow): Promise<void> => {
  const want = await wanted(trx, shift.user_id, shift.pbx);
  const have = await queuesOf(trx, shift.user_id);
  const stays = (row: QueueRow) => row.pbx === shift.pbx && row.extension === shift.extension && want.some((w) => w.queue === row.queue);
  for (const row of have.filter((r) => !stays(r) && r.state !== 'leaving'))
    await trx<QueueRow>('shift_queues').where(keyOf(row)).update({ state: 'leaving' });
  for (const { queue, penalty } of want) {
    const key = { pbx: shift.pbx, queue, extension: shift.extension };
    const row = have.find((r) => r.queue === queue && stays(r));
    if (row?.state === 'joined' && row.penalty === penalty) continue;
    await trx<QueueRow>('shift_queues')
      .insert({ ...key, user_id: shift.user_id, state: 'joining', penalty })
      .onConflict(['pbx', 'queue', 'extension'])
      .merge(['user_id', 'state', 'penalty']);
  }
};

interface OpenState {
  id: number;
  user_id: number;
  state: AgentNow['state'];
  reason: string | null;
  call_ref: string | null;
  started_at: number;
  ended_at: number | null;
}

/**
 * The open state is closed and the next begins in the same moment: one row after the other, without a gap. The same state again changes nothing.
 * @returns whether it was another
 */
export const enterState = async (trx: Knex, userId: number, now: AgentNow, at: number): Promise<boolean> => {
  const mine = () => trx<OpenState>('agent_states').where('user_id', userId).whereNull('ended_at');
  const open = await mine().orderBy('id', 'desc').forUpdate().first();
  if (open && open.state === now.state && open.reason === now.reason && (open.call_ref === now.call || now.call === null)) return false;
  const from = Math.max(at, open?.started_at ?? at);
  await mine().update({ ended_at: from });
  const row = { user_id: userId, state: now.state, reason: now.reason, call_ref: now.call, started_at: from, ended_at: null };
  await trx('agent_states').insert(row);
  return true;
};

/** What they are at now. */
export const openState = (db: Knex, userId: number): Promise<OpenState | undefined> =>
  db<OpenState>('agent_states').where('user_id', userId).whereNull('ended_at').orderBy('id', 'desc').first();

/** What keeps the queues' calls from them now. */
export const heldPauses = (db: Knex, userId: number): Promise<{ reason: PauseReason; detail: string | null; since: number }[]> =>
  db('agent_pauses').where('user_id', userId).whereNot('state', 'lifting').orderBy(['since', 'reason']).select('reason', 'detail', 'since');

export const beginShift = async (trx: Knex, shift: ShiftRow): Promise<void> => {
  await trx<ShiftRow>('shifts').insert(shift);
  await openSpan(trx, { ...shift, queue: '' }, shift.since);
  await enterState(
    trx,
    shift.user_id,
    stateOf({ onShift: true, doing: NOTHING, pauses: await heldPauses(trx, shift.user_id) }),
    shift.since,
  );
  await planQueues(trx, shift);
};

export const endShift = async (trx: Knex, userId: number, now: number): Promise<void> => {
  await trx('shifts').where('user_id', userId).delete();
  await trx('shift_queues').where('user_id', userId).update({ state: 'leaving' });
  await trx('shift_queue_extras').where('user_id', userId).delete();
  await closeSpans(trx, { user_id: userId }, now);
  await enterState(trx, userId, stateOf({ onShift: false, doing: NOTHING, pauses: [] }), now);
};

export const unsettled = (db: Knex, where: Partial<QueueRow> = {}): Promise<QueueRow[]> =>
  db<QueueRow>('shift_queues').where(where).whereIn('state', ['joining', 'leaving']).orderBy(['pbx', 'queue', 'extension']);

/** Who on shift is in a queue, or on the way into it. */
export const shiftQueues = (db: Knex, pbx: string, queue: string): Promise<{ userId: number; state: 'joined' | 'joining' }[]> =>
  db('shift_queues').where({ pbx, queue }).whereNot('state', 'leaving').select({ userId: 'user_id', state: 'state' });

export const memberConfigured = async (db: Knex, pbx: string, queue: string, userId: number): Promise<boolean> =>
  Boolean(await db('queue_members').where({ pbx, queue, user_id: userId }).first('user_id'));
