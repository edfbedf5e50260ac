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
