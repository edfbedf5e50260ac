import { fork } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Knex } from 'knex';
import { migrate, openDb } from '../../server/core/db.ts';
import { insertUser } from '../../server/users/queries.ts';
import { ensureStack } from '../stack/index.ts';
import type { Answer } from '../support/bench/ami-contender.ts';
import { createCast, dice, stamped } from '../support/bench/ami-stream.ts';
import { loadClients } from '../support/bench/million.ts';
import { startProgram } from '../support/bench/program.ts';
import { startFakeAmi } from '../support/fake-ami.ts';
import type { FakeAmi } from '../support/fake-ami.ts';
import type { BenchOptions } from './run.ts';
import { percentile } from '../support/bench/percentile.ts';

/**
 * The bridge end to end: the whole program takes an unfiltered AMI stream at a steady pace, and every call of it has to stand in the call log, ended.
 * Lag: from the last event of a call on the wire to its ended row as another connection to the database reads it.
 */
const PBX = 'bench';
const CALLS_A_SECOND = 100;
/** Unfiltered, rounded up. */
const EVENTS_A_CALL = 100;
const P99_MS = 1_000;
const SECONDS = 120;
/** Calls that are up at the same time. */
const AT_ONCE = 500;
const OPERATORS = 500;
const MANAGER_SECONDS = 15;
const LOOK_MS = 25;
/** How long the last rows may take after the stream. */
const PATIENCE_MS = 60_000;

export interface BridgeFigures {
  readonly seconds: number;
  readonly events: number;
  readonly calls: number;
  /** Calls without an ended row a minute after the last event. */
  readonly lost: number;
  /** Rows of calls that never were. */
  readonly strange: number;
  readonly p50: number;
  readonly p99: number;
  readonly most: number;
  /** ms that the sender was late itself. */
  readonly senderLate: number;
  /** CPU seconds for 1,000 calls: the whole program, and asterisk-manager that reads the same stream and does nothing with it. */
  readonly cpu: number;
  readonly managerCpu: number;
}

/** CPU seconds of a process, all threads. */
function cpuOf(pid: number): number {
  if (!existsSync(`/proc/${pid}/stat`)) return NaN;
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /s, '')
    .split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

/** asterisk-manager in a process of its own. */
async function startManager() {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const child = fork(join(import.meta.dirname, '../support/bench/ami-contender.ts'), ['asterisk-manager'], {
    execArgv: ['--import', 'tsx'],
  });
  child.send({ what: 'socket', port: (server.address() as AddressInfo).port });
  while (sockets.size === 0) await sleep(10);
  await sleep(500); // its start is not counted
  const before = cpuOf(child.pid!);
  return {
    send: (text: string) => sockets.forEach((socket) => socket.write(text)),
    /** @returns CPU seconds and the events it saw */
    async end() {
      const answered = once(child, 'message') as Promise<[Answer]>;
      for (const socket of sockets) socket.end();
      const [answer] = await answered;
      const cpu = cpuOf(child.pid!) - before;
      child.disconnect();
      server.close();
      return { cpu, events: answer.events };
    },
  };
}

/** On the same stream at the same pace, before the bridge: both at once would take the processor from one another. @returns CPU s for 1,000 calls */
async function measureManager(eventsASecond: number, seconds: number, numbers: readonly string[]): Promise<number> {
  const manager = await startManager();
  const sent = await send(eventsASecond, seconds, numbers, manager.send, () => {});
  const { cpu, events } = await manager.end();
  if (events !== sent.events) throw new Error(`asterisk-manager saw ${events} of ${sent.events} events`);
  return (cpu / sent.calls) * 1000;
}

/** 500 operators with the extensions of the stream. */
async function addOperators(db: Knex): Promise<void> {
  for (let i = 0; i < OPERATORS; i++) {
    const login = `bench-${i}`;
    const person = {
      login,
      name: login,
      role: 'operator',
      departmentId: null,
      language: 'en',
      timeZone: 'UTC',
      passwordHash: '-',
    } as const;
    const id = await insertUser(db, person, Date.now());
    await db('extensions').insert({ pbx: PBX, extension: String(1_000 + i), user_id: id });
  }
}

interface Sent {
  readonly ref: string;
  /** When its last event went out. */
  readonly at: number;
}

/** Calls, many at once, at a steady pace. */
async function send(
  eventsASecond: number,
  seconds: number,
  numbers: readonly string[],
  write: (text: string) => void,
  ended: (call: Sent) => void,
) {
  const next = createCast(true, numbers);
  const random = dice(3);
  const up: { linkedid: string; blocks: string[] }[] = [];
  const atOnce = Math.max(1, Math.min(AT_ONCE, Math.floor((eventsASecond * seconds) / 1_000)));
  const total = Math.round(eventsASecond * seconds);
  const start = performance.now();
  let [events, calls, late] = [0, 0, 0];
  while (events < total || up.length > 0) {
    const due = Math.ceil(((performance.now() - start) / 1000) * eventsASecond);
    late = Math.max(late, ((due - events) / eventsASecond) * 1000);
    const texts: string[] = [];
    const over: string[] = [];
    for (; events < due && (events < total || up.length > 0); events++) {
      while (up.length < atOnce && events < total) {
        const blocks = next(calls++);
        up.push({ linkedid: /^Linkedid: (\S+)/m.exec(blocks.join('\r\n'))![1]!, blocks: blocks.reverse() });
      }
      const i = random(up.length);
      texts.push(stamped(up[i]!.blocks.pop()!, Date.now()));
      if (up[i]!.blocks.length > 0) continue;
      over.push(up[i]!.linkedid);
      up.splice(i, 1);
    }
    if (texts.length > 0) write(texts.join(''));
    const at = performance.now();
    for (const ref of over) ended({ ref, at });
    await sleep(10);
  }
  return { events, calls, late, seconds: (performance.now() - start) / 1000 };
}

/** Looks for the ended rows of the calls it is told of. */
function watchRows(db: Knex) {
  const waiting = new Map<string, number>();
  const lags: number[] = [];
  let stopped = false;
  const look = async () => {
    while (!stopped) {
      const refs = [...waiting.keys()].slice(0, 400);
      if (refs.length > 0) {
        const rows = (await db('calls').where('pbx', PBX).whereIn('linkedid', refs).whereNotNull('ended_at').select('linkedid')) as {
          linkedid: string;
        }[];
        const at = performance.now();
        for (const { linkedid } of rows) {
          lags.push(at - waiting.get(linkedid)!);
          waiting.delete(linkedid);
        }
      }
      await sleep(LOOK_MS);
    }
  };
  const looking = look();
  return {
    wait: ({ ref, at }: Sent) => void waiting.set(ref, at),
    /** Waits for what is still to come. @returns the lags, sorted, and how many calls never came */
    async end(): Promise<{ lags: number[]; lost: number }> {
      for (const until = Date.now() + PATIENCE_MS; waiting.size > 0 && Date.now() < until;) await sleep(50);
      stopped = true;
      await looking;
      return { lags: lags.sort((a, b) => a - b), lost: waiting.size };
    },
  };
}

const eventsOf = async (peer: FakeAmi) => {
  for (;;) {
    const client = peer.clients.find((c) => c.actions.some((a) => a.Action === 'CoreShowChannels'));
    if (client) return client;
    await sleep(10);
  }
};

/** @param databaseUrl of an empty database that `db` has open */
export async function measureBridge(
  databaseUrl: string,
  db: Knex,
  { eventsASecond, seconds, clients }: { eventsASecond: number; seconds: number; clients: number },
): Promise<BridgeFigures> {
  await migrate(db);
  await loadClients(db, clients);
  await addOperators(db);
  const known = (await db('phones').select('e164').whereNotNull('e164').orderBy('client_id').limit(20_000)) as { e164: string }[];
  const numbers = known.map((row) => row.e164.slice(1));
  const managerCpu = await measureManager(eventsASecond, Math.min(seconds, MANAGER_SECONDS), numbers);
  const data = mkdtempSync(join(tmpdir(), 'allo-bridge-'));
  const peer = await startFakeAmi();
  const server = startProgram('server/main.ts', [], {
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
  try {
    await server.line(/"url":"([^"]+)".*Allo runs/);
    const stream = await eventsOf(peer);
    await sleep(500);
    const watch = watchRows(db);
    const cpu = cpuOf(server.pid);
    const sent = await send(eventsASecond, seconds, numbers, stream.raw, watch.wait);
    const { lags, lost } = await watch.end();
    const used = cpuOf(server.pid) - cpu;
    const [{ count }] = (await db('calls').where('pbx', PBX).count({ count: '*' })) as [{ count: number | string }];
    return {
      seconds: sent.seconds,
      events: sent.events,
      calls: sent.calls,
      lost,
      strange: Number(count) - (sent.calls - lost),
      p50: percentile(lags, 0.5),
      p99: percentile(lags, 0.99),
      most: lags.at(-1) ?? NaN,
      senderLate: sent.late,
      cpu: (used / sent.calls) * 1000,
      managerCpu,
    };
  } finally {
    await server.stop();
    await peer.close();
    rmSync(data, { recursive: true, force: true });
  }
}

export const run = async ({ size = CALLS_A_SECOND, seconds = SECONDS, scale }: BenchOptions): Promise<BridgeFigures> => {
  const stack = await ensureStack({ parts: ['mariadb'] });
  const url = await stack.createDatabase('bench_bridge');
  const db = openDb(url);
  try {
    const f = await measureBridge(url, db, {
      eventsASecond: size * EVENTS_A_CALL * Math.min(1, scale),
      seconds: Math.max(2, seconds),
      clients: 20_000,
    });
    const kept = f.lost === 0 && f.strange === 0 && f.p99 < P99_MS;
    console.log(
      `${f.events.toLocaleString('en')} events unfiltered, ${f.calls.toLocaleString('en')} calls in ${f.seconds.toFixed(0)} s: ${Math.round(f.events / f.seconds).toLocaleString('en')} events/s, ` +
        `${(f.calls / f.seconds).toFixed(0)} calls/s (the sender was up to ${f.senderLate.toFixed(0)} ms late)`,
    );
    console.log(
      `not written after ${PATIENCE_MS / 1000} s: ${f.lost}, rows too many ${f.strange}; lag to the row, ms: p50 ${f.p50.toFixed(0)}, p99 ${f.p99.toFixed(0)}, most ${f.most.toFixed(0)}  p99 < ${P99_MS}, nothing lost: ${kept ? 'kept' : 'MISSED'}`,
    );
    console.log(`CPU seconds for 1,000 calls: the program ${f.cpu.toFixed(2)}, asterisk-manager alone ${f.managerCpu.toFixed(2)}`);
    return f;
  } finally {
    await db.destroy();
  }
};
