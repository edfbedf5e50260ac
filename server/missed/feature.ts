import type { Deps, Feature } from '../deps.ts';
import { mine } from '../core/authorize.ts';
import type { Actor } from '../core/authorize.ts';
import { inTransaction } from '../core/db.ts';
import { AppError } from '../core/errors.ts';
import { route } from '../core/http.ts';
import { IdParam } from '../users/contract.ts';
import { assignMissed, missedSource } from './assign.ts';
import { AssignDraft, CloseDraft, MissedList, MissedQuery } from './contract.ts';
import { startTelling } from './live.ts';
import type { MissedRow } from './note.ts';
import { missedPolicy } from './policy.ts';
import { close, countMissed, findOpen, giveBack, listMissed, take } from './queries.ts';
import type { Scope } from './queries.ts';
import { present } from './present.ts';

/** How long whoever calls back has a number to themselves. */
const TAKE_MS = 5 * 60_000;

/** /api/missed */
export const missedFeature = (deps: Deps): Feature & { due: ReturnType<typeof missedSource> } => {
  const scopeOf = async (actor: Actor): Promise<Scope> =>
    missedPolicy.listAll(actor) ? 'all' : { userIds: mine(actor), queues: await deps.queuesServed(actor.id) };

  const loaded = async (actor: Actor, id: number): Promise<MissedRow> => {
    const row = await findOpen(deps.db, id, await scopeOf(actor));
    if (!row) throw new AppError('not_found', 'nothing to call back');
    return row;
  };
  const changed = () => deps.bus.emit('missed.changed', {});
  const gone = () => new AppError('conflict', 'closed meanwhile', { reason: 'closed' });

  return {
    due: missedSource(deps),
    routes: [
      route({
        method: 'get',
        path: '/missed',
        summary: 'Callers whom nobody answered and nobody has spoken with since; who waits longest is first',
        query: MissedQuery,
        reply: MissedList,
        can: missedPolicy.list,
        async handle({ query, actor }) {
          const scope = await scopeOf(actor);
          const { rows, next } = await listMissed(deps.db, scope, query, deps.now());
          const can = { act: missedPolicy.act(actor), assign: missedPolicy.assign(actor, -1) };
          return { items: await present(deps, actor, rows), next, total: await countMissed(deps.db, scope), can };
        },
      }),
      route({
        method: 'post',
        path: '/missed/:id/take',
        summary: 'I call back: for some minutes nobody else does',
        params: IdParam,
        can: missedPolicy.act,
        async handle({ params: { id }, actor }) {
          await loaded(actor, id);
          const now = deps.now();
          if (!(await take(deps.db, id, actor.id, now, now + TAKE_MS)))
            throw new AppError('conflict', 'somebody else calls back', { reason: 'taken' });
          changed();
        },
      }),
      route({
        method: 'post',
        path: '/missed/:id/release',
        summary: 'I do not call back after all',
        params: IdParam,
        can: missedPolicy.act,
        async handle({ params: { id }, actor }) {
          await loaded(actor, id);
          if (await giveBack(deps.db, id, actor.id)) changed();
        },
      }),
      route({
        method: 'post',
        path: '/missed/:id/assign',
        summary: 'Makes it somebody’s call-back',
        params: IdParam,
        body: AssignDraft,
        can: missedPolicy.act,
        async handle({ params: { id }, body: { userId, dueAt, text }, actor }) {
          if (!missedPolicy.assign(actor, userId)) throw new AppError('forbidden', `${actor.role}: a call-back for somebody else`);
          if (!(await deps.directory.briefs([userId])).has(userId))
            throw new AppError('invalid', 'nobody', { issues: [{ path: 'body.userId', code: 'unknown_user' }] });
          const row = await loaded(actor, id);
          await assignMissed(deps, actor, row, { userId, dueAt, text });
        },
      }),
      route({
        method: 'post',
        path: '/missed/:id/close',
        summary: 'Nobody needs to call back, and why',
        params: IdParam,
        body: CloseDraft,
        can: missedPolicy.act,
        async handle({ params: { id }, body: { reason, note }, actor }) {
          await loaded(actor, id);
          await inTransaction(deps.db, async (trx) => {
            if (!(await close(trx, id, actor.id, reason, note, deps.now()))) throw gone();
            await deps.audit(trx, { actorId: actor.id, what: 'missed.closed', table: 'missed', rowId: id, details: { reason, note } });
          });
          changed();
        },
      }),
    ],
    start: async (roles) => (roles.has('api') ? startTelling(deps) : () => {}),
  };
};
