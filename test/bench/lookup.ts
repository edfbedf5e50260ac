import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Knex } from 'knex';
import { emailKey, reversed } from '../../server/clients/normalise.ts';
import { numberPlanOf } from '../../server/clients/number-plan.ts';
import { clientBriefs, clientsByNumber, listClients } from '../../server/clients/queries.ts';
import { searchClients } from '../../server/clients/search.ts';
import type { Reach } from '../../server/core/reach.ts';
import type { SearchCursor } from '../../server/clients/search.ts';
import { openDb } from '../../server/core/db.ts';
import { wordsToFind } from '../../server/core/words.ts';
import { EN, RU } from '../../server/demo/names.ts';
import { createRandom } from '../../server/demo/random.ts';
import { ensureStack } from '../stack/index.ts';
import { dir } from '../stack/paths.ts';
import { measure, table } from '../support/bench/measure.ts';
import type { Figure } from '../support/bench/measure.ts';
import { numberOf, openMillion, SMALL_DEPARTMENT } from '../support/bench/million.ts';
import type { BenchOptions } from './run.ts';

/** Who has this number, and the search box, at a million clients with two numbers each; on both databases, beside the bare indexed SQL. */

const PLAN = numberPlanOf('RU');
const PAGE = 30;
const above = (prefix: string) => `${prefix}\u{10ffff}`;

type Departments = 'all' | (number | null)[];
const reachOf = (departments: Departments): Reach => (departments === 'all' ? 'all' : { owners: [], departments });

export interface LookupFigures {
  readonly engine: string;
  readonly loadSeconds: number;
  readonly figures: readonly Figure[];
  /** What each question found in all its rounds: a bench that finds nothing measures nothing. */
  readonly found: ReadonlyMap<string, number>;
}

export const look = async (db: Knex, size: number, rounds: number): Promise<Pick<LookupFigures, 'figures' | 'found'>> => {
  const random = createRandom(7);
  const found = new Map<string, number>();
  const figures: Figure[] = [];
  const ask = async (what: string, work: (round: number) => Promise<number>, floor: (round: number) => Promise<unknown>) => {
    let sum = 0;
    figures.push(await measure(what, rounds, async (round) => (sum += await work(round)), floor));
    found.set(what, sum);
  };
  const some = <T>(make: () => T): T[] => Array.from({ length: rounds + Math.ceil(rounds / 10) }, make);

  const search = async (query: string, departments: Departments = 'all', after: SearchCursor | null = null) => {
    const { ids, next } = await searchClients(db, { query, plan: PLAN, reach: reachOf(departments), after, limit: PAGE });
    await clientBriefs(db, ids);
    return { found: ids.length, next };
  };
  const range = (from: string, column: string, prefix: string) =>
    db(from).select(column, 'client_id').where(column, '>=', prefix).where(column, '<', above(prefix)).orderBy([column, 'client_id']).limit(PAGE + 1); // prettier-ignore
  const byWord = (query: string) => range('search_words', 'word', wordsToFind(query)[0]!);

  const numbers = some(() => numberOf(random.int(0, size - 1), random.pick([0, 1] as const)));
  const strangers = numbers.map((digits) => `70${digits.slice(2)}`);
  const equal = (digits: string) =>
    db('phones')
      .select('client_id')
      .where({ e164: `+${digits}` });
  await ask('number, known', async (i) => (await clientsByNumber(db, `8${numbers[i]!.slice(1)}`, 'RU')).length, (i) => equal(numbers[i]!)); // prettier-ignore
  await ask(
    'number, unknown',
    async (i) => (await clientsByNumber(db, strangers[i]!, 'RU')).length,
    (i) => equal(strangers[i]!),
  );

  const surnames = some(() => random.pick([...RU.surnames, ...EN.surnames]));
  const firsts = some(() => random.pick([...RU.men, ...RU.women]));
  const words = (what: string, queries: string[], departments: Departments = 'all') =>
    ask(what, async (i) => (await search(queries[i]!, departments)).found, (i) => byWord(queries[i]!)); // prettier-ignore
  const operator = [null, 3];
  await words('one letter', surnames.map((name) => name.slice(0, 1))); // prettier-ignore
  await words('three letters', surnames.map((name) => name.slice(0, 3))); // prettier-ignore
  await words('a surname', surnames);
  await words('a surname, as an operator', surnames, operator);
  await words('three letters, a department of a hundred', surnames.map((name) => name.slice(0, 3)), [SMALL_DEPARTMENT.id]); // prettier-ignore
  await words('one letter, a department of a hundred', surnames.map((name) => name.slice(0, 1)), [SMALL_DEPARTMENT.id]); // prettier-ignore
  await words('two words', surnames.map((name, i) => `${name.slice(0, 4)} ${firsts[i]!.slice(0, 3)}`)); // prettier-ignore
  await words('two first names, which few have', firsts.map((name, i) => `${name} ${firsts.at(-1 - i)!}`)); // prettier-ignore
  await words('a word that nobody has', surnames.map((name) => `${name}ъъ`)); // prettier-ignore

  const digits = (what: string, queries: string[], floor: (query: string) => Promise<unknown>) =>
    ask(what, async (i) => (await search(queries[i]!)).found, (i) => floor(queries[i]!)); // prettier-ignore
  await digits('a number by its beginning, 8 (9xx) xxx', numbers.map((n) => `8 (${n.slice(1, 4)}) ${n.slice(4, 7)}`), async (q) => range('phones', 'digits', `7${q.replace(/\D/g, '').slice(1)}`)); // prettier-ignore
  await digits('a number by three digits', numbers.map((n) => n.slice(1, 4)), async (q) => range('phones', 'digits', `7${q}`)); // prettier-ignore
  await digits('a number by its last four', numbers.map((n) => n.slice(-4)), async (q) => range('phones', 'reversed', reversed(q))); // prettier-ignore
  await digits('a whole number', numbers.map((n) => `+${n}`), async (q) => range('phones', 'digits', q.slice(1))); // prettier-ignore

  const addresses = ((await db('emails').select('address').where('client_id', '<', 5000)) as { address: string }[]).map(
    (row) => row.address,
  );
  const emails = some(() => random.pick(addresses));
  await ask('an e-mail by its beginning', async (i) => (await search(emails[i]!.slice(0, emails[i]!.indexOf('@') + 3))).found, (i) => range('emails', 'address_key', emailKey(emails[i]!.slice(0, emails[i]!.indexOf('@') + 3)))); // prettier-ignore

  let deep: SearchCursor | null = null;
  for (let page = 0; page < Math.min(100, size / 10_000); page++) deep = (await search('а', 'all', deep)).next ?? deep;
  await ask('one letter, page 100', async () => (await search('а', 'all', deep)).found, () => byWord('а')); // prettier-ignore

  const list = async (departments: Departments) => {
    const rows = await listClients(db, reachOf(departments), { key: 'м', id: 0 }, PAGE + 1);
    await clientBriefs(db, rows.map((row) => row.id)); // prettier-ignore
    return rows.length;
  };
  const sorted = async () =>
    db('clients')
      .select('id')
      .where('sort_key', '>=', 'м')
      .orderBy(['sort_key', 'id'])
      .limit(PAGE + 1);
  await ask('the list, from the middle', () => list('all'), sorted);
  await ask('the list, as an operator', () => list(operator), sorted);
  return { figures, found };
};

const dropFile = (path: string) => {
  for (const suffix of ['', '-wal', '-shm']) rmSync(path + suffix, { force: true });
};

export const run = async ({ size = 1_000_000, scale }: BenchOptions, engines = ['sqlite', 'mysql']): Promise<LookupFigures[]> => {
  const clients = Math.max(SMALL_DEPARTMENT.clients * 10, Math.round(size * scale));
  const rounds = Math.max(10, Math.round(400 * Math.min(1, scale)));
  const done: LookupFigures[] = [];
  for (const engine of engines) {
    const name = `bench_clients_${clients}`;
    const open = async () => {
      if (engine === 'sqlite') {
        const path = join(dir, `${name}.db`);
        return openMillion(`sqlite:${path}`, clients, async () => dropFile(path));
      }
      const stack = await ensureStack({ parts: ['mariadb'] });
      const server = openDb(stack.mariadbUrl);
      await server.raw('CREATE DATABASE IF NOT EXISTS ??', [name]);
      await server.destroy();
      return openMillion(stack.mariadbUrl.replace(/[^/]+$/, name), clients, () => stack.createDatabase(name));
    };
    const { db, loadSeconds } = await open();
    try {
      done.push({ engine, loadSeconds, ...(await look(db, clients, rounds)) });
    } finally {
      await db.destroy();
    }
    const loaded = loadSeconds > 0 ? `, loaded in ${loadSeconds.toFixed(0)} s` : '';
    console.log(table(`${engine}: ${clients} clients, ${2 * clients} numbers${loaded}; ${rounds} rounds`, done.at(-1)!.figures));
  }
  return done;
};
