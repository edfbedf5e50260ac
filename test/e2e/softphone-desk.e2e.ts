import type { Knex } from 'knex';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { openDb } from '../../server/core/db.ts';
import { createLog } from '../../server/core/log.ts';
import { ensureStack } from '../stack/index.ts';
import type { Stack } from '../stack/index.ts';
import { launchBrowser, launchSleeper } from '../support/chromium.ts';
import { createProduct, signInOver } from '../support/product.ts';
import type { Product } from '../support/product.ts';
import { callIn } from '../support/sipp.ts';

/** The softphone in the workspace, against the log: hand-overs by the browser, and a phone that is lost. */
const PASSWORD = 'correct horse battery';
const CALLER = '79035550177';
/** A phone that is lost may ring in vain for so long. */
const LOST_WITHIN_MS = 5_000;

let stack: Stack;
let product: Product;
let db: Knex;
/** Anna's laptop, and the desk of Boris. */
let laptop: Awaited<ReturnType<typeof launchSleeper>>;
let browser: Browser;
let anna: Page;
let boris: Page;
let since = 0;

const open = async (where: Browser, login: string): Promise<Page> => {
  const page = await (await where.newContext({ viewport: { width: 1280, height: 720 }, locale: 'en-GB' })).newPage();
  page.on('pageerror', (error) => console.error(`${login}:`, error));
  await page.goto(product.url);
  await page.getByLabel('Login').fill(login);
  await page.getByLabel('Password').fill(PASSWORD);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('button', { name: 'Start shift' }).click();
  await page.getByText('Ready for calls').waitFor();
  return page;
};

beforeAll(async () => {
  stack = await ensureStack();
  const databaseUrl = await stack.createDatabase('allo_desk_e2e');
  product = createProduct({ databaseUrl, redisUrl: stack.redisUrl, asterisk: stack.asterisk });
  for (const [login, name, extension, queue] of [
    ['anna', 'Anna', '101', 'support'],
    ['boris', 'Boris', '102', 'sales'],
  ] as const) {
    await product.cli(['user', 'add', login, '--name', name, '--role', 'operator', '--language', 'en', '--password-stdin'], PASSWORD);
    await product.cli(['extension', 'set', login, `test:${extension}`, '--secret-stdin'], `secret-${extension}`);
    await product.cli(['queue', 'set', login, `test:${queue}`]);
  }
  await product.start();
  db = openDb(databaseUrl, createLog('error'));
  laptop = await launchSleeper();
  browser = await launchBrowser();
  anna = await open(laptop.browser, 'anna');
  boris = await open(browser, 'boris');
});
afterEach(async ({ task }) => {
  if (task.result?.state === 'fail') {
    console.log(
      product.log().slice(-4_000),
      stack.asterisk.rasterisk('queue show support'),
      stack.asterisk.rasterisk('pjsip show contacts'),
    );
    console.log(await db('agent_pauses'), await db('shifts'), (await anna.locator('body').innerText()).slice(0, 500));
  }
  stack.asterisk.rasterisk('channel request hangup all');
  since = Math.max(since, ...(await db('calls').pluck('id')));
  await db('wrap_ups').delete();
});
afterAll(async () => {
  await browser?.close();
  await laptop?.close();
  await db?.destroy();
  await product?.stop();
});

const phone = (page: Page) => page.locator('allo-softphone');
const button = (page: Page, name: string) => phone(page).getByRole('button', { name, exact: true });
/** Calls since the last test, once all of them have ended: who talked, one after the other. */
const log = async () => {
  const calls = await db('calls').where('id', '>', since).orderBy('id');
  if (calls.length === 0 || calls.some((call) => call.ended_at === null)) return null;
  const rows = await db('call_segments').whereIn('call_id', calls.map((call) => call.id)).orderBy(['started_at', 'id']); // prettier-ignore
  const names = new Map((await db('users').select('id', 'login')).map(({ id, login }) => [id, login]));
  return calls.map((call) => ({
    direction: call.direction,
    end: call.end_reason,
    segments: rows.filter((row) => row.call_id === call.id).map((row) => `${row.kind} ${names.get(row.user_id) ?? '-'} ${row.end_reason}`),
  }));
};
const logged = () => expect.poll(log, { timeout: 20_000 }).not.toBeNull().then(log);

const answeredByAnna = async () => {
  const caller = callIn({ to: '7000', from: CALLER, rtpEcho: true });
  await button(anna, 'Answer').click();
  await button(anna, 'Hang up').waitFor();
  return caller;
};

test('a blind transfer by keys, to a colleague whom the directory shows as free: one call, two operators', async () => {
  const caller = await answeredByAnna();
  await anna.keyboard.press('Alt+g');
  await phone(anna)
    .getByRole('button', { name: /Boris.*free/ })
    .click();
  await button(anna, 'Transfer now').click();
  await button(boris, 'Answer').click();
  await button(boris, 'Hang up').waitFor();
  await phone(anna).getByText('You transferred the call').first().waitFor();
  await boris.waitForTimeout(1_000);
  await button(boris, 'Hang up').click();
  await caller.done;
  expect(await logged()).toEqual([
    {
      direction: 'in',
      end: 'completed',
      segments: ['queue - answered', 'offer anna answered', 'talk anna transferred', 'offer boris answered', 'talk boris agent'],
    },
  ]);
});

test('an attended transfer: asked, then connected: one call', async () => {
  const caller = await answeredByAnna();
  await anna.keyboard.press('Alt+g');
  await anna.keyboard.type('102');
  await button(anna, 'Ask first').click();
  await button(boris, 'Answer').click();
  await button(anna, 'Connect both').waitFor();
  await anna.waitForTimeout(1_000);
  await anna.keyboard.press('Alt+j');
  await phone(anna).getByText('You transferred the call').first().waitFor();
  await boris.waitForTimeout(1_000);
  await button(boris, 'Hang up').click();
  await caller.done;
  expect(await logged()).toEqual([
    {
      direction: 'in',
      end: 'completed',
      segments: [
        ...['queue - answered', 'offer anna answered', 'talk anna transferred', 'hold anna agent'],
        ...['offer boris answered', 'consult anna transferred', 'consult boris transferred', 'talk boris agent'],
      ],
    },
  ]);
});

test('an attended transfer that is refused: Anna takes the client back, and ends the call herself', async () => {
  const caller = await answeredByAnna();
  await anna.keyboard.press('Alt+g');
  await anna.keyboard.type('102');
  await button(anna, 'Ask first').click();
  await button(boris, 'Reject').click();
  await phone(anna)
    .getByText(/refused|Busy/)
    .first()
    .waitFor();
  await anna.keyboard.press('Alt+l');
  await button(anna, 'Hold').waitFor();
  await anna.waitForTimeout(1_000);
  await anna.keyboard.press('Alt+h');
  await caller.done;
  expect(await logged()).toEqual([
    { direction: 'in', end: 'completed', segments: ['queue - answered', 'offer anna answered', 'talk anna agent', 'hold anna agent'] },
    { direction: 'internal', end: 'no-answer', segments: ['offer boris rejected'] },
  ]);
});

test('a conference: the client talks with Anna from beginning to end, Boris stands in the log beside it', async () => {
  const caller = await answeredByAnna();
  await anna.keyboard.press('Alt+g');
  await anna.keyboard.type('102');
  await button(anna, 'Ask first').click();
  await button(boris, 'Answer').click();
  await button(anna, 'Conference').waitFor();
  await anna.keyboard.press('Alt+c');
  await button(anna, 'Leave').waitFor();
  await anna.waitForTimeout(1_500);
  await button(boris, 'Hang up').click();
  await button(anna, 'Hang up').waitFor();
  await anna.waitForTimeout(1_000);
  await button(anna, 'Hang up').click();
  await caller.done;
  expect(await logged()).toEqual([
    { direction: 'in', end: 'completed', segments: ['queue - answered', 'offer anna answered', 'talk anna agent', 'hold anna agent'] },
    { direction: 'internal', end: 'completed', segments: ['offer boris answered', 'talk anna customer', 'talk boris agent'] },
  ]);
});

const paused = (extension: string) => new RegExp(`PJSIP/${extension}.*\\(paused`).test(stack.asterisk.rasterisk('queue show'));
test('a laptop that sleeps: its operator is unreachable and paused within 5 s, is told, and gets calls again when it wakes', async () => {
  const mine = await signInOver(product.url, 'anna', PASSWORD);
  const others = await signInOver(product.url, 'boris', PASSWORD);
  const state = async () => {
    const { body } = await others<{ items: { extension: string; state: string }[] }>('GET', '/agents/states');
    return body.items.find(({ extension }) => extension === '101')?.state;
  };
  const since = async () => (await mine<{ unreachableSince: number | null }>('GET', '/agents/me')).body.unreachableSince;
  await expect.poll(since, { timeout: 15_000 }).toBeNull();
  await expect.poll(() => paused('101'), { timeout: 15_000, interval: 100 }).toBe(false);
  const asleep = Date.now();
  laptop.sleep(true);
  try {
    await expect.poll(since, { timeout: 30_000, interval: 100 }).not.toBeNull();
    await expect.poll(() => paused('101'), { timeout: 15_000, interval: 100 }).toBe(true);
    await expect.poll(state, { timeout: 15_000, interval: 100 }).toBe('unreachable');
    console.log(`asleep: unreachable and paused ${Date.now() - asleep} ms later`);
    expect(Date.now() - asleep).toBeLessThan(LOST_WITHIN_MS);
  } finally {
    laptop.sleep(false);
  }
  await anna.getByText(/Your phone was lost from \d+:\d+ to \d+:\d+/).waitFor();
  await expect.poll(since, { timeout: 30_000 }).toBeNull();
  await expect.poll(() => paused('101'), { timeout: 15_000, interval: 100 }).toBe(false);
  expect(await anna.getByText('Your phone has been lost').count()).toBe(0);
  const written = () =>
    db('agent_states').join('users', 'users.id', 'user_id').where('login', 'anna').orderBy('agent_states.id').pluck('state');
  await expect.poll(written, { timeout: 15_000 }).toEqual(expect.arrayContaining(['unreachable']));
  await expect.poll(async () => (await written()).slice(-2), { timeout: 15_000 }).toEqual(['unreachable', 'available']);
});

test('a session that ends: the operator is paused within 5 s, and stays so until the phone is back', async () => {
  const over = await signInOver(product.url, 'boris', PASSWORD);
  await over('POST', '/auth/sign-out-everywhere');
  const gone = Date.now();
  const held = () => db('agent_pauses').where('reason', 'unreachable').pluck('state');
  await expect.poll(held, { timeout: 30_000, interval: 100 }).toEqual(['paused']);
  console.log(`signed out: paused ${Date.now() - gone} ms later`);
  expect(Date.now() - gone).toBeLessThan(LOST_WITHIN_MS);
  // The pause itself makes Asterisk speak of a device that has the phone's name in it: what follows from that is written by now.
  await boris.waitForTimeout(3_000);
  expect(await held()).toEqual(['paused']);
  expect(paused('102')).toBe(true);

  await boris.getByLabel('Login').fill('boris');
  await boris.getByLabel('Password').fill(PASSWORD);
  await boris.getByRole('button', { name: 'Sign in' }).click();
  await expect.poll(held, { timeout: 30_000 }).toEqual([]);
  await expect.poll(() => paused('102'), { timeout: 15_000, interval: 100 }).toBe(false);
  const caller = callIn({ to: '7001', from: CALLER });
  await button(boris, 'Answer').click();
  await button(boris, 'Hang up').click();
  await caller.done;
});
