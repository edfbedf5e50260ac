import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { ProfileRules } from '../../server/dialling/contract.ts';
import { startPages } from '../support/pages.ts';
import { formOf, rulesOf } from '../../web/dialling/profile-form.ts';

let pages: Awaited<ReturnType<typeof startPages>>;
let centre: (typeof pages)['centre'];
beforeAll(async () => {
  pages = await startPages();
  ({ centre } = pages);
});
afterEach(() => pages.clear());
afterAll(() => pages?.close());

const shipped = async () => (await centre.admin.get('/api/dialling/profiles')).body.items as { code: string; version: number; rules: ProfileRules }[]; // prettier-ignore

describe('the form of a profile', () => {
  test('what ships goes into the form and comes out the same', async () => {
    for (const { code, rules } of await shipped()) expect(rulesOf(formOf(rules)), code).toEqual({ rules, faults: null });
  });
  test.each([
    ['8:00–21:00', { from: 480, to: 1260 }],
    [' 9:30 - 24:00 ', { from: 570, to: 1440 }],
    ['-', { from: 0, to: 0 }],
    ['–', { from: 0, to: 0 }],
    ['21:00–8:00', null],
    ['8:60–9:00', null],
    ['8–21', null],
    ['', null],
  ])('hours %j', async (text, span) => {
    const { rules } = (await shipped())[0]!;
    const form = formOf(rules);
    const read = rulesOf({ ...form, all: { ...form.all, workdays: text } });
    if (span) expect(read.rules?.hours.workdays).toEqual(span);
    else expect(read.faults).toEqual({ 'all.workdays': 'hours' });
  });
  test('attempts, one half of the hours, numbers that do not fit', async () => {
    const form = formOf((await shipped()).find(({ code }) => code === 'RU')!.rules);
    expect(form.of.debt).toEqual({ workdays: '8:00–22:00', freeDays: '9:00–20:00', often: '1/1, 2/7, 8/30' });
    const wrong = { ...form, all: { ...form.all, often: '3 a day' }, of: { ...form.of, ad: { ...form.of.ad, workdays: '8:00–20:00' } }, abandonedMost: '101', ring: '4', connect: '0,4' }; // prettier-ignore
    expect(rulesOf(wrong).faults).toEqual({ 'all.often': 'often', 'ad.freeDays': 'both', abandonedMost: 'number', ring: 'number', connect: 'number' }); // prettier-ignore
    expect(rulesOf({ ...form, all: { ...form.all, often: '' } }).rules?.perNumber).toEqual([]);
    expect(rulesOf({ ...form, connect: '2,5', abandonedMost: '2.5' }).rules).toMatchObject({ connectWithinMs: 2500, abandonment: { most: 0.025 } }); // prettier-ignore
  });
});

test('a country’s rules: changed in the form, an earlier version back, a country of one’s own; others read', async () => {
  const page = await pages.openAs(centre.admin, '/settings/dialling');
  await page.getByRole('button', { name: 'Edit the rules of RU' }).click();
  const edit = page.locator('allo-profile-edit');
  await edit.getByLabel('All calls: Workdays').fill('9:00-10');
  await edit.getByLabel('Rings so long, s').fill('25');
  await edit.getByRole('button', { name: 'Save' }).click();
  await edit.getByText('Write 8:00–21:00, or a dash.').waitFor();
  expect(await pages.axe(page)).toEqual([]);
  await pages.shot(page, 'dialling-profile-fault');
  await edit.getByLabel('All calls: Workdays').fill('9:00-20:00');
  await edit.getByLabel('Surveys: Only with consent').check();
  await edit.getByLabel(/shown who listens/).check();
  await edit.getByRole('button', { name: 'Save' }).click();
  await edit.waitFor({ state: 'detached' });
  const ru = async () => (await shipped()).find(({ code }) => code === 'RU')!;
  const before = await ru();
  expect(before).toMatchObject({ version: 2, rules: { hours: { workdays: { from: 540, to: 1200 } }, ringSeconds: 25, consentFor: ['ad', 'survey'], listeningShown: true } }); // prettier-ignore

  await page.getByRole('button', { name: 'Edit the rules of RU' }).click();
  await edit.getByRole('button', { name: 'Earlier versions' }).click();
  await edit.getByText(/^until .* changed it$/).waitFor();
  await edit.getByRole('button', { name: 'Fill in' }).click();
  expect((await ru()).version).toBe(2);
  await edit.getByRole('button', { name: 'Save' }).click();
  await edit.waitFor({ state: 'detached' });
  expect(await ru()).toMatchObject({ version: 3, rules: { hours: { workdays: { from: 480, to: 1260 } }, ringSeconds: 15, consentFor: ['ad'] } }); // prettier-ignore

  await page.getByRole('button', { name: 'Make' }).click();
  await page.getByText('Two to twenty capital letters, such as KZ.').waitFor();
  await page.getByLabel('Code').fill('kz');
  await page.locator('.another').getByLabel('Name').fill('Қазақстан');
  await page.getByLabel('As in').selectOption('RU');
  await page.getByLabel('Code').press('Enter');
  await page.locator('allo-profile-edit').waitFor();
  expect((await shipped()).find(({ code }) => code === 'KZ')!.rules).toEqual((await ru()).rules);
  await page.getByLabel('Code').fill('KZ');
  await page.locator('.another').getByLabel('Name').fill('Again');
  await page.getByLabel('Code').press('Enter');
  await page.getByText('There is one of this code.').waitFor();
  expect(await pages.axe(page)).toEqual([]);

  const vera = await centre.signIn('supervisor');
  const other = await pages.openAs(vera, '/settings/dialling');
  await other.getByRole('button', { name: 'Edit the rules of RU' }).click();
  await other.locator('allo-profile-edit').getByLabel('All calls: Workdays').waitFor();
  expect(await other.getByRole('button', { name: 'Save' }).count()).toBe(0);
  expect((await vera.get('/api/dialling/profiles/RU/versions')).status).toBe(403);
  expect((await centre.admin.get('/api/dialling/profiles/XX/versions')).status).toBe(404);
});
