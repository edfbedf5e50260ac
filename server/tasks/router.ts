import type { Deps } from '../deps.ts';
import { mine } from '../core/authorize.ts';
import type { Actor } from '../core/authorize.ts';
import { AppError } from '../core/errors.ts';
import { route } from '../core/http.ts';
import type { Route } from '../core/http.ts';
import { IdParam } from '../users/contract.ts';
import { DoneDraft, LineDraft, ParsedLine, ReturnDraft, TaskDraft, TaskEdit, TaskPage, TaskQuery, TaskReply } from './contract.ts';
import { parseLine } from './parse.ts';
import { taskPolicy } from './policy.ts';
import { checkAbout, checkParent, checkPeople, taskAccess } from './access.ts';
import { openPartsOf } from './parts.ts';
import { listTasks } from './queries.ts';
import type { StoredTask, TasksOf } from './queries.ts';
import { changeTask, checkClient, checkOwner, createTask, present } from './service.ts';
import { whoIsMeant } from './whom.ts';

/** /api/tasks */
export const tasksRoutes = (deps: Deps): readonly Route[] => {
  const reply = async (actor: Actor, task: StoredTask) => ({ task: (await present(deps, actor, [task]))[0]! });
  const { editable } = taskAccess(deps);

  const listed = async (actor: Actor, { scope, clientId }: TaskQuery): Promise<TasksOf> => {
    const client = clientId === undefined ? {} : { clientId };
    if (scope === 'mine') return { ownerIds: mine(actor), ...client };
    if (scope === 'given' || scope === 'accept') return { authorIds: mine(actor), ...client };
    if (scope === 'watched') return { watcherIds: [actor.id], ...client };
    if (scope === 'all') {
      if (!taskPolicy.listAll(actor)) throw new AppError('forbidden', `${actor.role}: everybody's tasks`);
      return client;
    }
    if (clientId === undefined) throw new AppError('invalid', 'whose?', { issues: [{ path: 'query.clientId', code: 'required' }] });
    if (!(await deps.mayReadClient(actor, clientId)) && !(await deps.callGrants(actor, clientId)))
      throw new AppError('forbidden', 'a client of another department');
    return client;
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
        const { tasks, next } = await listTasks(deps.db, await listed(actor, query), query, deps.now());
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
      async handle({ body: { ownerId = 0, watchers, items, ...body }, actor }) {
        const owner = ownerId || actor.id;
        await checkOwner(deps, actor, owner);
        if (body.clientId !== null) await checkClient(deps, actor, body.clientId);
        if (body.about) await checkAbout(deps, actor, body.about);
        if (body.parentId !== null) await checkParent(deps, actor, body.parentId);
        await checkPeople(deps, watchers, 'body.watchers');
        const task = { ...body, ownerId: owner, authorId: actor.id, callRef: null, createdAt: deps.now() };
        return reply(actor, await createTask(deps, task, { watchers, items }));
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
        if (edit.about && JSON.stringify(edit.about) !== JSON.stringify(task.about)) await checkAbout(deps, actor, edit.about);
        if (edit.clientId != null && edit.clientId !== task.clientId) await checkClient(deps, actor, edit.clientId);
        return reply(actor, await changeTask(deps, actor, task, edit as Parameters<typeof changeTask>[3], 'task.edited'));
      },
    }),
    route({
      method: 'post',
      path: '/tasks/:id/done',
      summary: 'It is done, with this result; doing it twice changes nothing. 409 parts_open while parts of it are not',
      params: IdParam,
      body: DoneDraft,
      reply: TaskReply,
      can: taskPolicy.list,
      async handle({ params, body: { note, cancelled }, actor }) {
        const task = await editable(actor, params.id);
        if (task.doneAt !== null) return reply(actor, task);
        const open = cancelled ? 0 : await openPartsOf(deps.db, task.id);
        if (open > 0) throw new AppError('conflict', 'parts of it are not done', { reason: 'parts_open', open });
        // Who asked for it and does it themselves has seen the result.
        const seen = task.accept && task.authorId === actor.id ? { acceptedAt: deps.now() } : {};
        const ended = { doneAt: deps.now(), doneNote: note, cancelled, ...seen };
        return reply(
          actor,
          await changeTask(deps, actor, task, ended, 'task.done', { kind: cancelled ? 'cancelled' : 'done', data: { note } }),
        );
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
        const open = { doneAt: null, doneNote: '', cancelled: false, acceptedAt: null };
        return reply(actor, await changeTask(deps, actor, task, open, 'task.undone', { kind: 'undone' }));
      },
    }),
    route({
      method: 'post',
      path: '/tasks/:id/accept',
      summary: 'The author is content with the result; twice changes nothing',
      params: IdParam,
      reply: TaskReply,
      can: taskPolicy.list,
      async handle({ params, actor }) {
        const task = await editable(actor, params.id);
        if (task.acceptedAt !== null) return reply(actor, task);
        if (!taskPolicy.accept(actor, task)) throw new AppError('forbidden', 'not theirs to accept, or not done');
        const after = await changeTask(deps, actor, task, { acceptedAt: deps.now() }, 'task.accepted', { kind: 'accepted' });
        return reply(actor, after);
      },
    }),
    route({
      method: 'post',
      path: '/tasks/:id/return',
      summary: 'The author gives it back: the result is not what was asked for',
      params: IdParam,
      body: ReturnDraft,
      reply: TaskReply,
      can: taskPolicy.list,
      async handle({ params, body: { note }, actor }) {
        const task = await editable(actor, params.id);
        if (!taskPolicy.accept(actor, task)) throw new AppError('forbidden', 'not theirs to return, or not done');
        const back = { doneAt: null, doneNote: '', returns: task.returns + 1 };
        const after = await changeTask(deps, actor, task, back, 'task.returned', {
          kind: 'returned',
          data: { note, result: task.doneNote },
        });
        return reply(actor, after);
      },
    }),
  ];
};
