import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { freshCondition, isWhole } from '../../web/clients/stages/condition.ts';
import { startPages } from '../support/pages.ts';

let pages: Awaited<ReturnType<typeof startPages>>;
let centre: (typeof pages)['centre'];
beforeAll(async () => {
  pages = await startPages();
  ({ centre } = pages);
});
afterEach(() => pages.clear());
afterAll(() => pages?.close());

test('a condition is asked only with its answer', () => {
  expect(isWhole(freshCondition('older', [])!)).toBe(true);
  expect(freshCondition('field', [])).toBeNull();
  expect(isWhole({ fact: 'contact', days: Number.NaN, fresher: false })).toBe(false);
  expect(isWhole({ fact: 'field', key: 'stage', op: 'in', value: [] })).toBe(false);
  expect(isWhole({ fact: 'field', key: 'company', op: 'filled', value: null })).toBe(true);
});

test('stages are written and taken out of use; a rule is tried, saved, switched off and deleted', async () => {
  const page = await pages.openAs(centre.admin, '/settings/stages');
  await page.getByRole('button', { name: 'New stage' }).click();
  await page.getByLabel('Name in Russian').fill('На паузе');
  await page.keyboard.press('Enter');
  await page.getByText('Give it a name in both languages.').waitFor();
  await page.getByLabel('Name in English').fill('Paused');
  await page.getByLabel('Minutes until somebody must have spoken').fill('0');
  await page.keyboard.press('Enter');
  await page.getByText('A whole number from 1').waitFor();
  await page.getByLabel('Minutes until somebody must have spoken').fill('45');
  await page.getByLabel('Meaning').selectOption('a lead');
  await page.getByLabel('Name in English').press('Enter');
  await page.getByText('a talk within 45 min').waitFor();
  const paused = async () => (await centre.db('client_stages').where({ label_en: 'Paused' }).first()) as Record<string, unknown>;
  expect(await paused()).toMatchObject({ label_ru: 'На паузе', meaning: 'lead', touch_minutes: 45, archived_at: null });
  await page.getByRole('button', { name: 'Take “Paused” out of use' }).press('Enter');
  await page.getByRole('button', { name: 'Use again: Paused' }).press('Enter');
  await expect.poll(async () => (await paused()).archived_at).toBeNull();

  await page.getByRole('button', { name: 'New rule' }).click();
  await page.getByLabel('Name of the rule').fill('Forgotten');
  await page.getByRole('button', { name: 'Try it' }).click();
  await page.getByText('Choose the stage to which it moves.').waitFor();
  await page.getByLabel('To the stage').selectOption('Paused');
  await page.getByLabel('days', { exact: true }).fill('0');
  await page.getByRole('button', { name: 'Condition', exact: true }).click();
  const second = page.getByRole('group', { name: 'Condition 2' });
  await second.getByLabel('Field').selectOption('Name');
  await second.getByLabel('Comparison').selectOption('begins with');
  await page.getByRole('button', { name: 'Try it' }).click();
  await page.getByText('The condition on “Name” does not fit').waitFor();
  await second.getByLabel('Value').fill('Ivan');
  await page.getByRole('button', { name: 'Try it' }).click();
  await page.getByText('It would move 1 client now.').waitFor();
  expect(await pages.axe(page)).toEqual([]);
  await pages.shot(page, 'stage-rule');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('any stage → Paused · no contact for 0 days · Name begins with Ivan').waitFor();
  await page.getByRole('button', { name: 'Switch off: Forgotten' }).press('Enter');
  await page.getByRole('button', { name: 'Switch on: Forgotten' }).waitFor();
  expect(Boolean((await centre.db('stage_rules').first('enabled')).enabled)).toBe(false);
  await page.getByRole('button', { name: 'Edit “Forgotten”' }).click();
  await page.getByLabel('New', { exact: true }).check();
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('New → Paused').waitFor();
  expect(await pages.axe(page)).toEqual([]);
  await pages.shot(page, 'stages');
  await page.getByRole('button', { name: 'Delete rule “Forgotten”' }).click();
  await page.getByRole('button', { name: 'Delete', exact: true }).click();
  await page.getByText('No rules: clients are moved by hand').waitFor();
  expect(await centre.db('stage_rules')).toEqual([]);
}, 60_000);

test('who waits longest is first and is called or taken by a key; the report counts moves of a period', async () => {
  const { db, admin, ivan } = centre;
  const long = (await admin.post('/api/clients', { name: 'Ж'.repeat(150), phones: [{ raw: '+79161110000' }] })).body.client.id as number;
  await admin.patch('/api/clients/stages/new', { touchMinutes: 30 });
  await db('clients')
    .where({ id: ivan })
    .update({ created_at: Date.now() - 7_200_000 });
  await db('clients')
    .where({ id: long })
    .update({ created_at: Date.now() - 3_600_000 });

  const page = await pages.openAs(centre.anna, '/clients');
  await page.getByRole('link', { name: 'Without a talk' }).click();
  await expect.poll(() => page.locator('allo-untouched li strong').allInnerTexts()).toEqual(['Ivan Petrov', 'Ж'.repeat(150)]);
  expect(await page.getByRole('link', { name: 'Moves of a period' }).count()).toBe(0);
  await page.evaluate(() => {
    addEventListener('dial-wanted', (e) => (document.title = JSON.stringify((e as CustomEvent).detail)));
  });
  await page.keyboard.press('Alt+KeyZ');
  await expect.poll(() => page.title()).toContain(`{"number":"+79161234567","clientId":${ivan}}`);
  await page.getByRole('button', { name: 'Take: Ivan Petrov' }).press('Enter');
  await expect.poll(async () => (await db('clients').where({ id: ivan }).first('owner_id')).owner_id).toBe(centre.anna.userId);
  await page.getByText('mine').waitFor();
  await pages.shot(page, 'untouched');
  expect(await pages.axe(page)).toEqual([]);

  const move = async (to: string, reason = '') => {
    const { version } = (await admin.get(`/api/clients/${ivan}`)).body.client;
    expect((await admin.post(`/api/clients/${ivan}/stage`, { to, reason, version })).status).toBe(200);
  };
  const { items } = (await admin.get('/api/clients/stages')).body as { items: { code: string; meaning: string; label: { en: string } }[] };
  const lost = items.find(({ meaning }) => meaning === 'lost')!;
  await move(lost.code, 'Went to another');
  await db('users').where({ id: admin.userId }).update({ language: 'ru', theme: 'dark' });
  const boss = await pages.openAs(admin, '/clients/untouched');
  await boss.getByRole('link', { name: 'Переходы за период' }).click();
  await boss
    .getByRole('cell', { name: 'Went to another' })
    .or(boss.getByRole('rowheader', { name: 'Went to another' }))
    .waitFor();
  const figures = boss.locator('allo-moves table').first().locator('tbody tr');
  await expect.poll(() => figures.locator('td.num').allInnerTexts()).toEqual(['1', '0', '1']);
  expect(await pages.axe(boss)).toEqual([]);
  await pages.shot(boss, 'moves-dark');
  await boss.getByLabel('По', { exact: true }).fill('2020-01-01');
  await boss.getByText('Период кончается раньше').waitFor();
  await boss.getByLabel('С', { exact: true }).fill('2020-01-01');
  await boss.getByText('За этот период никто не переходил').waitFor();
}, 60_000);
