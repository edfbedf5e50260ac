import type { Deps } from '../deps.ts';
import { mine } from '../core/authorize.ts';
import type { Actor } from '../core/authorize.ts';
import { AppError } from '../core/errors.ts';
import { route } from '../core/http.ts';
import type { Route } from '../core/http.ts';
import { IdParam } from '../users/contract.ts';
import { DoneDraft, LineDraft, ParsedLine, TaskDraft, TaskEdit, TaskPage, TaskQuery, TaskReply } from './contract.ts';
import { parseLine } from './parse.ts';
import { taskPolicy } from './policy.ts';
import { findTask, listTasks } from './queries.ts';
import type { StoredTask } from './queries.ts';
import { changeTask, checkClient, checkOwner, createTask, present } from './service.ts';
import { whoIsMeant } from './whom.ts';

/** /api/tasks */
export const tasksRoutes = (deps: Deps): readonly Route[] => {
  const reply = async (actor: Actor, task: StoredTask) => ({ task: (await present(deps, actor, [task]))[0]! });

  const editable = async (actor: Actor, id: number): Promise<StoredTask> => {
    const task = await findTask(deps.db, id);
    if (!task) throw new AppError('not_found', 'no such task');
    if (!taskPolicy.edit(actor, task)) throw new AppError('forbidden', `${actor.role}: somebody else's task`);
    return task;
  };

  const listed = async (actor: Actor, { scope, clientId }: TaskQuery): Promise<{ ownerIds: number[] | null; clientId: number | null }> => {
    if (scope === 'mine') return { ownerIds: mine(actor), clientId: clientId ?? null };
    if (scope === 'all') {
      if (!taskPolicy.listAll(actor)) throw new AppError('forbidden', `${actor.role}: everybody's tasks`);
      return { ownerIds: null, clientId: clientId ?? null };
    }
    if (clientId === undefined) throw new AppError('invalid', 'whose?', { issues: [{ path: 'query.clientId', code: 'required' }] });
    if (!(await deps.mayReadClient(actor, clientId)) && !(await deps.callGrants(actor, clientId)))
      throw new AppError('forbidden', 'a client of another department');
    return { ownerIds: null, clientId };
  };

  return [
    route({
      method: 'get',
      path: '/tasks',
      summary: 'Tasks and call-backs by due time',
      query: TaskQuery,
      reply: TaskPage,
      can: taskPolicy.list,
      async handle({ query, actor }) {
        const { tasks, next } = await listTasks(deps.db, await listed(actor, query), query);
        return { items: await present(deps, actor, tasks), next };
      },
    }),
    route({
      method: 'post',
      path: '/tasks',
      summary: 'Make a task, for oneself or (supervisors) for anybody',
      body: TaskDraft,
      reply: TaskReply,
      status: 201,
      can: taskPolicy.create,
      async handle({ body: { ownerId = 0, clientId, ...body }, actor }) {
        const owner = ownerId || actor.id;
        await checkOwner(deps, actor, owner);
        if (clientId !== null) await checkClient(deps, actor, clientId);
        const task = { ...body, clientId, ownerId: owner, authorId: actor.id, callRef: null, createdAt: deps.now() };
        return reply(actor, await createTask(deps, task));
      },
    }),
    route({
      method: 'post',
      path: '/tasks/parse',
      summary: 'What a typed line means: when, whom, what; saves nothing',
      body: LineDraft,
      reply: ParsedLine,
      can: taskPolicy.create,
      async handle({ body: { text }, actor }) {
        const { names, ...line } = parseLine(text, { now: deps.now(), timeZone: await deps.directory.timeZoneOf(actor.id) });
        return { ...line, clients: await whoIsMeant(names, (query, limit) => deps.findClients(actor, query, limit)) };
      },
    }),
    route({
      method: 'patch',
      path: '/tasks/:id',
      summary: 'Change a task; 409 with the present version when somebody else has meanwhile',
      params: IdParam,
      body: TaskEdit,
      reply: TaskReply,
      can: taskPolicy.list,
      async handle({ params, body: { version, ...edit }, actor }) {
        const task = await editable(actor, params.id);
        if (task.version !== version) throw new AppError('conflict', 'the task was changed meanwhile', { version: task.version });
        if (edit.ownerId !== undefined && edit.ownerId !== task.ownerId) await checkOwner(deps, actor, edit.ownerId);
        if (edit.clientId != null && edit.clientId !== task.clientId) await checkClient(deps, actor, edit.clientId);
        return reply(actor, await changeTask(deps, actor, task, edit as Parameters<typeof changeTask>[3], 'task.edited'));
      },
    }),
    route({
      method: 'post',
      path: '/tasks/:id/done',
      summary: 'It is done; doing it twice changes nothing',
      params: IdParam,
      body: DoneDraft,
      reply: TaskReply,
      can: taskPolicy.list,
      async handle({ params, body: { note }, actor }) {
        const task = await editable(actor, params.id);
        if (task.doneAt !== null) return reply(actor, task);
        return reply(actor, await changeTask(deps, actor, task, { doneAt: deps.now(), doneNote: note }, 'task.done'));
      },
    }),
    route({
      method: 'post',
      path: '/tasks/:id/undone',
      summary: 'It is not done after all',
      params: IdParam,
      reply: TaskReply,
      can: taskPolicy.list,
      async handle({ params, actor }) {
        const task = await editable(actor, params.id);
        return reply(actor, await changeTask(deps, actor, task, { doneAt: null, doneNote: '' }, 'task.undone'));
      },
    }),
  ];
};
