import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

export const root = resolve(import.meta.dirname, '../..');

/** ALLO_ASTERISK=16: an older Asterisk in the place of the one that is tested first, in a stack of its own. */
export const ASTERISKS = ['16'] as const;
const version = process.env['ALLO_ASTERISK'] || null;
if (version !== null && !ASTERISKS.some((known) => known === version))
  throw new Error(`ALLO_ASTERISK must be ${ASTERISKS.join(' or ')}, or not be set for the newest`);
export const oldAsterisk = version as (typeof ASTERISKS)[number] | null;

/** Everything the stack writes. ALLO_STACK_ROOTFS may name a system folder that several stacks share. */
const home = join(root, '.stack');
export const dir = resolve(process.env['ALLO_STACK_DIR'] ?? (oldAsterisk ? join(home, `asterisk-${oldAsterisk}`) : home));
const systems = resolve(process.env['ALLO_STACK_ROOTFS'] ?? join(process.env['ALLO_STACK_DIR'] ?? home, 'rootfs'));
export const rootfs = oldAsterisk ? `${systems}-${oldAsterisk}` : systems;
export const mysqlRootfs = `${systems}-mysql`;

const base = Number(process.env['ALLO_PORT_BASE'] ?? 20_000);
if (!Number.isInteger(base) || base < 1024 || base > 64_000) throw new Error('ALLO_PORT_BASE must be a whole number from 1024 to 64000');

/** All on loopback. sippCaller, sippCallerMedia: 60 callers from here, each with 1 and 4 ports; phone 20N listens on phones + N. */
export const ports = {
  app: base,
  mariadb: base + 1,
  redis: base + 2,
  ami: base + 3,
  asteriskHttp: base + 4,
  sip: base + 5,
  mysql: base + 6,
  trunkPeer: base + 7,
  phones: base + 10,
  faxPeer: base + 22,
  sippCaller: base + 30,
  sippMedia: base + 100,
  rtpStart: base + 200,
  rtpEnd: base + 599,
  sippCallerMedia: base + 600,
} as const;

/** startTime: ticks since boot, from /proc, so that a pid used again is not taken for ours. */
export type Daemon = { pid: number; startTime: string; log: string };
export type State = { secret: string; daemons: Partial<Record<Part, Daemon>> };
export type Part = 'mariadb' | 'mysql' | 'redis' | 'asterisk';
/** Brought up when none is named; mysql, the other engine of the production database, only by its name. */
export const PARTS: readonly Part[] = ['mariadb', 'redis', 'asterisk'];
export const ALL_PARTS: readonly Part[] = [...PARTS, 'mysql'];

const stateFile = join(dir, 'state.json');

export function readState(): State | null {
  return existsSync(stateFile) ? (JSON.parse(readFileSync(stateFile, 'utf8')) as State) : null;
}

export function writeState(state: State): void {
  mkdirSync(dir, { recursive: true });
  writeFileSync(`${stateFile}.new`, JSON.stringify({ ...state, ports }, null, 2), { mode: 0o600 });
  renameSync(`${stateFile}.new`, stateFile);
}
