import type { Knex } from 'knex';
import type { Deps } from '../deps.ts';
import type { Actor } from '../core/authorize.ts';
import { inTransaction } from '../core/db.ts';
import { AppError } from '../core/errors.ts';
import type { Task } from './contract.ts';
import { insertMove } from './move-rows.ts';
import { addEvent, addItems, addWatchers, watchersOf } from './parts.ts';
import { abilities, taskPolicy } from './policy.ts';
import { remindOf, tellOfChange, tellOwner } from './reminding.ts';
import { findTask, insertTask, openTasksOfCall, taskOfCall, updateTask } from './queries.ts';
import type { NewTask, StoredTask, TaskChange } from './queries.ts';

type Written = Pick<Deps, 'addTimeline' | 'moveTimeline' | 'audit' | 'now' | 'notify' | 'remind'>;

export const invalid = (path: string, code: string) => new AppError('invalid', `${path}: ${code}`, { issues: [{ path, code }] });

/** With the names behind the ids; who the actor may not see has none. */
export const present = async (deps: Deps, actor: Actor, tasks: readonly StoredTask[]): Promise<Task[]> => {
  const users = await deps.directory.briefs([...new Set(tasks.flatMap((task) => [task.ownerId, task.authorId]))]);
  const clients = await deps.readableClients(actor, [...new Set(tasks.flatMap((task) => task.clientId ?? []))]);
  return tasks.map((stored) => {
    const { ownerId, authorId, clientId, phone, occurrenceAt: _, ...task } = stored;
    const client = clients.get(clientId ?? 0) ?? null;
    const owner = users.get(ownerId) ?? null;
    const author = users.get(authorId) ?? null;
    return { ...task, owner, author, client, phone: phone || (client?.phone ?? null), can: abilities(actor, stored) };
  });
};

/** The task in its client's history and its owner's reminders, as it now is. */
export const fileOnTimeline = async (deps: Written, trx: Knex, task: StoredTask): Promise<void> => {
  await remindOf(deps, trx, task);
  await deps.moveTimeline(trx, 'task', String(task.id), task.clientId);
  if (task.clientId === null) return;
  const { kind, text, dueAt, doneAt, doneNote } = task;
  const data = { kind, text, dueAt, doneAt, note: doneNote };
  await deps.addTimeline(trx, {
    clientId: task.clientId,
    at: task.createdAt,
    kind: 'task',
    ref: String(task.id),
    userId: task.ownerId,
    data,
  });
};

/** After the write has committed. */
export const tellOf = (deps: Deps, task: StoredTask, before: StoredTask | null = null): void => {
  const owners = new Set([task.ownerId, task.authorId, ...(before ? [before.ownerId] : [])]);
  deps.pushDue([...owners], { topic: 'tasks', id: task.id });
  deps.bus.emit('task.changed', { id: task.id });
  for (const id of new Set([task.clientId, before?.clientId ?? null]))
    if (id !== null) deps.bus.emit('client.changed', { id, history: true });
};

/** Whoever may not read a card may plan nothing about it either: its name would be shown with the task. */
export const checkClient = async (deps: Deps, actor: Actor, clientId: number): Promise<void> => {
  if (!(await deps.mayReadClient(actor, clientId)) && !(await deps.callGrants(actor, clientId)))
    throw invalid('body.clientId', 'unknown_client');
};

export const checkOwner = async (deps: Deps, actor: Actor, ownerId: number): Promise<void> => {
  if (!taskPolicy.assign(actor, ownerId)) throw new AppError('forbidden', `${actor.role}: a task for somebody else`);
  if (!(await deps.directory.actorOf(ownerId))) throw invalid('body.ownerId', 'unknown_user');
};

export interface Parts {
  readonly watchers: readonly number[];
  readonly items: readonly string[];
}

export const create = async (deps: Written, trx: Knex, task: NewTask, parts: Parts = { watchers: [], items: [] }): Promise<StoredTask> => {
  const id = await insertTask(trx, task);
  const stored = (await findTask(trx, id))!;
  await addWatchers(trx, id, parts.watchers);
  await addItems(trx, id, parts.items);
  await addEvent(trx, id, { by: task.authorId, kind: 'created', at: task.createdAt, data: { owner: task.ownerId, due: task.dueAt } });
  await fileOnTimeline(deps, trx, stored);
  await deps.audit(trx, { actorId: task.authorId, what: 'task.created', table: 'tasks', rowId: id });
  return stored;
};

export const createTask = async (deps: Deps, task: NewTask, parts: Parts): Promise<StoredTask> => {
  const { stored, tell } = await inTransaction(deps.db, async (trx) => {
    const stored = await create(deps, trx, task, parts);
    return { stored, tell: await tellOwner(deps, trx, task.authorId, stored) };
  });
  tell();
  tellOf(deps, stored);
  deps.push(parts.watchers, { topic: 'tasks', id: stored.id });
  return stored;
};

const same = (a: unknown, b: unknown): boolean => a === b || (typeof a === 'object' && JSON.stringify(a) === JSON.stringify(b));

/** In a transaction. What of it is new is written; nothing new leaves no trace. `event`: what its history calls that, when it is no edit. */
export const change = async (
  deps: Written,
  trx: Knex,
  by: number,
  before: StoredTask,
  wanted: TaskChange,
  what: string,
  event?: { kind: string; data?: object },
): Promise<StoredTask> => {
  const held = Object.entries(wanted).filter(([name, value]) => value !== undefined && !same(value, before[name as keyof TaskChange]));
  if (held.length === 0) return before;
  const edited = () => Object.fromEntries(held.map(([name, value]) => [name, [before[name as keyof TaskChange], value]]));
  await addEvent(trx, before.id, { by, kind: event?.kind ?? 'edited', at: deps.now(), data: event ? event.data : edited() });
  await updateTask(trx, before.id, before.version, Object.fromEntries(held));
  const after = (await findTask(trx, before.id))!;
  await fileOnTimeline(deps, trx, after);
  const had = Object.fromEntries(held.map(([name]) => [name, before[name as keyof TaskChange]]));
  await deps.audit(trx, { actorId: by, what, table: 'tasks', rowId: before.id, details: { before: had } });
  return after;
};

/** Who watches it hears of it as its owner does. */
export const tellWatchers = async (deps: Deps, id: number): Promise<void> =>
  deps.push(await watchersOf(deps.db, id), { topic: 'tasks', id });

export const changeTask = async (
  deps: Deps,
  actor: Pick<Actor, 'id'>,
  before: StoredTask,
  wanted: TaskChange,
  what: string,
  event?: { kind: string; data?: object },
): Promise<StoredTask> => {
  const { after, tell } = await inTransaction(deps.db, async (trx) => {
    const after = await change(deps, trx, actor.id, before, wanted, what, event);
    return { after, tell: await tellOfChange(deps, trx, actor.id, before, after) };
  });
  tell();
  if (after === before) return after;
  tellOf(deps, after, before);
  await tellWatchers(deps, after.id);
  return after;
};

/** What the other features are handed: a call's outcome that promises to call back, in the transaction of the outcome. */
export const tasksOfCalls = (deps: Written): Pick<Deps, 'promiseCallBack' | 'moveCallBacks'> => ({
  async promiseCallBack(trx, { callRef, actorId, clientId, phone, dueAt, text, at }) {
    const had = await taskOfCall(trx, callRef, actorId);
    const task = { kind: 'call-back', text, dueAt, clientId } as const;
    if (!had) {
      const made = await create(deps, trx, { ...task, ownerId: actorId, authorId: actorId, phone, callRef, createdAt: at });
      return made.id;
    }
    const again = had.doneAt !== null && (had.dueAt !== dueAt || had.text !== text) ? { doneAt: null, doneNote: '', cancelled: false } : {};
    // The operator says the same call's outcome once more: a correction in the report's eyes, so no postponement is counted; but it is written down.
    if (had.dueAt !== dueAt)
      await insertMove(trx, { task: had, userId: actorId, to: dueAt, reason: 'outcome', note: '', state: 'made', at });
    await change(deps, trx, actorId, had, { ...task, ...again }, 'task.edited');
    return had.id;
  },
  async moveCallBacks(trx, callRef, clientId, actorId) {
    for (const task of await openTasksOfCall(trx, callRef)) await change(deps, trx, actorId, task, { clientId }, 'task.edited');
  },
});

type Plan = { ownerId: number; authorId: number; clientId: number | null; phone: string; dueAt: number; text: string; at: number };

/** What another feature has somebody do; in its transaction. `tell`: once that has committed. */
export const planTask = async (
  deps: Deps,
  trx: Knex,
  { at, ...plan }: Plan & { kind: Task['kind'] },
): Promise<{ id: number; tell: () => void }> => {
  const task = await create(deps, trx, { ...plan, callRef: null, createdAt: at });
  const told = await tellOwner(deps, trx, plan.authorId, task);
  return {
    id: task.id,
    tell() {
      told();
      tellOf(deps, task);
    },
  };
};

/** @returns tells of it, once the transaction has committed */
export const planCallBack = async (deps: Deps, trx: Knex, plan: Plan): Promise<() => void> =>
  (await planTask(deps, trx, { ...plan, kind: 'call-back' })).tell;
