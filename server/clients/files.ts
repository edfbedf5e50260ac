import type { Core, Deps } from '../deps.ts';
import type { Actor } from '../core/authorize.ts';
import { clientPolicy } from './policy.ts';
import { findClient } from './queries.ts';
import { addTimeline } from './timeline.ts';

/** What the files of a card ask of the card. */
export const clientFiles = (
  { db, bus }: Pick<Core, 'db' | 'bus'>,
  granted: (actor: Actor, clientId: number) => Promise<boolean>,
): Deps['fileOwners'][string] => ({
  async may(actor, ref, action) {
    const client = /^\d{1,15}$/.test(ref) ? await findClient(db, Number(ref)) : null;
    if (!client) return false;
    if (action === 'write') return clientPolicy.edit(actor, client);
    return clientPolicy.read(actor, client) || (await granted(actor, client.id));
  },
  attached: (trx, ref, { id, name, at, userId }) =>
    addTimeline(trx, { clientId: Number(ref), at, kind: 'file', ref: String(id), userId, data: { name } }),
  told: (ref) => void bus.emit('client.changed', { id: Number(ref), history: true }),
});
