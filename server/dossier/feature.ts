import type { Knex } from 'knex';
import type { Deps, Feature } from '../deps.ts';
import { signedIn } from '../core/authorize.ts';
import type { Actor } from '../core/authorize.ts';
import { inTransaction } from '../core/db.ts';
import { AppError } from '../core/errors.ts';
import { route } from '../core/http.ts';
import { IdParam } from '../users/contract.ts';
import { Dossier, DossierDraft, DossierEdit, DossierKind, DossierParams, DossierReply } from './contract.ts';

interface Row {
  id: number;
  client_id: number;
  kind: string;
  text: string;
  answer: string;
  source: string;
  user_id: number;
  at: number;
  archived_at: number | null;
}

const MOST_SHOWN = 500;

/** /api/clients/:id/dossier: what was learnt about a client. Whoever may read the card reads it, whoever may edit the card adds to it. */
export const dossierFeature = (deps: Deps): Feature => {
  const { db, now } = deps;
  const may = async (actor: Actor, clientId: number, action: 'read' | 'write') => {
    if (!(await deps.fileOwners.client!.may(actor, String(clientId), action))) throw new AppError('forbidden', 'the card of this client');
  };
  const find = async (trx: Knex, clientId: number, id: number): Promise<Row> => {
    const row = (await trx('dossier').where({ id, client_id: clientId }).first()) as Row | undefined;
    if (!row) throw new AppError('not_found', 'no such entry');
    return row;
  };
  const told = (id: number) => deps.bus.emit('client.changed', { id });

  return {
    routes: [
      route({
        method: 'get',
        path: '/clients/:id/dossier',
        summary: 'What was learnt about a client: needs, strong and weak sides, objections and their answers; freshest first',
        params: IdParam,
        reply: Dossier,
        can: signedIn,
        async handle({ params: { id }, actor }) {
          await may(actor, id, 'read');
          const rows = (await db('dossier').where({ client_id: id }).whereNull('archived_at').orderBy([{ column: 'at', order: 'desc' }, { column: 'id', order: 'desc' }]).limit(MOST_SHOWN)) as Row[]; // prettier-ignore
          const users = await deps.directory.briefs([...new Set(rows.map(({ user_id }) => user_id))]);
          return {
            items: rows.map((row) => ({
              id: row.id,
              kind: DossierKind.parse(row.kind),
              text: row.text,
              answer: row.answer,
              source: row.source,
              user: users.get(row.user_id) ?? null,
              at: Number(row.at),
            })),
            can: { add: await deps.fileOwners.client!.may(actor, String(id), 'write') },
          };
        },
      }),
      route({
        method: 'post',
        path: '/clients/:id/dossier',
        summary: 'Adds what was learnt',
        params: IdParam,
        body: DossierDraft,
        reply: DossierReply,
        status: 201,
        can: signedIn,
        async handle({ params: { id }, body, actor }) {
          await may(actor, id, 'write');
          const made = await inTransaction(db, async (trx) => {
            const [entry] = (await trx('dossier').insert({ ...body, client_id: id, user_id: actor.id, at: now() })) as [number];
            await deps.audit(trx, { actorId: actor.id, what: 'dossier.added', table: 'dossier', rowId: entry, details: { clientId: id, kind: body.kind } }); // prettier-ignore
            return entry;
          });
          told(id);
          return { id: made };
        },
      }),
      route({
        method: 'patch',
        path: '/clients/:id/dossier/:entry',
        summary: 'Mends an entry, adds the answer to an objection, or takes it away',
        params: DossierParams,
        body: DossierEdit,
        can: signedIn,
        async handle({ params: { id, entry }, body: { archived, ...edit }, actor }) {
          await may(actor, id, 'write');
          await inTransaction(db, async (trx) => {
            const before = await find(trx, id, entry);
            const set = { ...edit, ...(archived === undefined ? {} : { archived_at: archived ? now() : null }) };
            if (Object.keys(set).length === 0) return;
            await trx('dossier').where({ id: entry }).update(set);
            const held = { text: before.text, answer: before.answer, source: before.source };
            await deps.audit(trx, { actorId: actor.id, what: 'dossier.edited', table: 'dossier', rowId: entry, details: { before: held, archived } }); // prettier-ignore
          });
          told(id);
        },
      }),
    ],
  };
};
