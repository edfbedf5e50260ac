import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { differences, merge } from '../../web/clients/merge.ts';
import { BLANK } from '../../web/clients/form-data.ts';
import { layout } from '../../web/clients/graph-layout.ts';
import { builtWeb } from '../support/built-web.ts';
import { startCallCentre } from '../support/call-centre.ts';
import { launchBrowser } from '../support/chromium.ts';
import { PASSWORD } from '../support/server.ts';

const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

let browser: Browser;
let centre: Awaited<ReturnType<typeof startCallCentre>>;
const opened: Page[] = [];
const complaints: string[] = [];

beforeAll(async () => {
  await builtWeb();
  browser = await launchBrowser();
  centre = await startCallCentre('sqlite');
});
afterAll(async () => {
  await browser?.close();
  await centre?.close();
});
afterEach(async () => {
  await Promise.all(opened.splice(0).map((page) => page.context().close()));
  expect(complaints.splice(0)).toEqual([]);
});

const open = async (login: string, path: string): Promise<Page> => {
  const context = await browser.newContext({ locale: 'en-GB', viewport: { width: 1280, height: 720 } });
  const page = await context.newPage();
  opened.push(page);
  page.setDefaultTimeout(15_000);
  page.on('pageerror', (err) => complaints.push(err.message));
  page.on('console', (m) => {
    if (m.type() === 'error' && !m.text().startsWith('Failed to load resource')) complaints.push(m.text());
  });
  await page.goto(centre.url);
  await page.getByLabel('Login').fill(login);
  await page.getByLabel('Password').fill(PASSWORD);
  const live = page.waitForEvent('websocket').then((ws) => ws.waitForEvent('framereceived'));
  await page.getByRole('button', { name: 'Sign in' }).click();
  await live;
  await page.goto(centre.url + path);
  return page;
};

/** For a person to look at, where ALLO_TEST_SHOTS names a folder. */
const shot = async (page: Page, name: string): Promise<void> => {
  if (process.env.ALLO_TEST_SHOTS) await page.screenshot({ path: `${process.env.ALLO_TEST_SHOTS}/${name}.png` });
};

const axe = async (page: Page): Promise<string[]> => {
  await page.evaluate(readFileSync(AXE, 'utf8'));
  return page.evaluate(async () => {
    const { axe: run } = window as unknown as {
      axe: { run(options: object): Promise<{ violations: { id: string; impact: string; nodes: { html: string }[] }[] }> };
    };
    const { violations } = await run.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] });
    return violations.map((v) => `${v.impact} ${v.id}: ${v.nodes.map((n) => n.html.slice(0, 160)).join(' | ')}`);
  });
};

test('the card in its tabs, by the keyboard: stage, note, dossier, relation, file, figures', async () => {
  const { anna, ivan } = centre;
  const firm = (await anna.post('/api/clients', { kind: 'company', name: 'ООО «Ромашка»', phones: [{ raw: '8 (916) 123-45-67' }] })).body
    .client.id;
  const page = await open(anna.login, `/clients/${ivan}`);
  await page.getByRole('heading', { level: 1, name: 'Ivan Petrov' }).waitFor();
  await page.getByRole('combobox', { name: 'Stage' }).selectOption('active');
  await page.getByText('Moved', { exact: true }).waitFor();
  await page.getByRole('textbox', { name: 'For the history' }).fill('Asks for a discount');
  await page.keyboard.press('Control+Enter');
  await page.getByText('Asks for a discount').waitFor();
  await page.getByText('New → Active').waitFor();
  await page.getByRole('button', { name: 'Keep on top' }).click();
  await page.getByRole('region', { name: 'On top' }).waitFor();
  await page.getByRole('button', { name: 'Stages' }).click();
  await page.getByText('New → Active').waitFor();
  expect(await axe(page)).toEqual([]);

  await page.getByRole('tab', { name: 'History' }).focus();
  await page.keyboard.press('ArrowRight');
  await page.getByText('No details yet').waitFor();
  expect(await axe(page)).toEqual([]);
  await page.keyboard.press('ArrowRight');
  await page.getByText('same phone').waitFor();
  await page.getByRole('button', { name: 'Yes, add' }).click();
  await page.getByRole('button', { name: 'Add', exact: true }).click();
  await page.getByText('in one group with').first().waitFor();
  const graph = page.getByRole('application');
  await graph.focus();
  expect(await axe(page)).toEqual([]);
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Enter');
  await page.waitForURL(`**/clients/${firm}`);
  await page.goBack();

  await page.getByRole('tab', { name: 'Dossier' }).click();
  await page.getByRole('textbox', { name: 'What was learnt' }).fill('Needs delivery by Friday');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { level: 2, name: 'Needs' }).waitFor();
  expect(await axe(page)).toEqual([]);
  await page.getByRole('tab', { name: 'Files' }).click();
  await page
    .locator('input[type=file]')
    .setInputFiles({ name: 'offer.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.4\n') });
  await page.getByRole('link', { name: 'offer.pdf', exact: true }).waitFor();
  expect(await axe(page)).toEqual([]);
  await page.getByRole('button', { name: 'Take offer.pdf away' }).click();
  await page.getByText('No files yet').waitFor();
  await page.getByRole('button', { name: 'Put back' }).click();
  await page.getByRole('link', { name: 'offer.pdf', exact: true }).waitFor();
  await page.getByRole('tab', { name: 'Figures' }).click();
  expect(await axe(page)).toEqual([]);
  await page.getByRole('button', { name: '1', exact: true }).first().click();
  await page.getByText('Asks for a discount').first().waitFor();
}, 90_000);

test('a company’s contact person, a consent of its number, a file in a field, and the history of one person', async () => {
  const { admin } = centre;
  const { body } = await admin.post('/api/clients', { kind: 'company', name: 'Romashka', phones: [{ raw: '+79160005511' }] });
  const id = body.client.id as number;
  await admin.post('/api/fields', { key: 'scan', type: 'file', label: { ru: 'Скан', en: 'Scan' }, kinds: ['company'] });
  await centre.anna.post(`/api/clients/${id}/notes`, { text: 'said Anna', pinned: false });
  await admin.post(`/api/clients/${id}/notes`, { text: 'said root', pinned: false });
  const page = await open(centre.anna.login, `/clients/${id}`);
  await page.getByText('said root').waitFor();
  await page.getByLabel('Whose entries').selectOption(String(centre.anna.userId));
  await expect.poll(() => page.getByText('said root').count()).toBe(0);
  await page.getByText('said Anna').waitFor();

  await page.getByRole('tab', { name: 'People' }).or(page.locator('#tab-people')).first().click();
  await page.getByRole('button', { name: 'Add contact person' }).press('Enter');
  await page.keyboard.press('Enter');
  await page.getByText('A name is needed').waitFor();
  await page.locator('#person-name').fill('Anna Ivanova');
  await page.locator('#person-position').fill('accountant');
  await page.locator('#person-phone').fill('+7 916 000-55-33');
  await page.keyboard.press('Enter');
  await page.getByRole('link', { name: 'Anna Ivanova' }).waitFor();
  await page.getByText('· accountant').waitFor();
  expect(await axe(page)).toEqual([]);
  await shot(page, 'card-people');

  await page.locator('#tab-details').click();
  await page.getByRole('button', { name: 'Record a consent' }).press('Enter');
  await page.locator('allo-consents #text').fill('agrees to be called');
  await page.keyboard.press('Tab');
  await page.locator('allo-consents form .primary').press('Enter');
  await page.getByText('Fill in where from').waitFor();
  await page.locator('allo-consents #source').fill('contract 5');
  await page.locator('allo-consents #channel').fill('paper');
  expect(await axe(page)).toEqual([]);
  await page.locator('allo-consents form .primary').press('Enter');
  await page.getByText('“agrees to be called”').waitFor();
  await shot(page, 'card-consents');
  await page.getByRole('button', { name: 'Withdraw' }).click();
  await page.locator('allo-consents .danger').press('Enter');
  await page.getByText(/^withdrawn /).waitFor();
  expect(await centre.db('consents').whereNotNull('withdrawn_at')).toHaveLength(1);

  await page.getByRole('button', { name: 'Edit' }).first().click();
  const field = page.locator('allo-file-field');
  await field.getByText('No files on this card yet.').waitFor();
  await field.locator('#file').setInputFiles({ name: 'scan.png', mimeType: 'image/png', buffer: Buffer.from('89504e470d0a1a0a00', 'hex') });
  await expect.poll(() => field.getByLabel('scan.png').isChecked()).toBe(true);
  expect(await axe(page)).toEqual([]);
  await page.getByRole('button', { name: 'Save' }).first().click();
  await expect.poll(async () => Object.keys((await admin.get(`/api/clients/${id}`)).body.client.custom)).toEqual(['scan']);
}, 60_000);

test('a field of the administrator is at once on the form; two people editing one card see the difference field by field', async () => {
  const { admin, anna } = centre;
  const settings = await open(admin.login, '/settings/fields');
  await settings.getByRole('button', { name: 'New field' }).click();
  await settings.getByLabel('Name in Russian').fill('Размер обуви');
  await settings.getByLabel('Name in English').fill('Shoe size');
  await settings.getByLabel('Type').selectOption('number');
  expect(await axe(settings)).toEqual([]);
  await settings.getByRole('button', { name: 'Save' }).click();
  await settings.getByText('Shoe size').waitFor();

  const id = (await anna.post('/api/clients', { name: 'Olga', note: 'first' })).body.client.id;
  const page = await open(anna.login, `/clients/${id}`);
  await page.getByRole('button', { name: 'Edit' }).click();
  await page.getByLabel('Shoe size').fill('forty');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('This is not a number.').waitFor();
  expect(await axe(page)).toEqual([]);
  await page.getByLabel('Shoe size').fill('40,5');
  await page.getByRole('textbox', { name: 'Note' }).fill('mine');
  await admin.patch(`/api/clients/${id}`, { version: 1, note: 'theirs', custom: { source: 'site' } });
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('Both of you changed this. Which shall stay?').waitFor();
  expect(await axe(page)).toEqual([]);
  await page.getByRole('radio', { name: 'Theirs: theirs' }).check();
  await page.getByRole('alert').getByRole('button', { name: 'Save' }).click();
  await page.getByRole('heading', { level: 1, name: 'Olga' }).waitFor();
  const { client } = (await anna.get(`/api/clients/${id}`)).body;
  expect(client).toMatchObject({ note: 'theirs', custom: { source: 'site', shoe_size: 40.5 } });
  await page.getByRole('tab', { name: 'Details' }).click();
  await page.getByText('40.5').waitFor();
}, 90_000);

test('a number that leads to nobody says so, and one press makes it good again', async () => {
  const { anna } = centre;
  const phones = [{ raw: '+79164440001', purpose: 'home', badSince: Date.UTC(2026, 10, 20) }, { raw: '+79164440002' }];
  const { id } = (await anna.post('/api/clients', { kind: 'person', name: 'Pavel Orlov', phones })).body.client;
  const page = await open(anna.login, `/clients/${id}`);
  const again = page.getByRole('button', { name: 'It is good again' });
  await again.waitFor();
  expect(await page.getByText('leads to nobody since').count()).toBe(1);
  await shot(page, 'card-bad-number');
  expect(await axe(page)).toEqual([]);
  await again.click();
  await again.waitFor({ state: 'detached' });
  const now = (await anna.get(`/api/clients/${id}`)).body.client.phones;
  expect(now.map(({ purpose, badSince }: { purpose: string; badSince: number | null }) => [purpose, badSince])).toEqual([['home', null], ['', null]]); // prettier-ignore
});

test('of two edits: theirs is kept where only they did something, mine where only I did, and both are asked about', () => {
  const before = { ...BLANK, name: 'A', note: 'n', custom: { inn: '1' } };
  const mine = { ...before, name: 'B', company: 'mine', custom: { inn: '1', site: 'mine' } };
  const theirs = { ...before, name: 'C', note: 'theirs', custom: {} };
  const rows = differences(before, mine, theirs, []);
  expect(rows.map(({ key, both }) => [key, both])).toEqual([['name', true], ['note', false], ['inn', false]]); // prettier-ignore
  expect(merge(before, mine, theirs, {})).toMatchObject({ name: 'B', note: 'theirs', company: 'mine', custom: { site: 'mine' } });
  expect(merge(before, mine, theirs, { name: 'theirs' }).name).toBe('C');
});

test('two hundred clients are drawn apart from one another, the same way each time', () => {
  const nodes = Array.from({ length: 200 }, (_, id) => ({ id, step: id === 0 ? 0 : id < 12 ? 1 : id < 70 ? 2 : 3 }));
  const edges = nodes.slice(1).map(({ id, step }) => ({ fromId: step === 1 ? 0 : step === 2 ? 1 + (id % 11) : 12 + (id % 58), toId: id }));
  const places = layout(nodes, edges);
  expect(layout(nodes, edges)).toEqual(places);
  let close = 0;
  for (let i = 0; i < places.length; i++)
    for (let j = i + 1; j < places.length; j++) if (Math.hypot(places[i]!.x - places[j]!.x, places[i]!.y - places[j]!.y) < 30) close++;
  expect(close).toBeLessThan(10);
});
