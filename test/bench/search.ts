import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { Knex } from 'knex';
import { saveNear } from '../../server/clients/near.ts';
import { loadConfig } from '../../server/config.ts';
import { openDb } from '../../server/core/db.ts';
import { createLog } from '../../server/core/log.ts';
import { hashPassword } from '../../server/core/passwords.ts';
import { otherLayout } from '../../server/core/readings.ts';
import { wordsToFind } from '../../server/core/words.ts';
import { EN, RU } from '../../server/demo/names.ts';
import { createRandom } from '../../server/demo/random.ts';
import { serve } from '../../server/serve.ts';
import { insertUser } from '../../server/users/queries.ts';
import { ensureStack } from '../stack/index.ts';
import { dir } from '../stack/paths.ts';
import { numberOf, openMillion, SMALL_DEPARTMENT } from '../support/bench/million.ts';
import { createClient, PASSWORD } from '../support/server.ts';
import type { BenchOptions } from './run.ts';
import { percentile } from '../support/bench/percentile.ts';

/**
 * The search box over HTTP at a million clients, as an operator asks: session, policy, forgiveness, JSON; beside the bare SQL, one indexed range of 30
 * rows. Several operators type at once, each waits for the answer and a pause before the next question, as the screen does.
 */

const OPERATORS = 4;
/** Between an answer and the next question of the same operator: typing is slower. */
const PAUSE_MS = 200;
/** Words that no client of the bench has, so that the index of slips is as wide as that of real names and firms. */
const STRANGE_WORDS = 200_000;

export interface SearchFigure {
  readonly what: string;
  readonly found: number;
  /** ms */
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
}

const figure = (what: string, times: readonly number[], found: number): SearchFigure => ({
  what,
  found,
  p50: percentile(times, 0.5),
  p95: percentile(times, 0.95),
  p99: percentile(times, 0.99),
});

const slip = (word: string, i: number): string => {
  const where = 1 + (i % (word.length - 2));
  return [
    word.slice(0, where) + word.slice(where + 1),
    `${word.slice(0, where)}ы${word.slice(where + 1)}`,
    word.slice(0, where) + word[where + 1]! + word[where]! + word.slice(where + 2),
  ][i % 3]!;
};

const KINDS: Record<string, (pick: { surname: string; first: string; number: string }, i: number) => string> = {
  'three letters': ({ surname }) => surname.slice(0, 3),
  'a surname': ({ surname }) => surname,
  'two words': ({ surname, first }) => `${surname.slice(0, 5)} ${first.slice(0, 3)}`,
  'the other layout': ({ surname }) => otherLayout(surname) ?? surname,
  'a slip': ({ surname }, i) => slip(surname, i),
  'a slip in the other layout': ({ surname }, i) => otherLayout(slip(surname, i)) ?? surname,
  'nobody, in any reading': ({ surname }) => `${surname}qqzz`,
  'a number, 8 9xx xxx': ({ number }) => `8 ${number.slice(1, 4)} ${number.slice(4, 7)}`,
  'a short number, +7 9': () => '+7 9',
  'the last four': ({ number }) => number.slice(-4),
  'nothing typed': () => '',
};

const widen = async (db: Knex, words: number): Promise<void> => {
  const [{ count }] = (await db('search_near').count({ count: '*' })) as [{ count: number }];
  if (Number(count) > words * 4) return;
  const random = createRandom(3);
  const syllables = [
    'ба',
    'ве',
    'ги',
    'до',
    'жу',
    'зе',
    'ка',
    'ло',
    'ми',
    'не',
    'пар',
    'рес',
    'сто',
    'тек',
    'ул',
    'фа',
    'хо',
    'цен',
    'чи',
    'шан',
  ];
  const made = Array.from({ length: words }, () => Array.from({ length: random.int(2, 4) }, () => random.pick(syllables)).join(''));
  for (let from = 0; from < made.length; from += 5_000) await db.transaction((trx) => saveNear(trx, [...new Set(made.slice(from, from + 5_000))])); // prettier-ignore
};

/** `db` is loaded with `size` clients. */
export const searchOver = async (db: Knex, url: string, size: number, rounds: number, pauseMs = PAUSE_MS): Promise<SearchFigure[]> => {
  const questions = OPERATORS * Object.keys(KINDS).length * (rounds + 1);
  await widen(db, Math.round((STRANGE_WORDS * size) / 1_000_000));
  const config = loadConfig({
    PORT: '0',
    DATABASE_URL: url,
    PBX: 'main=ami://user:secret@127.0.0.1:1',
    SESSION_SECRET: randomBytes(32).toString('hex'),
    SECRETS_KEY: randomBytes(32).toString('hex'),
    LOG_LEVEL: 'silent',
  });
  const serving = await serve(config, { log: createLog('silent'), db });
  try {
    const passwordHash = await hashPassword(PASSWORD);
    const clients: ReturnType<typeof createClient>[] = [];
    for (let i = 0; i < OPERATORS; i++) {
      const login = `bench-${randomBytes(6).toString('hex')}`;
      const user = { login, name: login, role: 'operator', departmentId: 1 + (i % 4), language: 'ru', timeZone: 'Europe/Moscow' } as const;
      await insertUser(db, { ...user, passwordHash }, Date.now());
      const client = createClient(serving.url!);
      const { status } = await client.post('/api/auth/sign-in', { login, password: PASSWORD });
      if (status !== 200) throw new Error(`sign-in: ${status}`);
      clients.push(client);
    }
    const random = createRandom(7);
    const surnames = [...RU.surnames, ...EN.surnames].filter((name) => name.length > 4);
    const picks = Array.from({ length: questions }, () => ({
      surname: random.pick(surnames),
      first: random.pick(RU.men),
      number: numberOf(random.int(0, size - 1), 0),
    }));
    const kinds = Object.keys(KINDS);
    const times = new Map(kinds.map((kind) => [kind, [] as number[]]));
    const found = new Map(kinds.map((kind) => [kind, 0]));
    const all: number[] = [];
    const bare: number[] = [];
    const operate = async (me: number): Promise<void> => {
      // The first round of each kind warms up.
      for (let i = me; i < questions; i += OPERATORS) {
        const kind = kinds[Math.floor(i / OPERATORS) % kinds.length]!;
        const q = KINDS[kind]!(picks[i]!, i);
        const start = performance.now();
        const { status, body } = await clients[me]!.get(`/api/search?q=${encodeURIComponent(q)}`);
        const took = performance.now() - start;
        if (status !== 200) throw new Error(`${q}: ${status} ${JSON.stringify(body)}`);
        found.set(kind, found.get(kind)! + body.clients.length);
        if (i >= OPERATORS * kinds.length) {
          times.get(kind)!.push(took);
          all.push(took);
        }
        const word = wordsToFind(picks[i]!.surname)[0]!;
        const from = performance.now();
        await db('search_words').select('word', 'client_id').where('word', '>=', word).where('word', '<', `${word}\u{10ffff}`).orderBy(['word', 'client_id']).limit(30); // prettier-ignore
        bare.push(performance.now() - from);
        await new Promise((resolve) => setTimeout(resolve, pauseMs));
      }
    };
    await Promise.all(clients.map((_, me) => operate(me)));
    return [
      figure(
        'all questions',
        all,
        [...found.values()].reduce((a, b) => a + b, 0),
      ),
      figure('bare SQL, one range of 30', bare, 0),
      ...kinds.map((kind) => figure(kind, times.get(kind)!, found.get(kind)!)),
    ];
  } finally {
    await serving.close();
  }
};

const print = (title: string, figures: readonly SearchFigure[]): void => {
  console.log(`${title}\n${'ms'.padEnd(32)}${['p50', 'p95', 'p99', 'found'].map((head) => head.padStart(9)).join('')}`);
  for (const f of figures)
    console.log(`${f.what.padEnd(32)}${[f.p50, f.p95, f.p99].map((ms) => ms.toFixed(1).padStart(9)).join('')}${String(f.found).padStart(9)}`); // prettier-ignore
  const { p95, p99 } = figures[0]!;
  console.log(`wanted: p95 50 ms, p99 200 ms: ${p95 <= 50 && p99 <= 200 ? 'kept' : 'NOT kept'}\n`);
};

export const run = async ({ size = 1_000_000, scale }: BenchOptions): Promise<void> => {
  const clients = Math.max(SMALL_DEPARTMENT.clients * 10, Math.round(size * scale));
  const rounds = Math.max(3, Math.round(25 * Math.min(1, scale)));
  const name = `bench_clients_${clients}`;
  const stack = await ensureStack({ parts: ['mariadb'] });
  const server = openDb(stack.mariadbUrl);
  await server.raw('CREATE DATABASE IF NOT EXISTS ??', [name]);
  await server.destroy();
  const places = [
    ['sqlite', `sqlite:${join(dir, `${name}.db`)}`],
    ['mariadb', stack.mariadbUrl.replace(/[^/]+$/, name)],
  ] as const;
  for (const [engine, url] of places) {
    const empty = async () => {
      if (engine === 'mariadb') await stack.createDatabase(name);
    };
    const { db } = await openMillion(url, clients, empty);
    print(`${engine}: ${clients} clients, ${OPERATORS} operators`, await searchOver(db, url, clients, rounds));
    await db.destroy();
  }
};
