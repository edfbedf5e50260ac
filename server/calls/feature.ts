import type { Deps, Feature } from '../deps.ts';
import type { Actor } from '../core/authorize.ts';
import { createGrants } from './grants.ts';
import { createLiveCalls } from './live.ts';
import { callPolicy } from './policy.ts';
import { listMine, present } from './queries.ts';
import { callRoutes } from './router.ts';
import { searchCalls } from './search.ts';
import { startLiveCalls } from './subscribers.ts';
import { createWaiting } from './waiting.ts';
import { createWrapUps } from './wrap-up.ts';
import type { CallRecord } from './write.ts';

/** The call log over HTTP and the live calls. Its writer stands apart (writer.ts): it runs where the bridges do. */
export const callsFeature = (
  deps: Deps,
): Feature & Pick<Deps, 'callGrants' | 'findCalls' | 'latestCalls'> & { endWrapUp(userId: number): Promise<void> } => {
  const live = createLiveCalls(deps);
  const wrapUps = createWrapUps(deps);
  const waiting = createWaiting(deps, live);
  const shown = async (actor: Actor, rows: readonly CallRecord[]) =>
    present(deps, actor, rows, (await deps.directory.extensionOf(actor.id))?.extension ?? null);
  return {
    routes: callRoutes(deps, live, wrapUps, waiting),
    start: async (roles) => {
      if (!roles.has('api')) return () => {};
      const stops = [waiting.start(), startLiveCalls(deps, live, wrapUps)];
      return () => stops.forEach((stop) => stop());
    },
    endWrapUp: (userId) => wrapUps.ready(userId),
    callGrants: createGrants(deps, live),
    findCalls: async (actor, ask) =>
      shown(actor, await searchCalls(deps.db, { userId: actor.id, seesAll: callPolicy.read(actor, null) }, ask)),
    latestCalls: async (actor, limit) => shown(actor, (await listMine(deps.db, actor.id, { limit })).rows),
  };
};
