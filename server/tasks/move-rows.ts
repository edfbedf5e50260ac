import type { Knex } from 'knex';
import type { TaskMove } from './contract.ts';
import type { StoredTask } from './queries.ts';

export interface MoveRow {
  readonly id: number;
  readonly task_id: number;
  readonly owner_id: number;
  readonly user_id: number;
  readonly from_at: number;
  readonly to_at: number;
  readonly reason: TaskMove['reason'];
  readonly note: string;
  readonly state: TaskMove['state'];
  readonly at: number;
  readonly decided_by: number | null;
  readonly decided_at: number | null;
  readonly decided_note: string;
}

const MOST = 200;

type NewMove = {
  task: StoredTask;
  userId: number;
  to: number;
  reason: MoveRow['reason'];
  note: string;
  state: 'made' | 'asked';
  at: number;
};

export const insertMove = async (trx: Knex, { task, userId, to, reason, note, state, at }: NewMove): Promise<number> => {
  const [id] = (await trx('task_moves').insert({ task_id: task.id, owner_id: task.ownerId, user_id: userId, from_at: task.dueAt, to_at: to, reason, note, state, at, decided_by: null, decided_at: null, decided_note: '' })) as [number]; // prettier-ignore
  return id;
};

export const findMove = async (db: Knex, id: number): Promise<MoveRow | null> =>
  ((await db('task_moves').where({ id }).first()) as MoveRow | undefined) ?? null;

export const movesOf = async (db: Knex, taskId: number): Promise<MoveRow[]> =>
  (await db('task_moves').where({ task_id: taskId }).orderBy('id', 'desc').limit(MOST)) as MoveRow[];

export const askedOf = async (db: Knex, taskId: number): Promise<MoveRow | null> =>
  ((await db('task_moves').where({ task_id: taskId, state: 'asked' }).first()) as MoveRow | undefined) ?? null;

/** Those that wait, the oldest first. */
export const movesAsked = async (db: Knex): Promise<MoveRow[]> =>
  (await db('task_moves').where({ state: 'asked' }).orderBy('id').limit(MOST)) as MoveRow[];

/** @returns false: somebody has decided meanwhile */
export const decideMove = async (
  trx: Knex,
  id: number,
  { state, by, at, note }: { state: 'granted' | 'refused' | 'dropped'; by: number; at: number; note: string },
): Promise<boolean> =>
  (await trx('task_moves').where({ id, state: 'asked' }).update({ state, decided_by: by, decided_at: at, decided_note: note })) === 1;
