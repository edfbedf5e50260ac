import type { Deps } from '../app.ts';
import type { Actor } from '../core/authorize.ts';
import { inTransaction } from '../core/db.ts';
import { AppError } from '../core/errors.ts';
import { route } from '../core/http.ts';
import type { Route } from '../core/http.ts';
import { originOf } from '../core/number-origin.ts';
import { IdParam } from '../users/contract.ts';
import { ClientDraft, ClientEdit, ClientPage, ClientReply, ClientSearch, ClientVersion, TimelinePage, TimelineQuery } from './contract.ts';
import { cursorText, listCursor, searchCursor } from './cursor.ts';
import { searchForgiving } from './forgive.ts';
import { numberPlanOf } from './number-plan.ts';
import { abilities, clientPolicy, visibleDepartments } from './policy.ts';
import { archiveClient, changesOf, clientBriefs, findClient, insertClient, listClients, updateClient } from './queries.ts';
import type { StoredClient } from './queries.ts';
import { searchClients } from './search.ts';
import { addTimeline, listTimeline } from './timeline.ts';

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
    const owner = ownerId === null ? null : ((await deps.directory.briefs([ownerId])).get(ownerId) ?? null);
    const origins: ClientReply['origins'] = {};
    for (const { e164 } of client.phones) {
      const origin = e164 === null ? null : originOf(e164);
      if (origin) origins[e164!] = origin;
    }
    return { client: { ...client, owner }, origins, can: abilities(actor, stored, granted) };
  };

  const again = async (actor: Actor, id: number) => {
    deps.bus.emit('client.changed', { id });
    return reply(actor, await readable(actor, id));
  };

  return [
    route({
      method: 'get',
      path: '/clients',
      summary: 'Search for clients, or list them by name',
      query: ClientSearch,
      reply: ClientPage,
      can: clientPolicy.list,
      async handle({ query: { q, after, limit }, actor }) {
        const departments = visibleDepartments(actor);
        if (q !== '') {
          const ask = { query: q, plan, departments, limit };
          const found = await searchClients(db, { ...ask, after: searchCursor(after) });
          // Nobody is called so: those who may be meant. They are few, and have no second page.
          if (found.ids.length === 0 && after === undefined)
            return { items: [...(await clientBriefs(db, (await searchForgiving(db, ask)).ids)).values()], next: null };
          return { items: [...(await clientBriefs(db, found.ids)).values()], next: cursorText(found.next) };
        }
        const rows = await listClients(db, departments, listCursor(after), limit + 1);
        const page = rows.slice(0, limit);
        const items = await clientBriefs(
          db,
          page.map((row) => row.id),
        );
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
        const at = now();
        const id = await inTransaction(db, async (trx) => {
          const made = await insertClient(trx, body, { departmentId: actor.departmentId, ownerId: null, now: at, country });
          await addTimeline(trx, { clientId: made, at, kind: 'created', ref: 'created', userId: actor.id, data: {} });
          await deps.audit(trx, { actorId: actor.id, what: 'client.created', table: 'clients', rowId: made });
          return made;
        });
        return again(actor, id);
      },
    }),
    route({
      method: 'get',
      path: '/clients/:id',
      summary: "A client's card",
      params: IdParam,
      reply: ClientReply,
      can: clientPolicy.list,
      handle: async ({ params, actor }) => reply(actor, await readable(actor, params.id)),
    }),
    route({
      method: 'patch',
      path: '/clients/:id',
      summary: 'Edit a client; 409 with the present version when somebody else has meanwhile',
      params: IdParam,
      body: ClientEdit,
      reply: ClientReply,
      can: clientPolicy.list,
      async handle({ params: { id }, body: { version, ...edit }, actor }) {
        const { stored } = await readable(actor, id);
        if (!clientPolicy.edit(actor, stored)) throw new AppError('forbidden', 'this client is not yours to edit');
        if (stored.version !== version) throw new AppError('conflict', 'the client was changed meanwhile', { version: stored.version });
        const before = changesOf(stored, edit);
        const fields = Object.keys(before);
        if (fields.length === 0) return reply(actor, { stored, granted: false });
        const at = now();
        await inTransaction(db, async (trx) => {
          await updateClient(trx, stored, edit, { version, now: at, country });
          await addTimeline(trx, { clientId: id, at, kind: 'edited', ref: `${version + 1}`, userId: actor.id, data: { fields } });
          await deps.audit(trx, { actorId: actor.id, what: 'client.edited', table: 'clients', rowId: id, details: { before } });
        });
        return again(actor, id);
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
          const data = { fields: ['archivedAt'] };
          await addTimeline(trx, { clientId: id, at, kind: 'edited', ref: `${version + 1}`, userId: actor.id, data });
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
        const { items, next } = await listTimeline(db, id, query);
        const users = await deps.directory.briefs([...new Set(items.flatMap((entry) => entry.userId ?? []))]);
        return { items: items.map(({ userId, ...entry }) => ({ ...entry, user: users.get(userId ?? 0) ?? null })), next };
      },
    }),
  ];
};
