import type { Knex } from 'knex';
import { emailRow, wordRows } from '../../../server/clients/contacts.ts';
import type { PhoneRow } from '../../../server/clients/contacts.ts';
import { ClientDraft } from '../../../server/clients/contract.ts';
import { saveNear } from '../../../server/clients/near.ts';
import { reversed } from '../../../server/clients/normalise.ts';
import { clientRow } from '../../../server/clients/queries.ts';
import { isSqlite, migrate, openDb } from '../../../server/core/db.ts';
import { inventClient } from '../../../server/demo/clients.ts';
import { createRandom } from '../../../server/demo/random.ts';

/**
 * A database with very many clients, two numbers each, loaded as fast as the engine takes it and kept for the next run. Rows are made by the functions
 * that the product writes with; only the way in differs: indexes are dropped and built again, words come sorted.
 */

/** Raised when the load changes: a database of another version is loaded anew. */
const VERSION = 2;
export const DEPARTMENTS = 10;
/** The department after the others, with so many clients in all. */
export const SMALL_DEPARTMENT = { id: DEPARTMENTS + 1, clients: 100 };
/** Different people; of a larger number many have the same name, as many do. */
const PEOPLE = 20_000;
const ROWS = 5_000;

/** The first of client `i`: his numbers are spread over the whole range, and no two clients share one. */
export const numberOf = (i: number, which: 0 | 1): string => `79${String((i * 2 + which) * 104_729 % 1_000_000_007 % 1_000_000_000).padStart(9, '0')}`; // prettier-ignore

const spelled = (digits: string, i: number): string =>
  [`+${digits}`, `8${digits.slice(1)}`, `8 (${digits.slice(1, 4)}) ${digits.slice(4, 7)}-${digits.slice(7, 9)}-${digits.slice(9)}`][i % 3]!;

/** What phoneRow makes of it, without reading two million numbers. */
export const phoneOf = (i: number, which: 0 | 1): PhoneRow => {
  const digits = numberOf(i, which);
  const row = {
    client_id: i + 1,
    ordinal: which,
    raw: spelled(digits, i + which),
    purpose: '',
    best_time: '',
    bad_since: null,
    e164: `+${digits}`,
    extension: null,
  };
  return { ...row, digits, reversed: reversed(digits) };
};

/** SQL of one engine: many rows from one bound JSON text. */
const insertJson = async (db: Knex, table: string, columns: Record<string, string>, rows: readonly object[]): Promise<void> => {
  const names = Object.keys(columns);
  const cells = (row: object) => names.map((name) => (row as Record<string, unknown>)[name] ?? null);
  for (let from = 0; from < rows.length; from += ROWS) {
    const json = JSON.stringify(rows.slice(from, from + ROWS).map(cells));
    const source = isSqlite(db)
      ? `SELECT ${names.map((_, n) => `value ->> ${n}`).join(', ')} FROM json_each(?)`
      : `SELECT * FROM JSON_TABLE(?, '$[*]' COLUMNS (${names.map((name, n) => `${name} ${columns[name]} PATH '$[${n}]'`).join(', ')})) AS j`;
    await db.raw(`INSERT INTO ${table} (${names.join(', ')}) ${source}`, [json]);
  }
};

const TEXT = 'TEXT CHARACTER SET utf8mb4';
const COLUMNS = {
  clients: { id: 'INT', kind: TEXT, roles: TEXT, name: TEXT, sort_key: TEXT, stage: TEXT, company: TEXT, position: TEXT, note: TEXT, custom: TEXT, department_id: 'INT', version: 'INT', created_at: 'BIGINT', updated_at: 'BIGINT' }, // prettier-ignore
  phones: { client_id: 'INT', ordinal: 'INT', raw: TEXT, purpose: TEXT, e164: TEXT, extension: TEXT, digits: TEXT, reversed: TEXT },
  emails: { client_id: 'INT', ordinal: 'INT', address: TEXT, address_key: TEXT, domain: TEXT },
  search_words: { word: TEXT, client_id: 'INT' },
} as const;
type Table = keyof typeof COLUMNS;
const TABLES = Object.keys(COLUMNS) as Table[];

/** Takes the indexes away that the engine can do without. @returns what builds them again */
const dropIndexes = async (db: Knex): Promise<() => Promise<void>> => {
  if (isSqlite(db)) {
    const had = (await db('sqlite_master').where({ type: 'index' }).whereIn('tbl_name', TABLES).whereNotNull('sql')) as {
      name: string;
      sql: string;
    }[];
    for (const { name } of had) await db.raw(`DROP INDEX ${name}`);
    return async () => {
      for (const { sql } of had) await db.raw(sql);
    };
  }
  const again: string[] = [];
  for (const table of TABLES) {
    const [[shown]] = (await db.raw(`SHOW CREATE TABLE ${table}`)) as [[Record<string, string>]];
    const keys = [...shown['Create Table']!.matchAll(/^ {2}((?:UNIQUE )?KEY `(\w+)` \(.*\)),?$/gm)].map((m) => ({
      sql: m[1]!,
      name: m[2]!,
    }));
    // A foreign key needs the index that begins with its column.
    const free = keys.filter(({ sql }) => !/\(`(client_id|owner_id|department_id)`/.test(sql));
    if (free.length === 0) continue;
    await db.raw(`ALTER TABLE ${table} ${free.map(({ name }) => `DROP KEY ${name}`).join(', ')}`);
    again.push(`ALTER TABLE ${table} ${free.map(({ sql }) => `ADD ${sql}`).join(', ')}`);
  }
  return async () => {
    for (const sql of again) await db.raw(sql);
  };
};

const load = async (db: Knex, size: number): Promise<void> => {
  const random = createRandom(1);
  const departments = Array.from({ length: DEPARTMENTS + 1 }, (_, i) => ({ id: i + 1, name: `bench ${i + 1}`, created_at: 0 }));
  await db('departments').insert(departments);
  const buildIndexes = await dropIndexes(db);
  const people = Array.from({ length: Math.min(PEOPLE, size) }, () => {
    const draft = ClientDraft.parse(inventClient(random, []));
    const row = clientRow(draft, { departmentId: null, ownerId: null, now: 0 });
    return { row, emails: draft.emails.map((email, n) => emailRow(0, n, email)), words: wordRows(0, draft).map(({ word }) => word) };
  });
  // Without a common divisor with PEOPLE, so that they are different people.
  let stride = Math.floor(size / SMALL_DEPARTMENT.clients);
  while (stride % 2 === 0 || stride % 5 === 0) stride--;
  const byWord = new Map<string, number[]>();
  for (let from = 0; from < size; from += ROWS) {
    const rows: Record<Exclude<Table, 'search_words'>, object[]> = { clients: [], phones: [], emails: [] };
    for (let i = from; i < Math.min(size, from + ROWS); i++) {
      const id = i + 1;
      const { row, emails, words } = people[i % people.length]!;
      const small = i % stride === 0;
      const department_id = small ? SMALL_DEPARTMENT.id : i % 10 === 1 ? null : 1 + (i % DEPARTMENTS);
      rows.clients.push({ ...row, id, department_id });
      rows.phones.push(phoneOf(i, 0), phoneOf(i, 1));
      rows.emails.push(...emails.map((email) => ({ ...email, client_id: id })));
      for (const word of words) {
        const clients = byWord.get(word);
        if (clients) clients.push(id);
        else byWord.set(word, [id]);
      }
    }
    for (const table of ['clients', 'phones', 'emails'] as const) await insertJson(db, table, COLUMNS[table], rows[table]);
  }
  const words = [...byWord.keys()].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  let batch: object[] = [];
  for (const word of words) {
    for (const client_id of byWord.get(word)!) batch.push({ word, client_id });
    if (batch.length < ROWS && word !== words.at(-1)) continue;
    await insertJson(db, 'search_words', COLUMNS.search_words, batch);
    batch = [];
  }
  await saveNear(db, words);
  await buildIndexes();
  await db.raw(isSqlite(db) ? 'ANALYZE' : `ANALYZE TABLE ${TABLES.join(', ')}`);
};

const marker = (size: number) => `loaded ${size} v${VERSION}`;
const isLoaded = async (db: Knex, size: number): Promise<boolean> =>
  (await db.schema.hasTable('departments')) &&
  (await db('departments')
    .where({ name: marker(size) })
    .first()) !== undefined;

/** Into an empty, migrated database, with the engine's guards off. One thing after another, so MariaDB's pool has one connection. */
export const loadClients = async (db: Knex, size: number): Promise<void> => {
  const [off, on] = isSqlite(db)
    ? [
        ['PRAGMA synchronous = OFF', 'PRAGMA cache_size = -400000', 'PRAGMA foreign_keys = OFF'],
        ['PRAGMA synchronous = NORMAL', 'PRAGMA cache_size = -2000', 'PRAGMA foreign_keys = ON'],
      ]
    : [['SET SESSION foreign_key_checks = 0, unique_checks = 0'], ['SET SESSION foreign_key_checks = 1, unique_checks = 1']];
  for (const sql of off) await db.raw(sql);
  await load(db, size);
  for (const sql of on) await db.raw(sql);
};

/**
 * Opens the database of `size` clients, loaded when it is not. `empty` replaces whatever is there by an empty one.
 * @returns it, and the seconds that loading took (0: it was there)
 */
export const openMillion = async (url: string, size: number, empty: () => Promise<unknown>): Promise<{ db: Knex; loadSeconds: number }> => {
  const had = openDb(url);
  if (await isLoaded(had, size)) {
    await migrate(had); // what was loaded before the newest migration
    return { db: had, loadSeconds: 0 };
  }
  await had.destroy();
  await empty();
  const db = openDb(url);
  await migrate(db);
  const start = performance.now();
  await loadClients(db, size);
  await db('departments').insert({ name: marker(size), created_at: 0 });
  return { db, loadSeconds: (performance.now() - start) / 1000 };
};
