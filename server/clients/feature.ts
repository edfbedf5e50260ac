import type { Deps, Feature } from '../deps.ts';
import { rememberFew, searchForgiving } from './forgive.ts';
import { findClient, clientBriefs, clientsByNumber, ownersOfNumbers, readableBriefs } from './queries.ts';
import { numberPlanOf } from './number-plan.ts';
import { clientPolicy } from './policy.ts';
import { indexJobs } from './reindex.ts';
import { clientsRoutes } from './router.ts';
import { searchClients } from './search.ts';
import { clientsLike } from './alike.ts';
import { readStages } from './stages/queries.ts';
import { stageJobs } from './stages/jobs.ts';
import { addTimeline, addTimelines, moveTimeline } from './timeline.ts';

/** Every screen of a call asks at its first news who calls: what is asked in the same turn is looked up once, and begins after the last has asked. */
const askedTogether = <T>(look: (number: string) => Promise<T>): ((number: string) => Promise<T>) => {
  const asked = new Map<string, Promise<T>>();
  return (number) => {
    const known = asked.get(number);
    if (known) return known;
    const found = new Promise<void>((begin) => setImmediate(begin)).then(() => {
      asked.delete(number);
      return look(number);
    });
    asked.set(number, found);
    return found;
  };
};

export const clientsFeature = (deps: Deps): Feature => ({
  routes: clientsRoutes(deps),
  // Every node hears this by itself and tells its own browsers; only an id travels, reading the card asks the policy again.
  async start(roles) {
    const stopIndex = await indexJobs(deps)(roles);
    const stopStages = await stageJobs(deps)(roles);
    const stop = deps.bus.on('client.changed', ({ id }) => deps.pushHere('all', { topic: 'clients', id }));
    return async () => {
      stop();
      await stopStages();
      await stopIndex();
    };
  },
});

/** What the other features are handed. */
export const clientsDeps = ({
  db,
  config,
}: Pick<Deps, 'db' | 'config'>): Pick<
  Deps,
  | 'clientsByNumber'
  | 'ownersOfNumbers'
  | 'clientBriefs'
  | 'findClients'
  | 'searchClients'
  | 'mayReadClient'
  | 'clientStages'
  | 'clientsLike'
  | 'readableClients'
  | 'addTimeline'
  | 'addTimelines'
  | 'moveTimeline'
> => {
  const few = rememberFew(db);
  return {
    clientsByNumber: askedTogether((number) => clientsByNumber(db, number, config.defaultCountry)),
    ownersOfNumbers: (numbers) => ownersOfNumbers(db, numbers, config.defaultCountry),
    clientBriefs: (ids) => clientBriefs(db, ids),
    async findClients(actor, query, limit) {
      const ask = { query, plan: numberPlanOf(config.defaultCountry), reach: actor.reach.view, after: null, limit };
      const { ids } = await searchClients(db, ask);
      return [...(await clientBriefs(db, ids)).values()];
    },
    async searchClients(actor, query, limit) {
      const ask = { query, plan: numberPlanOf(config.defaultCountry), reach: actor.reach.view, limit, few: await few(actor.reach.view) };
      const { ids, more, takenFor } = await searchForgiving(db, ask);
      return { items: [...(await clientBriefs(db, ids)).values()], more, takenFor };
    },
    async mayReadClient(actor, clientId) {
      const client = await findClient(db, clientId);
      return client !== null && clientPolicy.read(actor, client);
    },
    clientStages: readStages,
    clientsLike,
    readableClients: (actor, ids) => readableBriefs(db, actor.reach.view, ids),
    addTimeline,
    addTimelines,
    moveTimeline,
  };
};
