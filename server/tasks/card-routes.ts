import type { Deps } from '../deps.ts';
import type { Actor } from '../core/authorize.ts';
import { inTransaction } from '../core/db.ts';
import { AppError } from '../core/errors.ts';
import { route } from '../core/http.ts';
import type { Route } from '../core/http.ts';
import { IdParam } from '../users/contract.ts';
import { checkPeople, taskAccess } from './access.ts';
import { CommentDraft, ItemDraft, ItemEdit, ItemParam, ReturnDraft, SeriesDraft, SeriesEdit, TaskCard, WatchersDraft } from './contract.ts';
import { movesOf } from './move-rows.ts';
import { presentMoves } from './moves.ts';
import { addEvent, addItems, addWatchers, commentsOf, eventsOf, itemsOf, setWatchers, subtasksOf, watchersOf } from './parts.ts';
import { taskPolicy } from './policy.ts';
import { findTask } from './queries.ts';
import type { StoredTask } from './queries.ts';
import { beginSeries, editSeries, endSeries, seriesCard, skipOne } from './series.ts';
import { tellOfTask } from './reminding.ts';
import { checkOwner, present, tellWatchers } from './service.ts';

const MOST_ITEMS = 200;

/** /api/tasks/:id: a task as its page shows it, and what belongs to it. */
export const cardRoutes = (deps: Deps): readonly Route[] => {
  const { editable, readable } = taskAccess(deps);

  const card = async (actor: Actor, task: StoredTask) => {
    const { db } = deps;
    const [watchers, items, subtasks, comments, moves, events] = [await watchersOf(db, task.id), await itemsOf(db, task.id), await subtasksOf(db, task.id), await commentsOf(db, task.id), await movesOf(db, task.id), await eventsOf(db, task.id)]; // prettier-ignore
    const parent = task.parentId === null ? null : await findTask(db, task.parentId);
    const staff = await deps.directory.staff();
    const named = comments.map((one) => ({ ...one, mentioned: JSON.parse(one.mentions) as number[] }));
    const ids = [watchers, items.flatMap((one) => one.done_by ?? []), named.flatMap((one) => [one.user_id, ...one.mentioned]), events.flatMap((one) => one.user_id ?? [])].flat(); // prettier-ignore
    const users = await deps.directory.briefs([...new Set(ids)]);
    const briefs = (of: readonly number[]) => of.flatMap((id) => users.get(id) ?? []);
    return {
      task: (await present(deps, actor, [task]))[0]!,
      series: await seriesCard(db, task.seriesId, deps.now()),
      parent: parent && { id: parent.id, text: parent.text },
      watchers: briefs(watchers),
      items: items.map(({ id, text, done_at, done_by }) => ({ id, text, doneAt: done_at === null ? null : Number(done_at), doneBy: users.get(done_by ?? 0) ?? null })), // prettier-ignore
      subtasks: await present(deps, actor, subtasks),
      comments: named.map(({ id, user_id, text, mentioned, at }) => ({ id, user: users.get(user_id) ?? null, text, mentions: briefs(mentioned), at: Number(at) })), // prettier-ignore
      moves: await presentMoves(deps, actor, moves, () => task.ownerId),
      events: events.map(({ id, kind, user_id, at, data }) => ({ id, kind, user: users.get(user_id ?? 0) ?? null, at: Number(at), data: JSON.parse(data) as Record<string, unknown> })), // prettier-ignore
      people: staff.map(({ id, name, role }) => ({ id, name, role })),
    };
  };

  /** To everybody whom the task concerns: its page reads it again. */
  const tell = async (task: StoredTask): Promise<void> => {
    deps.pushDue([task.ownerId, task.authorId], { topic: 'tasks', id: task.id });
    await tellWatchers(deps, task.id);
  };

  const changed = async (actor: Actor, task: StoredTask) => {
    await tell(task);
    return card(actor, task);
  };

  return [
    route({
      method: 'get',
      path: '/tasks/:id',
      summary: 'A task with its checklist, parts, comments, moves and history',
      params: IdParam,
      reply: TaskCard,
      can: taskPolicy.list,
      handle: async ({ params, actor }) => card(actor, await readable(actor, params.id)),
    }),
    route({
      method: 'put',
      path: '/tasks/:id/watchers',
      summary: 'Who watches it',
      params: IdParam,
      body: WatchersDraft,
      reply: TaskCard,
      can: taskPolicy.list,
      async handle({ params, body: { userIds }, actor }) {
        const task = await editable(actor, params.id);
        const before = await watchersOf(deps.db, task.id);
        await checkPeople(deps, userIds.filter((id) => !before.includes(id)), 'body.userIds'); // prettier-ignore
        await inTransaction(deps.db, async (trx) => {
          await setWatchers(trx, task.id, userIds);
          await addEvent(trx, task.id, { by: actor.id, kind: 'watchers', at: deps.now(), data: { before, after: userIds } });
        });
        deps.push(before, { topic: 'tasks', id: task.id });
        return changed(actor, task);
      },
    }),
    route({
      method: 'post',
      path: '/tasks/:id/items',
      summary: 'One more line of its checklist',
      params: IdParam,
      body: ItemDraft,
      reply: TaskCard,
      status: 201,
      can: taskPolicy.list,
      async handle({ params, body: { text }, actor }) {
        const task = await editable(actor, params.id);
        if (task.doneAt !== null) throw new AppError('conflict', 'the task is done', { reason: 'done' });
        if ((await itemsOf(deps.db, task.id)).length >= MOST_ITEMS) throw new AppError('conflict', 'no more lines', { reason: 'full' });
        await inTransaction(deps.db, (trx) => addItems(trx, task.id, [text]));
        return changed(actor, task);
      },
    }),
    route({
      method: 'patch',
      path: '/tasks/:id/items/:item',
      summary: 'A line of its checklist: done, not done, or worded otherwise; twice changes nothing',
      params: ItemParam,
      body: ItemEdit,
      reply: TaskCard,
      can: taskPolicy.list,
      async handle({ params, body: { text, done }, actor }) {
        const task = await editable(actor, params.id);
        const item = (await itemsOf(deps.db, task.id)).find(({ id }) => id === params.item);
        if (!item) throw new AppError('not_found', 'no such line');
        if (task.doneAt !== null) throw new AppError('conflict', 'the task is done', { reason: 'done' });
        const flips = done !== undefined && done !== (item.done_at !== null);
        if (!flips && (text === undefined || text === item.text)) return card(actor, task);
        await inTransaction(deps.db, async (trx) => {
          const ended = done ? { done_at: deps.now(), done_by: actor.id } : { done_at: null, done_by: null };
          await trx('task_items').where({ id: item.id }).update({ ...(text !== undefined && { text }), ...(flips && ended) }); // prettier-ignore
          if (flips) await addEvent(trx, task.id, { by: actor.id, kind: done ? 'item-done' : 'item-open', at: deps.now(), data: { text: text ?? item.text } }); // prettier-ignore
        });
        return changed(actor, task);
      },
    }),
    route({
      method: 'delete',
      path: '/tasks/:id/items/:item',
      summary: 'Takes a line off its checklist; the history keeps it',
      params: ItemParam,
      reply: TaskCard,
      can: taskPolicy.list,
      async handle({ params, actor }) {
        const task = await editable(actor, params.id);
        if (task.doneAt !== null) throw new AppError('conflict', 'the task is done', { reason: 'done' });
        const item = (await itemsOf(deps.db, task.id)).find(({ id }) => id === params.item);
        if (!item) throw new AppError('not_found', 'no such line');
        await inTransaction(deps.db, async (trx) => {
          await trx('task_items').where({ id: item.id }).delete();
          await addEvent(trx, task.id, { by: actor.id, kind: 'item-gone', at: deps.now(), data: { text: item.text } });
        });
        return changed(actor, task);
      },
    }),
    route({
      method: 'post',
      path: '/tasks/:id/comments',
      summary: 'A comment; whoever is mentioned watches the task from then on',
      params: IdParam,
      body: CommentDraft,
      reply: TaskCard,
      status: 201,
      can: taskPolicy.list,
      async handle({ params, body: { text, mentions }, actor }) {
        const task = await readable(actor, params.id);
        const userIds = [...new Set(mentions)].filter((id) => id !== actor.id);
        await checkPeople(deps, userIds, 'body.mentions');
        const at = deps.now();
        const tell = await inTransaction(deps.db, async (trx) => {
          const [id] = (await trx('task_comments').insert({ task_id: task.id, user_id: actor.id, text, mentions: JSON.stringify(userIds), at })) as [number]; // prettier-ignore
          await addWatchers(trx, task.id, userIds);
          await deps.audit(trx, { actorId: actor.id, what: 'task.commented', table: 'tasks', rowId: task.id });
          return tellOfTask(deps, trx, task, userIds, { kind: 'task-mentioned', effect: `comment:${id}` });
        });
        tell();
        return changed(actor, task);
      },
    }),
    route({
      method: 'post',
      path: '/tasks/:id/series',
      summary: 'Repeat it by a rule (RFC 5545 RRULE), at its hour in the time zone of its owner',
      params: IdParam,
      body: SeriesDraft,
      reply: TaskCard,
      status: 201,
      can: taskPolicy.list,
      handle: async ({ params, body: { rule }, actor }) =>
        changed(actor, await beginSeries(deps, actor, await editable(actor, params.id), rule)),
    }),
    route({
      method: 'patch',
      path: '/tasks/:id/series',
      summary: 'Change this one and the following of its series, or all that are not done',
      params: IdParam,
      body: SeriesEdit,
      reply: TaskCard,
      can: taskPolicy.list,
      async handle({ params, body, actor }) {
        const task = await editable(actor, params.id);
        if (body.ownerId !== undefined) await checkOwner(deps, actor, body.ownerId);
        return changed(actor, await editSeries(deps, actor, task, body));
      },
    }),
    route({
      method: 'post',
      path: '/tasks/:id/series/skip',
      summary: 'Leave this one out of its series, with the reason',
      params: IdParam,
      body: ReturnDraft,
      reply: TaskCard,
      can: taskPolicy.list,
      handle: async ({ params, body: { note }, actor }) =>
        changed(actor, await skipOne(deps, actor, await editable(actor, params.id), note)),
    }),
    route({
      method: 'post',
      path: '/tasks/:id/series/end',
      summary: 'No more of its series; those that are there stay to be done',
      params: IdParam,
      reply: TaskCard,
      can: taskPolicy.list,
      async handle({ params, actor }) {
        const task = await editable(actor, params.id);
        await endSeries(deps, actor, task);
        return changed(actor, task);
      },
    }),
  ];
};
