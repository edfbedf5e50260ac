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

type Told =
  'task-assigned' | 'task-mentioned' | 'task-returned' | 'task-to-accept' | 'task-move-asked' | 'task-move-granted' | 'task-move-refused';

/** `effect`: what happened to the task, by a key of its own. @returns shows it, once that has committed */
export const tellOfTask = (
  deps: Pick<Deps, 'notify'>,
  trx: Knex,
  task: StoredTask,
  userIds: readonly number[],
  { kind, effect }: { kind: Told; effect: string },
): Promise<() => void> =>
  deps.notify(trx, userIds, { kind, effect: `task:${task.id}:${effect}`, about: aboutOf(task), params: paramsOf(task) });

/** Somebody has given it to its owner. @returns shows it, once that has committed */
export const tellOwner = async (deps: Pick<Deps, 'notify'>, trx: Knex, by: number, task: StoredTask): Promise<() => void> =>
  task.ownerId === by
    ? () => {}
    : tellOfTask(deps, trx, task, [task.ownerId], { kind: 'task-assigned', effect: `assigned:${task.version}` });

/** Whom a change of it concerns. @returns shows it, once that has committed */
export const tellOfChange = async (
  deps: Pick<Deps, 'notify'>,
  trx: Knex,
  by: number,
  before: StoredTask,
  after: StoredTask,
): Promise<() => void> => {
  if (after.ownerId !== before.ownerId) return tellOwner(deps, trx, by, after);
  if (after.returns > before.returns)
    return tellOfTask(deps, trx, after, [after.ownerId], { kind: 'task-returned', effect: `returned:${after.returns}` });
  const asked = after.accept && !after.cancelled && after.acceptedAt === null && after.authorId !== by;
  if (after.doneAt !== null && before.doneAt === null && asked)
    return tellOfTask(deps, trx, after, [after.authorId], { kind: 'task-to-accept', effect: `done:${after.version}` });
  return () => {};
};
