import { join } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import type { Knex } from 'knex';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { openDb } from '../../server/core/db.ts';
import { createLog } from '../../server/core/log.ts';
import { dir } from '../stack/paths.ts';
import { ensureStack } from '../stack/index.ts';
import type { Stack } from '../stack/index.ts';
import { launchBrowser } from '../support/chromium.ts';
import { createProduct, signInOver } from '../support/product.ts';
import type { Product } from '../support/product.ts';
import { callIn, startPhone } from '../support/sipp.ts';

/**
 * The whole path: sipp calls over the trunk, Asterisk rings a browser, Allo opens the card, the log has the call. Nothing here is pretended.
 * The numbers and people are made up.
 */
const PASSWORD = 'correct horse battery';
const IVAN = { name: 'Иван Петров', phones: [{ raw: '8 (916) 123-45-67' }] };
const IVAN_FROM_TRUNK = '79161234567';

let stack: Stack;
let product: Product;
let db: Knex;
let browser: Browser;
let ivanId: number;
const contexts: BrowserContext[] = [];

interface Desk {
  page: Page;
  context: BrowserContext;
}

/** Signed in by the page; the shift starts with a click, which is also the gesture the softphone needs. */
const open = async (login: string, { shift = true } = {}): Promise<Desk> => {
  const context = await browser.newContext({ viewport: { width: 1280, height: 720 }, locale: 'en-GB' });
  contexts.push(context);
  const page = await context.newPage();
  page.on('pageerror', (error) => console.error(`${login}:`, error));
  await page.addInitScript(watchPop);
  await page.goto(product.url);
  await page.getByLabel('Login').fill(login);
  await page.getByLabel('Password').fill(PASSWORD);
  await page.getByRole('button', { name: 'Sign in' }).click();
  if (shift) {
    await page.getByRole('button', { name: 'Start shift' }).click();
    await page.getByText('Ready for calls').waitFor();
  }
  return { page, context };
};

/** Runs in the page: when the phone first rang, and when the card of a client first stood in the page, on one clock. */
function watchPop() {
  const seen = { ring: 0, card: 0, calls: [] as { state: string; alloCall: string | null }[] };
  Object.assign(window, { seen });
  addEventListener('phone-call', (event) => {
    const { call } = (event as CustomEvent<{ call: { state: string; alloCall: string | null } }>).detail;
    seen.calls.push({ state: call.state, alloCall: call.alloCall });
    if (call.state === 'ringing' && seen.ring === 0) seen.ring = performance.now();
  });
  const look = () => {
    const shell = document.querySelector('allo-app')?.shadowRoot?.querySelector('allo-shell')?.shadowRoot;
    const name = shell?.querySelector('main allo-client')?.shadowRoot?.querySelector('h1')?.textContent;
    if (name && name !== '…' && seen.card === 0) seen.card = performance.now();
    requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
}

const seen = (page: Page) =>
  page.evaluate(
    () => (window as unknown as { seen: { ring: number; card: number; calls: { state: string; alloCall: string | null }[] } }).seen,
  );

const card = (page: Page) => page.locator('allo-client h1');
const softphone = (page: Page) => page.locator('allo-softphone');
const stats = (page: Page) =>
  softphone(page).evaluate((phone) =>
    (phone as unknown as { stats(): Promise<{ packetsSent: number; packetsReceived: number } | null> }).stats(),
  );

const soundFlows = async (page: Page) => {
  // between the click and the answer there is nothing to count yet
  await expect.poll(() => stats(page), { timeout: 15_000 }).not.toBeNull();
  const before = (await stats(page))!;
  await expect.poll(async () => (await stats(page))!.packetsSent - before.packetsSent, { timeout: 15_000 }).toBeGreaterThan(25);
  await expect.poll(async () => (await stats(page))!.packetsReceived - before.packetsReceived, { timeout: 15_000 }).toBeGreaterThan(25);
};

interface Row {
  id: number;
  linkedid: string;
  direction: string;
  client_id: number | null;
  answered_at: number | null;
  ended_at: number | null;
  started_at: number;
  end_reason: string | null;
  outcome: string | null;
  note: string;
  queue: string | null;
  adopted: number;
}
const callRows = (): Promise<Row[]> => db<Row>('calls').orderBy('id');
/** The only call since the last one looked at, once it has ended. */
let looked = 0;
const endedCall = async (): Promise<
  Row & { segments: { kind: string; from: number; to: number; end_reason: string; user_id: number | null }[] }
> => {
  await expect
    .poll(async () => (await callRows()).filter((row) => row.id > looked && row.ended_at !== null).length, { timeout: 20_000 })
    .toBe(1);
  const rows = (await callRows()).filter((row) => row.id > looked);
  expect(rows).toHaveLength(1);
  const row = rows[0]!;
  looked = row.id;
  const segments = await db('call_segments').where('call_id', row.id).orderBy('started_at').select('kind', 'user_id', 'end_reason', {
    from: 'started_at',
    to: 'ended_at',
  });
  return { ...row, segments };
};
const kinds = (call: { segments: { kind: string; end_reason: string }[] }) => call.segments.map((s) => `${s.kind}:${s.end_reason}`);
const saveOutcome = async (page: Page, outcome: string, note = '') => {
  await page.locator('allo-wrap-up').getByText(outcome, { exact: true }).click();
  if (note) await page.locator('allo-wrap-up').getByLabel('Note').fill(note);
  await page.locator('allo-wrap-up').getByRole('button', { name: 'Save' }).click();
  await page.getByText('Outcome saved').first().waitFor();
};

beforeAll(async () => {
  stack = await ensureStack();
  const databaseUrl = await stack.createDatabase('allo_e2e');
  product = createProduct({ databaseUrl, redisUrl: stack.redisUrl, asterisk: stack.asterisk });
  await product.cli(
    ['user', 'add', 'chief', '--name', 'Ada Chief', '--role', 'administrator', '--language', 'en', '--password-stdin'],
    PASSWORD,
  );
  for (const [login, name, extension] of [
    ['anna', 'Anna', '101'],
    ['boris', 'Boris', '102'],
  ] as const) {
    await product.cli(['user', 'add', login, '--name', name, '--role', 'operator', '--language', 'en', '--password-stdin'], PASSWORD);
    const queues = login === 'anna' ? 'support' : 'sales';
    await product.cli(['extension', 'set', login, `test:${extension}`, '--secret-stdin'], `secret-${extension}`);
    await product.cli(['queue', 'set', login, `test:${queues}`]);
  }
  await product.start();
  db = openDb(databaseUrl, createLog('error'));
  const chief = await signInOver(product.url, 'chief', PASSWORD);
  const made = await chief<{ client: { id: number } }>('POST', '/clients', IVAN);
  expect(made.status).toBe(201);
  ivanId = made.body.client.id;
  browser = await launchBrowser();
});

afterEach(async ({ task }) => {
  if (task.result?.state === 'fail') {
    console.log(product.log().slice(-6_000));
    const pages = contexts.flatMap((context) => context.pages());
    for (const [i, page] of pages.entries())
      await page.screenshot({ path: join(dir, `failed-${task.name.slice(0, 24).replaceAll(/\W+/g, '-')}-${i}.png`) });
  }
  stack.asterisk.rasterisk('channel request hangup all');
  for (const login of ['anna', 'boris']) await (await signInOver(product.url, login, PASSWORD))('POST', '/agents/shift', { on: false });
  await Promise.all(contexts.splice(0).map((context) => context.close()));
  looked = Math.max(0, ...(await callRows()).map((row) => row.id));
});

afterAll(async () => {
  await browser?.close();
  await db?.destroy();
  await product?.stop();
});

test('a client calls the queue: the card is there at the first ring, they talk, the log has it, the outcome is saved; Boris sees nothing', async () => {
  const anna = await open('anna');
  const boris = await open('boris');
  const caller = callIn({ to: '7000', from: IVAN_FROM_TRUNK, name: 'Ivan Petrov', rtpEcho: true });

  await expect.poll(async () => (await seen(anna.page)).ring, { timeout: 20_000 }).toBeGreaterThan(0);
  await card(anna.page).filter({ hasText: 'Иван Петров' }).waitFor();
  const { ring, card: shown } = await seen(anna.page);
  expect(shown - ring, 'ms from the first ring to the card').toBeLessThan(300);
  console.log(`pop: the card stood ${Math.round(shown - ring)} ms after the first ring`);

  await softphone(anna.page).getByRole('button', { name: 'Answer' }).click();
  await softphone(anna.page).getByRole('button', { name: 'Hang up' }).waitFor();
  await soundFlows(anna.page);
  await softphone(anna.page).getByRole('button', { name: 'Hang up' }).click();
  expect(await caller.done).toContain('bye from the other side');

  const call = await endedCall();
  expect(call).toMatchObject({ direction: 'in', client_id: ivanId, end_reason: 'completed', queue: 'support', adopted: 0 });
  expect(kinds(call)).toEqual(['queue:answered', 'offer:answered', 'talk:agent']);
  const [queue, offer, talk] = call.segments;
  expect(queue!.from).toBeLessThanOrEqual(offer!.from);
  expect(talk!.to - talk!.from).toBeGreaterThan(500);
  expect(Math.abs(offer!.to - talk!.from)).toBeLessThan(1_000);
  const rang = (await seen(anna.page)).calls.find((c) => c.state === 'ringing');
  expect(rang?.alloCall, 'the INVITE carries the Linkedid').toBe(call.linkedid);

  await saveOutcome(anna.page, 'Resolved', 'asked about the delivery');
  await expect
    .poll(async () => (await callRows()).find((row) => row.id === call.id))
    .toMatchObject({ outcome: 'resolved', note: 'asked about the delivery' });

  await anna.page.goto(`${product.url}/clients/${ivanId}`);
  await anna.page.locator('allo-timeline').getByText('asked about the delivery').waitFor();
  await anna.page.goto(`${product.url}/calls`);
  await anna.page.locator('allo-calls').getByText('Иван Петров').first().waitFor();

  expect((await seen(boris.page)).calls).toEqual([]);
  expect(new URL(boris.page.url()).pathname).toBe('/');
  expect(await boris.page.getByText('Иван Петров').count()).toBe(0);
});

test('a call straight to the extension pops and is answered; the caller hangs up', async () => {
  const anna = await open('anna');
  const caller = callIn({ to: '101', from: IVAN_FROM_TRUNK, rtpEcho: true });
  await card(anna.page).filter({ hasText: 'Иван Петров' }).waitFor();
  await softphone(anna.page).getByRole('button', { name: 'Answer' }).click();
  await soundFlows(anna.page);
  caller.hangup();
  await caller.done;
  const call = await endedCall();
  expect(call).toMatchObject({ direction: 'in', client_id: ivanId, end_reason: 'completed', queue: null });
  expect(kinds(call)).toEqual(['offer:answered', 'talk:customer']);
});

test('a caller gives up while it rings: the pop closes, the log says abandoned', async () => {
  const anna = await open('anna');
  const caller = callIn({ to: '7000', from: IVAN_FROM_TRUNK });
  await card(anna.page).filter({ hasText: 'Иван Петров' }).waitFor();
  caller.hangup();
  await caller.done;
  const call = await endedCall();
  expect(call).toMatchObject({ end_reason: 'abandoned', answered_at: null });
  expect(kinds(call)).toEqual(['queue:abandoned', 'offer:cancelled']);
  await expect.poll(() => new URL(anna.page.url()).pathname).toBe('/');
});

test('nobody answers: the call rings out and is in the log', async () => {
  const anna = await open('anna');
  const caller = callIn({ to: '7002', from: IVAN_FROM_TRUNK });
  await card(anna.page).filter({ hasText: 'Иван Петров' }).waitFor();
  await caller.done;
  const call = await endedCall();
  expect(call).toMatchObject({ end_reason: 'no-answer', answered_at: null, client_id: ivanId });
  expect(call.segments.map((s) => s.kind)).toEqual(['queue', 'offer']);
});

test('an unknown number: the panel makes a client of it, and the call is theirs', async () => {
  const anna = await open('anna');
  const hostile = `<img src=x onerror="document.title='owned'">"'; DROP TABLE calls`;
  const caller = callIn({ to: '7000', from: '79035550101', display: `"${hostile.replaceAll('"', '\\"')}"`, rtpEcho: true });
  await anna.page.locator('allo-incoming').getByText('Unknown number').waitFor();
  await softphone(anna.page).getByRole('button', { name: 'Answer' }).click();
  await softphone(anna.page).getByRole('button', { name: 'Hang up' }).waitFor();
  expect(await anna.page.title()).not.toBe('owned'); // while it rings the title is the name, as text
  expect(await anna.page.locator('img[src=x]').count()).toBe(0);
  await anna.page.locator('allo-incoming').getByRole('link', { name: 'New client' }).click();
  await anna.page.getByLabel('Name').first().fill('Ольга Новая');
  await anna.page
    .getByRole('button', { name: /Create|Save/ })
    .first()
    .click();
  await card(anna.page).filter({ hasText: 'Ольга Новая' }).waitFor();
  await softphone(anna.page).getByRole('button', { name: 'Hang up' }).click();
  await caller.done;
  const call = await endedCall();
  const olga = await db('clients').where('name', 'Ольга Новая').first<{ id: number }>('id');
  await expect.poll(async () => (await callRows()).find((row) => row.id === call.id)?.client_id).toBe(olga!.id);
  await anna.page.locator('allo-timeline').getByText('Incoming').first().waitFor();
});

test('click-to-call from the card, answered and not answered', async () => {
  const anna = await open('anna');
  const outside = await startPhone('trunk', { does: 'answer', ringMs: 500 });
  await anna.page.goto(`${product.url}/clients/${ivanId}`);
  await softphone(anna.page).getByText('Ready for calls').waitFor();
  await anna.page.getByRole('button', { name: /^Call \+7 916/ }).click();
  await softphone(anna.page).getByText('On the call').first().waitFor();
  await soundFlows(anna.page);
  await softphone(anna.page).getByRole('button', { name: 'Hang up' }).click();
  const answered = await endedCall();
  expect(answered).toMatchObject({ direction: 'out', client_id: ivanId, end_reason: 'completed' });
  expect(answered.segments.map((s) => s.kind)).toContain('talk');
  await saveOutcome(anna.page, 'Resolved');
  await outside.stop();

  const silent = await startPhone('trunk', { does: 'ring' });
  await anna.page.getByRole('button', { name: /^Call \+7 916/ }).click();
  await anna.page.waitForTimeout(1_500);
  await softphone(anna.page).getByRole('button', { name: 'Cancel the call' }).click();
  const unanswered = await endedCall();
  expect(unanswered).toMatchObject({ direction: 'out', client_id: ivanId, answered_at: null });
  expect(unanswered.end_reason).not.toBe('completed');
  await silent.stop();
});

test("the operator's page is reloaded in a call: the sound is back, and the log has one call with one operator", async () => {
  const anna = await open('anna');
  const caller = callIn({ to: '7000', from: IVAN_FROM_TRUNK, rtpEcho: true });
  await card(anna.page).filter({ hasText: 'Иван Петров' }).waitFor();
  await softphone(anna.page).getByRole('button', { name: 'Answer' }).click();
  await soundFlows(anna.page);
  await anna.page.reload();
  const ms = await anna.page.evaluate(async () => {
    const phone = () => {
      const shell = document.querySelector('allo-app')?.shadowRoot?.querySelector('allo-shell')?.shadowRoot;
      const panel = shell?.querySelector('allo-phone-panel')?.shadowRoot;
      return panel?.querySelector('allo-softphone') as unknown as {
        stats?(): Promise<{ packetsSent: number; packetsReceived: number } | null>;
      };
    };
    for (;;) {
      const sound = await phone()?.stats?.();
      if (sound && sound.packetsReceived > 2 && sound.packetsSent > 2) return performance.now();
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  });
  console.log(`reload in a call: sound ${Math.round(ms)} ms after the page began`);
  await anna.page.waitForTimeout(2_000); // that it is still there after 20 s: softphone-survives.e2e.ts
  await soundFlows(anna.page);
  await softphone(anna.page).getByRole('button', { name: 'Hang up' }).click();
  expect(await caller.done).toContain('bye from the other side');
  const call = await endedCall();
  expect(call).toMatchObject({ client_id: ivanId, end_reason: 'completed', queue: 'support' });
  const talks = call.segments.filter((s) => s.kind === 'talk');
  expect(new Set(talks.map((s) => s.user_id)).size).toBe(1);
  expect(talks.at(-1)!.to - talks[0]!.from).toBeGreaterThan(2_000);
});

test('a call in progress when the server is killed and started again is adopted: one row, one talk', async () => {
  const anna = await open('anna');
  const caller = callIn({ to: '7000', from: IVAN_FROM_TRUNK, rtpEcho: true });
  await card(anna.page).filter({ hasText: 'Иван Петров' }).waitFor();
  await softphone(anna.page).getByRole('button', { name: 'Answer' }).click();
  await soundFlows(anna.page);
  await product.stop('SIGKILL');
  await product.start();
  // The lease of the killed bridge has to run out first.
  const chief = await signInOver(product.url, 'chief', PASSWORD);
  const bridge = async () => (await chief<{ items: { state: string }[] }>('GET', '/pbx')).body.items[0]?.state;
  await expect.poll(bridge, { timeout: 20_000 }).toBe('connected');
  await anna.page.waitForTimeout(1_000);
  caller.hangup();
  await caller.done;
  const call = await endedCall();
  expect(call).toMatchObject({ client_id: ivanId, end_reason: 'completed' });
  expect(call.segments.filter((s) => s.kind === 'talk')).toHaveLength(1);
  expect(call.segments.every((s) => s.to !== null)).toBe(true);
});

test('Asterisk restarts: operators are told, the bridge comes back, the phone registers, the next call pops', async () => {
  const anna = await open('anna');
  await stack.asterisk.stop();
  await anna.page
    .locator('allo-pbx-banner')
    .getByText(/out of reach since/i)
    .waitFor();
  await stack.asterisk.start();
  await softphone(anna.page).getByText('Ready for calls').waitFor({ timeout: 40_000 });
  await expect.poll(() => stack.asterisk.rasterisk('queue show support').includes('PJSIP/101'), { timeout: 20_000 }).toBe(true);
  const caller = callIn({ to: '7000', from: IVAN_FROM_TRUNK });
  await card(anna.page).filter({ hasText: 'Иван Петров' }).waitFor();
  caller.hangup();
  await caller.done;
  await endedCall();
});
