import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { builtWeb } from '../support/built-web.ts';
import { startCallCentre, until } from '../support/call-centre.ts';
import { launchBrowser } from '../support/chromium.ts';
import { Story } from '../support/facts.ts';
import { PASSWORD } from '../support/server.ts';

const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

let browser: Browser;
let centre: Awaited<ReturnType<typeof startCallCentre>>;
let olga: typeof centre.anna;
let category = 0;
const opened: Page[] = [];
/** What the pages complained of: broken scripts, and what the CSP refused. */
const broken: string[] = [];

beforeAll(async () => {
  await builtWeb();
  [browser, centre] = await Promise.all([launchBrowser(), startCallCentre('sqlite')]);
  const [support] = (await centre.db('departments').insert({ name: 'Support', created_at: 0 })) as [number];
  await centre.db('departments').insert({ name: 'Warehouse', created_at: 0 });
  await centre.db('users').where('id', centre.anna.userId).update({ department_id: support });
  centre.bus.emit('user.changed', { id: centre.anna.userId });
  olga = await centre.signIn('complaints', { name: 'Olga' });
  category = (await olga.get('/api/complaints/setup')).body.categories.find((c: { code: string }) => c.code === 'billing').id;
});
afterAll(async () => {
  await browser?.close();
  await centre?.close();
});
afterEach(async () => {
  await Promise.all(opened.splice(0).map((page) => page.context().close()));
  expect(broken.splice(0)).toEqual([]);
});

const openAs = async (who: { login: string }, path: string): Promise<Page> => {
  const context = await browser.newContext({ locale: 'en-GB', viewport: { width: 1280, height: 720 } });
  const page = await context.newPage();
  opened.push(page);
  page.setDefaultTimeout(8_000);
  page.on('pageerror', (err) => broken.push(err.message));
  page.on('console', (m) => {
    if (m.type() === 'error' && !m.text().startsWith('Failed to load resource')) broken.push(m.text());
  });
  await page.goto(centre.url);
  await page.getByLabel('Login').fill(who.login);
  await page.getByLabel('Password').fill(PASSWORD);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('navigation', { name: 'Main' }).waitFor();
  const live = page.waitForEvent('websocket').then((ws) => ws.waitForEvent('framereceived'));
  await page.goto(centre.url + path);
  await live;
  return page;
};

const axe = async (page: Page): Promise<string[]> => {
  await page.evaluate(readFileSync(AXE, 'utf8'));
  return page.evaluate(async () => {
    const { axe } = window as unknown as {
      axe: { run(options: object): Promise<{ violations: { id: string; impact: string; nodes: { html: string }[] }[] }> };
    };
    const { violations } = await axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] });
    return violations.map((v) => `${v.impact} ${v.id}: ${v.nodes.map((n) => n.html.slice(0, 160)).join(' | ')}`);
  });
};

test('in a call, by one key and two clicks: the call and the client are with it, and the card shows it first', async () => {
  const anna = await openAs(centre.anna, '/');
  const story = new Story({ key: '1790000100.1' }, Date.now() - 5_000).queued(10, 'support').begin(500, 'offer', '101', 'support').end(1_000, 'offer', 'answered', '101').begin(1_000, 'talk', '101', 'support'); // prettier-ignore
  for (const fact of story.facts) centre.bus.emit('cti.fact', fact);
  await centre.write(story.facts);
  await anna.getByRole('heading', { level: 1, name: 'Ivan Petrov' }).waitFor();
  await anna.keyboard.press('Alt+Digit0');
  const dialog = anna.locator('allo-complaint-new');
  await dialog.getByText('The call is attached').waitFor();
  await dialog.getByRole('button', { name: 'Delivery' }).click();
  await dialog.getByRole('button', { name: 'Register' }).click();
  await anna.getByText(/Complaint C-\d{4}-000001 is registered/).waitFor();
  const card = anna.locator('allo-client-complaints');
  await card.getByRole('link', { name: /Delivery/ }).waitFor();
  expect(await centre.db('complaint_calls').pluck('call_ref')).toEqual(['main:1790000100.1']);
  expect(await axe(anna)).toEqual([]);
  // the same again is offered to be joined
  await anna.keyboard.press('Alt+Digit0');
  await anna
    .locator('allo-complaint-new')
    .getByRole('button', { name: /The same: add to C-/ })
    .click();
  await anna.getByText(/Added to C-/).waitFor();
  expect(await centre.db('complaints').pluck('id')).toHaveLength(1);
});

test('the officer sees it in the queue, takes it, answers, and ends it with what was missing', async () => {
  await olga.post('/api/complaints', { categoryId: category, subject: 'Charged twice', contactName: 'Rita', contactPhone: '+79160000001' });
  const page = await openAs(olga, '/complaints');
  expect(await axe(page)).toEqual([]);
  await page.getByRole('link', { name: /Charged twice/ }).click();
  await page.getByRole('heading', { level: 1, name: 'Charged twice' }).waitFor();
  await page.getByRole('button', { name: 'Take it' }).click();
  await page.getByRole('button', { name: 'Give it back' }).waitFor();
  const write = page.locator('allo-complaint-write');
  await write.getByRole('textbox').fill('The money is on its way.');
  await write.getByRole('button', { name: 'Save' }).click();
  await page.getByText('The money is on its way.').waitFor();
  await page.getByLabel('Status').getByRole('button', { name: 'Resolved' }).click();
  await page.locator('allo-complaint-deed').getByLabel('What it came from').selectOption({ label: 'Software' });
  await page.locator('allo-complaint-deed').getByLabel('What was done').fill('Money returned');
  await page.locator('allo-complaint-deed').getByRole('button', { name: 'Save' }).click();
  await page.getByLabel('Status').getByRole('button', { name: 'Closed' }).click();
  await page.locator('allo-complaint-deed').getByRole('button', { name: 'Save' }).click();
  await until(() => centre.db('complaints').where('subject', 'Charged twice').first('status', 'told'), (row: { status: string }) => row.status === 'closed'); // prettier-ignore
  expect(await axe(page)).toEqual([]);
});

test('somebody else was faster: what they did is told, and what was typed stays', async () => {
  const made = (await olga.post('/api/complaints', { categoryId: category, subject: 'Two at once' })).body;
  const page = await openAs(olga, `/complaints/${made.id}`);
  const field = page.locator('allo-complaint-write').getByRole('textbox');
  await field.fill('My answer');
  await page.context().route('**/api/complaints/*', (route) => (route.request().method() === 'GET' ? route.abort() : route.continue())); // the page does not hear of it
  await centre.admin.post(`/api/complaints/${made.id}/entries`, { version: 1, kind: 'out', channel: 'phone', text: 'Their answer' });
  await page.locator('allo-complaint-write').getByRole('button', { name: 'Save' }).click();
  await page.getByText(/Somebody was faster.*Their answer/).waitFor();
  await expect.poll(() => field.inputValue()).toBe('My answer');
});

test('the board: a card goes by its menu where the table lets it', async () => {
  const made = (await olga.post('/api/complaints', { categoryId: category, subject: 'On the board' })).body;
  const page = await openAs(olga, '/complaints');
  await page.getByLabel('View').selectOption('board');
  await page.getByLabel(`Move to: ${made.number}`).selectOption({ label: 'In work' });
  await page.getByRole('region', { name: 'In work' }).getByRole('link', { name: 'On the board' }).waitFor();
  expect(await axe(page)).toEqual([]);
});
