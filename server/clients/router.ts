import type { Deps } from '../deps.ts';
import type { Actor } from '../core/authorize.ts';
import { changesOfRow } from '../core/changes.ts';
import { inTransaction } from '../core/db.ts';
import { AppError } from '../core/errors.ts';
import { route } from '../core/http.ts';
import type { Route } from '../core/http.ts';
import { originOf } from '../core/number-origin.ts';
import { isWithin } from '../core/reach.ts';
import { IdParam } from '../users/contract.ts';
import {
  Catalogue,
  ChangesPage,
  ChangesQuery,
  ClientDraft,
  ClientEdit,
  ClientPage,
  ClientReply,
  ClientSearch,
  ClientVersion,
  TimelinePage,
  TimelinePeople,
  TimelineQuery,
} from './contract.ts';
import { catalogue } from './catalogue.ts';
import { completenessOf } from './completeness.ts';
import { cardRoutes } from './card-routes.ts';
import { cursorText, listCursor, searchCursor } from './cursor.ts';
import { readableCustom, withComputed } from './custom.ts';
import { searchForgiving } from './forgive.ts';
import { numberPlanOf } from './number-plan.ts';
import { abilities, clientPolicy } from './policy.ts';
import { archiveClient, clientBriefs, findClient, listClients } from './queries.ts';
import type { StoredClient } from './queries.ts';
import { namesOf } from './refs.ts';
import { searchClients } from './search.ts';
import { createClient, editClient, journal } from './service.ts';
import { stageRoutes } from './stages/routes.ts';
import { listTimeline } from './timeline.ts';
import { shownEntry } from './timeline-rights.ts';

/** /api/clients */
export const clientsRoutes = (deps: Deps): readonly Route[] => {
  const { db, now } = deps;
  const country = deps.config.defaultCountry;
  const plan = numberPlanOf(country);

  /** The card, if the actor may read it: by their department, or because this client is on their phone; the grant is in the audit. */
  const readable = async (actor: Actor, id: number): Promise<{ stored: StoredClient; granted: boolean }> => {
    const stored = await findClient(db, id);
    if (!stored) throw new AppError('not_found', 'no such client');
    if (clientPolicy.read(actor, stored)) return { stored, granted: false };
    if (!(await deps.callGrants(actor, id))) throw new AppError('forbidden', 'a client of another department');
    return { stored, granted: true };
  };

  const reply = async (actor: Actor, { stored, granted }: { stored: StoredClient; granted: boolean }) => {
    const { ownerId, ...client } = stored;
    const defs = await deps.fields.list(db);
    const custom = readableCustom(deps.fields, defs, actor, withComputed(deps.fields, defs, stored, stored.custom));
    const owner = ownerId === null ? null : ((await deps.directory.briefs([ownerId])).get(ownerId) ?? null);
    const origins: ClientReply['origins'] = {};
    for (const { e164 } of client.phones) {
      const origin = e164 === null ? null : originOf(e164);
      if (origin) origins[e164!] = origin;
    }
    const refs = await namesOf(deps, actor, defs, custom);
    const completeness = completenessOf(stored, defs);
    return { client: { ...client, custom, owner }, origins, refs, completeness, can: abilities(actor, stored, granted) };
  };

  /** An operator takes a client or lets go of one; to others they are given by who sees all. */
  const mayOwn = async (actor: Actor, ownerId: number | null) => {
    if (ownerId !== null && !(await deps.directory.actorOf(ownerId)))
      throw new AppError('invalid', 'nobody who works here', { issues: [{ path: 'body.ownerId', code: 'no_such_user' }] });
    if (!clientPolicy.assign(actor, ownerId)) throw new AppError('forbidden', `${actor.role}: to give a client to another`);
  };

  const hiddenFields = async (actor: Actor): Promise<ReadonlySet<string>> =>
    new Set((await deps.fields.list(db)).filter((def) => !deps.fields.mayRead(actor, def)).map(({ key }) => key));

  const again = async (actor: Actor, id: number) => {
    deps.bus.emit('client.changed', { id });
    return reply(actor, await readable(actor, id));
  };

  return [
    ...stageRoutes(deps), // before /clients/:id
    ...cardRoutes(deps, { readable, again }),
    route({
      method: 'get',
      path: '/clients',
      summary: 'Search for clients, or list them by name',
      query: ClientSearch,
      reply: ClientPage,
      can: clientPolicy.list,
      async handle({ query: { q, after, limit }, actor }) {
        const reach = actor.reach.view;
        if (q !== '') {
          const ask = { query: q, plan, reach, limit };
          const found = await searchClients(db, { ...ask, after: searchCursor(after) });
          // Nobody is called so: those who may be meant. They are few, and have no second page.
          const meant = found.ids.length === 0 && after === undefined ? (await searchForgiving(db, ask)).ids : found.ids;
          deps.sighted(actor.id, 'listed', meant.length);
          return { items: [...(await clientBriefs(db, meant)).values()], next: cursorText(found.next) };
        }
        const rows = await listClients(db, reach, listCursor(after), limit + 1);
        const page = rows.slice(0, limit);
        const items = await clientBriefs(
          db,
          page.map((row) => row.id),
        );
        deps.sighted(actor.id, 'listed', items.size);
        return { items: [...items.values()], next: cursorText(rows.length > limit ? (page.at(-1) ?? null) : null) };
      },
    }),
    route({
      method: 'post',
      path: '/clients',
      summary: 'Create a client in the department of the one who asks',
      body: ClientDraft,
      reply: ClientReply,
      status: 201,
      can: clientPolicy.create,
      async handle({ body, actor }) {
        // Whoever made a card can open it, also where one sees one's own clients only.
        const ownerId = isWithin(actor.reach.view, { ownerId: null, departmentId: actor.departmentId }) ? null : actor.id;
        const of = { departmentId: actor.departmentId, ownerId };
        const id = await inTransaction(db, (trx) => createClient(deps, trx, body, of, { actor, at: now() }));
        return again(actor, id);
      },
    }),
    route({
      method: 'get',
      path: '/clients/catalogue',
      summary: 'Everything by which clients can be listed, filtered, imported and exported',
      reply: Catalogue,
      can: clientPolicy.list,
      handle: async ({ actor }) => ({ items: await catalogue(deps, db, actor) }),
    }),
    route({
      method: 'get',
      path: '/clients/:id',
      summary: "A client's card",
      params: IdParam,
      reply: ClientReply,
      can: clientPolicy.list,
      async handle({ params, actor }) {
        const found = await readable(actor, params.id);
        deps.sighted(actor.id, 'cards', 1, String(params.id));
        return reply(actor, found);
      },
    }),
    route({
      method: 'patch',
      path: '/clients/:id',
      summary: 'Edit a client; 409 with the present version when somebody else has meanwhile',
      params: IdParam,
      body: ClientEdit,
      reply: ClientReply,
      can: clientPolicy.list,
      async handle({ params: { id }, body, actor }) {
        const { stored } = await readable(actor, id);
        if (!clientPolicy.edit(actor, stored)) throw new AppError('forbidden', 'this client is not yours to edit');
        if (body.ownerId !== undefined && body.ownerId !== stored.ownerId) await mayOwn(actor, body.ownerId);
        const changed = await inTransaction(db, (trx) => editClient(deps, trx, stored, body, { actor, at: now() }));
        return changed.length === 0 ? reply(actor, { stored, granted: false }) : again(actor, id);
      },
    }),
    route({
      method: 'post',
      path: '/clients/:id/archive',
      summary: 'Take a client out of lists and search; nothing is deleted',
      params: IdParam,
      body: ClientVersion,
      reply: ClientReply,
      can: clientPolicy.list,
      async handle({ params: { id }, body: { version }, actor }) {
        const { stored } = await readable(actor, id);
        if (!clientPolicy.archive(actor, stored)) throw new AppError('forbidden', 'this client is not yours to archive');
        const at = now();
        await inTransaction(db, async (trx) => {
          await archiveClient(trx, id, { version, now: at });
          await journal(deps, trx, id, version + 1, [{ field: 'archivedAt', before: null, after: at }], { actor, at });
          await deps.audit(trx, { actorId: actor.id, what: 'client.archived', table: 'clients', rowId: id });
        });
        return again(actor, id);
      },
    }),
    route({
      method: 'get',
      path: '/clients/:id/timeline',
      summary: 'What happened to a client, newest first',
      params: IdParam,
      query: TimelineQuery,
      reply: TimelinePage,
      can: clientPolicy.list,
      async handle({ params: { id }, query, actor }) {
        await readable(actor, id);
        const { items, next, pinned } = await listTimeline(db, id, query);
        const users = await deps.directory.briefs([...new Set([...items, ...pinned].flatMap((entry) => entry.userId ?? []))]);
        const hidden = await hiddenFields(actor);
        const shown = ({ userId, ...entry }: (typeof items)[number]) => ({
          ...shownEntry(entry, hidden),
          user: users.get(userId ?? 0) ?? null,
        });
        return { items: items.map(shown), next, pinned: pinned.map(shown) };
      },
    }),
    route({
      method: 'get',
      path: '/clients/:id/timeline/people',
      summary: 'Who stands in the history of a client, by name',
      params: IdParam,
      reply: TimelinePeople,
      can: clientPolicy.list,
      async handle({ params: { id }, actor }) {
        await readable(actor, id);
        const ids = (await db('timeline')
          .where({ client_id: id })
          .whereNotNull('user_id')
          .distinct('user_id')
          .pluck('user_id')) as number[];
        const users = [...(await deps.directory.briefs(ids)).values()];
        return { items: users.sort((a, b) => a.name.localeCompare(b.name, 'ru') || a.id - b.id) };
      },
    }),
    route({
      method: 'get',
      path: '/clients/:id/changes',
      summary: 'What stood in the fields of a card before, newest first',
      params: IdParam,
      query: ChangesQuery,
      reply: ChangesPage,
      can: clientPolicy.list,
      async handle({ params: { id }, query: { field, before, limit }, actor }) {
        await readable(actor, id);
        const hidden = await hiddenFields(actor);
        if (field !== undefined && hidden.has(field)) throw new AppError('forbidden', 'this field is not yours to read');
        const rows = await changesOfRow(db, { table: 'clients', rowId: id, field, before, limit: limit + 1 });
        const page = rows.slice(0, limit);
        const users = await deps.directory.briefs([...new Set(page.flatMap((row) => row.actorId ?? []))]);
        const items = page
          .filter((row) => !hidden.has(row.field))
          .map((row) => ({ id: row.id, at: row.at, batch: row.batch, field: row.field, before: row.before, after: row.after, user: users.get(row.actorId ?? 0) ?? null })); // prettier-ignore
        return { items, next: rows.length > limit ? page.at(-1)!.id : null };
      },
    }),
  ];
};
