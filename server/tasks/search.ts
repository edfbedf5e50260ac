import type { Knex } from 'knex';
import { fromRow } from './queries.ts';
import type { StoredTask, TaskRow } from './queries.ts';

export interface TaskSearch {
  readonly fits: (task: Pick<StoredTask, 'text' | 'phone'>) => boolean;
  /** Their tasks are found whatever they say; whoever asks may read these clients. */
  readonly clientIds: readonly number[];
  /** What is done is left out. */
  readonly open: boolean;
  readonly limit: number;
}

/** What is read for a question: of one's own what is to be done and what was done last, and the latest of each client who was found. */
const READ = { open: 200, done: 50, about: 40 };

/** The tasks of these clients and one's own that fit: the open ones first, by due time, then the last that were done. */
export const searchTasks = async (db: Knex, ownerIds: readonly number[], ask: TaskSearch): Promise<StoredTask[]> => {
  const latest = { column: 'due_at', order: 'desc' };
  const mine = () => db<TaskRow>('tasks').whereIn('owner_id', [...ownerIds]);
  const about = ask.clientIds.length === 0 ? [] : await db<TaskRow>('tasks').whereIn('client_id', [...ask.clientIds]).orderBy([latest]).limit(READ.about); // prettier-ignore
  const open = await mine().whereNull('done_at').orderBy(['due_at', 'id']).limit(READ.open);
  const done = ask.open ? [] : await mine().whereNotNull('done_at').orderBy([latest]).limit(READ.done);
  const own = [...open, ...done].map(fromRow).filter(ask.fits);
  const all = new Map([...about.map(fromRow).filter((task) => !ask.open || task.doneAt === null), ...own].map((task) => [task.id, task]));
  const order = (task: StoredTask): [number, number] => (task.doneAt === null ? [0, task.dueAt] : [1, -task.dueAt]);
  return [...all.values()].sort((a, b) => order(a)[0] - order(b)[0] || order(a)[1] - order(b)[1] || a.id - b.id).slice(0, ask.limit);
};
