import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Knex } from 'knex';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openDb } from '../../server/core/db.ts';
import { agreed } from '../soak/soak.ts';
import { addMembers, openFloor, quiet } from '../soak/traffic.ts';
import type { Floor } from '../soak/traffic.ts';
import { ensureStack } from '../stack/index.ts';
import type { Stack } from '../stack/index.ts';
import type { Part } from '../stack/paths.ts';
import { ports, readState } from '../stack/paths.ts';
import { createProduct, makeSecrets } from '../support/product.ts';
import type { Product } from '../support/product.ts';

/**
 * In the middle of real calls a part is killed or frozen, or a disk is full. Afterwards the call log is what Asterisk itself wrote down in CEL
 * and queue_log, row by row, as `npm run reconcile -- --check` compares them.
 */
let stack: Stack;
let product: Product;
/** A bridge on a machine of its own, which stands by. */
let second: Product;
let db: Knex;
let floor: Floor;

beforeAll(async () => {
  stack = await ensureStack();
  const databaseUrl = await stack.createDatabase('allo_survival');
  const shared = {
    databaseUrl,
    redisUrl: stack.redisUrl,
    asterisk: stack.asterisk,
    secrets: makeSecrets(),
  };
  product = createProduct(shared);
  second = createProduct({ ...shared, roles: 'cti', port: ports.app + 8 });
  await product.start();
  db = openDb(databaseUrl);
  floor = await openFloor(stack.asterisk, 7);
});

afterAll(async () => {
  await floor?.close();
  await second?.stop();
  await product?.stop();
  await db?.destroy();
  await ensureStack();
});

const CALLS = 24;
const AT_ONCE = 12;

/** The bridge hears Asterisk: also after a restart of it, when a slow machine may take a while to be heard again. */
const listening = async () => {
  const state = async () => {
    const answer = await fetch(`${product.url}/readyz`);
    return ((await answer.json()) as { pbx: { state: string }[] }).pbx.map((pbx) => pbx.state);
  };
  await expect.poll(state, { timeout: 60_000 }).toEqual(['connected']);
};

/** Nothing is compared: what the next comparison does from the first call on, which may wait for the journal's next turn, does for these too. */
const later = async () => '';
let unchecked: number | null = null;

/** Calls of every kind, and what happens in the midst of them. @returns what the comparison printed, and the rows of these calls */
const survive = async (disaster: () => Promise<unknown>, check = agreed) => {
  await quiet(stack.asterisk);
  await listening();
  const since = Date.now();
  const calls = floor.calls(CALLS, AT_ONCE);
  await sleep(3_500);
  const [up] = /^\d+/m.exec(stack.asterisk.rasterisk('core show channels count')) ?? [];
  expect(Number(up)).toBeGreaterThan(4); // channels: it happens in the middle of calls
  await disaster();
  await calls;
  await quiet(stack.asterisk);
  const from = unchecked ?? since;
  unchecked = check === later ? from : null;
  const said = await check(product, new Date(from).toISOString());
  const read = () => db<{ source: string; end_reason: string; ended_at: number | null }>('calls').where('started_at', '>=', since);
  await expect.poll(async () => (await read()).filter((row) => row.ended_at === null), { timeout: 30_000 }).toEqual([]);
  return { said, rows: await read() };
};

const kill = (part: Part) => process.kill(readState()!.daemons[part]!.pid, 'SIGKILL');

test('the bridge: what ended while there was none is filled in from the journal', async () => {
  const { rows } = await survive(async () => {
    await product.stop('SIGKILL');
    await sleep(6_000); // calls begin and end meanwhile
    await product.start();
  });
  expect(rows).toHaveLength(CALLS);
  expect(rows.some((row) => row.source === 'journal')).toBe(true);
  expect(rows.filter((row) => row.end_reason === 'lost')).toEqual([]);
});

test('two bridges: the one that stands by takes over from the one that is killed, and nothing stands there twice', async () => {
  await second.start();
  await expect.poll(() => second.log()).toContain('another bridge owns this PBX');
  const owner = async () => (await db('bridge_leases').first<{ owner: string } | undefined>('owner'))?.owner;
  const before = await owner();
  let tookMs = 0;
  const { rows } = await survive(async () => {
    await product.stop('SIGKILL');
    const killed = Date.now();
    await expect.poll(owner, { timeout: 30_000 }).not.toBe(before);
    await expect.poll(() => second.log(), { timeout: 30_000 }).toContain('ami events: connected');
    tookMs = Date.now() - killed;
    await product.start();
  });
  console.info(`the standby had the PBX ${tookMs} ms after the kill`);
  expect(rows).toHaveLength(CALLS);
  expect(rows.filter((row) => row.end_reason === 'lost')).toEqual([]);
  await second.stop(); // which gives the PBX back
  await expect.poll(() => product.log(), { timeout: 30_000 }).toContain('ami events: connected');
});

test('Redis: the log does not need it', async () => {
  const { rows } = await survive(async () => {
    kill('redis');
    await sleep(4_000);
    await ensureStack({ parts: ['redis'] });
  }, later);
  expect(rows).toHaveLength(CALLS);
  expect(rows.every((row) => row.source === 'live')).toBe(true);
});

test('the database, for longer than the lease of the bridge', async () => {
  const { rows } = await survive(async () => {
    kill('mariadb');
    await sleep(9_000);
    await ensureStack({ parts: ['mariadb'] });
  });
  expect(rows).toHaveLength(CALLS);
  expect(rows.filter((row) => row.end_reason === 'lost')).toEqual([]);
});

test('a network that freezes: Asterisk is not heard, and not dead', async () => {
  const pid = stack.asterisk.pid()!;
  const { rows } = await survive(async () => {
    process.kill(pid, 'SIGSTOP');
    try {
      await sleep(18_000); // the bridge has given the connection up by then
    } finally {
      process.kill(pid, 'SIGCONT');
    }
  });
  expect(rows.filter((row) => row.end_reason === 'lost')).toEqual([]);
});

test('Asterisk: its calls end with it, and those after its restart are new ones', async () => {
  const { said, rows } = await survive(async () => {
    kill('asterisk');
    floor.drop();
    await stack.asterisk.start();
    await addMembers(stack.asterisk);
  });
  expect(said).toMatch(/\d+ of them went down with Asterisk/);
  expect(rows.some((row) => row.end_reason === 'lost')).toBe(true);
  expect(rows.some((row) => row.end_reason === 'completed')).toBe(true);
});

test.runIf(process.getuid?.() === 0)(
  'a full disk under the journal: what the bridge saw stays, and what comes after is whole again',
  async () => {
    const log = join(stack.asterisk.spool, 'log');
    const sh = (command: string, ...args: string[]) =>
      expect(spawnSync(command, args, { encoding: 'utf8' })).toMatchObject({
        status: 0,
      });
    await stack.asterisk.stop();
    sh('mount', '-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', log);
    try {
      mkdirSync(join(log, 'cel-custom'));
      await stack.asterisk.start();
      await addMembers(stack.asterisk);
      const ballast = join(log, 'ballast');
      const { rows } = await survive(
        async () => {
          spawnSync('dd', ['if=/dev/zero', `of=${ballast}`, 'bs=1k']);
          await sleep(4_000);
          rmSync(ballast);
        },
        async () => '',
      );
      expect(rows).toHaveLength(CALLS);
      expect(rows.every((row) => row.source === 'live')).toBe(true);
      const { said } = await survive(async () => {});
      expect(said).toMatch(new RegExp(`in the log +${CALLS}\n`));
    } finally {
      await stack.asterisk.stop();
      sh('umount', '--lazy', log); // the daemon that starts Asterisk may still hold its console.log
      await stack.asterisk.start();
      await addMembers(stack.asterisk);
    }
  },
);
