import type { Knex } from 'knex';
import { isSqlite, pieces } from '../core/db.ts';
import { LEGAL_FORMS, readCompanyName } from '../core/legal-form.ts';
import { parsePhone } from '../core/phone.ts';
import { fold, splitWords } from '../core/words.ts';
import type { Client } from './contract.ts';
import { emailKey, sortKey } from './normalise.ts';
import { cityKey } from './queries.ts';

/** By what two cards are told to be of one client, and who has the same. */

export interface Traits {
  id: number;
  kind: 'company' | 'person';
  name: string;
  /** Of the name, folded, in its order; of a company's without the legal form. */
  words: string[];
  company: string;
  city: string;
  /** E.164; where it is no number of a plan, its digits. */
  phones: string[];
  emails: string[];
  inn: string;
  /** 2026-03-01 */
  birthday: string;
  ownerId: number | null;
  departmentId: number | null;
  archivedAt: number | null;
}

interface Row {
  id: number;
  kind: 'company' | 'person';
  name: string;
  company: string;
  city: string;
  custom: string;
  owner_id: number | null;
  department_id: number | null;
  archived_at: number | null;
}

const AT_ONCE = 256;
const SHORTEST_NUMBER = 6;

/** The legal form is often left out, or written by one and not by the other. */
const wordsOfName = (kind: Traits['kind'], name: string): string[] => {
  const words = splitWords(fold(name));
  return kind === 'company' && words.length > 1 && LEGAL_FORMS.includes(words[0]!) ? words.slice(1) : words;
};

const text = (value: unknown): string => (typeof value === 'string' ? value : '');
const grouped = (rows: readonly { client_id: number; value: string }[]): Map<number, string[]> => {
  const found = new Map<number, string[]>();
  for (const { client_id, value } of rows) found.set(client_id, [...(found.get(client_id) ?? []), value]);
  return found;
};

export const traitsOf = async (db: Knex, ids: readonly number[]): Promise<Map<number, Traits>> => {
  const found = new Map<number, Traits>();
  for (const some of pieces(ids, AT_ONCE)) {
    const rows = (await db('clients').whereIn('id', some).select('id', 'kind', 'name', 'company', 'city', 'custom', 'owner_id', 'department_id', 'archived_at')) as Row[]; // prettier-ignore
    const phones = grouped(await db('phones').whereIn('client_id', some).select('client_id', db.raw('COALESCE(e164, digits) AS value')));
    const emails = grouped(await db('emails').whereIn('client_id', some).select('client_id', 'address_key as value'));
    for (const row of rows) {
      const custom = JSON.parse(row.custom) as Client['custom'];
      found.set(row.id, {
        id: row.id, kind: row.kind, name: row.name, words: wordsOfName(row.kind, row.name), company: fold(row.company), city: row.city,
        phones: phones.get(row.id) ?? [], emails: emails.get(row.id) ?? [], inn: text(custom.inn), birthday: text(custom.birthday),
        ownerId: row.owner_id, departmentId: row.department_id, archivedAt: row.archived_at,
      }); // prettier-ignore
    }
  }
  return found;
};

/** Of somebody who is only being typed: id 0. */
export const traitsOfDraft = (
  draft: { kind: 'company' | 'person'; name: string; company: string; phones: readonly string[]; emails: readonly string[]; custom: Client['custom'] },
  country: string,
): Traits => ({
  id: 0, kind: draft.kind, name: draft.name, words: wordsOfName(draft.kind, draft.kind === 'company' ? readCompanyName(draft.name).name : draft.name), company: fold(draft.company), city: cityKey(draft.custom),
  phones: draft.phones.map((raw) => parsePhone(raw, country)).flatMap(({ e164, digits }) => e164 ?? (digits.length >= SHORTEST_NUMBER ? digits : [])),
  emails: draft.emails.filter((address) => address.includes('@')).map(emailKey),
  inn: text(draft.custom.inn).replace(/\D/g, ''), birthday: text(draft.custom.birthday),
  ownerId: null, departmentId: null, archivedAt: null,
}); // prettier-ignore

/** What more clients have than so many says nothing: a firm's switchboard, a shop's address. Of a bare name fewer. */
const MOST_ALIKE = 20;
const MOST_NAMESAKES = 5;
const KEYS_AT_ONCE = 256;

/** By key (its values with NUL between them), who has it; a key that too many have is left out. Each key costs no more than `most` rows, however many have it. */
export const havers = async (db: Knex, table: string, where: string, keys: readonly (readonly string[])[], most: number, idColumn = 'client_id'): Promise<Map<string, number[]>> => {
  const found = new Map<string, number[]>();
  for (const some of pieces(keys, KEYS_AT_ONCE)) {
    const one = (n: number) => `SELECT ${n} AS n, ${idColumn} AS id FROM ${table} WHERE ${where} LIMIT ${most + 1}`;
    const sql = some.map((_, n) => (isSqlite(db) ? `SELECT * FROM (${one(n)})` : `(${one(n)})`)).join(' UNION ALL ');
    const answer = (await db.raw(sql, some.flat())) as { n: number; id: number }[] | [{ n: number; id: number }[]];
    const rows = (isSqlite(db) ? answer : answer[0]) as { n: number; id: number }[];
    const ids = new Map<number, number[]>();
    for (const { n, id } of rows) ids.set(n, [...(ids.get(n) ?? []), id]);
    for (const [n, all] of ids) if (all.length <= most) found.set(some[n]!.join('\u0000'), all);
  }
  return found;
}; // prettier-ignore

/** A name as it is also written: first name and surname have changed places, the legal form is there or not. */
const orders = ({ kind, words }: Traits): string[] => {
  if (words.length === 0 || (kind === 'person' && words.length < 2)) return [];
  if (kind === 'company') return [words, ...LEGAL_FORMS.map((form) => [form, ...words])].map((order) => sortKey(order.join(' ')));
  const turned = words.length <= 3 ? [[...words.slice(1), words[0]!], [words.at(-1)!, ...words.slice(0, -1)]] : []; // prettier-ignore
  return [...new Set([words, ...turned].map((order) => sortKey(order.join(' '))))];
};

/** Of each, who has the same number, address, tax number, or name and city: those who may be the same, archived ones too. By index alone. */
export const sharersOf = async (db: Knex, all: readonly Traits[]): Promise<Map<number, Set<number>>> => {
  const found = new Map(all.map(({ id }) => [id, new Set<number>()]));
  const look = async (table: string, where: string, keysOf: (one: Traits) => (readonly string[])[], most: number, idColumn?: string): Promise<void> => {
    const mine = all.map((one) => [one.id, keysOf(one)] as const);
    const keys = [...new Map(mine.flatMap(([, own]) => own.map((key) => [key.join('\u0000'), key] as const))).values()];
    const have = await havers(db, table, where, keys, most, idColumn);
    for (const [id, own] of mine)
      for (const key of own) for (const other of have.get(key.join('\u0000')) ?? []) if (other !== id) found.get(id)!.add(other);
  }; // prettier-ignore
  await look('phones', 'e164 = ?', ({ phones }) => phones.filter((n) => n.startsWith('+')).map((n) => [n]), MOST_ALIKE);
  await look('phones', 'digits = ?', ({ phones }) => phones.filter((n) => !n.startsWith('+') && n.length >= SHORTEST_NUMBER).map((n) => [n]), MOST_ALIKE); // prettier-ignore
  await look('emails', 'address_key = ?', ({ emails }) => emails.map((address) => [address]), MOST_ALIKE);
  await look('client_values', "field = 'inn' AND text = ?", ({ inn }) => (inn === '' ? [] : [[inn]]), MOST_ALIKE);
  await look('clients', 'sort_key = ? AND city = ?', (one) => (one.city === '' ? [] : orders(one).map((name) => [name, one.city])), MOST_ALIKE, 'id'); // prettier-ignore
  await look('clients', 'sort_key = ?', (one) => orders(one).map((name) => [name]), MOST_NAMESAKES, 'id');
  return found;
};

export interface ChangedAt {
  at: number;
  id: number;
}

/** Cards in the order in which they were changed, behind `after`, no later than `until`. */
export const changedClients = async (db: Knex, after: ChangedAt, until: number, limit: number): Promise<ChangedAt[]> => {
  const read = async (where: (q: Knex.QueryBuilder) => unknown, most: number): Promise<ChangedAt[]> => {
    const query = db('clients').select({ at: 'updated_at', id: 'id' }).where('updated_at', '<=', until);
    void where(query);
    return ((await query.orderBy(['updated_at', 'id']).limit(most)) as ChangedAt[]).map(({ at, id }) => ({ at: Number(at), id }));
  };
  // Two ranges: an import writes very many cards at one moment, and an OR over both columns would read all of them each time.
  const same = await read((q) => q.where({ updated_at: after.at }).where('id', '>', after.id), limit);
  return same.length === limit ? same : [...same, ...(await read((q) => q.where('updated_at', '>', after.at), limit - same.length))];
};

/** How many cards `changedClients` would still give. */
export const changedCount = async (db: Knex, after: ChangedAt, until: number): Promise<number> => {
  const [{ n }] = (await db('clients').where('updated_at', '>', after.at).where('updated_at', '<=', until).count({ n: '*' })) as [{ n: number }]; // prettier-ignore
  const [{ m }] = (await db('clients').where({ updated_at: after.at }).where('id', '>', after.id).count({ m: '*' })) as [{ m: number }];
  return Number(n) + Number(m);
};
