import type { Knex } from 'knex';
import { AppError } from '../core/errors.ts';
import { fold, wordsOf, wordsToFind } from '../core/words.ts';
import { TaskKind, TaskPriority } from './contract.ts';
import type { TaskAbout, TaskQuery } from './contract.ts';

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
  priority: number;
  estimate_min: number | null;
  parent_id: number | null;
  about_kind: string;
  about_ref: string;
  accept: number;
  accepted_at: number | null;
  returns: number;
  moves: number;
  first_due_at: number | null;
  cancelled: number;
  series_id: number | null;
  occurrence_at: number | null;
}

const PRIORITIES = TaskPriority.options;

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
  readonly priority: TaskPriority;
  readonly estimate: number | null;
  readonly parentId: number | null;
  readonly about: TaskAbout | null;
  readonly accept: boolean;
  readonly acceptedAt: number | null;
  readonly returns: number;
  readonly moves: number;
  readonly firstDueAt: number | null;
  readonly cancelled: boolean;
  readonly seriesId: number | null;
  readonly occurrenceAt: number | null;
}

const numberOf = (value: number | null): number | null => (value === null ? null : Number(value));

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
  priority: PRIORITIES[row.priority] ?? 'normal',
  estimate: row.estimate_min,
  parentId: row.parent_id,
  about: row.about_kind === '' ? null : { kind: row.about_kind as TaskAbout['kind'], ref: row.about_ref },
  accept: row.accept === 1,
  acceptedAt: numberOf(row.accepted_at),
  returns: row.returns,
  moves: row.moves,
  firstDueAt: numberOf(row.first_due_at),
  cancelled: row.cancelled === 1,
  seriesId: row.series_id,
  occurrenceAt: numberOf(row.occurrence_at),
});

type Basics = Pick<StoredTask, 'kind' | 'text' | 'dueAt' | 'ownerId' | 'authorId' | 'clientId' | 'phone' | 'callRef' | 'createdAt'>;
/** What few say of a task that they make. */
type Extras = Pick<StoredTask, 'priority' | 'estimate' | 'parentId' | 'about' | 'accept' | 'seriesId' | 'occurrenceAt'>;
export type NewTask = Basics & Partial<Extras>;

/** The words by which it is found, in the transaction that writes its text. */
const writeWords = async (db: Knex, taskId: number, text: string): Promise<void> => {
  await db('task_words').where({ task_id: taskId }).delete();
  const rows = wordsOf(text).map((word) => ({ word, task_id: taskId }));
  for (let i = 0; i < rows.length; i += 200) await db('task_words').insert(rows.slice(i, i + 200));
};

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
    ...(task.priority && { priority: PRIORITIES.indexOf(task.priority) }),
    estimate_min: task.estimate ?? null,
    parent_id: task.parentId ?? null,
    about_kind: task.about?.kind ?? '',
    about_ref: task.about?.ref ?? '',
    accept: task.accept ? 1 : 0,
    series_id: task.seriesId ?? null,
    occurrence_at: task.occurrenceAt ?? null,
  })) as [number];
  await writeWords(db, id, task.text);
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

export type TaskChange = Partial<Omit<StoredTask, 'id' | 'version' | 'authorId' | 'createdAt' | 'callRef' | 'phone' | 'parentId'>>;

const columns = (change: TaskChange): Partial<TaskRow> => ({
  ...(change.kind !== undefined && { kind: change.kind }),
  ...(change.text !== undefined && { text: change.text }),
  ...(change.dueAt !== undefined && { due_at: change.dueAt }),
  ...(change.ownerId !== undefined && { owner_id: change.ownerId }),
  ...(change.clientId !== undefined && { client_id: change.clientId }),
  ...(change.doneAt !== undefined && { done_at: change.doneAt }),
  ...(change.doneNote !== undefined && { done_note: change.doneNote }),
  ...(change.priority !== undefined && { priority: PRIORITIES.indexOf(change.priority) }),
  ...(change.estimate !== undefined && { estimate_min: change.estimate }),
  ...(change.about !== undefined && { about_kind: change.about?.kind ?? '', about_ref: change.about?.ref ?? '' }),
  ...(change.accept !== undefined && { accept: change.accept ? 1 : 0 }),
  ...(change.acceptedAt !== undefined && { accepted_at: change.acceptedAt }),
  ...(change.returns !== undefined && { returns: change.returns }),
  ...(change.moves !== undefined && { moves: change.moves }),
  ...(change.firstDueAt !== undefined && { first_due_at: change.firstDueAt }),
  ...(change.cancelled !== undefined && { cancelled: change.cancelled ? 1 : 0 }),
  ...(change.seriesId !== undefined && { series_id: change.seriesId }),
  ...(change.occurrenceAt !== undefined && { occurrence_at: change.occurrenceAt }),
});

/**
 * Writes over the version that was seen and no other.
 * @throws AppError conflict with the version that stands there now
 */
export const updateTask = async (db: Knex, id: number, seen: number, change: TaskChange): Promise<void> => {
  const changed = await db('tasks')
    .where({ id, version: seen })
    .update({ ...columns(change), version: seen + 1 });
  if (changed === 1) {
    if (change.text !== undefined) await writeWords(db, id, change.text);
    return;
  }
  const now = (await db('tasks').where({ id }).first('version')) as { version: number } | undefined;
  throw new AppError('conflict', 'the task was changed meanwhile', { version: now?.version ?? 0 });
};

const CURSOR = /^(\d{1,15})-(\d{1,15})$/;

/** Whose; null: of anybody. */
export interface TasksOf {
  readonly ownerIds?: readonly number[];
  readonly authorIds?: readonly number[];
  readonly watcherIds?: readonly number[];
  readonly clientId?: number;
}

/** What a figure of the report counts, beside the period of the due time. As report.ts counts them. */
export const whereFigure = (query: Knex.QueryBuilder, figure: NonNullable<TaskQuery['figure']>, now: number): void => {
  void query.where('tasks.cancelled', 0);
  if (figure === 'done') void query.whereNotNull('tasks.done_at');
  if (figure === 'onTime') void query.whereRaw('tasks.done_at <= tasks.due_at');
  if (figure === 'late') void query.whereRaw('tasks.done_at > tasks.due_at');
  if (figure === 'overdue') void query.whereNull('tasks.done_at').where('tasks.due_at', '<', now);
  if (figure === 'moved') void query.where('tasks.moves', '>', 0);
  if (figure === 'returned') void query.where('tasks.returns', '>', 0);
};

type Ask = Pick<TaskQuery, 'state' | 'from' | 'to' | 'after' | 'limit'> & Partial<Pick<TaskQuery, 'ownerId' | 'kind' | 'priority' | 'q' | 'figure' | 'scope'>>; // prettier-ignore

/** By due time, behind `after` ("DUE-ID"). */
export const listTasks = async (db: Knex, of: TasksOf, ask: Ask, now: number): Promise<{ tasks: StoredTask[]; next: string | null }> => {
  const cursor = ask.after === undefined ? null : CURSOR.exec(ask.after);
  if (ask.after !== undefined && !cursor) throw new AppError('invalid', 'not a cursor of tasks');
  const query = db('tasks');
  if (of.ownerIds) void query.whereIn('tasks.owner_id', [...of.ownerIds]);
  if (of.authorIds) void query.whereIn('tasks.author_id', [...of.authorIds]);
  if (ask.scope === 'given') void query.whereRaw('tasks.owner_id <> tasks.author_id');
  if (ask.scope === 'accept') void query.where({ 'tasks.accept': 1, 'tasks.cancelled': 0 }).whereNotNull('tasks.done_at').whereNull('tasks.accepted_at'); // prettier-ignore
  if (of.watcherIds)
    void query.whereIn(
      'tasks.id',
      db('task_watchers')
        .whereIn('user_id', [...of.watcherIds])
        .select('task_id'),
    );
  if (of.clientId !== undefined) void query.where('tasks.client_id', of.clientId);
  if (ask.ownerId !== undefined) void query.where('tasks.owner_id', ask.ownerId);
  if (ask.kind) void query.where('tasks.kind', ask.kind);
  if (ask.priority) void query.where('tasks.priority', PRIORITIES.indexOf(ask.priority));
  for (const word of wordsToFind(ask.q ?? ''))
    void query.whereIn('tasks.id', db('task_words').where('word', '>=', fold(word)).where('word', '<', `${fold(word)}\u{10FFFF}`).select('task_id')); // prettier-ignore
  if (ask.figure) whereFigure(query, ask.figure, now);
  if (ask.state === 'open' && ask.scope !== 'accept') void query.whereNull('tasks.done_at');
  if (ask.state === 'done') void query.whereNotNull('tasks.done_at');
  if (ask.from !== undefined) void query.where('tasks.due_at', '>=', ask.from);
  if (ask.to !== undefined) void query.where('tasks.due_at', '<', ask.to);
  if (cursor) {
    const [due, id] = [Number(cursor[1]), Number(cursor[2])];
    void query.where('tasks.due_at', '>=', due).where((either) => either.where('tasks.due_at', '>', due).orWhere('tasks.id', '>', id));
  }
  const rows = (await query.orderBy(['tasks.due_at', 'tasks.id']).limit(ask.limit + 1).select('tasks.*')) as TaskRow[]; // prettier-ignore
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
