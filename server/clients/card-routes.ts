import { randomUUID } from 'node:crypto';
import type { Deps } from '../deps.ts';
import type { Actor } from '../core/authorize.ts';
import { inTransaction } from '../core/db.ts';
import { AppError } from '../core/errors.ts';
import { route } from '../core/http.ts';
import type { Route } from '../core/http.ts';
import { IdParam } from '../users/contract.ts';
import { ClientFigures, ClientReply, EntryParams, NoteDraft, Pinning, StageMove } from './contract.ts';
import { figuresOf } from './figures.ts';
import { clientPolicy } from './policy.ts';
import type { StoredClient } from './queries.ts';
import { moveClient } from './stages/move.ts';
import { readStages } from './stages/queries.ts';
import { pin, unpin } from './timeline-search.ts';
import { addTimeline } from './timeline.ts';

interface Card {
  readable: (actor: Actor, id: number) => Promise<{ stored: StoredClient; granted: boolean }>;
  again: (actor: Actor, id: number) => Promise<ClientReply>;
}

/** /api/clients/:id/…: what one does on a card beside editing it. */
export const cardRoutes = (deps: Deps, { readable, again }: Card): readonly Route[] => {
  const { db, now } = deps;
  const editable = async (actor: Actor, id: number): Promise<StoredClient> => {
    const { stored } = await readable(actor, id);
    if (!clientPolicy.edit(actor, stored)) throw new AppError('forbidden', 'this client is not yours to edit');
    return stored;
  };
  const told = (id: number) => deps.bus.emit('client.changed', { id, history: true });

  return [
    route({
      method: 'post',
      path: '/clients/:id/notes',
      summary: 'A note in the history of a client; it stays as it was written',
      params: IdParam,
      body: NoteDraft,
      status: 204,
      can: clientPolicy.list,
      async handle({ params: { id }, body: { text, pinned }, actor }) {
        await editable(actor, id);
        const [ref, at] = [randomUUID(), now()];
        await inTransaction(db, async (trx) => {
          await addTimeline(trx, { clientId: id, at, kind: 'note', ref, userId: actor.id, data: { note: text } });
          if (!pinned) return;
          const entry = (await trx('timeline').where({ kind: 'note', ref, client_id: id }).first('id')) as { id: number };
          await pin(trx, id, entry.id, { userId: actor.id, at });
        });
        told(id);
      },
    }),
    route({
      method: 'put',
      path: '/clients/:id/timeline/:entry/pin',
      summary: 'Keeps an entry on top of the history, or lets it go',
      params: EntryParams,
      body: Pinning,
      can: clientPolicy.list,
      async handle({ params: { id, entry }, body: { pinned }, actor }) {
        await editable(actor, id);
        await inTransaction(db, async (trx) => {
          if (!(await trx('timeline').where({ id: entry, client_id: id }).first('id'))) throw new AppError('not_found', 'no such entry');
          if (pinned) await pin(trx, id, entry, { userId: actor.id, at: now() });
          else await unpin(trx, id, entry);
        });
        told(id);
      },
    }),
    route({
      method: 'post',
      path: '/clients/:id/stage',
      summary: 'Moves a client to another stage; a loss needs its reason',
      params: IdParam,
      body: StageMove,
      reply: ClientReply,
      can: clientPolicy.list,
      async handle({ params: { id }, body: { to, reason, version }, actor }) {
        const stored = await editable(actor, id);
        if (stored.version !== version) throw new AppError('conflict', 'the client was changed meanwhile', { version: stored.version });
        await inTransaction(db, async (trx) =>
          moveClient(deps, trx, stored, await readStages(trx), { to, reason, rule: null, userId: actor.id, at: now() }),
        );
        return again(actor, id);
      },
    }),
    route({
      method: 'get',
      path: '/clients/:id/figures',
      summary: 'What the card counts: contacts by month and kind, answer time, last contact',
      params: IdParam,
      reply: ClientFigures,
      can: clientPolicy.list,
      async handle({ params: { id }, actor }) {
        await readable(actor, id);
        return figuresOf(db, id, { now: now(), timeZone: await deps.directory.timeZoneOf(actor.id) });
      },
    }),
  ];
};
