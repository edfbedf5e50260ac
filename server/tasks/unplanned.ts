import type { Deps } from '../deps.ts';
import type { Actor } from '../core/authorize.ts';
import { AppError } from '../core/errors.ts';
import { route } from '../core/http.ts';
import type { Route } from '../core/http.ts';
import { UnplannedPage, UnplannedQuery } from './contract.ts';
import { taskPolicy } from './policy.ts';

/** What makes a next step: an open task, or a meeting to come. */
const STEPS = ['tasks.open', 'meetings.ahead'] as const;

interface Row {
  id: number;
  stage: string;
  owner_id: number | null;
}

/** Leads within the actor's reach for whom nothing is planned, the newest cards first. @throws AppError invalid */
const unplanned = async (deps: Deps, actor: Actor, { ownerId, after, limit }: UnplannedQuery): Promise<Row[]> => {
  const leads = (await deps.clientStages(deps.db)).filter(({ meaning }) => meaning === 'lead').map(({ code }) => code);
  if (leads.length === 0) return [];
  const query = deps.clientList.base(deps.db, actor.reach.view).whereIn('c.stage', leads);
  for (const key of STEPS) deps.clientFacts.find((fact) => fact.key === key)!.where(query, { db: deps.db, op: 'empty', values: [], args: {}, now: deps.now() }); // prettier-ignore
  if (ownerId !== undefined) void query.where('c.owner_id', ownerId);
  if (after !== undefined) {
    if (!/^[1-9]\d{0,9}$/.test(after)) throw new AppError('invalid', 'not a cursor of this list');
    void query.where('c.id', '<', Number(after));
  }
  return (await query.orderBy('c.id', 'desc').limit(limit + 1).select('c.id', 'c.stage', 'c.owner_id')) as Row[]; // prettier-ignore
};

/** /api/tasks/unplanned */
export const unplannedRoutes = (deps: Deps): readonly Route[] => [
  route({
    method: 'get',
    path: '/tasks/unplanned',
    summary: 'Leads without a next dated step: no open task and no meeting to come',
    query: UnplannedQuery,
    reply: UnplannedPage,
    can: taskPolicy.list,
    async handle({ query, actor }) {
      const rows = await unplanned(deps, actor, query);
      const page = rows.slice(0, query.limit);
      const [clients, owners] = [await deps.clientBriefs(page.map(({ id }) => id)), await deps.directory.briefs([...new Set(page.flatMap(({ owner_id }) => owner_id ?? []))])]; // prettier-ignore
      return {
        items: page.flatMap(({ id, stage, owner_id }) => {
          const client = clients.get(id);
          return client ? [{ client, stage, owner: owners.get(owner_id ?? 0) ?? null }] : [];
        }),
        next: rows.length > query.limit ? String(page.at(-1)!.id) : null,
      };
    },
  }),
];
