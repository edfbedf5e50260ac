import type { Deps, Feature } from '../deps.ts';
import type { Actor } from '../core/authorize.ts';
import { AppError } from '../core/errors.ts';
import { route } from '../core/http.ts';
import { InterestDraft, InterestList, InterestMistake, InterestParams, InterestQuery } from './contract.ts';
import { interestPolicy } from './policy.ts';
import { readInterests, readTopics } from './queries.ts';
import { setInterest, takeInterestBack } from './service.ts';
import { topicRoutes } from './topics.ts';

/** /api/interests */
export const interestsFeature = (deps: Deps): Feature => {
  const checkReadable = async (actor: Actor, clientId: number): Promise<void> => {
    if ((await deps.mayReadClient(actor, clientId)) || (await deps.callGrants(actor, clientId))) return;
    const there = (await deps.clientBriefs([clientId])).has(clientId);
    throw there ? new AppError('forbidden', 'a client of another department') : new AppError('not_found', 'no such client');
  };
  const offered = async (topicId: number) => {
    const topic = (await readTopics(deps.db)).find(({ id }) => id === topicId);
    if (!topic) throw new AppError('not_found', 'no such topic');
    return topic;
  };

  return {
    routes: [
      ...topicRoutes(deps),
      route({
        method: 'get',
        path: '/interests',
        summary: 'What a client is interested in: how much, since when, where from',
        query: InterestQuery,
        reply: InterestList,
        can: interestPolicy.read,
        async handle({ query: { client }, actor }) {
          await checkReadable(actor, client);
          const rows = await readInterests(deps.db, client);
          const users = await deps.directory.briefs([...new Set(rows.flatMap(({ userId }) => userId ?? []))]);
          return { items: rows.map(({ userId, ...row }) => ({ ...row, user: users.get(userId ?? 0) ?? null })), can: { set: true } };
        },
      }),
      route({
        method: 'put',
        path: '/interests/:clientId/:topicId',
        summary: 'The client is so much interested in it',
        params: InterestParams,
        body: InterestDraft,
        can: interestPolicy.read,
        async handle({ params: { clientId, topicId }, body: { strength, call }, actor }) {
          await checkReadable(actor, clientId);
          const topic = await offered(topicId);
          if (topic.retiredAt !== null) throw new AppError('conflict', 'no longer offered', { reason: 'retired' });
          await setInterest(deps, actor, { clientId, topic, call }, strength);
        },
      }),
      route({
        method: 'delete',
        path: '/interests/:clientId/:topicId',
        summary: 'What was said of it in this call, or today, was a mistake; what was known before stands again',
        params: InterestParams,
        query: InterestMistake,
        can: interestPolicy.read,
        async handle({ params: { clientId, topicId }, query: { call }, actor }) {
          await checkReadable(actor, clientId);
          await takeInterestBack(deps, actor, { clientId, topic: await offered(topicId), call });
        },
      }),
    ],
  };
};
