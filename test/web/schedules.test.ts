import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { startPages } from '../support/pages.ts';

let pages: Awaited<ReturnType<typeof startPages>>;
let centre: (typeof pages)['centre'];
let sales = 0;
beforeAll(async () => {
  pages = await startPages();
  ({ centre } = pages);
  sales = (await centre.admin.post('/api/rights/departments', { name: 'Продажи' })).body.department.id as number;
});
afterEach(() => pages.clear());
afterAll(() => pages?.close());

test('away in two clicks, with a deputy proposed; undone; a chief gives shifts', async () => {
  const igor = await centre.signIn('operator', { name: 'Igor', departmentId: sales });
  await centre.signIn('operator', { name: 'Olga', departmentId: sales });
  const vera = await centre.signIn('supervisor', { name: 'Vera Konstantinopolskaya-Zavolzhskaya', departmentId: sales });
  const page = await pages.openAs(igor, '/schedules');
  await page.getByRole('row', { name: /Igor/ }).waitFor();
  await page.getByRole('button', { name: 'I am away' }).click();
  await page.getByLabel('Who stands in').waitFor();
  expect(await page.getByLabel('Who stands in').locator('option:checked').textContent()).toBe('Olga');
  expect(await pages.axe(page)).toEqual([]);
  await pages.shot(page, 'absence');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.locator('allo-badge', { hasText: 'Sick leave' }).waitFor();
  await page.locator('.mine').getByText('Olga stands in').waitFor();
  expect(await pages.axe(page)).toEqual([]);
  await pages.shot(page, 'away');
  await page.getByRole('button', { name: 'Undo' }).last().click();
  await page.locator('.mine li').waitFor({ state: 'detached' });

  await vera.patch('/api/auth/preferences', { language: 'ru' });
  const chief = await pages.openAs(vera, '/schedules', { colorScheme: 'dark' });
  await chief.getByRole('button', { name: 'Igor', exact: true }).click();
  await chief.getByLabel(/Как работает|How they work/).selectOption('cycle');
  await chief.getByRole('button', { name: /День, ночь|Day, night/ }).click();
  expect(await pages.axe(chief)).toEqual([]);
  await pages.shot(chief, 'shifts');
  await chief.getByRole('button', { name: /Сохранить|Save/ }).click();
  await expect.poll(async () => (await igor.get('/api/schedules/mine')).body.schedule.kind, { timeout: 20_000 }).toBe('cycle');
  await chief.getByRole('dialog').waitFor({ state: 'hidden' });
  await pages.shot(chief, 'month');
});
