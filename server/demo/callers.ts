import { randomInt } from 'node:crypto';
import type { Knex } from 'knex';

export interface Caller {
  /** As a trunk sends it: digits with the country code. */
  number: string;
  name: string;
}

/** Of a hundred simulated callers so many are nobody's clients. */
const STRANGERS = 20;
/** Enough for variety. */
const KNOWN = 2_000;

const stranger = (): Caller => ({ number: `7946${String(randomInt(10_000_000)).padStart(7, '0')}`, name: '' });

/** Who calls the simulated PBX: mostly clients of the database, at random. */
export const createCallers = (db: Knex): (() => Promise<Caller>) => {
  let known: Promise<{ e164: string; name: string }[]> | null = null;
  const load = () =>
    db('phones')
      .join('clients', 'clients.id', 'phones.client_id')
      .whereNotNull('phones.e164')
      .whereNull('clients.archived_at')
      .orderBy('phones.id', 'desc')
      .limit(KNOWN)
      .select('phones.e164', 'clients.name');
  return async () => {
    known ??= load();
    known.catch(() => (known = null));
    const clients = await known;
    const found = clients[randomInt(Math.max(1, clients.length))];
    if (!found || randomInt(100) < STRANGERS) return stranger();
    return { number: found.e164.slice(1), name: randomInt(3) === 0 ? found.name : '' };
  };
};
