import type { Deps, Feature } from '../app.ts';
import { createGrants } from './grants.ts';
import { createLiveCalls } from './live.ts';
import { callRoutes } from './router.ts';
import { startLiveCalls } from './subscribers.ts';
import { createWrapUps } from './wrap-up.ts';

/** The call log over HTTP and the live calls. Its writer stands apart (writer.ts): it runs where the bridges do. */
export const callsFeature = (deps: Deps): Feature & Pick<Deps, 'callGrants'> => {
  const live = createLiveCalls(deps);
  const wrapUps = createWrapUps(deps);
  return {
    routes: callRoutes(deps, live, wrapUps),
    start: async (roles) => (roles.has('api') ? startLiveCalls(deps, live, wrapUps) : () => {}),
    callGrants: createGrants(deps, live),
  };
};
