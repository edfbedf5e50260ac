import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { tab } from '../bench/tab.ts';
import { builtWeb, firstLoad } from '../support/built-web.ts';

test('the workspace needs at most 250 kB of JavaScript (gzip) at first; SIP.js comes later', async () => {
  const dir = await builtWeb();
  const load = firstLoad(dir);
  expect(load.size).toBeGreaterThan(0);
  expect([...load.values()].reduce((a, b) => a + b, 0)).toBeLessThanOrEqual(250_000);
  const sip = readdirSync(join(dir, 'assets')).filter((name) => name.startsWith('sip-phone'));
  expect(sip.length).toBe(1);
  expect([...load.keys()]).not.toContain(sip[0]);
}, 120_000);

// Forty calls of the bench's eight hundred: what a call leaves behind shows, the noise of a short run is wider.
test('call after call leaves neither nodes nor listeners nor memory in the tab', async () => {
  const figures = await tab(40);
  expect(figures.pops).toBe(40);
  expect(figures.nodesPerCall).toBeLessThan(5);
  expect(figures.listenersPerCall).toBeLessThan(2);
  expect(figures.heapBytesPerCall).toBeLessThan(20_000);
}, 240_000);
