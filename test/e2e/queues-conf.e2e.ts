import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ensureStack } from '../stack/index.ts';
import type { Stack } from '../stack/index.ts';
import { until } from '../support/call-centre.ts';
import { startServer } from '../support/server.ts';
import { callIn } from '../support/sipp.ts';

/** Allo owns a queue of a real Asterisk: its queues.conf includes what Allo writes. */
let stack: Stack;
let server: Awaited<ReturnType<typeof startServer>>;
let admin: Awaited<ReturnType<typeof server.signIn>>;
let own: string;
const etc = (file: string) => join(stack.asterisk.spool, '../etc', file);
const cli = (command: string) => stack.asterisk.rasterisk(command);

beforeAll(async () => {
  stack = await ensureStack({ parts: ['asterisk'] });
  own = readFileSync(etc('queues.conf'), 'utf8');
  writeFileSync(etc('queues_allo.conf'), '');
  stack.asterisk.configure('queues.conf', `${own}\n#include "queues_allo.conf"\n`);
  server = await startServer({ env: { PBX: `${stack.asterisk.pbx}&queues=${encodeURIComponent(etc('queues_allo.conf'))}` } });
  admin = await server.signIn('administrator');
  await until(async () => (await admin.get('/api/queues')).body.found, (found) => found.length > 0, 60_000); // prettier-ignore
});
afterAll(async () => {
  await server?.close();
  stack.asterisk.configure('queues.conf', own);
  cli('queue reload all');
});

const write = () => admin.post('/api/queues/conf', { pbx: 'test' });

test('a file that stands there and is not its own is left alone', async () => {
  writeFileSync(etc('queues_allo.conf'), '[hand-made]\n');
  expect(await write()).toMatchObject({ status: 409, body: { error: { data: { reason: 'foreign_file' } } } });
  expect(readFileSync(etc('queues_allo.conf'), 'utf8')).toBe('[hand-made]\n');
  writeFileSync(etc('queues_allo.conf'), '; Written by Allo: changes belong into its settings, and are lost here.\n');
});

test('a queue made in Allo is there in Asterisk after one button, changes with it, and takes a call', async () => {
  const { queue } = (await admin.post('/api/queues', { pbx: 'test', name: 'vip' })).body;
  const edit = {
    label: 'VIP',
    strategy: 'leastrecent',
    ringSeconds: 9,
    weight: 7,
    targetSeconds: 10,
    targetPercent: 90,
    announceSeconds: 30,
  };
  const edited = await admin.patch(`/api/queues/${queue.id}`, { ...edit, version: queue.version });
  expect(edited.status).toBe(200);
  expect(cli('queue show vip')).toContain('No such queue');
  expect(await write()).toMatchObject({ status: 200, body: { reloaded: true } });
  await until(() => cli('queue show vip'), (text) => /\bW:7\b/.test(text), 20_000); // prettier-ignore
  expect(cli('queue show vip')).toContain("'leastrecent' strategy");
  expect(cli('queue show vip')).toMatch(/SL:[\d.]+%.* within 10s/);
  expect((await admin.get('/api/queues')).body.missing).not.toContain('test:vip');

  const { version } = edited.body.queue;
  expect((await admin.patch(`/api/queues/${queue.id}`, { strategy: 'random', weight: 2, version })).status).toBe(200);
  expect(await write()).toMatchObject({ status: 200, body: { reloaded: true } });
  await until(() => cli('queue show vip'), (text) => text.includes("'random' strategy") && /\bW:2\b/.test(text), 20_000); // prettier-ignore

  // Who is on shift serves it like any other, and whoever calls waits in it.
  cli('dialplan add extension 7999,1,Queue,vip into allo-queues');
  const waits = async () => (await admin.get('/api/floor')).body.queues.find(({ ref }: { ref: string }) => ref === 'test:vip')?.waiting;
  const caller = callIn({ to: '7999', from: '+79161230999' });
  try {
    await until(waits, (n) => n === 1, 30_000);
  } finally {
    caller.hangup();
    cli('dialplan remove extension 7999@allo-queues');
  }
  await until(waits, (n) => n === 0, 30_000);
});
