import type { Knex } from 'knex';
import type { Deps } from '../deps.ts';
import type { Actor } from '../core/authorize.ts';
import { inTransaction } from '../core/db.ts';
import { AppError } from '../core/errors.ts';
import { route } from '../core/http.ts';
import type { Route } from '../core/http.ts';
import { IdParam } from '../users/contract.ts';
import { TopicDraft, TopicEdit, TopicList, TopicMove, TopicReply } from './contract.ts';
import type { Topic } from './contract.ts';
import { interestPolicy } from './policy.ts';
import { deleteTopic, insertTopic, orderTopics, readTopics, updateTopic } from './queries.ts';

/** /api/interests/topics: the catalogue, which the administrator edits. */
export const topicRoutes = (deps: Pick<Deps, 'db' | 'audit' | 'now'>): Route[] => {
  const find = (all: readonly Topic[], id: number): Topic => {
    const found = all.find((each) => each.id === id);
    if (!found) throw new AppError('not_found', 'no such topic');
    return found;
  };
  const told = (trx: Knex, actor: Actor, what: string, id: number, details: object) =>
    deps.audit(trx, { actorId: actor.id, what, table: 'interest_topics', rowId: id, details });

  return [
    route({
      method: 'get',
      path: '/interests/topics',
      summary: 'What clients may be interested in; the retired too',
      reply: TopicList,
      can: interestPolicy.topics,
      handle: async ({ actor }) => ({ items: await readTopics(deps.db), can: { edit: interestPolicy.edit(actor) } }),
    }),
    route({
      method: 'post',
      path: '/interests/topics',
      summary: 'Something else that clients may be interested in',
      body: TopicDraft,
      reply: TopicReply,
      status: 201,
      can: interestPolicy.edit,
      handle: ({ body, actor }) =>
        inTransaction(deps.db, async (trx) => {
          const id = await insertTopic(trx, body);
          await told(trx, actor, 'interest topic.created', id, body);
          return { topic: { id, ...body, retiredAt: null, used: false } };
        }),
    }),
    route({
      method: 'patch',
      path: '/interests/topics/:id',
      summary: 'Renames it, or retires it; clients keep what they have',
      params: IdParam,
      body: TopicEdit,
      reply: TopicReply,
      can: interestPolicy.edit,
      handle: ({ params: { id }, body: { retired, ...edit }, actor }) =>
        inTransaction(deps.db, async (trx) => {
          const before = find(await readTopics(trx), id);
          const retiredAt = retired === undefined ? before.retiredAt : retired ? (before.retiredAt ?? deps.now()) : null;
          const topic = { ...before, ...(edit as Partial<Topic>), retiredAt };
          await updateTopic(trx, topic);
          await told(trx, actor, retired ? 'interest topic.retired' : 'interest topic.edited', id, { ...edit, retired });
          return { topic };
        }),
    }),
    route({
      method: 'post',
      path: '/interests/topics/:id/move',
      summary: 'Up or down among those that are offered',
      params: IdParam,
      body: TopicMove,
      can: interestPolicy.edit,
      handle: ({ params: { id }, body, actor }) =>
        inTransaction(deps.db, async (trx) => {
          const all = await readTopics(trx);
          find(all, id);
          const offered = all.filter((each) => each.retiredAt === null).map((each) => each.id);
          const other = offered[offered.indexOf(id) + body.by];
          if (other === undefined || !offered.includes(id)) return;
          const ids = all.map((each) => each.id);
          const [i, j] = [ids.indexOf(id), ids.indexOf(other)];
          [ids[i], ids[j]] = [other, id];
          await orderTopics(trx, ids);
          await told(trx, actor, 'interest topic.moved', id, body);
        }),
    }),
    route({
      method: 'delete',
      path: '/interests/topics/:id',
      summary: 'Deletes what no client ever had',
      params: IdParam,
      can: interestPolicy.edit,
      handle: ({ params: { id }, actor }) =>
        inTransaction(deps.db, async (trx) => {
          const { label, used } = find(await readTopics(trx), id);
          if (used) throw new AppError('conflict', 'clients have it', { reason: 'used' });
          await deleteTopic(trx, id);
          await told(trx, actor, 'interest topic.deleted', id, { label });
        }),
    }),
  ];
};
