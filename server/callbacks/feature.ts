import type { Deps, Feature } from '../deps.ts';
import type { Actor } from '../core/authorize.ts';
import { inTransaction } from '../core/db.ts';
import { AppError } from '../core/errors.ts';
import { route } from '../core/http.ts';
import { IdParam } from '../users/contract.ts';
import { callBackPolicy } from './policy.ts';
import { findCallBack, listOpen, takeOut } from './queries.ts';
import { giveUp } from './settle.ts';

const SWEEP_MS = 60_000;

const gone = (reason: 'closed' | 'acted') => new AppError('conflict', 'it is being called, or over', { reason });

/** For the dispatch list: who keeps a place in a queue, to be called by a person rather than by their turn. */
export const callBackSource = (deps: Deps) => ({
  kind: 'queued' as const,
  async due(actor: Actor, _now: number, limit: number) {
    const rows = (await listOpen(deps.db, limit)).filter(({ state }) => state === 'waiting');
    return Promise.all(
      rows.map(async ({ id, version, number, queue, entered_at }) => {
        const found = await deps.clientsByNumber(number);
        const readable = await deps.readableClients(actor, found.map((client) => client.id)); // prettier-ignore
        const client = found.find((one) => readable.has(one.id)) ?? null;
        return { kind: 'queued' as const, id, version, number, client, text: '', queue, dueAt: entered_at, owner: null };
      }),
    );
  },
  async give(actor: Actor, id: number, { version, ownerId, text }: { version: number; ownerId: number; text: string }): Promise<void> {
    const row = await findCallBack(deps.db, id);
    if (!row) throw new AppError('not_found', 'nobody to call back');
    const [client] = await deps.clientsByNumber(row.number);
    const now = deps.now();
    const tell = await inTransaction(deps.db, async (trx) => {
      if (!(await takeOut(trx, id, { how: 'given', at: now, by: actor.id }, version))) throw gone('acted');
      await deps.audit(trx, { actorId: actor.id, what: 'callback.given', table: 'callbacks', rowId: id, details: { userId: ownerId } });
      return deps.planCallBack(trx, { ownerId, authorId: actor.id, clientId: client?.id ?? null, phone: row.number, dueAt: now, text, at: now }); // prettier-ignore
    });
    tell();
    deps.bus.emit('callback.changed', {});
  },
});

/** /api/callbacks: callers who hung up and keep their place in a queue. They are shown on the floor and in the dispatch list. */
export const callBacksFeature = (deps: Deps): Feature & { due: ReturnType<typeof callBackSource> } => {
  const sweep = async () => {
    const given = await inTransaction(deps.db, async (trx) => {
      const calls = await giveUp(trx, deps.now(), (ref) => deps.isCallUp(trx, ref));
      await deps.noteAgain(trx, calls);
      return calls.length;
    });
    if (given === 0) return;
    deps.log.warn({ given }, 'call-backs: given up, they are among the missed calls');
    deps.bus.emit('callback.changed', {});
    deps.bus.emit('missed.changed', {});
  };
  return {
    due: callBackSource(deps),
    start: async (roles) => {
      if (!roles.has('worker')) return () => {};
      const timer = setInterval(() => {
        sweep().catch((err: unknown) => deps.log.error({ err }, 'call-backs: those that are stuck could not be looked at'));
      }, SWEEP_MS);
      return () => clearInterval(timer);
    },
    routes: [
      route({
        method: 'post',
        path: '/callbacks/:id/withdraw',
        summary: 'A caller who keeps a place in a queue is not called back after all',
        params: IdParam,
        can: callBackPolicy.lead,
        async handle({ params: { id }, actor }) {
          if (!(await findCallBack(deps.db, id))) throw new AppError('not_found', 'nobody to call back');
          await inTransaction(deps.db, async (trx) => {
            if (!(await takeOut(trx, id, { how: 'withdrawn', at: deps.now(), by: actor.id }))) throw gone('closed');
            await deps.audit(trx, { actorId: actor.id, what: 'callback.withdrawn', table: 'callbacks', rowId: id });
          });
          deps.bus.emit('callback.changed', {});
        },
      }),
    ],
  };
};
