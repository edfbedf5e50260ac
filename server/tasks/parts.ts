import type { Knex } from 'knex';
import { fromRow } from './queries.ts';
import type { StoredTask, TaskRow } from './queries.ts';

/** What belongs to a task and to nothing else: watchers, checklist, comments, parts, history. */

export interface EventRow {
  readonly id: number;
  readonly user_id: number | null;
  readonly kind: string;
  readonly data: string;
  readonly at: number;
}
export interface ItemRow {
  readonly id: number;
  readonly task_id: number;
  readonly text: string;
  readonly done_at: number | null;
  readonly done_by: number | null;
}
export interface CommentRow {
  readonly id: number;
  readonly user_id: number;
  readonly text: string;
  readonly mentions: string;
  readonly at: number;
}

/** The last of what happened to it, as many as one reads. */
const MOST = 200;

export const addEvent = async (trx: Knex, taskId: number, event: { by: number | null; kind: string; at: number; data?: object }): Promise<void> => {
  await trx('task_events').insert({ task_id: taskId, user_id: event.by, kind: event.kind, data: JSON.stringify(event.data ?? {}), at: event.at });
}; // prettier-ignore

export const eventsOf = async (db: Knex, taskId: number): Promise<EventRow[]> =>
  (await db('task_events').where({ task_id: taskId }).orderBy('id', 'desc').limit(MOST)) as EventRow[];

export const watchersOf = async (db: Knex, taskId: number): Promise<number[]> =>
  (await db('task_watchers').where({ task_id: taskId }).orderBy('user_id').pluck('user_id')) as number[];

export const watches = async (db: Knex, taskId: number, userIds: readonly number[]): Promise<boolean> =>
  (await db('task_watchers').where({ task_id: taskId }).whereIn('user_id', [...userIds]).first('task_id')) !== undefined; // prettier-ignore

export const addWatchers = async (trx: Knex, taskId: number, userIds: readonly number[]): Promise<void> => {
  if (userIds.length === 0) return;
  const rows = [...new Set(userIds)].map((user_id) => ({ task_id: taskId, user_id }));
  await trx('task_watchers').insert(rows).onConflict(['user_id', 'task_id']).ignore();
};

export const setWatchers = async (trx: Knex, taskId: number, userIds: readonly number[]): Promise<void> => {
  await trx('task_watchers').where({ task_id: taskId }).delete();
  await addWatchers(trx, taskId, userIds);
};

export const itemsOf = async (db: Knex, taskId: number): Promise<ItemRow[]> =>
  (await db('task_items').where({ task_id: taskId }).orderBy('id')) as ItemRow[];

export const addItems = async (trx: Knex, taskId: number, texts: readonly string[]): Promise<void> => {
  if (texts.length > 0) await trx('task_items').insert(texts.map((text) => ({ task_id: taskId, text, done_at: null, done_by: null })));
};

export const commentsOf = async (db: Knex, taskId: number): Promise<CommentRow[]> =>
  ((await db('task_comments').where({ task_id: taskId }).orderBy('id', 'desc').limit(MOST)) as CommentRow[]).reverse();

export const subtasksOf = async (db: Knex, taskId: number): Promise<StoredTask[]> =>
  ((await db('tasks').where({ parent_id: taskId }).orderBy(['due_at', 'id']).limit(MOST)) as TaskRow[]).map(fromRow);

/** Parts of it that are still to be done. */
export const openPartsOf = async (db: Knex, taskId: number): Promise<number> => {
  const count = async (query: Knex.QueryBuilder) => Number(((await query.count({ n: '*' })) as [{ n: number }])[0].n);
  const subtasks = await count(db('tasks').where({ parent_id: taskId }).whereNull('done_at'));
  return subtasks + (await count(db('task_items').where({ task_id: taskId }).whereNull('done_at')));
};
