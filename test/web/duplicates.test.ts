import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { scanAll } from '../../server/duplicates/scan.ts';
import { builtWeb } from '../support/built-web.ts';
import { launchBrowser } from '../support/chromium.ts';
import { PASSWORD, startServer } from '../support/server.ts';
import type { TestServer } from '../support/server.ts';

let browser: Browser;
let server: TestServer;
let boss: Awaited<ReturnType<TestServer['signIn']>>;
const complaints: string[] = [];
beforeAll(async () => {
  await builtWeb();
  [browser, server] = await Promise.all([launchBrowser(), startServer()]);
  boss = await server.signIn('manager');
});
afterAll(async () => {
  await browser?.close();
  await server?.close();
});

const open = async (): Promise<Page> => {
  const context = await browser.newContext({ locale: 'en-GB', viewport: { width: 1280, height: 720 } });
  const page = await context.newPage();
  page.on('pageerror', (err) => complaints.push(err.message));
  await page.goto(server.url);
  await page.getByLabel('Login').fill(boss.login);
  await page.getByLabel('Password').fill(PASSWORD);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('link', { name: 'Clients', exact: true }).first().click();
  return page;
};

test('seen while typing, decided in the list by keyboard, merged field by field, an old link followed, undone', async () => {
  const card = async (draft: object) => (await boss.post('/api/clients', draft)).body.client.id as number;
  const a = await card({ name: 'Orlova Olga', phones: [{ raw: '+7 916 200-00-01' }], company: 'Summer' });
  const b = await card({
    name: 'Olga Orlova',
    phones: [{ raw: '8 916 200 00 01' }],
    position: 'Buyer',
    emails: [{ address: 'o@x.example' }, { address: 'old@x.example' }],
  });
  const [c, d] = [await card({ name: 'Petrov Pavel', phones: [{ raw: '+7 916 200-00-07' }] }), await card({ name: 'Petrov P.', phones: [{ raw: '+7 916 200-00-07' }] })]; // prettier-ignore
  const { db, clientTraits } = server.app.deps;
  await scanAll({ db, clientTraits, now: () => Date.now() + 120_000 });
  const page = await open();

  await page.getByRole('link', { name: 'New client' }).click();
  await page.getByRole('textbox', { name: 'Phone', exact: true }).fill('8916 200-00-01');
  const known = page.getByRole('link', { name: /Orlova Olga.*number/ });
  await known.waitFor();

  await page.goto(`${server.url}/clients/duplicates`);
  const compare = page.getByRole('link', { name: /^Compare/ });
  await compare.nth(1).waitFor();
  expect(await compare.count()).toBe(2);
  await compare.first().focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Delete');
  await page.getByText('Kept apart').waitFor();
  expect(await compare.count()).toBe(1);
  expect((await boss.get(`/api/clients/${c}/duplicates`)).body.items).toEqual([]);
  expect((await boss.get(`/api/clients/${d}`)).status).toBe(200);

  await compare.first().click();
  await page.getByRole('button', { name: 'Merge' }).waitFor();
  await page.getByRole('radio', { name: 'Olga Orlova', exact: true }).check();
  const old = page.getByRole('checkbox', { name: 'old@x.example' });
  await old.focus();
  await page.keyboard.press('Space');
  expect(await old.isChecked()).toBe(false);
  await page.getByText('kept: 1 of 2').waitFor();
  await page.getByRole('button', { name: 'Merge' }).click();
  await page.waitForURL(`**/clients/${a}`);
  await page.getByRole('heading', { name: 'Olga Orlova' }).waitFor();
  expect((await boss.get(`/api/clients/${a}`)).body.client).toMatchObject({ name: 'Olga Orlova', company: 'Summer', position: 'Buyer', emails: [{ address: 'o@x.example' }] }); // prettier-ignore
  await page.goto(`${server.url}/clients/${b}`);
  await page.waitForURL(`**/clients/${a}`);

  await page.goto(`${server.url}/clients/duplicates?show=merges`);
  await page.getByRole('button', { name: /^Undo the merge/ }).click();
  await page.getByText('Both cards are back').waitFor();
  expect((await boss.get(`/api/clients/${b}`)).body.client).toMatchObject({
    id: b,
    position: 'Buyer',
    emails: [{ address: 'o@x.example' }, { address: 'old@x.example' }],
  });
  expect((await boss.get(`/api/clients/${a}`)).body.client).toMatchObject({ name: 'Orlova Olga', emails: [] });
  expect(complaints).toEqual([]);
}, 60_000);
