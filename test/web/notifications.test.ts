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

const tell = async (userId: number, effect: string, text: string) => {
  const notice = { kind: 'task-mentioned', effect, about: { kind: 'task', ref: 7 }, params: { text } } as const;
  (await centre.db.transaction((trx) => centre.app.deps.notify(trx, [userId], notice)))();
};

test('the bell: what came while away is said at log-in; opened by key, put off and taken back, all read and taken back; live', async () => {
  const vera = await centre.signIn('supervisor', { name: 'Vera' });
  await tell(vera.userId, 'e1', 'first');
  await tell(vera.userId, 'e2', `a very long one ${'with many words '.repeat(15)}`);
  const page = await pages.openAs(vera);
  await page.getByText('While you were away: 2').waitFor();
  await page.getByRole('button', { name: 'Notifications, unread: 2' }).waitFor();
  await page.locator('allo-away').getByRole('button', { name: 'Close' }).click();
  await expect.poll(() => page.getByText('While you were away').count()).toBe(0);
  await page.keyboard.press('Alt+8');
  const panel = page.getByRole('region', { name: 'List of notifications' });
  await panel.getByRole('link', { name: 'You were mentioned in a task: first' }).waitFor();
  expect(await pages.axe(page)).toEqual([]);
  await pages.shot(page, 'notifications');
  await panel.getByLabel('Put off: You were mentioned in a task: first').selectOption('60');
  await page.getByRole('button', { name: 'Notifications, unread: 1' }).waitFor();
  await page.getByRole('button', { name: 'Undo' }).click();
  await page.getByRole('button', { name: 'Notifications, unread: 2' }).waitFor();
  // what comes while the list is open stands in it at once
  await tell(vera.userId, 'e3', 'third');
  await panel.getByRole('link', { name: 'You were mentioned in a task: third' }).waitFor();
  await page.getByRole('button', { name: 'Notifications, unread: 3' }).waitFor();
  await panel.getByRole('button', { name: 'All read' }).click();
  await page.getByRole('button', { name: 'Notifications', exact: true }).waitFor();
  await panel.getByRole('button', { name: 'Unread', exact: true }).first().click();
  await panel.getByText('Nothing unread').waitFor();
  await page.keyboard.press('Escape');
  await expect.poll(() => panel.count()).toBe(0);
  // seen once, not told again
  await page.reload();
  await page.getByRole('button', { name: 'Notifications', exact: true }).waitFor();
  expect(await page.getByText('While you were away').count()).toBe(0);
});

test('in Russian, in the dark and on a wide screen', async () => {
  const oleg = await centre.signIn('operator', { name: 'Oleg' });
  await centre.db('users').where({ id: oleg.userId }).update({ language: 'ru' });
  await tell(oleg.userId, 'r1', 'договор');
  const page = await pages.openAs(oleg, '/', { viewport: { width: 1920, height: 1080 }, colorScheme: 'dark' });
  await page.getByText('Пока вас не было: 1').waitFor();
  await page.keyboard.press('Alt+8');
  await page.getByRole('link', { name: 'Вас упомянули в задаче: договор' }).waitFor();
  expect(await pages.axe(page)).toEqual([]);
  await pages.shot(page, 'notifications-ru-dark');
});
