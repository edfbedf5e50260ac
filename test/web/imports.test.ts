import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { startPages } from '../support/pages.ts';

let pages: Awaited<ReturnType<typeof startPages>>;
let centre: (typeof pages)['centre'];
let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'allo-imports-page-'));
  pages = await startPages({ DATA_DIR: dir });
  ({ centre } = pages);
});
afterEach(() => pages.clear());
afterAll(async () => {
  await pages?.close();
  await rm(dir, { recursive: true, force: true });
});

const LONG = 'Ж'.repeat(120);
/** Tax numbers in a column that nobody would guess; line 4 has one that cannot be. */
const CSV = [
  'Name;Phone;Number of the tax office;Rest',
  `Sidorov ${LONG};8 916 700-00-03;7707083893;x`,
  'Ivan Petrov;8 916 123-45-67;;',
  'Crooked;8 916 700-00-04;123;',
  'Orlova;8 916 700-00-05;;',
].join('\n');
const file = (name: string, text: string) => ({ name, mimeType: 'text/csv', buffer: Buffer.from(text) });

test('a file with one bad line goes from the dialog to cards by way of the whole wizard, its rejected line to a file, and all of it back', async () => {
  const page = await pages.openAs(centre.admin, '/clients', { reducedMotion: 'reduce' });
  await page.getByRole('link', { name: 'Import' }).click();
  await page.getByText('Nothing has been imported yet').waitFor();
  expect(await pages.axe(page)).toEqual([]);
  await pages.shot(page, 'imports-empty');

  await page.locator('input[type=file]').setInputFiles(file('empty.csv', ''));
  await page.getByText('The file is empty.').waitFor();
  await page.locator('input[type=file]').setInputFiles(file('clients.csv', CSV));

  await page.getByRole('heading', { level: 1, name: 'clients.csv' }).waitFor();
  await page.getByRole('cell', { name: 'Orlova' }).waitFor();
  const divider = page.getByLabel('Columns are divided by');
  expect(await divider.inputValue()).toBe(';');
  await divider.selectOption('|');
  await page.getByRole('columnheader', { name: 'Name;Phone' }).waitFor();
  await divider.selectOption(';');
  await page.getByRole('columnheader', { name: 'Phone', exact: true }).waitFor();
  expect(await pages.axe(page)).toEqual([]);
  await pages.shot(page, 'imports-file');
  await page.getByRole('button', { name: 'Next' }).click();

  const target = (column: string) => page.getByLabel(`Field for “${column}”`);
  await target('Name').waitFor();
  expect([await target('Name').inputValue(), await target('Phone').inputValue(), await target('Rest').inputValue()]).toEqual(['name', 'phones', '']); // prettier-ignore
  await target('Name').selectOption('');
  await page.getByText('Say which column has the name').waitFor();
  expect(await page.getByRole('button', { name: 'Next' }).isDisabled()).toBe(true);
  await target('Name').selectOption('name');
  // The keyboard alone finds a field by its letters.
  await target('Number of the tax office').focus();
  await page.keyboard.type('Tax');
  await expect.poll(() => target('Number of the tax office').inputValue()).toBe('inn');
  expect(await pages.axe(page)).toEqual([]);
  await pages.shot(page, 'imports-columns');
  await page.getByRole('button', { name: 'Next' }).press('Enter');

  await page.getByRole('heading', { level: 2, name: 'Matches' }).waitFor();
  await page.getByRole('button', { name: '“E-mail” earlier' }).click();
  await page.getByLabel('Leave them as they are').check();
  expect(await pages.axe(page)).toEqual([]);
  await pages.shot(page, 'imports-rules');
  await page.getByRole('button', { name: 'Next' }).click();

  await page.getByRole('button', { name: 'New: 2' }).waitFor();
  await page.getByRole('button', { name: 'Left as they are: 1' }).waitFor();
  await page.getByRole('button', { name: 'Rejected: 1' }).click();
  await page.getByRole('row', { name: /^4 Rejected Crooked .*: no such tax number$/ }).waitFor();
  expect(await page.getByRole('row').count()).toBe(2);
  expect(await pages.axe(page)).toEqual([]);
  await page.getByRole('button', { name: 'All: 4' }).click();
  await pages.shot(page, 'imports-check');
  // What was chosen is the server's by now.
  const [stored] = (await centre.admin.get('/api/imports')).body.items as { id: number; rules: object; mapping: (string | null)[] }[];
  expect(stored).toMatchObject({ mapping: ['name', 'phones', 'inn', null], rules: { match: ['email', 'phone', 'inn'], onMatch: 'skip' } });
  await page.getByRole('button', { name: 'Start the import' }).click();

  const state = page.locator('allo-import-run allo-badge');
  await expect.poll(() => state.innerText(), { timeout: 20_000 }).toBe('Done');
  const count = (outcome: string) => page.locator(`[data-count=${outcome}]`).innerText();
  expect([await count('made'), await count('skipped'), await count('rejected')]).toEqual(['2', '1', '1']);
  expect(await pages.axe(page)).toEqual([]);
  await pages.shot(page, 'imports-done');
  const [saved] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: 'Save the rejected lines' }).click()]);
  expect(await readFile(await saved.path(), 'utf8')).toContain('Crooked;8 916 700-00-04;123;;4;inn: not_an_inn');

  const found = async () => ((await centre.admin.get('/api/clients?q=Orlova')).body.items as unknown[]).length;
  expect(await found()).toBe(1);
  await page.locator('allo-import-run section').getByRole('button', { name: 'Undo the import' }).click();
  await page.locator('allo-import-run allo-dialog').getByText('New clients go to the archive (2)').waitFor();
  await pages.shot(page, 'imports-undo');
  await page.locator('allo-import-run allo-dialog').getByRole('button', { name: 'Undo the import' }).click();
  await page.getByText('Undone. To the archive: 2; put back: 0').waitFor();
  await expect.poll(() => state.innerText()).toBe('Undone');
  expect(await found()).toBe(0);
  await page.getByRole('link', { name: 'All imports' }).click();
  await page.getByRole('row', { name: /clients\.csv Undone/ }).waitFor();
  expect(await pages.axe(page)).toEqual([]);
  await pages.shot(page, 'imports-list');
}, 60_000);

test('who may not import sees no way to it, and at its address is told so', async () => {
  const page = await pages.openAs(centre.anna, '/clients', { reducedMotion: 'reduce' });
  await page.getByRole('link', { name: 'New client' }).first().waitFor();
  await page.goto(`${centre.url}/clients/imports`);
  await page.getByText('Imports are not for your role').waitFor();
  expect(await pages.axe(page)).toEqual([]);
  const answered = page.waitForResponse((reply) => new URL(reply.url()).pathname === '/api/imports');
  await page.goto(`${centre.url}/clients`);
  expect((await answered).status()).toBe(200);
  await page.getByText('Ivan Petrov').waitFor();
  expect(await page.getByRole('link', { name: 'Import', exact: true }).count()).toBe(0);
});

test('a file that is dropped; a run is stopped and gone on with, and the page follows it', async () => {
  const page = await pages.openAs(centre.admin, '/clients/lists', { reducedMotion: 'reduce', colorScheme: 'dark' });
  await page.getByRole('link', { name: 'Import' }).click();
  const carried = await page.evaluateHandle((text) => {
    const data = new DataTransfer();
    data.items.add(new File([text], 'dropped.csv'));
    return data;
  }, 'Name,Phone\nDropova,8 916 700-00-09\n');
  await page.getByText('Drop a file here, or choose one').dispatchEvent('drop', { dataTransfer: carried });
  await page.getByRole('heading', { level: 1, name: 'dropped.csv' }).waitFor();
  const id = Number(page.url().split('/').at(-1));
  // As another process has it that works on it now.
  await centre.db('imports').where({ id }).update({ state: 'running', alive_at: Date.now(), bytes_read: 10 });
  await page.reload();
  await page.getByText('You may close this page: the import goes on.').waitFor();
  expect(await page.getByRole('progressbar', { name: 'Progress: dropped.csv' }).getAttribute('max')).toBe('100');
  expect(await pages.axe(page)).toEqual([]);
  await pages.shot(page, 'imports-running');
  await centre.db('imports').where({ id }).update({ made: 7 });
  await expect.poll(() => page.locator('[data-count=made]').innerText(), { timeout: 10_000 }).toBe('7');
  await centre.db('imports').where({ id }).update({ made: 0 });
  await page.getByRole('button', { name: 'Stop' }).click();
  await page.getByRole('button', { name: 'Go on' }).click();
  await expect.poll(() => page.locator('allo-import-run allo-badge').innerText(), { timeout: 20_000 }).toBe('Done');
  expect(await page.locator('[data-count=made]').innerText()).toBe('1');
}, 60_000);

test('an administrator has an import repeated by itself, in words where it cannot be', async () => {
  const page = await pages.openAs(centre.admin, '/clients/imports');
  await page.getByText('Nothing is imported by itself yet').waitFor();
  await page.getByRole('button', { name: 'Repeat an import' }).press('Enter');
  const form = page.locator('allo-import-profiles form');
  const like = form.getByLabel('Columns and rules as in');
  await like.selectOption({ index: 1 });
  await form.getByLabel('Name').fill('Shop');
  await form.getByLabel('Folder below DATA_DIR/inbox').fill('../etc');
  await page.keyboard.press('Enter');
  await page.getByText('Choose an import, give it a name').waitFor();
  await form.getByLabel('Folder below DATA_DIR/inbox').fill('shop');
  expect(await pages.axe(page)).toEqual([]);
  await page.keyboard.press('Enter');
  await page.locator('allo-import-profiles li', { hasText: 'Shop' }).waitFor();
  await page.getByRole('button', { name: 'Look now' }).click();
  await page.getByText('There is no such folder.').waitFor();
  expect(await pages.axe(page)).toEqual([]);
  await pages.shot(page, 'imports-profiles');
  await page.getByRole('button', { name: 'Turn off' }).click();
  await page.getByRole('button', { name: 'Turn on' }).waitFor();
}, 60_000);
