import type { Knex } from 'knex';
import type { Deps } from '../deps.ts';
import type { StoredTask } from './queries.ts';

/** What was promised to a client is late sooner than what was planned. */
const LATE_MS = { task: 3_600_000, 'call-back': 15 * 60_000 } as const;

const aboutOf = ({ id }: StoredTask) => ({ kind: 'task' as const, ref: id });
const paramsOf = ({ text, phone }: StoredTask) => ({ text, phone });

/** Its owner is told when it is due, and once more when it is late; of one that is done nobody is. In the transaction that changes it. */
export const remindOf = async (deps: Pick<Deps, 'remind'>, trx: Knex, task: StoredTask): Promise<void> => {
  const { id, kind, dueAt, ownerId: userId, doneAt } = task;
  const call = kind === 'call-back';
  const params = paramsOf(task);
  const due = { userId, kind: call ? 'call-back-due' : 'task-due', effect: `task:${id}:due:${dueAt}`, at: dueAt, params } as const;
  const late = { userId, kind: call ? 'call-back-missed' : 'task-overdue', effect: `task:${id}:late:${dueAt}`, at: dueAt + LATE_MS[kind], params } as const; // prettier-ignore
  await deps.remind(trx, aboutOf(task), doneAt === null ? [due, late] : []);
};

/** Somebody has given it to its owner. @returns shows it, once that has committed */
export const tellOwner = async (deps: Pick<Deps, 'notify'>, trx: Knex, by: number, task: StoredTask): Promise<() => void> => {
  if (task.ownerId === by) return () => {};
  const effect = `task:${task.id}:assigned:${task.version}`;
  return deps.notify(trx, [task.ownerId], { kind: 'task-assigned', effect, about: aboutOf(task), params: paramsOf(task) });
};
