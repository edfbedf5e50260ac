import type { Deps } from '../deps.ts';
import { signedIn } from '../core/authorize.ts';
import type { Actor } from '../core/authorize.ts';
import { route } from '../core/http.ts';
import type { Route } from '../core/http.ts';
import type { ClientBrief } from '../clients/contract.ts';
import { SearchQuery, SearchReply } from './contract.ts';
import { matchOf } from './match.ts';

const CLIENTS = 8;
const OTHERS = 4;

/** /api/search. What is found, each feature says by its own policy. */
export const searchRoutes = (deps: Deps): readonly Route[] => {
  /** The clients of my last calls, and what I have to do next. */
  const recent = async (actor: Actor): Promise<SearchReply> => {
    const calls = await deps.latestCalls(actor, CLIENTS);
    const clients = new Map<number, ClientBrief>();
    for (const { client } of calls)
      if (client && !clients.has(client.id) && (await deps.mayReadClient(actor, client.id))) clients.set(client.id, client);
    const tasks = await deps.findTasks(actor, { fits: () => true, clientIds: [], open: true, limit: OTHERS });
    return { clients: [...clients.values()].slice(0, OTHERS), more: false, takenFor: null, tasks, calls: calls.slice(0, OTHERS) };
  };

  return [
    route({
      method: 'get',
      path: '/search',
      summary: 'Clients, tasks and calls for what somebody types, slips of the finger and wrong keyboard layouts forgiven',
      query: SearchQuery,
      reply: SearchReply,
      can: signedIn,
      async handle({ query: { q }, actor }) {
        if (q === '') return recent(actor);
        const { items, more, takenFor } = await deps.searchClients(actor, q, CLIENTS);
        deps.sighted(actor.id, 'listed', items.length);
        const match = matchOf(takenFor ?? q);
        const clientIds = items.map((client) => client.id);
        const [tasks, calls] = await Promise.all([
          deps.findTasks(actor, { fits: (t) => match.text(t.text) || match.number(t.phone), clientIds, open: false, limit: OTHERS }),
          deps.findCalls(actor, {
            fits: (c) => match.number(c.number) || match.text(c.callerName, c.note),
            clientIds,
            limit: OTHERS,
          }),
        ]);
        return { clients: items, more, takenFor, tasks, calls };
      },
    }),
  ];
};
