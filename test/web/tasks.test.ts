import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { Fact } from '../../cti/index.ts';
import { builtWeb } from '../support/built-web.ts';
import { startCallCentre } from '../support/call-centre.ts';
import { launchBrowser } from '../support/chromium.ts';
import { Story } from '../support/facts.ts';
import { PASSWORD } from '../support/server.ts';

const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

let browser: Browser;
let centre: Awaited<ReturnType<typeof startCallCentre>>;
const opened: Page[] = [];
/** What the pages complained of: broken scripts, and what the CSP refused. */
const complaints: string[] = [];

beforeAll(async () => {
  await builtWeb();
  [browser, centre] = await Promise.all([launchBrowser(), startCallCentre('sqlite')]);
});
afterAll(async () => {
  await browser?.close();
  await centre?.close();
});
afterEach(async () => {
  await Promise.all(opened.splice(0).map((page) => page.context().close()));
  // The next test begins with an empty desk.
  for (const story of stories.splice(0)) {
    if (story.call.endedAt === null) await tell(story.hangup(60_000, 'lost'));
    await centre.anna.put(`/api/calls/main:${story.call.key}/outcome`, { outcome: 'other' });
  }
  expect(complaints.splice(0)).toEqual([]);
});

const openPage = async (path: string, options: BrowserContextOptions = {}): Promise<Page> => {
  const context = await browser.newContext({ locale: 'en-GB', viewport: { width: 1280, height: 720 }, ...options });
  const page = await context.newPage();
  opened.push(page);
  page.setDefaultTimeout(6_000);
  page.on('pageerror', (err) => complaints.push(err.message));
  page.on('console', (m) => {
    if (m.type() === 'error' && !m.text().startsWith('Failed to load resource')) complaints.push(m.text());
  });
  await page.goto(centre.url + path);
  return page;
};

/** Signed in as Anna (or Boris), with the live channel up. */
const openAs = async (who: 'anna' | 'boris', path = '/', options: BrowserContextOptions = {}): Promise<Page> => {
  const page = await openPage('/', options);
  const live = page.waitForEvent('websocket').then((ws) => ws.waitForEvent('framereceived'));
  await page.getByLabel('Login').fill(centre[who].login);
  await page.getByLabel('Password').fill(PASSWORD);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await live;
  if (path !== '/') {
    const again = page.waitForEvent('websocket').then((ws) => ws.waitForEvent('framereceived'));
    await page.goto(centre.url + path);
    await again;
  }
  return page;
};

let calls = 0;
const stories: Story[] = [];
const ring = (change: Partial<ConstructorParameters<typeof Story>[0]> = {}, agent = '101'): Story => {
  const story = new Story({ key: `${1_790_000_100 + ++calls}.1`, ...change }, Date.now() - 2000);
  stories.push(story);
  return story.queued(10, 'support').begin(500, 'offer', agent, 'support');
};

/** To the live screens and to the log, as the bridge's process tells both. */
const told = new WeakMap<Story, number>();
const tell = async (story: Story): Promise<void> => {
  const news: Fact[] = story.facts.slice(told.get(story) ?? 0);
  told.set(story, story.facts.length);
  for (const fact of news) centre.bus.emit('cti.fact', fact);
  await centre.write(news);
};

const axe = async (page: Page): Promise<string[]> => {
  // Evaluated from the outside, not as a script of the page: the CSP stays in force.
  await page.evaluate(readFileSync(AXE, 'utf8'));
  return page.evaluate(async () => {
    const { axe } = window as unknown as {
      axe: { run(options: object): Promise<{ violations: { id: string; impact: string; nodes: { html: string }[] }[] }> };
    };
    const { violations } = await axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] });
    return violations.map((v) => `${v.impact} ${v.id}: ${v.nodes.map((n) => n.html.slice(0, 160)).join(' | ')}`);
  });
};

const heading = (page: Page, name: string | RegExp) => page.getByRole('heading', { level: 1, name });

const soon = () => Math.ceil(Date.now() / 60_000) * 60_000 + 2 * 3_600_000;
const SHOTS = process.env.ALLO_TEST_SHOTS;
const shot = async (page: Page, name: string) => {
  if (SHOTS) await page.screenshot({ path: join(SHOTS, `${name}.png`) });
};

test('one line, anywhere: understood, shown, corrected, saved; then on the workspace and the card', async () => {
  const page = await openAs('anna', '/calls');
  await page.keyboard.press('Control+Space');
  await page.getByRole('textbox', { name: 'What, with whom, when' }).waitFor();
  await page.keyboard.type('call Petrov tomorrow 11:30 about the contract');
  await page.getByRole('status', { name: 'How it was understood' }).getByText('Ivan Petrov').waitFor();
  expect(await page.getByLabel('When', { exact: true }).inputValue()).toMatch(/T11:30$/);
  expect(await page.getByRole('combobox', { name: 'What it is' }).inputValue()).toBe('call-back');
  expect(await axe(page)).toEqual([]);
  await shot(page, 'entry');
  await page.keyboard.press('Enter');
  await page.getByText(/call Petrov about the contract: /).waitFor();
  await page.keyboard.press('Alt+1');
  await page.getByRole('heading', { name: /Tomorrow · 1/ }).waitFor();
  await page.getByRole('button', { name: /^Call Ivan Petrov/ }).waitFor();
  expect(await axe(page)).toEqual([]);
  await shot(page, 'workspace');
  await page.goto(`${centre.url}/clients/${centre.ivan}`);
  await page.getByRole('list', { name: 'Promised' }).getByText('call Petrov about the contract').waitFor();
  expect(await axe(page)).toEqual([]);
  await shot(page, 'card');
});

test('a line without a time is not saved until there is one; nothing is lost by it', async () => {
  const page = await openAs('boris');
  await page.getByRole('button', { name: 'New task' }).click();
  await page.getByRole('textbox', { name: 'What, with whom, when' }).fill('send the offer');
  await page.keyboard.press('Enter');
  await page
    .getByRole('alert')
    .getByText(/Say when/)
    .waitFor();
  await page.getByRole('button', { name: 'Tomorrow 10:00' }).click();
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await page.getByRole('button', { name: 'Done: send the offer' }).waitFor();
  await page.getByRole('button', { name: 'Undo' }).click();
  await page.getByRole('button', { name: 'Done: send the offer' }).waitFor({ state: 'detached' });
  await page.getByText('Nothing is due until tomorrow night').waitFor();
  await shot(page, 'empty');
});

test('a task comes by itself, is done by one key, and undone', async () => {
  const page = await openAs('boris');
  await page.getByText('Nothing is due until tomorrow night').waitFor();
  for (const text of ['first', 'second']) await centre.boris.post('/api/tasks', { text, dueAt: soon() + (text === 'first' ? 0 : 60_000) });
  await page.getByRole('button', { name: 'Done: first' }).focus();
  await page.keyboard.press('ArrowDown');
  await page.getByRole('button', { name: 'Done: second' }).waitFor();
  expect(await page.getByRole('button', { name: 'Done: second' }).evaluate((b) => b.matches(':focus'))).toBe(true);
  await page.keyboard.press('Space');
  await page.getByRole('button', { name: 'Done: second' }).waitFor({ state: 'detached' });
  await page.getByRole('button', { name: 'Undo' }).click();
  await page.getByRole('button', { name: 'Done: second' }).waitFor();
});

test('the outcome "call back" promises a time, and the task is there', async () => {
  const page = await openAs('anna');
  const story = ring();
  await tell(story);
  await heading(page, 'Ivan Petrov').waitFor();
  story.end(3000, 'offer', 'answered', '101').end(3000, 'queue', 'answered').begin(3000, 'talk', '101');
  await tell(story);
  story.end(9000, 'talk', 'customer').hangup(9000, 'completed');
  await tell(story);
  await page.getByText('How did the call end?').waitFor();
  await page.getByRole('radio', { name: 'Call back' }).check({ force: true });
  await page.getByRole('textbox', { name: 'Note' }).fill('about the bill');
  await page.getByRole('button', { name: 'Tomorrow 10:00' }).click();
  expect(await axe(page)).toEqual([]);
  await shot(page, 'outcome');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('Outcome saved').waitFor();
  const rows = await centre.db('tasks').where({ call_ref: `main:${story.call.key}` });
  expect(rows).toMatchObject([{ kind: 'call-back', text: 'about the bill', client_id: centre.ivan }]);
});

test('Russian and dark: the entry and the workspace pass axe', async () => {
  const page = await openAs('anna');
  await centre.anna.post('/api/tasks', {
    text: 'Очень '.repeat(60),
    dueAt: Date.now() - 3_600_000,
    kind: 'call-back',
    clientId: centre.ivan,
  });
  await page.getByRole('button', { name: 'Menu of Anna' }).click();
  await page.getByLabel('Colours').selectOption('dark');
  await page.getByLabel('Language').selectOption('ru');
  await page.keyboard.press('Escape');
  await page.getByRole('heading', { name: /Просрочено/ }).waitFor();
  expect(await axe(page)).toEqual([]);
  await shot(page, 'workspace-ru-dark');
  await page.keyboard.press('Control+Space');
  await page.keyboard.type('перезвонить petrov через 2 часа');
  await page.getByRole('status', { name: 'Как это понято' }).getByText('Ivan Petrov').waitFor();
  expect(await axe(page)).toEqual([]);
  await shot(page, 'entry-ru-dark');
});
