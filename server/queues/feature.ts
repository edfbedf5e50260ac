import type { Deps, Feature } from '../app.ts';
import { inTransaction } from '../core/db.ts';
import { AppError } from '../core/errors.ts';
import { route } from '../core/http.ts';
import { IdParam } from '../users/contract.ts';
import { QueueEdit, QueueList, QueueReply } from './contract.ts';
import { queuePolicy } from './policy.ts';
import { findQueue, listQueues, updateQueue } from './queries.ts';

/** /api/queues */
export const queuesFeature = (deps: Pick<Deps, 'db' | 'audit' | 'areOutcomes'>): Feature => ({
  routes: [
    route({
      method: 'get',
      path: '/queues',
      summary: 'The queues and the rules for their calls',
      reply: QueueList,
      can: queuePolicy.list,
      handle: async ({ actor }) => ({ items: await listQueues(deps.db), can: { edit: queuePolicy.edit(actor) } }),
    }),
    route({
      method: 'patch',
      path: '/queues/:id',
      summary: 'Changes the rules of a queue; a call that goes on keeps the rules it began with',
      params: IdParam,
      body: QueueEdit,
      reply: QueueReply,
      can: queuePolicy.edit,
      async handle({ params, body, actor }) {
        if (body.outcomes && !(await deps.areOutcomes(body.outcomes)))
          throw new AppError('invalid', 'an outcome that is not there', { issues: [{ path: 'body.outcomes', code: 'unknown_outcome' }] });
        return inTransaction(deps.db, async (trx) => {
          const before = await findQueue(trx, params.id);
          if (!before) throw new AppError('not_found', 'no such queue');
          const after = { ...before, ...(body as Partial<typeof before>) };
          if (after.wrapUpMaxSeconds < after.wrapUpSeconds)
            throw new AppError('invalid', 'the most is less than the time itself', {
              issues: [{ path: 'body.wrapUpMaxSeconds', code: 'too_small' }],
            });
          await updateQueue(trx, after);
          await deps.audit(trx, { actorId: actor.id, what: 'queue.edited', table: 'queues', rowId: params.id, details: body });
          return { queue: after };
        });
      },
    }),
  ],
});
