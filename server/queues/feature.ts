import type { Deps, Feature } from '../deps.ts';
import { inTransaction } from '../core/db.ts';
import { AppError } from '../core/errors.ts';
import { route } from '../core/http.ts';
import { IdParam } from '../users/contract.ts';
import { confRoutes } from './conf-routes.ts';
import { QueueDraft, QueueEdit, QueueList, QueueMembers, QueueMembersDraft, QueueReply } from './contract.ts';
import type { Queue } from './contract.ts';
import { queuesOfPbx, readMembers } from './members.ts';
import { queuePolicy } from './policy.ts';
import { findQueue, findQueueByName, listQueues, saveQueue, setMembers, updateQueue } from './queries.ts';

const invalid = (path: string, code: string) => new AppError('invalid', `${path}: ${code}`, { issues: [{ path, code }] });
const meanwhile = () => new AppError('conflict', 'somebody else has changed the queue', { reason: 'version' });

/** What the PBXs that answer have, beside what Allo knows. */
const compare = async (deps: Deps, items: readonly Queue[]): Promise<Pick<QueueList, 'missing' | 'found'>> => {
  const sides: Pick<QueueList, 'missing' | 'found'> = { missing: [], found: [] };
  await Promise.all(
    deps.config.pbxs.map(async ({ name: pbx }) => {
      const there = await queuesOfPbx(deps, pbx);
      if (!there) return;
      const known = items.filter((queue) => queue.pbx === pbx);
      for (const { name } of known) if (!there.some((queue) => queue.name === name)) sides.missing.push(`${pbx}:${name}`);
      for (const { name } of there)
        if (!known.some((queue) => queue.name === name) && QueueDraft.safeParse({ pbx, name }).success) sides.found.push({ pbx, name });
    }),
  );
  return sides;
};

/** /api/queues */
export const queuesFeature = (deps: Deps): Feature => ({
  routes: [
    route({
      method: 'get',
      path: '/queues',
      summary: 'The queues, the rules for their calls, and how they stand at the PBX',
      reply: QueueList,
      can: queuePolicy.list,
      async handle({ actor }) {
        const items = await listQueues(deps.db);
        return {
          items,
          ...(await compare(deps, items)),
          pbxs: deps.config.pbxs.map(({ name }) => name),
          writable: deps.config.pbxs.filter(({ queuesFile }) => queuesFile !== null).map(({ name }) => name),
          can: { edit: queuePolicy.edit(actor), members: queuePolicy.members(actor) },
        };
      },
    }),
    route({
      method: 'post',
      path: '/queues',
      summary: 'Makes a queue known: one that the PBX has, or one to be written into its file',
      body: QueueDraft,
      reply: QueueReply,
      status: 201,
      can: queuePolicy.edit,
      async handle({ body, actor }) {
        if (!deps.config.pbxs.some(({ name }) => name === body.pbx)) throw invalid('body.pbx', 'unknown_pbx');
        if (body.name === 'general') throw invalid('body.name', 'reserved');
        return inTransaction(deps.db, async (trx) => {
          if (await findQueueByName(trx, body)) throw new AppError('conflict', 'the queue is known', { reason: 'exists' });
          await saveQueue(trx, body);
          const queue = (await findQueueByName(trx, body))!;
          await deps.audit(trx, { actorId: actor.id, what: 'queue.created', table: 'queues', rowId: queue.id, details: body });
          return { queue };
        });
      },
    }),
    route({
      method: 'patch',
      path: '/queues/:id',
      summary: 'Changes the rules of a queue; a call that goes on keeps the rules it began with',
      params: IdParam,
      body: QueueEdit,
      reply: QueueReply,
      can: queuePolicy.edit,
      async handle({ params, body: { version, ...edit }, actor }) {
        if (edit.outcomes && !(await deps.areOutcomes(edit.outcomes))) throw invalid('body.outcomes', 'unknown_outcome');
        const queue = await inTransaction(deps.db, async (trx) => {
          const before = await findQueue(trx, params.id);
          if (!before) throw new AppError('not_found', 'no such queue');
          if (version !== undefined && version !== before.version) throw meanwhile();
          const after = { ...before, ...(edit as Partial<typeof before>) };
          if (after.wrapUpMaxSeconds < after.wrapUpSeconds) throw invalid('body.wrapUpMaxSeconds', 'too_small');
          if (!(await updateQueue(trx, after))) throw meanwhile();
          await deps.audit(trx, { actorId: actor.id, what: 'queue.edited', table: 'queues', rowId: params.id, details: edit });
          return { ...after, version: after.version + 1 };
        });
        deps.bus.emit('queue.changed', { ref: `${queue.pbx}:${queue.name}` });
        return { queue };
      },
    }),
    route({
      method: 'get',
      path: '/queues/:id/members',
      summary: 'Who enters the queue with their shift, and who else is in it at the PBX',
      params: IdParam,
      reply: QueueMembers,
      can: queuePolicy.list,
      async handle({ params: { id } }) {
        const queue = await findQueue(deps.db, id);
        if (!queue) throw new AppError('not_found', 'no such queue');
        return readMembers(deps, queue);
      },
    }),
    route({
      method: 'put',
      path: '/queues/:id/members',
      summary: 'Who enters the queue, and how skilled; whoever is on shift follows at once',
      params: IdParam,
      body: QueueMembersDraft,
      reply: QueueMembers,
      can: queuePolicy.members,
      async handle({ params: { id }, body, actor }) {
        const ids = body.items.map(({ userId }) => userId);
        if (new Set(ids).size < ids.length) throw invalid('body.items', 'twice');
        if ((await deps.directory.briefs(ids)).size < ids.length) throw invalid('body.items', 'unknown_user');
        const changed = await inTransaction(deps.db, async (trx) => {
          const queue = await findQueue(trx, id);
          if (!queue) throw new AppError('not_found', 'no such queue');
          const users = await setMembers(trx, queue, body);
          if (!users) throw meanwhile();
          await deps.audit(trx, { actorId: actor.id, what: 'queue.members', table: 'queues', rowId: id, details: { items: body.items } });
          return users;
        });
        for (const userId of changed) deps.bus.emit('user.changed', { id: userId });
        return readMembers(deps, (await findQueue(deps.db, id))!);
      },
    }),
    ...confRoutes(deps),
  ],
});
