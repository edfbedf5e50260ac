import type { Deps, Feature } from '../deps.ts';
import { signedIn } from '../core/authorize.ts';
import type { Actor } from '../core/authorize.ts';
import { inTransaction } from '../core/db.ts';
import { AppError } from '../core/errors.ts';
import { route } from '../core/http.ts';
import { IdParam } from '../users/contract.ts';
import {
  Proposals,
  Refusal,
  PersonDraft,
  RelationDraft,
  RelationEdit,
  RelationGraph,
  RelationList,
  RelationParams,
  RelationReply,
} from './contract.ts';
import type { Relation } from './contract.ts';
import { around } from './graph.ts';
import { findRelation, insertRelation, refuse, refused, relationsOf, sameDirector, updateRelation } from './queries.ts';

const STEPS = 3;
const MOST_NODES = 200;

type Reason = Proposals['items'][number]['reasons'][number];

/** /api/clients/:id/relations, …/graph, …/proposals: how clients belong together. Whom the actor may not see is nowhere among them. */
export const relationsFeature = (deps: Deps): Feature => {
  const { db, now } = deps;
  const may = async (actor: Actor, id: number, action: 'read' | 'write') => {
    if (!(await deps.fileOwners.client!.may(actor, String(id), action))) throw new AppError('forbidden', 'the card of this client');
  };
  const otherOf = (relation: Relation, id: number) => (relation.fromId === id ? relation.toId : relation.fromId);
  const told = (...ids: number[]) => ids.forEach((id) => deps.bus.emit('client.changed', { id }));
  const twice = (all: readonly Relation[], draft: Omit<Relation, 'id'>) =>
    all.some((r) => r.kind === draft.kind && r.fromId === draft.fromId && r.toId === draft.toId && r.until === null);

  return {
    routes: [
      route({
        method: 'get',
        path: '/clients/:id/relations',
        summary: 'Who belongs to a client, and how',
        params: IdParam,
        reply: RelationList,
        can: signedIn,
        async handle({ params: { id }, actor }) {
          await may(actor, id, 'read');
          const all = await relationsOf(db, [id]);
          const others = await deps.readableClients(actor, all.map((relation) => otherOf(relation, id))); // prettier-ignore
          const items = all.flatMap((relation) => {
            const other = others.get(otherOf(relation, id));
            return other ? [{ ...relation, other }] : [];
          });
          return { items, can: { edit: await deps.fileOwners.client!.may(actor, String(id), 'write') } };
        },
      }),
      route({
        method: 'post',
        path: '/clients/:id/relations',
        summary: 'Two clients belong together',
        params: IdParam,
        body: RelationDraft,
        reply: RelationReply,
        status: 201,
        can: signedIn,
        async handle({ params: { id }, body: { toId, reverse, ...draft }, actor }) {
          await may(actor, id, 'write');
          if (toId === id) throw new AppError('invalid', 'a client and itself', { issues: [{ path: 'body.toId', code: 'same' }] });
          if (!(await deps.readableClients(actor, [toId])).has(toId))
            throw new AppError('invalid', 'no such client', { issues: [{ path: 'body.toId', code: 'no_such_client' }] });
          const relation = { ...draft, fromId: reverse ? toId : id, toId: reverse ? id : toId };
          const made = await inTransaction(db, async (trx) => {
            if (twice(await relationsOf(trx, [id]), relation))
              throw new AppError('conflict', 'it stands there already', { reason: 'twice' });
            const at = now();
            const made = await insertRelation(trx, relation, { userId: actor.id, at });
            for (const clientId of [id, toId])
              await deps.addTimeline(trx, { clientId, at, kind: 'relation', ref: String(made), userId: actor.id, data: { kind: draft.kind, otherId: clientId === id ? toId : id } }); // prettier-ignore
            await deps.audit(trx, { actorId: actor.id, what: 'relation.added', table: 'relations', rowId: made, details: relation });
            return made;
          });
          told(id, toId);
          return { id: made };
        },
      }),
      route({
        method: 'post',
        path: '/clients/:id/people',
        summary: 'A new contact person of a company: the card and the relation as one thing',
        params: IdParam,
        body: PersonDraft,
        reply: RelationReply,
        status: 201,
        can: signedIn,
        async handle({ params: { id }, body, actor }) {
          await may(actor, id, 'write');
          const { personId, made } = await inTransaction(db, async (trx) => {
            const at = now();
            const personId = await deps.makePerson(trx, actor, id, body);
            const relation = {
              fromId: personId,
              toId: id,
              kind: 'contact' as const,
              position: body.position,
              share: null,
              since: null,
              until: null,
              note: '',
            };
            const made = await insertRelation(trx, relation, { userId: actor.id, at });
            for (const clientId of [id, personId])
              await deps.addTimeline(trx, { clientId, at, kind: 'relation', ref: String(made), userId: actor.id, data: { kind: 'contact', otherId: clientId === id ? personId : id } }); // prettier-ignore
            await deps.audit(trx, { actorId: actor.id, what: 'relation.added', table: 'relations', rowId: made, details: relation });
            return { personId, made };
          });
          told(id, personId);
          return { id: made };
        },
      }),
      route({
        method: 'patch',
        path: '/clients/:id/relations/:relation',
        summary: 'Changes a relation, or takes it away',
        params: RelationParams,
        body: RelationEdit,
        can: signedIn,
        async handle({ params: { id, relation: relationId }, body: { archived, ...edit }, actor }) {
          await may(actor, id, 'write');
          const before = await findRelation(db, relationId);
          if (!before || (before.fromId !== id && before.toId !== id)) throw new AppError('not_found', 'no such relation');
          const after = { ...before, ...(edit as Partial<Relation>) };
          if (after.since !== null && after.until !== null && after.since > after.until)
            throw new AppError('invalid', 'it ends before it begins', { issues: [{ path: 'body.until', code: 'too_small' }] });
          await inTransaction(db, async (trx) => {
            await updateRelation(trx, after, archived === undefined ? undefined : archived ? now() : null);
            await deps.audit(trx, { actorId: actor.id, what: archived ? 'relation.removed' : 'relation.edited', table: 'relations', rowId: relationId, details: { before } }); // prettier-ignore
          });
          told(before.fromId, before.toId);
        },
      }),
      route({
        method: 'get',
        path: '/clients/:id/graph',
        summary: 'Three steps of relations around a client, no more than two hundred clients',
        params: IdParam,
        reply: RelationGraph,
        can: signedIn,
        async handle({ params: { id }, actor }) {
          await may(actor, id, 'read');
          const { nodes, edges, more } = await around(
            id,
            { steps: STEPS, most: MOST_NODES },
            (ids) => relationsOf(db, ids),
            async (ids) => new Set((await deps.readableClients(actor, ids)).keys()),
          );
          const briefs = await deps.clientBriefs(nodes.map((node) => node.id));
          return { nodes: nodes.flatMap(({ id: of, step }) => (briefs.has(of) ? [{ ...briefs.get(of)!, step }] : [])), edges, more };
        },
      }),
      route({
        method: 'get',
        path: '/clients/:id/proposals',
        summary: 'Who may belong to a client: the same phone, director, address, tax number, domain of e-mail',
        params: IdParam,
        reply: Proposals,
        can: signedIn,
        async handle({ params: { id }, actor }) {
          await may(actor, id, 'read');
          const reasons = new Map<number, Reason[]>();
          const add = (other: number, reason: Reason) => reasons.set(other, [...(reasons.get(other) ?? []), reason]);
          for (const { clientId, why, value } of await deps.clientsLike(db, id)) add(clientId, { why, value });
          const directors = await sameDirector(db, id);
          const names = await deps.readableClients(actor, directors.map(({ directorId }) => directorId)); // prettier-ignore
          for (const { otherId, directorId } of directors) add(otherId, { why: 'director', value: names.get(directorId)?.name ?? '' });
          const related = new Set((await relationsOf(db, [id])).map((relation) => otherOf(relation, id)));
          const no = await refused(db, id);
          const wanted = [...reasons.keys()].filter((other) => !related.has(other) && !no.has(other));
          const clients = await deps.readableClients(actor, wanted);
          return { items: [...clients.values()].map((client) => ({ client, reasons: reasons.get(client.id)! })) };
        },
      }),
      route({
        method: 'post',
        path: '/clients/:id/proposals/refuse',
        summary: 'These two do not belong together: not proposed again',
        params: IdParam,
        body: Refusal,
        can: signedIn,
        async handle({ params: { id }, body: { otherId }, actor }) {
          await may(actor, id, 'write');
          if (!(await deps.readableClients(actor, [otherId])).has(otherId)) throw new AppError('not_found', 'no such client');
          await inTransaction(db, async (trx) => {
            await refuse(trx, id, otherId, { userId: actor.id, at: now() });
            await deps.audit(trx, { actorId: actor.id, what: 'relation.refused', table: 'clients', rowId: id, details: { otherId } });
          });
        },
      }),
    ],
  };
};
