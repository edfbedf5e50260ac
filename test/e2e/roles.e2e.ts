import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ensureStack } from '../stack/index.ts';
import type { Stack } from '../stack/index.ts';
import { ports } from '../stack/paths.ts';
import { launchBrowser } from '../support/chromium.ts';
import { createProduct, makeSecrets, signInOver } from '../support/product.ts';
import type { Product } from '../support/product.ts';
import { callIn } from '../support/sipp.ts';

/** The bridge and two API nodes as processes of their own: facts, orders, sessions and pushes go through Redis. */
const PASSWORD = 'correct horse battery';
let stack: Stack;
let browser: Browser;
let bridge: Product;
let nodes: Product[];

beforeAll(async () => {
  stack = await ensureStack();
  const shared = {
    databaseUrl: await stack.createDatabase('allo_roles'),
    redisUrl: stack.redisUrl,
    asterisk: stack.asterisk,
    secrets: makeSecrets(),
  };
  bridge = createProduct({ ...shared, roles: 'cti,worker', port: ports.app + 6 });
  nodes = [ports.app, ports.app + 8].map((port) => createProduct({ ...shared, roles: 'api', port }));
  await bridge.cli(['user', 'add', 'carla', '--name', 'Carla', '--role', 'operator', '--language', 'en', '--password-stdin'], PASSWORD);
  await bridge.cli(['extension', 'set', 'carla', 'test:103', '--secret-stdin'], 'secret-103');
  await bridge.cli(['queue', 'set', 'carla', 'test:support']);
  await bridge.start();
  for (const node of nodes) await node.start();
  browser = await launchBrowser();
});

afterAll(async () => {
  await browser?.close();
  for (const product of [...(nodes ?? []), bridge]) await product?.stop();
});

test('a session of one node holds on the other, whose page pops, and whose orders reach the bridge', async () => {
  const context = await browser.newContext({ viewport: { width: 1280, height: 720 }, locale: 'en-GB' });
  const page = await context.newPage();
  await page.goto(nodes[0]!.url);
  await page.getByLabel('Login').fill('carla');
  await page.getByLabel('Password').fill(PASSWORD);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('button', { name: 'Start shift' }).waitFor();

  await page.goto(nodes[1]!.url); // cookies know no ports
  await page.getByRole('button', { name: 'Start shift' }).click();
  await page.getByText('Ready for calls').waitFor();
  await expect.poll(() => stack.asterisk.rasterisk('queue show support').includes('PJSIP/103')).toBe(true);

  const caller = callIn({ to: '7000', from: '79035550177' });
  await page.locator('allo-incoming').getByText('Unknown number').waitFor();
  caller.hangup();
  await caller.done;

  const carla = await signInOver(nodes[0]!.url, 'carla', PASSWORD);
  await expect
    .poll(async () => (await carla<{ items: { endReason: string }[] }>('GET', '/calls/mine')).body.items.map((call) => call.endReason))
    .toEqual(['abandoned']);
  expect((await carla('POST', '/agents/shift', { on: false })).status).toBe(200);
  await expect.poll(() => stack.asterisk.rasterisk('queue show support').includes('PJSIP/103')).toBe(false);
  await page.getByRole('button', { name: 'Start shift' }).waitFor(); // told by the other node
});
