import type { Knex } from 'knex';
import { AppError } from '../core/errors.ts';
import { TaskKind } from './contract.ts';
import type { TaskQuery } from './contract.ts';

export interface TaskRow {
  id: number;
  kind: string;
  text: string;
  due_at: number;
  owner_id: number;
  author_id: number;
  client_id: number | null;
  phone: string;
  call_ref: string | null;
  done_at: number | null;
  done_note: string;
  version: number;
  created_at: number;
}

/** As the table has it: whose names stand behind the ids, users and clients know. */
export interface StoredTask {
  readonly id: number;
  readonly kind: TaskKind;
  readonly text: string;
  readonly dueAt: number;
  readonly ownerId: number;
  readonly authorId: number;
  readonly clientId: number | null;
  readonly phone: string;
  readonly callRef: string | null;
  readonly doneAt: number | null;
  readonly doneNote: string;
  readonly version: number;
  readonly createdAt: number;
}

export const fromRow = (row: TaskRow): StoredTask => ({
  id: row.id,
  kind: TaskKind.parse(row.kind),
  text: row.text,
  dueAt: Number(row.due_at),
  ownerId: row.owner_id,
  authorId: row.author_id,
  clientId: row.client_id,
  phone: row.phone,
  callRef: row.call_ref,
  doneAt: row.done_at === null ? null : Number(row.done_at),
  doneNote: row.done_note,
  version: row.version,
  createdAt: Number(row.created_at),
});

export type NewTask = Omit<StoredTask, 'id' | 'doneAt' | 'doneNote' | 'version'>;

export const insertTask = async (db: Knex, task: NewTask): Promise<number> => {
  const [id] = (await db('tasks').insert({
    kind: task.kind,
    text: task.text,
    due_at: task.dueAt,
    owner_id: task.ownerId,
    author_id: task.authorId,
    client_id: task.clientId,
    phone: task.phone,
    call_ref: task.callRef,
    done_at: null,
    done_note: '',
    version: 1,
    created_at: task.createdAt,
  })) as [number];
  return id;
};

export const findTask = async (db: Knex, id: number): Promise<StoredTask | null> => {
  const row = (await db('tasks').where({ id }).first()) as TaskRow | undefined;
  return row ? fromRow(row) : null;
};

/** When each of these was done; null: not yet. */
export const tasksDone = async (db: Knex, ids: readonly number[]): Promise<Map<number, number | null>> =>
  new Map(
    (
      (await db('tasks')
        .whereIn('id', [...ids])
        .select('id', 'done_at')) as Pick<TaskRow, 'id' | 'done_at'>[]
    ).map((row) => [row.id, row.done_at]),
  );

/** What the outcome of this call promised, by whom. */
export const taskOfCall = async (db: Knex, callRef: string, ownerId: number): Promise<StoredTask | null> => {
  const row = (await db('tasks').where({ call_ref: callRef, owner_id: ownerId }).first()) as TaskRow | undefined;
  return row ? fromRow(row) : null;
};

export const openTasksOfCall = async (db: Knex, callRef: string): Promise<StoredTask[]> =>
  ((await db('tasks').where({ call_ref: callRef }).whereNull('done_at')) as TaskRow[]).map(fromRow);

export type TaskChange = Partial<Pick<StoredTask, 'kind' | 'text' | 'dueAt' | 'ownerId' | 'clientId' | 'doneAt' | 'doneNote'>>;

const columns = (change: TaskChange): Partial<TaskRow> => ({
  ...(change.kind !== undefined && { kind: change.kind }),
  ...(change.text !== undefined && { text: change.text }),
  ...(change.dueAt !== undefined && { due_at: change.dueAt }),
  ...(change.ownerId !== undefined && { owner_id: change.ownerId }),
  ...(change.clientId !== undefined && { client_id: change.clientId }),
  ...(change.doneAt !== undefined && { done_at: change.doneAt }),
  ...(change.doneNote !== undefined && { done_note: change.doneNote }),
});

/**
 * Writes over the version that was seen and no other.
 * @throws AppError conflict with the version that stands there now
 */
export const updateTask = async (db: Knex, id: number, seen: number, change: TaskChange): Promise<void> => {
  const changed = await db('tasks')
    .where({ id, version: seen })
    .update({ ...columns(change), version: seen + 1 });
  if (changed === 1) return;
  const now = (await db('tasks').where({ id }).first('version')) as { version: number } | undefined;
  throw new AppError('conflict', 'the task was changed meanwhile', { version: now?.version ?? 0 });
};

const CURSOR = /^(\d{1,15})-(\d{1,15})$/;

/** By due time, behind `after` ("DUE-ID"). `ownerIds`, `clientId` null: of anybody. */
export const listTasks = async (
  db: Knex,
  of: { ownerIds: readonly number[] | null; clientId: number | null },
  ask: Pick<TaskQuery, 'state' | 'from' | 'to' | 'after' | 'limit'>,
): Promise<{ tasks: StoredTask[]; next: string | null }> => {
  const cursor = ask.after === undefined ? null : CURSOR.exec(ask.after);
  if (ask.after !== undefined && !cursor) throw new AppError('invalid', 'not a cursor of tasks');
  const query = db('tasks');
  if (of.ownerIds !== null) void query.whereIn('owner_id', [...of.ownerIds]);
  if (of.clientId !== null) void query.where({ client_id: of.clientId });
  if (ask.state === 'open') void query.whereNull('done_at');
  if (ask.state === 'done') void query.whereNotNull('done_at');
  if (ask.from !== undefined) void query.where('due_at', '>=', ask.from);
  if (ask.to !== undefined) void query.where('due_at', '<', ask.to);
  if (cursor) {
    const [due, id] = [Number(cursor[1]), Number(cursor[2])];
    void query.where('due_at', '>=', due).where((either) => either.where('due_at', '>', due).orWhere('id', '>', id));
  }
  const rows = (await query.orderBy(['due_at', 'id']).limit(ask.limit + 1)) as TaskRow[];
  const tasks = rows.slice(0, ask.limit).map(fromRow);
  const last = tasks.at(-1);
  return { tasks, next: rows.length > ask.limit && last ? `${last.dueAt}-${last.id}` : null };
};

/** Of everybody, not done, the longest due first. from <= dueAt < to */
export const listDueCallBacks = async (
  db: Knex,
  { from, to, limit }: { from: number; to: number; limit: number },
): Promise<StoredTask[]> => {
  const rows = (await db('tasks')
    .whereNull('done_at')
    .where('kind', 'call-back')
    .where('due_at', '>=', from)
    .where('due_at', '<', to)
    .orderBy(['due_at', 'id'])
    .limit(limit)) as TaskRow[];
  return rows.map(fromRow);
};
