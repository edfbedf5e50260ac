import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { builtWeb } from '../support/built-web.ts';
import { startCallCentre, until } from '../support/call-centre.ts';
import { launchBrowser } from '../support/chromium.ts';
import { Story } from '../support/facts.ts';
import { PASSWORD } from '../support/server.ts';

const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

const spool = mkdtempSync(join(tmpdir(), 'allo-complaints-'));
let browser: Browser;
let centre: Awaited<ReturnType<typeof startCallCentre>>;
let olga: typeof centre.anna;
let category = 0;
const opened: Page[] = [];
/** What the pages complained of: broken scripts, and what the CSP refused. */
const broken: string[] = [];

beforeAll(async () => {
  await builtWeb();
  [browser, centre] = await Promise.all([
    launchBrowser(),
    startCallCentre('sqlite', { DATA_DIR: spool, PBX: `main=ami://user:secret@127.0.0.1:1?spool=${encodeURIComponent(spool)}` }),
  ]);
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
  rmSync(spool, { recursive: true, force: true });
});
afterEach(async () => {
  await Promise.all(opened.splice(0).map((page) => page.context().close()));
  expect(broken.splice(0)).toEqual([]);
});

/** Where pictures go, for whoever wants to look at the screens. */
const shots = process.env.ALLO_TEST_SHOTS;
const picture = async (page: Page, name: string) => {
  if (shots) await page.screenshot({ path: join(shots, `${name}.png`) });
};

/** So many seconds of nothing, as Asterisk writes it. */
const silence = (seconds: number): Buffer => {
  const data = Buffer.alloc(seconds * 16_000);
  const head = Buffer.from('RIFF\0\0\0\0WAVEfmt \x10\0\0\0\x01\0\x01\0\x40\x1f\0\0\x80\x3e\0\0\x02\0\x10\0data\0\0\0\0', 'latin1');
  head.writeUInt32LE(36 + data.length, 4);
  head.writeUInt32LE(data.length, 40);
  return Buffer.concat([head, data]);
};

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
  await page.getByRole('button', { name: 'Change', exact: true }).click();
  const change = page.locator('allo-complaint-deed');
  await change.getByLabel('How grave').selectOption({ label: 'Critical' });
  await change.getByRole('button', { name: 'Find' }).click();
  await change.locator('allo-client-picker').getByRole('combobox').fill('Ivan');
  await change.locator('allo-client-picker').getByRole('option').first().click();
  expect(await axe(page)).toEqual([]);
  await picture(page, 'complaint-change');
  await change.getByRole('button', { name: 'Save' }).click();
  await page.locator('.head allo-badge', { hasText: 'Critical' }).waitFor();
  expect(await centre.db('complaints').where('subject', 'Charged twice').first()).toMatchObject({ severity: 'critical', client_id: centre.ivan, product: '' }); // prettier-ignore
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

test('the board: a card is dragged where the table lets it, or goes by the keyboard, which stays with it', async () => {
  const made = (await olga.post('/api/complaints', { categoryId: category, subject: 'On the board' })).body;
  const page = await openAs(olga, '/complaints');
  await page.getByLabel('View').selectOption('board');
  const column = (name: string) => page.getByRole('region', { name, exact: true });
  const card = (name: string) => column(name).getByRole('article').filter({ hasText: 'On the board' });
  const status = async () => ((await centre.db('complaints').where('id', made.id).first('status')) as { status: string }).status;
  await card('New').dragTo(column('In work'));
  await card('In work').waitFor();
  expect(await status()).toBe('in-work');
  // the table has no way there: it stays where it was
  await card('In work').dragTo(column('New'));
  await card('In work').waitFor();
  expect(await status()).toBe('in-work');
  // by keys: opened, looked through, closed, opened again and sent
  const menu = page.getByRole('button', { name: `Move to: ${made.number}` });
  await menu.focus();
  await page.keyboard.press('Enter');
  const ways = page.getByRole('group', { name: `Move to: ${made.number}` });
  const names = await ways.getByRole('button').allTextContents();
  const at = names.findIndex((name) => name.trim() === 'Waiting for client');
  expect(at).toBeGreaterThanOrEqual(0);
  await page.keyboard.press('Escape');
  await ways.waitFor({ state: 'detached' });
  expect(await menu.evaluate((button) => (button.getRootNode() as ShadowRoot).activeElement === button)).toBe(true);
  await page.keyboard.press('Enter');
  await ways.waitFor();
  for (let i = 0; i < at; i += 1) await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await card('Waiting for client').waitFor();
  expect(await status()).toBe('waiting-client');
  await expect.poll(() => menu.evaluate((button) => (button.getRootNode() as ShadowRoot).activeElement === button)).toBe(true);
  // what needs more than a word is asked on its page
  await card('Waiting for client').dragTo(column('Waiting for department'));
  await page.waitForURL(`**/complaints/${made.id}**`);
});

test('a file is added on the ticket; the recording begins where the complaint did', async () => {
  const startedAt = Date.now() - 12_000;
  const story = new Story({ key: '1790000200.1' }, startedAt).queued(10, 'support').begin(500, 'offer', '101', 'support').end(1_000, 'offer', 'answered', '101').begin(1_000, 'talk', '101', 'support'); // prettier-ignore
  await centre.write(story.facts);
  mkdirSync(join(spool, 'monitor'), { recursive: true });
  writeFileSync(join(spool, 'monitor', 'said.wav'), silence(60));
  await centre.db('recordings').insert({ pbx: 'main', linkedid: '1790000200.1', file: 'said.wav', queue: 'support', started_at: startedAt, ended_at: startedAt + 60_000, duration_ms: 60_000, size: 960_044, state: 'ready', pauses: '[]', peaks: '[10,50,10]' }); // prettier-ignore
  const made = (await centre.anna.post('/api/complaints', { categoryId: category, subject: 'Heard', callRef: 'main:1790000200.1' })).body;
  const [{ momentAt }] = (await olga.get(`/api/complaints/${made.id}`)).body.complaint.calls as [{ momentAt: number }];
  const page = await openAs(olga, `/complaints/${made.id}`);
  const player = page.locator('allo-player');
  await player.getByRole('button', { name: 'Play' }).click();
  const place = () => player.evaluate((one) => one.shadowRoot!.querySelector('audio')!.currentTime * 1000);
  const [from, begun] = [momentAt - startedAt, Date.now()];
  await player.getByRole('button', { name: 'Pause' }).waitFor();
  await expect.poll(place).toBeGreaterThan(from);
  expect(await place()).toBeLessThan(from + (Date.now() - begun) + 1_000);
  await player.getByRole('button', { name: 'Pause' }).click();

  await page.locator('allo-files input[type=file]').setInputFiles({ name: 'receipt.exe', mimeType: 'application/pdf', buffer: Buffer.from('MZ') }); // prettier-ignore
  await page.getByText('receipt.exe').first().waitFor();
  await page.getByText(/file added/).waitFor();
  expect(await axe(page)).toEqual([]);
});

test('reports: what to mend, a figure opens its tickets, another view, and the file', async () => {
  const cause = (await olga.get('/api/complaints/setup')).body.categories.find((c: { kind: string; code: string }) => c.kind === 'cause' && c.code === 'supplier'); // prettier-ignore
  const made = (await olga.post('/api/complaints', { categoryId: category, subject: 'Dear one' })).body;
  const changed = await olga.patch(`/api/complaints/${made.id}`, { version: 1, causeId: cause.id });
  await olga.post(`/api/complaints/${made.id}/compensations`, { version: changed.body.complaint.version, kind: 'money', amount: 1_500_00, currency: 'RUB' }); // prettier-ignore
  const page = await openAs(olga, '/complaints');
  await page.getByRole('link', { name: 'Reports' }).first().click();
  const first = page.getByRole('row').nth(1);
  await first.getByRole('rowheader', { name: 'Supplier or carrier' }).waitFor();
  await first.getByRole('link', { name: /1,500/ }).waitFor();
  expect(await axe(page)).toEqual([]);
  await picture(page, 'complaint-reports');
  await first.getByRole('link', { name: '1', exact: true }).first().click();
  await page.getByRole('heading', { name: 'Cause: Supplier or carrier · All' }).waitFor();
  await page.getByRole('link', { name: /Dear one/ }).waitFor();
  await page.getByRole('link', { name: 'Back to the report' }).click();
  await page.getByRole('button', { name: 'By week' }).click();
  await page.getByText(/median of the 12 weeks before/).waitFor();
  await page.getByRole('img', { name: /Complaints by week/ }).waitFor();
  expect(await axe(page)).toEqual([]);
  await picture(page, 'complaint-weeks');
  const saved = page.waitForEvent('download');
  await page.getByRole('button', { name: 'CSV' }).click();
  expect((await saved).suggestedFilename()).toMatch(/^allo-complaints-weeks-.*\.csv$/);
  for (const view of ['Age of the open', 'Time in statuses', 'Hand-overs']) {
    await page.getByRole('button', { name: view }).click();
    await page.locator('allo-complaint-reports').getByText(/lines?|No complaints/).first().waitFor(); // prettier-ignore
  }
});

test('corrective actions: from what should we mend to what is being mended; done on the ticket with what came of it', async () => {
  const made = await olga.post('/api/complaints', { categoryId: category, subject: 'Box torn', contactName: 'Rita' });
  const { version } = (await olga.get(`/api/complaints/${made.body.id}`)).body.complaint;
  const plan = { version, kind: 'corrective', text: 'Order stronger boxes', dueAt: Date.now() + 3_600_000, ownerId: olga.userId };
  expect((await olga.post(`/api/complaints/${made.body.id}/tasks`, plan)).status).toBe(200);
  await centre
    .db('complaint_tasks')
    .where('text', plan.text)
    .update({ due_at: Date.now() - 1000 });
  const page = await openAs(olga, '/complaints/reports');
  await page.getByRole('link', { name: 'What is being mended about it' }).click();
  await page.getByRole('heading', { level: 1, name: 'Corrective actions' }).waitFor();
  await page.getByRole('button', { name: 'Overdue' }).click();
  const line = page.getByRole('listitem').filter({ hasText: 'Order stronger boxes' });
  await line.getByText('Overdue').waitFor();
  expect(await page.getByLabel('Owner').locator('option', { hasText: 'Olga · 1 open, 1 overdue' }).count()).toBe(1);
  expect(await axe(page)).toEqual([]);
  await picture(page, 'complaint-actions');
  await line.getByRole('link').click();
  await page.getByRole('button', { name: 'Done', exact: true }).click();
  const deed = page.locator('allo-complaint-deed');
  await deed.getByRole('button', { name: 'Save' }).click();
  await deed.getByText('Say what came of it.').waitFor();
  await deed.getByLabel('What came of it').fill('Two fewer complaints a week');
  await deed.getByRole('button', { name: 'Save' }).click();
  await page.getByText('Two fewer complaints a week').first().waitFor();
  expect(await centre.db('complaint_tasks').where('text', plan.text).first()).toMatchObject({ result: 'Two fewer complaints a week', done_by: olga.userId }); // prettier-ignore
});
