import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Knex } from 'knex';
import { ClientDraft } from '../../server/clients/contract.ts';
import { emailRow, phoneRow, wordRows } from '../../server/clients/contacts.ts';
import { clientRow } from '../../server/clients/queries.ts';
import { traitsOf } from '../../server/clients/traits.ts';
import { loadConfig } from '../../server/config.ts';
import { openDb } from '../../server/core/db.ts';
import { createLog } from '../../server/core/log.ts';
import { hashPassword } from '../../server/core/passwords.ts';
import { createRandom } from '../../server/demo/random.ts';
import { scanSome } from '../../server/duplicates/scan.ts';
import { serve } from '../../server/serve.ts';
import type { Serving } from '../../server/serve.ts';
import { insertUser } from '../../server/users/queries.ts';
import { ensureStack } from '../stack/index.ts';
import { dir } from '../stack/paths.ts';
import { enrich, plantedPairs } from '../support/bench/base.ts';
import { openMillion, SMALL_DEPARTMENT } from '../support/bench/million.ts';
import { createClient, PASSWORD } from '../support/server.ts';
import type { Client } from '../support/server.ts';
import type { BenchOptions } from './run.ts';
import { searchOver } from './search.ts';
import { percentile } from '../support/bench/percentile.ts';

/**
 * The client base as it is used: search, saved filters, counts, cards with their history, an import with matching, a merge of two that have much behind
 * them, the search for duplicates through all; over HTTP where a browser asks, each beside the bare SQL it cannot do without.
 */

export interface ClientFigure {
  readonly what: string;
  readonly unit: 'ms' | 's' | 'rows/s' | 'MiB';
  readonly value: number;
  /** The bare SQL, in the same unit; null: there is none. */
  readonly floor: number | null;
  /** What was promised; null: only told. */
  readonly wanted: number | null;
  /** What it found or did: a bench that does nothing measures nothing. */
  readonly count: number;
}

export interface ClientSizes {
  clients: number;
  /** Of questions. */
  rounds: number;
  searchRounds: number;
  /** Lines of the file. */
  lines: number;
  /** Rows that hang on each of the two who are merged. */
  records: number;
}

const since = (start: number): number => performance.now() - start;

type Condition = { field: string; op: string; value?: unknown };
const filter = (...items: Condition[]) => ({ join: 'all', items });

/** Saved filters as people have them, each on an indexed field. */
const LISTS: readonly (readonly [string, object])[] = [
  ['everybody by name', { filter: filter() }],
  ['of a stage that half have', { filter: filter({ field: 'stage', op: 'in', value: ['active'] }) }],
  ['of a stage that few have', { filter: filter({ field: 'stage', op: 'in', value: ['lead'] }) }],
  ['of two stages, last contact first', { filter: filter({ field: 'stage', op: 'in', value: ['lead', 'at_risk'] }), sort: 'contact_at', direction: 'desc' }], // prettier-ignore
  ['no contact for a year', { filter: filter({ field: 'contact_at', op: 'lt', value: '2025-11-01' }), sort: 'contact_at' }],
  ['created lately, newest first', { filter: filter({ field: 'created_at', op: 'ge', value: '2026-10-01' }), sort: 'created_at', direction: 'desc' }], // prettier-ignore
  ['a typed field that a third has', { filter: filter({ field: 'source', op: 'in', value: ['site'] }) }],
  ['a typed field that few have', { filter: filter({ field: 'source', op: 'in', value: ['cold'] }) }],
  ['few of both', { filter: filter({ field: 'source', op: 'in', value: ['cold'] }, { field: 'stage', op: 'in', value: ['lead'] }) }],
  ['a surname', { filter: filter({ field: 'name', op: 'begins', value: 'Кузнецов' }) }],
  ['a number begins', { filter: filter({ field: 'phones', op: 'begins', value: '+7 912' }) }],
];
const COLUMNS = ['name', 'company', 'phones', 'stage', 'source', 'contact_at'];

const listing = async (db: Knex, client: Client, rounds: number): Promise<ClientFigure[]> => {
  const figures: ClientFigure[] = [];
  const bare: number[] = [];
  for (const [what, ask] of LISTS) {
    const times: number[] = [];
    let [found, after] = [0, undefined as string | undefined];
    for (let round = -1; round < rounds; round++) {
      const floor = performance.now();
      const rows = (await db('clients').where({ stage: 'active' }).whereNull('archived_at').orderBy(['sort_key', 'id']).limit(51).select('id')) as { id: number }[]; // prettier-ignore
      await db('clients').whereIn('id', rows.map(({ id }) => id)); // prettier-ignore
      bare.push(since(floor));
      const start = performance.now();
      const { status, body } = await client.post('/api/segments/rows', { ...ask, columns: COLUMNS, ...(after ? { after } : {}) });
      if (status !== 200) throw new Error(`${what}: ${status} ${JSON.stringify(body)}`);
      if (round >= 0) times.push(since(start));
      found += (body.items as unknown[]).length;
      after = (body.next as string | null) ?? undefined;
    }
    figures.push({
      what: `list p99: ${what}`,
      unit: 'ms',
      value: percentile(times, 0.99),
      floor: percentile(bare, 0.99),
      wanted: 100,
      count: found,
    });
  }
  return figures;
};

const counting = async (db: Knex, client: Client): Promise<ClientFigure[]> => {
  const figures: ClientFigure[] = [];
  const floor = performance.now();
  await db('clients').where({ stage: 'active' }).whereNull('archived_at').count({ n: '*' });
  const bare = since(floor) / 1000;
  for (const [what, { filter: asked }] of LISTS as readonly [string, { filter: object }][]) {
    const start = performance.now();
    const { status, body } = await client.post('/api/segments/count', { filter: asked });
    if (status !== 200) throw new Error(`${what}: ${status} ${JSON.stringify(body)}`);
    figures.push({ what: `count: ${what}`, unit: 's', value: since(start) / 1000, floor: bare, wanted: 2, count: body.count as number });
  }
  return figures;
};

/** So many cards a session: as many as one may open in a minute, and no more. */
const CARDS_A_SESSION = 100;

const cards = async (db: Knex, signIn: () => Promise<Client>, size: number, rounds: number): Promise<ClientFigure> => {
  const random = createRandom(11);
  let client = await signIn();
  const [times, bare]: [number[], number[]] = [[], []];
  let count = 0;
  for (let round = -5; round < rounds; round++) {
    if (round > 0 && round % CARDS_A_SESSION === 0) client = await signIn();
    const id = random.int(1, size);
    const floor = performance.now();
    await db('clients').where({ id }).first();
    await db('phones').where({ client_id: id });
    await db('timeline').where({ client_id: id }).orderBy([{ column: 'at', order: 'desc' }, { column: 'id', order: 'desc' }]).limit(31); // prettier-ignore
    const middle = performance.now();
    const [card, timeline] = await Promise.all([client.get(`/api/clients/${id}`), client.get(`/api/clients/${id}/timeline`)]);
    if (card.status !== 200 || timeline.status !== 200) throw new Error(`card ${id}: ${card.status} ${timeline.status}`);
    if (round < 0) continue;
    times.push(since(middle));
    bare.push(middle - floor);
    count += (timeline.body.items as unknown[]).length;
  }
  return {
    what: 'card and first page of its history, p99',
    unit: 'ms',
    value: percentile(times, 0.99),
    floor: percentile(bare, 0.99),
    wanted: 50,
    count,
  };
};

const LETTERS = 'абвгдежзик';
const nameOf = (i: number): string => `Привозов ${[...String(i)].map((digit) => LETTERS[Number(digit)]).join('')}`;
/** Every second line is of somebody who is there already, by a number. */
const csvOf = (known: readonly string[], lines: number): string => {
  const rows = ['Имя;Компания;Телефон;Почта'];
  for (let i = 0; i < lines; i++) {
    const number = i % 2 === 0 ? known[(i / 2) % known.length]! : `+7901${String(i).padStart(7, '0')}`;
    rows.push(`${nameOf(i)};ООО Привоз ${i % 1000};${number};b${i}@import.example`);
  }
  return rows.join('\n');
};

/** The rows of as many new cards, ready: what any import has to write. */
const bareInsert = async (db: Knex, lines: number): Promise<number> => {
  const [{ last }] = (await db('clients').max({ last: 'id' })) as [{ last: number }];
  const batches = Array.from({ length: Math.ceil(lines / 400) }, (_, b) => {
    const drafts = Array.from({ length: 400 }, (_, n) => ClientDraft.parse({ name: nameOf(b * 400 + n), phones: [{ raw: `+7902${String(b * 400 + n).padStart(7, '0')}` }], emails: [{ address: `f${b}-${n}@x.example` }] })); // prettier-ignore
    const id = (n: number) => last + 1 + b * 400 + n;
    return {
      clients: drafts.map((draft, n) => ({ id: id(n), ...clientRow(draft, { departmentId: null, ownerId: null, now: Date.now() }) })),
      phones: drafts.flatMap((draft, n) => draft.phones.map((phone, i) => phoneRow(id(n), i, phone, 'RU'))),
      emails: drafts.flatMap((draft, n) => draft.emails.map((email, i) => emailRow(id(n), i, email))),
      search_words: drafts.flatMap((draft, n) => wordRows(id(n), draft)),
    };
  });
  const start = performance.now();
  for (const batch of batches)
    await db.transaction(async (trx) => {
      for (const [table, rows] of Object.entries(batch))
        for (let n = 0; n < rows.length; n += 400) await trx(table).insert(rows.slice(n, n + 400));
    });
  const rate = (batches.length * 400) / (since(start) / 1000);
  for (const table of ['phones', 'emails', 'search_words']) await db(table).where('client_id', '>', last).delete();
  await db('clients').where('id', '>', last).delete();
  return rate;
};

const importing = async (db: Knex, client: Client, lines: number, wanted: number | null): Promise<ClientFigure[]> => {
  const floor = await bareInsert(db, Math.min(lines, 20_000));
  const known = (await db('phones')
    .where({ ordinal: 0 })
    .orderBy('id')
    .limit(Math.ceil(lines / 2))
    .pluck('e164')) as string[];
  const csv = Buffer.from(csvOf(known, lines));
  const sent = await client.request('POST', `/api/imports?name=bench-${randomBytes(4).toString('hex')}.csv`, csv, { 'content-type': 'application/octet-stream' }); // prettier-ignore
  if (sent.status !== 201) throw new Error(JSON.stringify(sent.body));
  const id = sent.body.import.id as number;
  await client.patch(`/api/imports/${id}`, { rules: { match: ['phone', 'email'], onMatch: 'skip', kind: 'person' } });
  const memory: number[] = [];
  const start = performance.now();
  const started = await client.post(`/api/imports/${id}/start`);
  if (started.status !== 200) throw new Error(JSON.stringify(started.body));
  for (;;) {
    const job = (await client.get(`/api/imports/${id}`)).body.import as { state: string; made: number; skipped: number; rejected: number; changed: number; fault: string | null }; // prettier-ignore
    memory.push(process.memoryUsage().rss);
    if (job.state === 'done') {
      const rate = lines / (since(start) / 1000);
      // What it has when it is warm, and what it has at most.
      const grown = (Math.max(...memory) - memory[Math.floor(memory.length / 4)]!) / 1_048_576;
      return [
        { what: 'import with matching', unit: 'rows/s', value: rate, floor, wanted, count: job.made },
        { what: 'memory that it grows by, once warm', unit: 'MiB', value: grown, floor: null, wanted: null, count: job.skipped },
      ];
    }
    if (job.state !== 'running') throw new Error(`import ${job.state} ${job.fault ?? ''}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
};

const merging = async (db: Knex, client: Client, records: number): Promise<ClientFigure[]> => {
  const make = async (name: string): Promise<number> => {
    const { body } = await client.post('/api/clients', { name });
    const id = body.client.id as number;
    const now = Date.now();
    const half = Math.floor(records / 2);
    const rows = Array.from({ length: half }, (_, i) => ({
      client_id: id,
      at: now - i,
      kind: 'call',
      ref: `merge:${id}.${i}`,
      data: '{}',
    }));
    const calls = Array.from({ length: records - half }, (_, i) => ({ pbx: 'main', linkedid: `${id}.${i}`, direction: 'in', client_id: id, started_at: now - i, ended_at: now })); // prettier-ignore
    for (let n = 0; n < rows.length; n += 500) await db('timeline').insert(rows.slice(n, n + 500));
    for (let n = 0; n < calls.length; n += 500) await db('calls').insert(calls.slice(n, n + 500));
    return id;
  };
  const [survivorId, mergedId] = [await make('Слияние Первое'), await make('Слияние Второе')];
  const third = await make('Слияние Третье');
  const floor = performance.now();
  await db('timeline').where({ client_id: third, kind: 'call' }).update({ client_id: survivorId });
  await db('calls').where({ client_id: third }).update({ client_id: survivorId });
  const bare = since(floor) / 1000;
  const version = async (id: number) => (await client.get(`/api/clients/${id}`)).body.client.version as number;
  const versions = { survivor: await version(survivorId), merged: await version(mergedId) };
  const start = performance.now();
  const done = await client.post('/api/duplicates/merge', { survivorId, mergedId, versions });
  const seconds = since(start) / 1000;
  if (done.status !== 200) throw new Error(JSON.stringify(done.body));
  const count = Object.values(done.body.moved as Record<string, number>).reduce((sum, n) => sum + n, 0);
  const again = performance.now();
  const undone = await client.post(`/api/duplicates/merges/${done.body.id}/undo`);
  if (undone.status !== 200) throw new Error(JSON.stringify(undone.body));
  return [
    { what: `merge, ${records} records each`, unit: 's', value: seconds, floor: bare, wanted: 2, count },
    { what: 'the same undone', unit: 's', value: since(again) / 1000, floor: bare, wanted: 2, count },
  ];
};

const scanning = async (serving: Serving, size: number): Promise<ClientFigure> => {
  const { db, clientTraits } = serving.app.deps;
  const floor = performance.now();
  for (let id = 0; id < size; id += 500) await traitsOf(db, Array.from({ length: 500 }, (_, n) => id + n + 1)); // prettier-ignore
  const bare = since(floor) / 1000;
  await db('duplicates').delete();
  await db('duplicate_scan').update({ changed_at: -1, client_id: 0, seen: 0 });
  const start = performance.now();
  while ((await scanSome({ db, clientTraits, now: () => Date.now() + 120_000 })) > 0);
  const seconds = since(start) / 1000;
  const [{ n }] = (await db('duplicates').where({ state: 'open' }).count({ n: '*' })) as unknown as [{ n: number }];
  return { what: `duplicates among ${size}, beside reading every card`, unit: 's', value: seconds, floor: bare, wanted: 600 * (size / 1_000_000), count: Number(n) }; // prettier-ignore
};

/** `db` is loaded and enriched. */
export const clientsOver = async (db: Knex, url: string, size: ClientSizes, wantedRate: number | null): Promise<ClientFigure[]> => {
  const search = await searchOver(db, url, size.clients, size.searchRounds);
  const data = await mkdtemp(join(tmpdir(), 'allo-bench-'));
  const config = loadConfig({
    PORT: '0',
    DATABASE_URL: url,
    DATA_DIR: data,
    PBX: 'main=ami://user:secret@127.0.0.1:1',
    SESSION_SECRET: randomBytes(32).toString('hex'),
    SECRETS_KEY: randomBytes(32).toString('hex'),
    LOG_LEVEL: 'silent',
  });
  const serving = await serve(config, { log: createLog('silent'), db });
  try {
    const login = `bench-${randomBytes(6).toString('hex')}`;
    const userId = await insertUser(db, { login, name: login, role: 'administrator', departmentId: null, language: 'ru', timeZone: 'Europe/Moscow', passwordHash: await hashPassword(PASSWORD) }, Date.now()); // prettier-ignore
    serving.app.deps.bus.emit('user.changed', { id: userId });
    const signIn = async () => {
      const session = createClient(serving.url!);
      const { status } = await session.post('/api/auth/sign-in', { login, password: PASSWORD });
      if (status !== 200) throw new Error(`sign-in: ${status}`);
      return session;
    };
    const client = await signIn();
    // First the search for duplicates: the server would begin it by itself, beside the other figures.
    const scan = await scanning(serving, size.clients);
    const [all, bare] = [search[0]!, search[1]!];
    return [
      { what: 'search over HTTP, p95', unit: 'ms', value: all.p95, floor: bare.p95, wanted: 50, count: all.found },
      { what: 'search over HTTP, p99', unit: 'ms', value: all.p99, floor: bare.p99, wanted: 200, count: all.found },
      ...(await listing(db, client, size.rounds)),
      ...(await counting(db, client)),
      await cards(db, signIn, size.clients, size.rounds * 5),
      scan,
      ...(await merging(db, client, size.records)),
      ...(await importing(db, client, size.lines, wantedRate)),
    ];
  } finally {
    await serving.close();
    await rm(data, { recursive: true });
  }
};

const shown = (value: number | null): string => (value === null ? '—' : value.toFixed(value < 10 ? 2 : value < 100 ? 1 : 0)).padStart(11);
const kept = ({ unit, value, wanted }: ClientFigure): string => (wanted === null ? '' : (unit === 'rows/s' ? value >= wanted : value <= wanted) ? 'kept' : 'NOT kept'); // prettier-ignore

export const run = async ({ size = 1_000_000, scale }: BenchOptions): Promise<void> => {
  const clients = Math.max(SMALL_DEPARTMENT.clients * 10, Math.round(size * scale));
  const share = Math.min(1, scale);
  const sizes = { clients, rounds: Math.max(20, Math.round(100 * share)), searchRounds: Math.max(3, Math.round(25 * share)), lines: Math.max(2_000, Math.round(200_000 * share)), records: 10_000 }; // prettier-ignore
  const name = `bench_base_${clients}`;
  const stack = await ensureStack({ parts: ['mariadb'] });
  const server = openDb(stack.mariadbUrl);
  await server.raw('CREATE DATABASE IF NOT EXISTS ??', [name]);
  await server.destroy();
  const places = [
    ['sqlite', `sqlite:${join(dir, `${name}.db`)}`, null],
    ['mariadb', stack.mariadbUrl.replace(/[^/]+$/, name), 5_000],
  ] as const;
  for (const [engine, url, rate] of places) {
    const empty = async () => {
      if (engine === 'mariadb') await stack.createDatabase(name);
    };
    const { db, loadSeconds } = await openMillion(url, clients, empty);
    const more = await enrich(db, clients);
    console.log(`${engine}: ${clients} clients, ${clients * 2} numbers, ${clients * 10} entries of history; loaded in ${(loadSeconds + more).toFixed(0)} s; ${plantedPairs(clients)} pairs planted`); // prettier-ignore
    const figures = await clientsOver(db, url, sizes, rate);
    console.log(`${''.padEnd(58)}${['measured', 'bare SQL', 'wanted'].map((head) => head.padStart(11)).join('')}`);
    for (const f of figures) console.log(`${f.what.padEnd(58)}${shown(f.value)}${shown(f.floor)}${shown(f.wanted)} ${f.unit.padEnd(6)} ${kept(f).padEnd(9)} n=${f.count}`); // prettier-ignore
    await db.destroy();
  }
};
