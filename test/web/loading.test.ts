import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { startPages } from '../support/pages.ts';

let pages: Awaited<ReturnType<typeof startPages>>;
let centre: (typeof pages)['centre'];
beforeAll(async () => {
  pages = await startPages();
  ({ centre } = pages);
});
afterEach(() => pages.clear());
afterAll(() => pages?.close());

test('a call that comes after the calls were asked for, and before the outcomes are there, stays with its client', async () => {
  const page = await pages.openAs(centre.anna);
  let letThrough = () => {};
  const held = new Promise<void>((resolve) => {
    letThrough = resolve;
  });
  await page.route('**/api/outcomes*', async (route) => {
    await held;
    await route.continue();
  });
  const asked = page.waitForResponse('**/api/calls/live');
  await page.reload();
  await (await asked).finished();
  const story = pages.ring();
  await pages.tell(story.end(3000, 'offer', 'answered').begin(3000, 'talk', '101'));
  await page.getByRole('heading', { level: 1, name: 'Ivan Petrov' }).waitFor();
  const outcomes = page.waitForResponse('**/api/outcomes*');
  letThrough();
  await (await outcomes).finished();
  await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 300)));
  await page.getByRole('button', { name: 'Hang up' }).waitFor();
  await page.keyboard.press('Alt+Digit0');
  await page.locator('allo-complaint-new').getByText('Ivan Petrov', { exact: true }).waitFor();
  expect(await page.locator('allo-complaint-new').getByLabel('Who complains').count()).toBe(0);
});

/** What is sent there does not come back before it is let through. @returns let through, and wait until it has come back */
const hold = async (page: Page, url: string, method: string, answer?: { status: number; body: string }): Promise<() => Promise<void>> => {
  let letThrough = () => {};
  const held = new Promise<void>((resolve) => {
    letThrough = resolve;
  });
  await page.route(url, async (route) => {
    if (route.request().method() !== method) return route.fallback();
    const response = answer ?? { response: await route.fetch() };
    await held;
    await route.fulfill({ contentType: 'application/json', ...response });
  });
  return async () => {
    const back = page.waitForResponse((r) => r.request().method() === method && new RegExp(url.replaceAll('*', '.*')).test(r.url()));
    letThrough();
    await (await back).finished();
    await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 300)));
  };
};

test('what the server says to one card does not reach another that was switched to meanwhile, nor what is half typed there', async () => {
  const vera = (await centre.admin.post('/api/clients', { name: 'Vera Orlova', phones: [{ raw: '84957654321' }] })).body.client.id;
  const page = await pages.openAs(centre.anna, `/clients/${vera}`);
  const heading = (name: string) => page.getByRole('heading', { level: 1, name });
  const company = page.getByRole('textbox', { name: 'Company' });
  await page.getByRole('button', { name: 'Edit' }).click();
  await company.fill('Half typed');
  await page.keyboard.press('Alt+2');
  await page.locator('allo-clients').getByText('Ivan Petrov').first().click();
  await heading('Ivan Petrov').waitFor();
  await page.getByRole('button', { name: 'Edit' }).click();
  await company.fill('Saved late');
  const back = await hold(page, `**/api/clients/${centre.ivan}`, 'PATCH');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.keyboard.press('Alt+PageUp');
  await heading('Vera Orlova').waitFor();
  await back();
  expect(await heading('Vera Orlova').count()).toBe(1);
  expect(await company.inputValue()).toBe('Half typed');
  await page.reload();
  await expect.poll(() => company.inputValue()).toBe('Half typed');
  await page.getByRole('button', { name: 'Cancel' }).click();
  expect((await centre.admin.get(`/api/clients/${centre.ivan}`)).body.client.company).toBe('Saved late');
});

test('Enter before the answer waits for whoever was typed, and takes nobody who was found before', async () => {
  const page = await pages.openAs(centre.anna);
  await pages.tell(pages.ring({ from: '84951112234' }));
  await page.getByRole('button', { name: 'Attach to' }).click();
  const field = page.locator('allo-attach').getByRole('combobox');
  await field.fill('Ivan');
  await page.locator('allo-attach').getByRole('option', { name: 'Ivan Petrov' }).waitFor();
  await field.fill('Vera');
  await field.press('Enter');
  await page.getByRole('heading', { level: 1, name: 'Vera Orlova' }).waitFor();
});

test('an outcome that is refused after the next call was answered is told beside that call’s note, not in it', async () => {
  const page = await pages.openAs(centre.anna);
  const first = pages.ring();
  await pages.tell(first.end(3000, 'offer', 'answered').begin(3000, 'talk', '101').end(5000, 'talk', 'customer').hangup(5000, 'completed'));
  await page.getByRole('heading', { name: 'How did the call end?' }).waitFor();
  const back = await hold(page, '**/api/calls/*/outcome', 'PUT', { status: 500, body: '{}' });
  await page.keyboard.press('Digit1');
  await page.locator('allo-outcome-form').getByRole('button', { name: 'Save' }).click();
  const next = pages.ring();
  await pages.tell(next.end(3000, 'offer', 'answered').begin(3000, 'talk', '101'));
  await page.getByRole('button', { name: 'Hang up' }).waitFor();
  await back();
  await page
    .locator('allo-toasts')
    .getByText(/server/i)
    .first()
    .waitFor();
  expect(await page.locator('allo-outcome-form').getByRole('alert').count()).toBe(0);
  await page.unroute('**/api/calls/*/outcome');
});

test('news of the shift that come before the answer to an order are not overwritten by it', async () => {
  const page = await pages.openAs(centre.anna);
  await page.getByRole('button', { name: 'Start shift' }).click();
  await page.getByText('On shift').waitFor();
  const back = await hold(page, '**/api/agents/break', 'POST');
  await page.keyboard.press('Alt+b');
  await page.getByRole('button', { name: 'Lunch' }).click();
  await page.getByRole('button', { name: 'Back to work' }).waitFor(); // pushed; the answer is held
  expect((await centre.anna.post('/api/agents/break', { reason: null })).status).toBe(200);
  await page.getByRole('button', { name: 'Back to work' }).waitFor({ state: 'detached' });
  await back();
  expect(await page.getByRole('button', { name: 'Back to work' }).count()).toBe(0);
});
