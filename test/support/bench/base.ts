import type { Knex } from 'knex';
import { isSqlite } from '../../../server/core/db.ts';

/** What the loaded clients of million.ts still lack for lists, cards and the search for duplicates: stages, a typed field, ten entries of history each. */

const DAY = 86_400_000;
/** Every so-many-th card is there twice: the next one has its name and its number. */
export const TWICE_EVERY = 100;
export const ENTRIES = 10;
/** Clients a statement. */
const STEP = 50_000;
export const SOURCES = ['site', 'call', 'import', 'cold', 'recommendation'] as const;

const text = (db: Knex, ...parts: string[]): string => (isSqlite(db) ? parts.join(' || ') : `CONCAT(${parts.join(', ')})`);

/** The history's rows as the features write them, ten a client over three years. */
const history = (db: Knex, now: number): string => {
  const numbers = Array.from({ length: ENTRIES }, (_, n) => `SELECT ${n} AS n`).join(' UNION ALL ');
  const at = `${now} - (((c.id * 7919) + (n.n * 104729)) % 1095) * ${DAY} - n.n * 1000`;
  const data = `'{"direction":"in","queue":"support","number":"+79160000000","answeredAt":1,"endedAt":2,"endReason":"completed","talkMs":61000,"waitMs":4000,"outcome":null,"note":"","recorded":true}'`;
  const ref = text(db, `'bench:'`, 'c.id', `'.'`, 'n.n');
  return `INSERT INTO timeline (client_id, at, kind, ref, user_id, data)
    SELECT c.id, ${at}, CASE n.n % 5 WHEN 0 THEN 'note' WHEN 1 THEN 'edited' ELSE 'call' END, ${ref}, NULL, ${data}
    FROM clients c, (${numbers}) n WHERE c.id > ? AND c.id <= ?`;
};

const twice = async (db: Knex, size: number): Promise<void> => {
  const ids = Array.from({ length: Math.floor((size - 1) / TWICE_EVERY) }, (_, i) => (i + 1) * TWICE_EVERY);
  for (let from = 0; from < ids.length; from += 400)
    await db.transaction(async (trx) => {
      const some = ids.slice(from, from + 400);
      const cards = (await trx('clients').whereIn('id', some).select('id', 'kind', 'name', 'sort_key')) as { id: number; kind: string; name: string; sort_key: string }[]; // prettier-ignore
      for (const { id, ...card } of cards) await trx('clients').where({ id: id + 1 }).update(card); // prettier-ignore
      const phones = (await trx('phones').whereIn('client_id', some).where({ ordinal: 0 })) as Record<string, unknown>[];
      await trx('phones').insert(phones.map(({ id: _, client_id, ...row }) => ({ ...row, client_id: Number(client_id) + 1, ordinal: 2 })));
    });
};

/** How many pairs are there to be found. */
export const plantedPairs = (size: number): number => Math.floor((size - 1) / TWICE_EVERY);

const marker = (size: number) => `base ${size} v1`;

/** On a database that openMillion has made, once. @returns the seconds that it took (0: it was there) */
export const enrich = async (db: Knex, size: number): Promise<number> => {
  if (await db('departments').where({ name: marker(size) }).first()) return 0; // prettier-ignore
  const start = performance.now();
  const now = Date.now();
  for (let from = 0; from < size; from += STEP) {
    const range = [from, Math.min(size, from + STEP)];
    await db.raw(`UPDATE clients SET stage = CASE id % 20 WHEN 0 THEN 'lost' WHEN 1 THEN 'lead' WHEN 2 THEN 'at_risk' ELSE CASE WHEN id % 2 = 0 THEN 'active' ELSE 'new' END END, created_at = ${now} - (id % 1500) * ${DAY}, contact_at = CASE WHEN id % 4 = 0 THEN NULL ELSE ${now} - (id % 700) * ${DAY} END WHERE id > ? AND id <= ?`, range); // prettier-ignore
    await db.raw(`INSERT INTO client_values (client_id, field, text, number) SELECT id, 'source', CASE id % 50 WHEN 0 THEN 'recommendation' WHEN 1 THEN 'cold' ELSE CASE id % 3 WHEN 0 THEN 'site' WHEN 1 THEN 'call' ELSE 'import' END END, NULL FROM clients WHERE id > ? AND id <= ?`, range); // prettier-ignore
    await db.raw(history(db, now), range);
  }
  await twice(db, size);
  await db.raw(isSqlite(db) ? 'ANALYZE' : 'ANALYZE TABLE clients, client_values, timeline, phones');
  await db('departments').insert({ name: marker(size), created_at: 0 });
  return (performance.now() - start) / 1000;
};
