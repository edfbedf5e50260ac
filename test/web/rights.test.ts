import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { treeOf } from '../../web/rights/tree.ts';
import type { Branch } from '../../web/rights/tree.ts';
import { startPages } from '../support/pages.ts';

let pages: Awaited<ReturnType<typeof startPages>>;
let centre: (typeof pages)['centre'];
beforeAll(async () => {
  pages = await startPages();
  ({ centre } = pages);
});
afterEach(() => pages.clear());
afterAll(() => pages?.close());

test('departments become a tree; one whose parent is not known stands at the top', () => {
  const all = [
    { id: 1, name: 'A', parentId: null },
    { id: 2, name: 'B', parentId: 1 },
    { id: 3, name: 'C', parentId: 2 },
    { id: 4, name: 'D', parentId: 99 },
  ];
  const names = (list: readonly Branch[]): unknown[] => list.map(({ department, below }) => [department.name, names(below)]);
  expect(names(treeOf(all))).toEqual([['A', [['B', [['C', []]]]]], ['D', []]]); // prettier-ignore
});

test('what narrows is asked about, what widens is not; departments are written, named and moved, never into themselves', async () => {
  const page = await pages.openAs(centre.admin, '/settings/rights');
  const level = async (role: string, action: string) =>
    (await centre.db('rights').where({ role, action }).first('level'))?.level as string | undefined;
  const view = page.getByLabel('Operator: See', { exact: true });
  await expect.poll(() => view.inputValue()).toBe('department');

  await view.selectOption('own');
  const dialog = page.locator('allo-rights allo-dialog');
  await dialog.getByText('Operator, “See”: Department becomes Own').waitFor();
  await page.keyboard.press('Escape');
  await expect.poll(() => view.inputValue()).toBe('department');
  expect(await level('operator', 'view')).toBeUndefined();

  await view.selectOption('own');
  await dialog.getByRole('button', { name: 'Reach less far' }).press('Enter');
  await expect.poll(() => level('operator', 'view')).toBe('own');
  await expect.poll(() => view.inputValue()).toBe('own');
  await view.selectOption('tree');
  await expect.poll(() => level('operator', 'view')).toBe('tree');
  expect(await dialog.isVisible()).toBe(false);

  await page.getByText('There are no departments yet').waitFor();
  expect(await pages.axe(page)).toEqual([]);
  const write = async (button: string, name: string) => {
    await page.getByRole('button', { name: button, exact: true }).press('Enter');
    await page.getByLabel('Name', { exact: true }).fill(name);
    await page.keyboard.press('Enter');
    await page.locator('allo-departments .name', { hasText: name }).waitFor();
  };
  await write('New department', 'Sales');
  await write('New department below “Sales”', 'North');
  await write('New department', 'Ж'.repeat(100));

  // A name that is taken, and a circle, are refused in words.
  await page.getByRole('button', { name: 'New department', exact: true }).click();
  await page.getByLabel('Name', { exact: true }).fill('North');
  await page.keyboard.press('Enter');
  await page.getByText('There is such a department already.').waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Rename or move “Sales”' }).click();
  await page.getByLabel('Part of').selectOption('North');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('It would be a part of itself').waitFor();
  expect(await pages.axe(page)).toEqual([]);
  await pages.shot(page, 'rights');
  await page.getByLabel('Part of').selectOption('');
  await page.getByLabel('Name', { exact: true }).fill('Sales of all');
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Rename or move “Sales of all”' }).waitFor();
  expect(await centre.db('departments').orderBy('id').pluck('name')).toEqual(['Sales of all', 'North', 'Ж'.repeat(100)]);

  await centre.db('users').where({ id: centre.admin.userId }).update({ language: 'ru', theme: 'dark' });
  await page.reload();
  await page.getByRole('heading', { name: 'Права и отделы' }).waitFor();
  await page.locator('allo-departments .name').first().waitFor();
  expect(await pages.axe(page)).toEqual([]);
  await pages.shot(page, 'rights-dark');

  // Whoever is no administrator reads, and has nothing to press.
  const anna = await pages.openAs(centre.anna, '/settings/rights');
  await anna.getByRole('cell', { name: 'And below' }).waitFor();
  expect(await anna.locator('allo-rights select, allo-departments button').count()).toBe(0);
}, 60_000);
