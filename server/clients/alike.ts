import type { Knex } from 'knex';

/** Clients who have something in common with one: what may mean that they belong together. */

export type Why = 'phone' | 'email_domain' | 'address' | 'inn';
export interface Alike {
  clientId: number;
  why: Why;
  /** What they share. */
  value: string;
}

/** Where anybody has a mailbox: to share such a domain means nothing. */
const PUBLIC = new Set(['gmail.com', 'mail.ru', 'yandex.ru', 'ya.ru', 'bk.ru', 'list.ru', 'inbox.ru', 'rambler.ru', 'hotmail.com', 'outlook.com', 'yahoo.com', 'icloud.com', 'proton.me', 'protonmail.com', 'live.com', 'vk.com', 'example.com', 'example.org', 'example.net']); // prettier-ignore
const SHARED_FIELDS = { address: ['address', 'legal_address'], inn: ['inn'] } as const;
/** Of each kind: what very many share says nothing. */
const MOST = 20;

interface Found {
  client_id: number;
  value: string;
}

const live = (query: Knex.QueryBuilder): Knex.QueryBuilder => query.join('clients as c', 'c.id', 'o.client_id').whereNull('c.archived_at');

export const clientsLike = async (db: Knex, clientId: number): Promise<Alike[]> => {
  const alike: Alike[] = [];
  const add = (why: Why, rows: readonly Found[]) => {
    if (rows.length <= MOST) alike.push(...rows.map(({ client_id, value }) => ({ clientId: client_id, why, value })));
  };
  const phones = (await db('phones').where({ client_id: clientId }).whereNotNull('e164').pluck('e164')) as string[];
  if (phones.length > 0)
    add('phone', (await live(db('phones as o')).whereIn('o.e164', phones).whereNot('o.client_id', clientId).distinct({ client_id: 'o.client_id', value: 'o.e164' }).limit(MOST + 1)) as Found[]); // prettier-ignore
  for (const [why, fields] of Object.entries(SHARED_FIELDS) as [Why, readonly string[]][]) {
    const texts = (await db('client_values').where({ client_id: clientId }).whereIn('field', [...fields]).whereNotNull('text').pluck('text')) as string[]; // prettier-ignore
    if (texts.length > 0)
      add(why, (await live(db('client_values as o')).whereIn('o.field', [...fields]).whereIn('o.text', texts).whereNot('o.client_id', clientId).distinct({ client_id: 'o.client_id', value: 'o.text' }).limit(MOST + 1)) as Found[]); // prettier-ignore
  }
  const own = (await db('emails').where({ client_id: clientId }).pluck('address_key')) as string[];
  const domains = [...new Set(own.map((address) => address.slice(address.indexOf('@') + 1)))].filter((domain) => !PUBLIC.has(domain));
  if (domains.length > 0)
    add('email_domain', (await live(db('emails as o')).whereIn('o.domain', domains).whereNot('o.client_id', clientId).distinct({ client_id: 'o.client_id', value: 'o.domain' }).limit(MOST + 1)) as Found[]); // prettier-ignore
  return alike;
};
