import type { Deps, Feature } from '../app.ts';
import { createGrants } from './grants.ts';
import { createLiveCalls } from './live.ts';
import { callRoutes } from './router.ts';
import { startLiveCalls } from './subscribers.ts';

/** The call log over HTTP and the live calls. Its writer stands apart (writer.ts): it runs where the bridges do. */
export const callsFeature = (deps: Deps): Feature & Pick<Deps, 'callGrants'> => {
  const live = createLiveCalls(deps);
  return {
    routes: callRoutes(deps, live),
    start: async (roles) => (roles.has('api') ? startLiveCalls(deps, live) : () => {}),
    callGrants: createGrants(deps, live),
  };
};
