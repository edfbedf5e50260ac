import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Knex } from 'knex';
import { WebSocket } from 'ws';
import { openDb } from '../../server/core/db.ts';
import { hashPassword } from '../../server/core/passwords.ts';
import { insertUser } from '../../server/users/queries.ts';
import { ensureStack } from '../stack/index.ts';
import { dir, root } from '../stack/paths.ts';
import { openMillion } from '../support/bench/million.ts';
import { popCall } from '../support/bench/pop-calls.ts';
import { startFakeAmi } from '../support/fake-ami.ts';
import type { FakeAmi } from '../support/fake-ami.ts';
import { createClient } from '../support/server.ts';
import type { BenchOptions } from './run.ts';
import { percentile } from '../support/bench/percentile.ts';

/**
 * The pop: from the block of AMI on the wire, by which an operator's phone rings, to the frame of the live channel in that operator's browser, with
 * the client's card in it. Beside it a program that parses and sends and does nothing else. Both run as processes of their own, at the same pace,
 * in turns. Blocks are those of a recorded call.
 */

const PBX = 'bench';
const OPERATORS = 10;
/** A call each: 50 a second, every other one to the floor. */
const PACE_MS = 20;
/** queue: the phone rings so long after the caller came in, during which the client is looked up (Asterisk takes half a second: it answers first).
 *  at once: all blocks in one write, so that the lookup is part of the pop. */
const GAPS_MS = { 'queue call': 50, 'all at once': 0 } as const;

export interface PopFigures {
  readonly what: string;
  readonly pops: number;
  readonly lost: number;
  readonly p50: number;
  readonly p99: number;
  readonly floorP50: number;
  readonly floorP99: number;
}

interface Side {
  readonly peer: FakeAmi;
  /** A browser of each extension. */
  readonly browsers: ReadonlyMap<string, WebSocket>;
  /** ref -> what waits for its frame. */
  readonly waiting: Map<string, (at: number) => void>;
}

/** A frame counts when the phone rings and, on our side, the client is named. */
function listen(
  browsers: ReadonlyMap<string, WebSocket>,
  counts: (call: { phase: string; clients?: unknown[] | null }) => boolean,
): Side['waiting'] {
  const waiting: Side['waiting'] = new Map();
  for (const ws of browsers.values())
    ws.on('message', (data: Buffer) => {
      const { message } = JSON.parse(data.toString()) as {
        message?: { topic: string; call: { ref: string; phase: string; clients?: unknown[] } };
      };
      if (message?.topic !== 'calls' || !counts(message.call)) return;
      const at = performance.now();
      waiting.get(message.call.ref)?.(at);
      waiting.delete(message.call.ref);
    });
  return waiting;
}

async function program(
  script: string,
  args: string[],
  env: Record<string, string>,
): Promise<ChildProcess & { line: (found: RegExp) => Promise<string> }> {
  const child = spawn(process.execPath, ['--import', 'tsx', join(root, script), ...args], {
    cwd: root,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const lines = createInterface({ input: child.stdout! });
  const line = (found: RegExp) =>
    new Promise<string>((resolve, reject) => {
      lines.on('line', (text) => {
        const m = found.exec(text);
        if (m) resolve(m[1]!);
      });
      child.once('exit', (code) => reject(new Error(`${script} ended with ${code}`)));
    });
  return Object.assign(child, { line });
}

async function startProduct(
  databaseUrl: string,
  operators: readonly { login: string; extension: string }[],
  password: string,
  opened: (() => unknown)[],
) {
  const peer = await startFakeAmi();
  opened.push(() => peer.close());
  const data = mkdtempSync(join(tmpdir(), 'allo-pop-'));
  opened.push(() => rmSync(data, { recursive: true, force: true }));
  const server = await program('server/main.ts', [], {
    PORT: '0',
    DATABASE_URL: databaseUrl,
    REDIS_URL: '',
    DEMO: '0',
    DATA_DIR: data,
    PBX: `${PBX}=ami://allo:secret@127.0.0.1:${peer.port}`,
    SESSION_SECRET: randomBytes(32).toString('hex'),
    SECRETS_KEY: randomBytes(32).toString('hex'),
    LOG_LEVEL: 'info',
  });
  opened.push(async () => {
    server.kill('SIGTERM');
    if (server.exitCode === null) await once(server, 'exit');
  });
  const url = await server.line(/"url":"([^"]+)".*Allo runs/);
  const browsers = new Map<string, WebSocket>();
  for (const { login, extension } of operators) {
    const client = createClient(url);
    const answer = await client.post('/api/auth/sign-in', { login, password });
    if (answer.status !== 200) throw new Error(`sign-in: ${answer.status} ${JSON.stringify(answer.body)}`);
    const ws = new WebSocket(`${url.replace('http', 'ws')}/live`, { headers: { cookie: client.cookie(), origin: url } });
    opened.push(() => ws.terminate());
    await once(ws, 'message');
    browsers.set(extension, ws);
  }
  const waiting = listen(browsers, (call) => call.phase === 'ringing' && call.clients?.length === 1);
  return { peer, browsers, waiting };
}

async function startFloor(extensions: readonly string[], opened: (() => unknown)[]): Promise<Side> {
  const peer = await startFakeAmi();
  const floor = await program('test/support/bench/pop-floor.ts', [String(peer.port)], {});
  opened.push(() => peer.close());
  const port = await floor.line(/^(\d+)$/);
  const browsers = new Map<string, WebSocket>();
  for (const extension of extensions) {
    const ws = new WebSocket(`ws://127.0.0.1:${port}/${extension}`);
    opened.push(() => ws.terminate());
    await once(ws, 'open');
    browsers.set(extension, ws);
  }
  return { peer, browsers, waiting: listen(browsers, (call) => call.phase === 'ringing') };
}

/** The connection that asked for the lists is the one that wants events. */
const eventsOf = async (peer: FakeAmi) => {
  for (;;) {
    const client =
      peer.clients.find((c) => c.actions.some((a) => a.Action === 'CoreShowChannels')) ??
      (peer.clients.length === 1 ? peer.clients[0] : undefined);
    if (client) return client;
    await sleep(10);
  }
};

async function pop(
  side: Side,
  events: Awaited<ReturnType<typeof eventsOf>>,
  call: ReturnType<typeof popCall>,
  gapMs: number,
): Promise<number | null> {
  const shown = new Promise<number>((resolve) => side.waiting.set(`${PBX}:${call.linkedid}`, resolve));
  if (gapMs > 0) {
    events.raw(call.arrives);
    await sleep(gapMs);
  }
  const begun = performance.now();
  events.raw(gapMs > 0 ? call.rings : call.arrives + call.rings);
  const late = new AbortController();
  const at = await Promise.race([shown, sleep(5_000, null, { signal: late.signal }).catch(() => null)]);
  late.abort();
  events.raw(call.ends);
  return at === null ? null : at - begun;
}

async function figures(
  what: keyof typeof GAPS_MS,
  rounds: number,
  sides: { product: Side; floor: Side },
  people: { numbers: readonly string[]; extensions: readonly string[] },
  from: number,
): Promise<PopFigures> {
  const warm = Math.ceil(rounds / 10);
  const times = { product: [] as number[], floor: [] as number[] };
  const events = { product: await eventsOf(sides.product.peer), floor: await eventsOf(sides.floor.peer) };
  const pops: Promise<void>[] = [];
  let lost = 0;
  for (let i = 0; i < (rounds + warm) * 2; i++) {
    const side = i % 2 === 0 ? 'product' : 'floor';
    const round = i >> 1;
    const call = popCall(from + i, {
      number: people.numbers[round % people.numbers.length]!,
      extension: people.extensions[round % people.extensions.length]!,
    });
    pops.push(
      pop(sides[side], events[side], call, GAPS_MS[what]).then((ms) => {
        if (ms === null) lost++;
        else if (round >= warm) times[side].push(ms);
      }),
    );
    await sleep(PACE_MS);
  }
  await Promise.all(pops);
  times.product.sort((a, b) => a - b);
  times.floor.sort((a, b) => a - b);
  return {
    what,
    pops: times.product.length,
    lost,
    p50: percentile(times.product, 0.5),
    p99: percentile(times.product, 0.99),
    floorP50: percentile(times.floor, 0.5),
    floorP99: percentile(times.floor, 0.99),
  };
}

/** Ten operators, and the numbers that will call. @returns also what takes everything away again */
async function cast(db: Knex, calls: number) {
  const password = randomBytes(12).toString('hex');
  const passwordHash = await hashPassword(password);
  const operators: { login: string; extension: string; id: number }[] = [];
  for (let i = 0; i < OPERATORS; i++) {
    const login = `bench-pop-${randomBytes(4).toString('hex')}`;
    const extension = String(9_000 + i);
    const id = await insertUser(
      db,
      { login, name: login, role: 'operator', departmentId: null, language: 'en', timeZone: 'UTC', passwordHash },
      Date.now(),
    );
    await db('extensions').insert({ pbx: PBX, extension, user_id: id });
    operators.push({ login, extension, id });
  }
  const rows = (await db('phones').select('e164').whereNotNull('e164').orderBy('client_id').limit(calls)) as { e164: string }[];
  return { password, operators, numbers: rows.map((row) => row.e164.slice(1)) };
}

async function takeAway(db: Knex, userIds: readonly number[]): Promise<void> {
  const calls = () => db('calls').where('pbx', PBX).select('id');
  for (const table of ['call_segments', 'call_operators']) await db(table).whereIn('call_id', calls()).delete();
  await db('timeline').where('ref', 'like', `${PBX}:%`).delete();
  await db('calls').where('pbx', PBX).delete();
  await db('extensions').where('pbx', PBX).delete();
  await db('bridge_leases').where('pbx', PBX).delete();
  await db('audit').whereIn('actor_id', userIds).delete();
  await db('users').whereIn('id', userIds).delete();
}

export async function measurePops(databaseUrl: string, db: Knex, rounds: number): Promise<PopFigures[]> {
  const opened: (() => unknown)[] = [];
  const { password, operators, numbers } = await cast(db, rounds);
  const extensions = operators.map((o) => o.extension);
  try {
    const sides = { product: await startProduct(databaseUrl, operators, password, opened), floor: await startFloor(extensions, opened) };
    const done: PopFigures[] = [];
    for (const what of Object.keys(GAPS_MS) as (keyof typeof GAPS_MS)[])
      done.push(await figures(what, rounds, sides, { numbers, extensions }, done.length * rounds * 4));
    return done;
  } finally {
    for (const close of opened.reverse()) await close();
    await takeAway(db, operators.map((o) => o.id)); // prettier-ignore
  }
}

const ms = (value: number) => value.toFixed(2).padStart(9);

export const run = async ({ size = 1_000_000, scale }: BenchOptions, engine: 'mysql' | 'sqlite' = 'mysql'): Promise<PopFigures[]> => {
  const clients = Math.max(1_000, Math.round(size * scale));
  const rounds = Math.max(10, Math.round(2_000 * Math.min(1, scale)));
  const name = `bench_clients_${clients}`;
  let url = `sqlite:${join(dir, `${name}.db`)}`;
  let empty: () => Promise<unknown> = async () => {
    for (const suffix of ['', '-wal', '-shm']) rmSync(join(dir, `${name}.db${suffix}`), { force: true });
  };
  if (engine === 'mysql') {
    const stack = await ensureStack({ parts: ['mariadb'] });
    const server = openDb(stack.mariadbUrl);
    await server.raw('CREATE DATABASE IF NOT EXISTS ??', [name]);
    await server.destroy();
    url = stack.mariadbUrl.replace(/[^/]+$/, name);
    empty = () => stack.createDatabase(name);
  }
  const { db } = await openMillion(url, clients, empty);
  try {
    const all = await measurePops(url, db, rounds);
    console.log(`${engine}: ${clients} clients; ${1000 / PACE_MS / 2} calls a second to each side, ms`);
    console.log(
      `${''.padEnd(14)}${['pops', 'lost', 'p50', 'p99', 'floor p50', 'floor p99'].map((h) => h.padStart(10)).join('')}  p50 <= 2 x floor, p99 <= floor + 25`,
    );
    for (const f of all) {
      const kept = f.lost === 0 && f.p50 <= 2 * f.floorP50 && f.p99 <= f.floorP99 + 25;
      const numbers = [f.p50, f.p99, f.floorP50, f.floorP99].map((v) => ` ${ms(v)}`).join('');
      console.log(
        `${f.what.padEnd(14)}${String(f.pops).padStart(10)}${String(f.lost).padStart(10)}${numbers}  ${kept ? 'kept' : 'MISSED'}`,
      );
    }
    return all;
  } finally {
    await db.destroy();
  }
};
