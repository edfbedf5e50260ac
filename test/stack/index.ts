import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { amiAnswers, amiUnfilteredUser, amiUser, configure, folders, rasterisk, startAsterisk } from './asterisk.ts';
import { isAlive, stopDaemon } from './daemon.ts';
import { createDatabase, mariadbAnswers, mariadbUrl, startMariadb } from './mariadb.ts';
import { mysqlAnswers, mysqlUrl, startMysql } from './mysql.ts';
import type { Daemon, Part, State } from './paths.ts';
import { ALL_PARTS, dir, PARTS, ports, readState, writeState } from './paths.ts';
import { locate, locateAsterisk } from './provision.ts';
import { redisAnswers, redisUrl, startRedis } from './redis.ts';

/** The real parts that Allo stands on, all on loopback. Parts that were not asked for are described, and may be down. */
export type Stack = {
  mariadbUrl: string;
  mysqlUrl: string;
  /** An empty database of this name; answers its URL. */
  createDatabase(name: string): Promise<string>;
  redisUrl: string;
  asterisk: Asterisk;
  chromiumPath: string | null;
  sippPath: string | null;
};
export type Asterisk = {
  amiHost: string;
  amiPort: number;
  amiUser: string;
  amiSecret: string;
  /** The same secret, no event filter, every right. */
  amiUnfilteredUser: string;
  wsUrl: string;
  sipHost: string;
  sipPort: number;
  /** Holds monitor/ (recordings), log/queue_log and log/cel-custom/allo.csv. */
  spool: string;
  /** The setting PBX that makes Allo's bridge connect to it. */
  pbx: string;
  pid(): number | null;
  start(): Promise<void>;
  stop(): Promise<void>;
  restart(): Promise<void>;
  /** Runs a command of the console, such as `queue show`. */
  rasterisk(command: string): string;
  /** Replaces a file of its configuration until the next start; reload it yourself. */
  configure(file: string, text: string): void;
};

const STARTERS: Record<Part, { start: (secret: string) => Promise<Daemon>; answers: () => Promise<boolean> }> = {
  mariadb: { start: startMariadb, answers: mariadbAnswers },
  mysql: { start: startMysql, answers: mysqlAnswers },
  redis: { start: startRedis, answers: redisAnswers },
  asterisk: { start: startAsterisk, answers: amiAnswers },
};

/** Brings up what is down, and installs what is missing. Safe to call from several processes at once. */
export async function ensureStack({ parts = PARTS }: { parts?: readonly Part[] } = {}): Promise<Stack> {
  const state = await locked(async () => {
    const now = readState() ?? { secret: randomBytes(16).toString('hex'), daemons: {} };
    for (const part of parts) if (!(await isUp(now, part))) await startPart(now, part);
    return now;
  });
  writeFileSync(join(dir, 'env'), environment(state), { mode: 0o600 });
  return describe(state);
}

/** Ends what we started, and nothing else. */
export async function stopStack(parts: readonly Part[] = ALL_PARTS): Promise<void> {
  const state = readState();
  if (state) await locked(() => Promise.all(parts.map((part) => stopPart(state, part))));
}

export async function stackStatus(): Promise<Record<Part, { pid: number; answers: boolean } | null>> {
  const state = readState();
  const one = async (part: Part) => {
    const daemon = state?.daemons[part];
    return isAlive(daemon) ? { pid: daemon.pid, answers: await STARTERS[part].answers() } : null;
  };
  return { mariadb: await one('mariadb'), redis: await one('redis'), asterisk: await one('asterisk'), mysql: await one('mysql') };
}

const isUp = async (state: State, part: Part) => isAlive(state.daemons[part]) && (await STARTERS[part].answers());

async function startPart(state: State, part: Part): Promise<void> {
  await stopPart(state, part);
  if (await STARTERS[part].answers())
    throw new Error(`something else already answers at the port of ${part}; set ALLO_PORT_BASE to other ports`);
  state.daemons[part] = await STARTERS[part].start(state.secret);
  writeState(state);
}

async function stopPart(state: State, part: Part): Promise<void> {
  await stopDaemon(state.daemons[part]);
  if (state.daemons[part] === undefined) return;
  delete state.daemons[part];
  writeState(state);
}

function describe(state: State): Stack {
  return {
    mariadbUrl: mariadbUrl(state.secret),
    mysqlUrl: mysqlUrl(state.secret),
    createDatabase: (name) => createDatabase(state.secret, name),
    redisUrl,
    asterisk: describeAsterisk(state),
    chromiumPath: locate('chromium'),
    sippPath: locate('sipp'),
  };
}

function describeAsterisk(state: State): Asterisk {
  const change = (work: (now: State) => Promise<void>) => locked(() => work(readState() ?? state));
  const start = () => change(async (now) => void ((await isUp(now, 'asterisk')) || (await startPart(now, 'asterisk'))));
  const stop = () => change((now) => stopPart(now, 'asterisk'));
  return {
    amiHost: '127.0.0.1',
    amiPort: ports.ami,
    amiUser,
    amiSecret: state.secret,
    amiUnfilteredUser,
    wsUrl: `ws://127.0.0.1:${ports.asteriskHttp}/ws`,
    sipHost: '127.0.0.1',
    sipPort: ports.sip,
    spool: spool(),
    pbx: pbx(state),
    pid: () => {
      const daemon = readState()?.daemons.asterisk;
      return isAlive(daemon) ? daemon.pid : null;
    },
    start,
    stop,
    restart: () => change(async (now) => startPart(now, 'asterisk')),
    rasterisk,
    configure,
  };
}

const spool = () => {
  const home = locateAsterisk();
  return home ? join(folders(home).host, 'spool') : '';
};

const pbx = (state: State) =>
  `test=ami://${amiUser}:${state.secret}@127.0.0.1:${ports.ami}?sip=ws://127.0.0.1:${ports.asteriskHttp}/ws&spool=${encodeURIComponent(spool())}`;

const environment = (state: State) => `DATABASE_URL=${mariadbUrl(state.secret)}\nREDIS_URL=${redisUrl}\nPBX=${pbx(state)}\n`;

/** One process at a time changes the stack; a lock whose owner has died is taken over. */
async function locked<T>(work: () => Promise<T>): Promise<T> {
  mkdirSync(dir, { recursive: true });
  const lock = join(dir, 'lock');
  const deadline = Date.now() + 900_000;
  while (!takeLock(lock)) {
    if (Date.now() > deadline) throw new Error(`another process has held ${lock} for fifteen minutes`);
    await sleep(200);
  }
  try {
    return await work();
  } finally {
    rmSync(lock, { force: true });
  }
}

function takeLock(lock: string): boolean {
  try {
    writeFileSync(lock, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  const owner = ownerOf(lock);
  if (owner !== null && !isRunning(owner)) rmSync(lock, { force: true });
  return false;
}

/** Null: just released, or its owner has not yet written its pid. */
function ownerOf(lock: string): number | null {
  try {
    return Number(readFileSync(lock, 'utf8')) || null;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
