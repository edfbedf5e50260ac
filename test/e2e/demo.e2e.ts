import type { ChildProcess } from 'node:child_process';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { dir, ports, root } from '../stack/paths.ts';
import { DEMO_PASSWORD } from '../../server/demo/people.ts';
import { signInOver } from '../support/product.ts';
import { launchBrowser } from '../support/chromium.ts';

/** What `npm start` gives to somebody who has nothing but Node: SQLite, the simulated PBX, made-up people. */
const url = `http://127.0.0.1:${ports.app}`;
let browser: Browser;
let dataDir: string;
let child: ChildProcess | null = null;

const start = async (node = process.execPath): Promise<string> => {
  const { DATABASE_URL: _, PBX: __, REDIS_URL: ___, ...env } = process.env;
  const own = spawn(node, ['server/start.mjs'], { cwd: root, env: { ...env, PORT: String(ports.app), DATA_DIR: dataDir } });
  child = own;
  let said = '';
  for (const stream of [own.stdout, own.stderr]) stream.on('data', (chunk: Buffer) => (said += chunk.toString()));
  for (let waited = 0; !said.includes(url); waited += 100) {
    if (own.exitCode !== null || waited > 90_000) throw new Error(`npm start did not come up:\n${said}`);
    await sleep(100);
  }
  await sleep(100); // the rest of what it prints
  return said;
};

const interrupt = async (): Promise<number | null> => {
  if (!child || child.exitCode !== null) return null;
  child.kill('SIGINT');
  const [code] = (await once(child, 'exit')) as [number | null];
  child = null;
  return code;
};

beforeAll(async () => {
  mkdirSync(dir, { recursive: true });
  dataDir = mkdtempSync(join(dir, 'demo-'));
  browser = await launchBrowser();
});

/** A screen on the wall, by a link that the supervisor makes. */
const openWall = async () => {
  const irina = await signInOver(url, 'irina', DEMO_PASSWORD);
  const { body } = await irina<{ items: { id: number }[] }>('GET', '/wallboards');
  const link = await irina<{ token: string }>('POST', `/wallboards/${body.items[0]!.id}/links`, { label: 'Hall' });
  const page = await (await browser.newContext({ viewport: { width: 1280, height: 720 } })).newPage();
  await page.goto(`${url}/wall.html#${link.body.token}`);
  await page.locator('allo-wall .tile').first().waitFor();
  return page;
};

/** Of which the wall takes its build; another text is another build. */
const WALL_PAGE = join(root, 'dist/web/wall.html');

afterAll(async () => {
  await browser?.close();
  await interrupt();
  rmSync(dataDir, { recursive: true, force: true });
});

test('the demonstration: sign in by a click, be called, answer, hang up, say how it ended; Ctrl+C; nothing is lost, on Node 24 either', async () => {
  const said = await start();
  for (const login of ['anna', 'irina', 'admin']) expect(said).toMatch(new RegExp(`\\b${login}\\b`));

  const page = await (await browser.newContext({ viewport: { width: 1280, height: 720 }, locale: 'en-GB' })).newPage();
  await page.goto(url);
  await page.getByRole('button', { name: /Diana Walker/ }).click();
  await page.getByRole('button', { name: 'Start shift' }).click();
  await page.getByRole('button', { name: 'Call me now' }).click();
  await page.locator('allo-call-now').getByRole('button', { name: 'Answer' }).click();
  await expect.poll(() => new URL(page.url()).pathname).toMatch(/^\/(clients|incoming)\//);
  await page.locator('allo-call-now').getByText('Talking').waitFor();
  await page.locator('allo-call-now').getByRole('button', { name: 'Hang up' }).click();
  await page.locator('allo-wrap-up').getByText('Resolved', { exact: true }).click();
  await page.locator('allo-wrap-up').getByLabel('Note').fill('heard by the demo');
  await page.locator('allo-wrap-up').getByRole('button', { name: 'Save' }).click();
  await page.getByText('Outcome saved').first().waitFor();
  await page.getByRole('button', { name: 'End', exact: true }).click();
  await page.getByRole('button', { name: 'Start shift' }).waitFor();

  const wall = await openWall();
  let loads = 0;
  wall.on('load', () => (loads += 1));
  const isOld = () => wall.locator('allo-wall .whole.old');
  expect(await isOld().count()).toBe(0);

  expect(await interrupt()).toBe(0);
  await isOld().waitFor(); // grey, with its age, while the server is away
  await expect.poll(() => wall.locator('allo-wall .bar').textContent()).toMatch(/\d/);
  const wallPage = readFileSync(WALL_PAGE, 'utf8');
  const node24 = execFileSync('npx', ['-y', '-p', 'node@24', '--', 'node', '-p', 'process.version + " " + process.execPath'], {
    encoding: 'utf8',
  });
  expect(node24).toMatch(/^v24\./);
  try {
    writeFileSync(WALL_PAGE, `${wallPage}<!-- a new build -->`);
    await start(node24.trim().slice(node24.indexOf(' ') + 1));
  } finally {
    writeFileSync(WALL_PAGE, wallPage);
  }
  await page.goto(`${url}/calls`);
  await page.locator('allo-calls').getByText('heard by the demo').or(page.locator('allo-calls').getByText('Resolved')).first().waitFor();
  // the wall came back by itself, and took the new build, at the latest when no caller waited
  await wall.locator('allo-wall .whole:not(.old)').waitFor();
  await expect.poll(() => loads, { timeout: 90_000 }).toBe(1);
  await wall.locator('allo-wall .whole:not(.old) .tile').first().waitFor();
  expect(await interrupt()).toBe(0);
}, 240_000);
