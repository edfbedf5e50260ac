import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { startPages } from '../support/pages.ts';
import { hoursText, readHours } from '../../web/complaints/hours.ts';

const HOUR = 3_600_000;

test.each([
  ['', null],
  ['0', 0],
  ['4', 4 * HOUR],
  [' 1:30 ', 1.5 * HOUR],
  ['0:05', HOUR / 12],
  ['9600', 9600 * HOUR],
  ['9600:01', undefined],
  ['1:60', undefined],
  ['1.5', undefined],
  ['-1', undefined],
  ['an hour', undefined],
])('hours %j', (text, ms) => {
  expect(readHours(text)).toBe(ms);
  if (ms !== undefined) expect(readHours(hoursText(ms))).toBe(ms);
});

let pages: Awaited<ReturnType<typeof startPages>>;
let centre: (typeof pages)['centre'];
beforeAll(async () => {
  pages = await startPages();
  ({ centre } = pages);
});
afterEach(() => pages.clear());
afterAll(() => pages?.close());

const LONG = 'Ж'.repeat(150);

test('categories: added, moved into a group, renamed by somebody else meanwhile, archived and restored', async () => {
  const page = await pages.openAs(centre.admin, '/settings/complaints');
  const part = page.locator('allo-complaint-categories[kind=category]');
  await part.getByRole('button', { name: 'New category' }).click();
  await part.getByRole('button', { name: 'Save' }).click();
  await part.getByText('Give it a name.').waitFor();
  await page.keyboard.type('Courier');
  await part.getByLabel('Inside of').selectOption({ label: 'Delivery' });
  expect(await pages.axe(page)).toEqual([]);
  await part.getByLabel('Name').press('Enter');
  await part.locator('.depth', { hasText: 'Courier' }).waitFor();
  const row = () => centre.db('complaint_categories').where('label', 'like', '%ourier%').first();
  const { id, parent_id } = await row();
  expect((await centre.db('complaint_categories').where('id', parent_id).first()).code).toBe('delivery');

  await part.getByRole('button', { name: 'Edit “Courier”' }).click();
  await part.getByLabel('Name').fill('Our courier');
  expect((await centre.admin.patch(`/api/complaints/categories/${id}`, { label: 'Their courier' })).status).toBe(204);
  await part.getByRole('button', { name: 'Save' }).click();
  await part.getByRole('alert').getByText('Somebody changed this meanwhile').waitFor();
  await part.locator('.name', { hasText: 'Their courier' }).waitFor();
  expect(await part.getByLabel('Name').inputValue()).toBe('Our courier');
  expect((await row()).label).toBe('Their courier');
  await pages.shot(page, 'complaint-settings-conflict');
  await part.getByRole('button', { name: 'Save' }).click();
  await part.locator('.name', { hasText: 'Our courier' }).waitFor();

  await part.getByRole('button', { name: 'Archive “Our courier”' }).click();
  await part.getByRole('button', { name: 'Restore “Our courier”' }).waitFor();
  expect((await row()).retired_at).not.toBe(null);
  await part.getByRole('button', { name: 'Restore “Our courier”' }).click();
  await part.getByRole('button', { name: 'Archive “Our courier”' }).waitFor();
  expect(await row()).toMatchObject({ label: 'Our courier', retired_at: null });
});

test('severities: a new one in both languages and a colour, moved up, archived; the common one stays', async () => {
  const page = await pages.openAs(centre.admin, '/settings/complaints');
  await page.getByRole('button', { name: 'Severities' }).click();
  const part = page.locator('allo-complaint-severities');
  await part.getByRole('button', { name: 'New severity' }).click();
  await part.getByLabel('Name: Russian').fill('В прессе');
  await part.getByRole('button', { name: 'Save' }).click();
  await part.getByText('Give it a name.').waitFor();
  await part.getByLabel('Name: English').fill('In the press');
  await part.getByLabel('Colour').selectOption({ label: 'red' });
  expect(await pages.axe(page)).toEqual([]);
  await pages.shot(page, 'complaint-settings-severities');
  await part.getByRole('button', { name: 'Save' }).click();
  await part.getByRole('button', { name: 'Edit “In the press”' }).waitFor();
  await part.getByRole('button', { name: '“In the press” further up' }).click();
  const codes = async () => (await centre.admin.get('/api/complaints/setup')).body.severities.map(({ code }: { code: string }) => code);
  await expect.poll(codes).toEqual(['low', 'normal', 'high', 's1', 'critical']);
  await part.locator('li').nth(3).getByText('In the press').waitFor();
  await part.getByRole('button', { name: 'Archive “In the press”' }).click();
  await part.getByRole('button', { name: 'Restore “In the press”' }).waitFor();
  expect(await centre.db('complaint_severities').where('code', 's1').first()).toMatchObject({ label_ru: 'В прессе', tone: 'danger' });
  expect(await part.getByRole('button', { name: 'Archive “Normal”' }).count()).toBe(0);
});

test('clocks: a policy by category and severity, its faults in words, deleted on the second press', async () => {
  const page = await pages.openAs(centre.admin, '/settings/complaints');
  await page.getByRole('button', { name: 'Clocks' }).click();
  const part = page.locator('allo-complaint-policies');
  await part.getByRole('button', { name: 'New policy' }).click();
  await part.getByLabel('Name').fill(LONG);
  await part.getByLabel('Category').selectOption({ label: 'Delivery' });
  await part.getByLabel('Severity').selectOption({ label: 'High' });
  await part.getByLabel('Acknowledge').fill('soon');
  await part.getByLabel('Resolve').fill('8:30');
  await part.getByLabel('Warn at').fill('100');
  await part.getByRole('button', { name: 'Save' }).click();
  await part.getByText('From 1 to 99.').waitFor();
  expect(await part.getByLabel('Acknowledge').getAttribute('aria-invalid')).toBe('true');
  expect(await centre.db('complaint_policies').where('name', LONG)).toEqual([]);
  expect(await pages.axe(page)).toEqual([]);
  await pages.shot(page, 'complaint-settings-policy');
  await part.getByLabel('Acknowledge').fill('0:15');
  await part.getByLabel('Warn at').fill('80');
  await part.getByRole('button', { name: 'Save' }).click();
  await part.locator('.line', { hasText: 'Delivery, High' }).getByText('Acknowledge: 15 min').waitFor();
  expect(await centre.db('complaint_policies').where('name', LONG).first()).toMatchObject({ severity: 'high', acknowledge_ms: HOUR / 4, first_answer_ms: null, resolve_ms: 8.5 * HOUR, warn_percent: 80, chief_after_ms: 0 }); // prettier-ignore
  await part
    .locator('.line', { hasText: 'Delivery, High' })
    .getByRole('button', { name: /^Delete/ })
    .click();
  await part.getByRole('button', { name: 'Delete for good' }).click();
  await expect.poll(() => centre.db('complaint_policies').where('name', LONG)).toEqual([]);
});

test('transitions: mine are put on top of what somebody else has changed meanwhile', async () => {
  const page = await pages.openAs(centre.admin, '/settings/complaints');
  await page.getByRole('button', { name: 'Statuses' }).click();
  const part = page.locator('allo-complaint-transitions');
  await part.getByLabel('From “New” into “Closed”').check();
  await part.getByText('Not saved yet.').waitFor();
  const before = (await centre.admin.get('/api/complaints/setup')).body.transitions as { from: string; to: string }[];
  const theirs = before.filter(({ from, to }) => from !== 'closed' || to !== 'reopened');
  expect((await centre.admin.put('/api/complaints/transitions', { items: theirs })).status).toBe(204);
  await part.getByRole('button', { name: 'Save' }).click();
  await part.getByRole('alert').waitFor();
  await expect.poll(() => part.getByLabel('From “Closed” into “Reopened”').isChecked()).toBe(false);
  expect(await part.getByLabel('From “New” into “Closed”').isChecked()).toBe(true);
  expect(await pages.axe(page)).toEqual([]);
  await pages.shot(page, 'complaint-settings-transitions');
  await part.getByRole('button', { name: 'Save' }).click();
  await expect.poll(async () => (await centre.admin.get('/api/complaints/setup')).body.transitions.length).toBe(before.length);
  const after = (await centre.admin.get('/api/complaints/setup')).body.transitions;
  expect(after).toContainEqual({ from: 'new', to: 'closed' });
  expect(after).not.toContainEqual({ from: 'closed', to: 'reopened' });
});

test('templates and rules: written, changed, a wrong amount refused in words; in Russian and dark', async () => {
  await centre.db('users').where({ id: centre.admin.userId }).update({ language: 'ru', theme: 'dark' });
  const page = await pages.openAs(centre.admin, '/settings/complaints');
  await page.getByRole('button', { name: 'Шаблоны' }).click();
  const part = page.locator('allo-complaint-templates');
  await part.getByRole('button', { name: 'Новый шаблон' }).click();
  await part.getByLabel('Название').fill(LONG);
  await part.getByRole('button', { name: 'Сохранить' }).click();
  await part.getByText('Напишите текст.').waitFor();
  await part.getByLabel('Текст', { exact: true }).fill('Здравствуйте, {name}! Мы разбираемся: {number}.');
  await part.getByRole('button', { name: 'Сохранить' }).click();
  await part.locator('.name', { hasText: LONG }).waitFor();
  expect(await centre.db('complaint_templates').where('name', LONG).first()).toMatchObject({ language: 'ru' });
  await part.getByRole('button', { name: `Изменить «${LONG}»` }).click();
  expect(await pages.axe(page)).toEqual([]);
  await pages.shot(page, 'complaint-settings-templates');

  await page.getByRole('button', { name: 'Правила' }).click();
  const rules = page.locator('allo-complaint-rules');
  await rules.getByLabel('Компенсация выше').fill('много');
  await rules.getByLabel('Открытая форма').check();
  await rules.getByRole('button', { name: 'Сохранить' }).click();
  await rules.getByText('Сумма, например').waitFor();
  await pages.shot(page, 'complaint-settings-rules');
  await rules.getByLabel('Компенсация выше').fill('49,90');
  await rules.getByRole('button', { name: 'Сохранить' }).click();
  await expect.poll(async () => (await centre.admin.get('/api/complaints/setup')).body.settings).toMatchObject({ approveAbove: 4990, form: true, repeatDays: 30 }); // prettier-ignore
  expect(await pages.axe(page)).toEqual([]);
});

test('for an administrator only', async () => {
  const vera = await centre.signIn('supervisor', { name: 'Vera' });
  const page = await pages.openAs(vera, '/settings/complaints');
  await page.getByText('You have no access to this').waitFor();
  expect(await page.getByRole('navigation', { name: 'Settings' }).getByRole('link', { name: 'Complaints' }).count()).toBe(0);
});
