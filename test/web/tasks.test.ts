import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { startPages } from '../support/pages.ts';

let pages: Awaited<ReturnType<typeof startPages>>;
let centre: (typeof pages)['centre'];
beforeAll(async () => {
  pages = await startPages();
  ({ centre } = pages);
});
afterEach(() => pages.clear());
afterAll(() => pages?.close());

const openAs = (who: 'anna' | 'boris', path = '/', options: BrowserContextOptions = {}) => pages.openAs(centre[who], path, options);
const heading = (page: Page, name: string | RegExp) => page.getByRole('heading', { level: 1, name });
/** The last second of today in Moscow. */
const tonight = () => Math.ceil((Date.now() + 3 * 3_600_000) / 86_400_000) * 86_400_000 - 3 * 3_600_000 - 1000;
const soon = () => Math.ceil(Date.now() / 60_000) * 60_000 + 2 * 3_600_000;

test('one line, anywhere: understood, shown, corrected, saved; then on the workspace and the card', async () => {
  const page = await openAs('anna', '/calls');
  await page.keyboard.press('Control+Space');
  await page.getByRole('textbox', { name: 'What, with whom, when' }).waitFor();
  await page.keyboard.type('call Petrov tomorrow 11:30 about the contract');
  await page.getByRole('status', { name: 'How it was understood' }).getByText('Ivan Petrov').waitFor();
  expect(await page.getByLabel('When', { exact: true }).inputValue()).toMatch(/T11:30$/);
  expect(await page.getByRole('combobox', { name: 'What it is' }).inputValue()).toBe('call-back');
  expect(await pages.axe(page)).toEqual([]);
  await pages.shot(page, 'entry');
  await page.keyboard.press('Enter');
  await page.getByText(/call Petrov about the contract: /).waitFor();
  await page.keyboard.press('Alt+1');
  await page.getByRole('heading', { name: /Tomorrow · 1/ }).waitFor();
  await page.getByRole('button', { name: /^Call Ivan Petrov/ }).waitFor();
  expect(await pages.axe(page)).toEqual([]);
  await pages.shot(page, 'workspace');
  await page.goto(`${centre.url}/clients/${centre.ivan}`);
  await page.getByRole('list', { name: 'Promised' }).getByText('call Petrov about the contract').waitFor();
  expect(await pages.axe(page)).toEqual([]);
  await pages.shot(page, 'card');
});

test('a line without a time is not saved until there is one; nothing is lost by it', async () => {
  const page = await openAs('boris');
  await page.getByRole('button', { name: 'New task' }).click();
  await page.getByRole('textbox', { name: 'What, with whom, when' }).fill('send the offer');
  await page.keyboard.press('Enter');
  await page
    .getByRole('alert')
    .getByText(/Say when/)
    .waitFor();
  await page.getByRole('button', { name: 'Tomorrow 10:00' }).click();
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await page.getByRole('button', { name: 'Done: send the offer' }).waitFor();
  await page.getByRole('button', { name: 'Undo' }).click();
  await page.getByRole('button', { name: 'Done: send the offer' }).waitFor({ state: 'detached' });
  await page.getByText('Nothing is due until tomorrow night').waitFor();
  await pages.shot(page, 'empty');
});

test('a task comes by itself, is done by one key, and undone', async () => {
  const page = await openAs('boris');
  await page.getByText('Nothing is due until tomorrow night').waitFor();
  for (const text of ['first', 'second']) await centre.boris.post('/api/tasks', { text, dueAt: soon() + (text === 'first' ? 0 : 60_000) });
  await page.getByRole('button', { name: 'Done: first' }).focus();
  await page.keyboard.press('ArrowDown');
  await page.getByRole('button', { name: 'Done: second' }).waitFor();
  expect(await page.getByRole('button', { name: 'Done: second' }).evaluate((b) => b.matches(':focus'))).toBe(true);
  await page.keyboard.press('d');
  await page.getByRole('textbox', { name: 'What came of it, in a few words' }).waitFor();
  await page.keyboard.press('Enter');
  await page.getByRole('alert').getByText('Say what.').waitFor(); // nothing ends without a result
  await page.keyboard.type('sent');
  expect(await pages.axe(page)).toEqual([]);
  await pages.shot(page, 'task-done');
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Done: second' }).waitFor({ state: 'detached' });
  await page.getByRole('button', { name: 'Undo' }).click();
  await page.getByRole('button', { name: 'Done: second' }).waitFor();
  await page.getByRole('button', { name: 'Done: first' }).focus();
  await page.keyboard.press('m');
  await page.getByRole('heading', { name: 'Move the deadline' }).waitFor();
  await page.getByRole('combobox', { name: 'Why' }).selectOption('waiting');
  await page.getByRole('button', { name: 'Tomorrow 10:00' }).click();
  expect(await pages.axe(page)).toEqual([]);
  await page.getByRole('button', { name: 'Move', exact: true }).click();
  await page.getByRole('listitem').filter({ hasText: 'first' }).getByText('10:00').waitFor(); // near midnight both are of tomorrow
  await page.getByRole('button', { name: 'Done: first' }).focus();
  await page.keyboard.press('o');
  await heading(page, 'first').waitFor();
  await page.getByText('moved 1 time').first().waitFor();
});

test('the page of a task: checklist, comment with a mention, watchers, acceptance; the list and the report', async () => {
  const boss = await centre.signIn('supervisor', { name: 'Boss' });
  const made = await boss.post('/api/tasks', { text: 'Prepare the offer', dueAt: Math.min(soon(), tonight()), ownerId: centre.anna.userId, clientId: centre.ivan, accept: true, priority: 'high', estimate: 45, items: ['price'] }); // prettier-ignore
  const path = `/tasks/${made.body.task.id}`;
  const page = await openAs('anna', path);
  await heading(page, 'Prepare the offer').waitFor();
  await page.getByRole('checkbox', { name: 'price' }).check();
  await page.getByRole('heading', { name: 'Checklist 1/1' }).waitFor();
  await page.getByRole('textbox', { name: 'One more line' }).fill('terms');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Checklist 1/2' }).waitFor();
  await page.getByRole('textbox', { name: 'Comment' }).fill('Boris, which price?');
  await page.getByRole('combobox', { name: 'Mention' }).selectOption({ label: 'Boris' });
  await page.getByRole('button', { name: 'Send' }).click();
  await page.getByText('@Boris').first().waitFor();
  await page.getByRole('button', { name: 'Boris watches no longer' }).waitFor();
  await page.getByRole('button', { name: 'Done', exact: true }).click();
  await page.keyboard.type('sent to Ivan');
  await page.keyboard.press('Enter');
  await page.getByRole('alert').getByText('First its parts: 1 is still open.').waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('checkbox', { name: 'terms' }).check();
  await page.getByText('History').click();
  expect(await pages.axe(page)).toEqual([]);
  await pages.shot(page, 'task');
  await page.getByRole('button', { name: 'Done', exact: true }).click();
  await page.keyboard.type('sent to Ivan');
  await page.keyboard.press('Enter');
  await page.getByText('Waits for the author to accept it').waitFor();

  const hers = await pages.openAs(boss, '/tasks?scope=accept');
  await hers.getByRole('link', { name: 'Prepare the offer' }).waitFor();
  expect(await pages.axe(hers)).toEqual([]);
  await pages.shot(hers, 'task-list');
  await hers.getByRole('button', { name: 'Give back: Prepare the offer' }).click();
  await hers.keyboard.type('no price in it');
  await hers.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Done', exact: true }).waitFor(); // it comes back by itself
  await hers.getByRole('button', { name: 'Given by me' }).click();
  await hers.getByRole('searchbox', { name: 'Search' }).fill('prep off');
  await hers.getByRole('link', { name: 'Prepare the offer' }).waitFor();
  await hers.getByRole('searchbox', { name: 'Search' }).fill('nothing of the kind');
  await hers.getByText('No tasks here').waitFor();
  await hers.getByRole('link', { name: 'How tasks end' }).click();
  await hers.getByRole('rowheader', { name: 'Anna' }).waitFor();
  expect(await pages.axe(hers)).toEqual([]);
  await pages.shot(hers, 'task-report');
  await hers.getByRole('row', { name: /^Anna/ }).getByRole('link').first().click();
  await hers.getByRole('link', { name: 'Prepare the offer' }).waitFor();
});

test('the third move waits for the chief, who sees it and decides', async () => {
  const boss = await centre.signIn('supervisor', { name: 'Chief' });
  const made = await boss.post('/api/tasks', { text: 'Slow one', dueAt: soon(), ownerId: centre.anna.userId });
  const { id } = made.body.task;
  for (const version of [1, 2]) await centre.anna.post(`/api/tasks/${id}/move`, { version, dueAt: soon() + version * 3_600_000, reason: 'busy' }); // prettier-ignore
  const page = await openAs('anna', `/tasks/${id}`);
  await page.getByRole('button', { name: 'Move', exact: true }).click();
  await page.getByText(/moved twice/).waitFor();
  await page.locator('allo-task-acts form').getByRole('button', { name: 'Move', exact: true }).click();
  await page.getByText('Anna asks to move it').waitFor();
  const hers = await pages.openAs(boss, '/tasks?scope=moves');
  await hers.getByRole('button', { name: 'Allow: Slow one' }).waitFor();
  expect(await pages.axe(hers)).toEqual([]);
  await pages.shot(hers, 'task-moves');
  await hers.getByRole('button', { name: 'Allow: Slow one' }).click();
  await hers.getByText('Nobody waits for your consent').waitFor();
  await page.getByText('moved 3 times').first().waitFor();
});

test('the outcome "call back" promises a time, and the task is there', async () => {
  const page = await openAs('anna');
  const story = pages.ring();
  await pages.tell(story);
  await heading(page, 'Ivan Petrov').waitFor();
  story.end(3000, 'offer', 'answered', '101').end(3000, 'queue', 'answered').begin(3000, 'talk', '101');
  await pages.tell(story);
  story.end(9000, 'talk', 'customer').hangup(9000, 'completed');
  await pages.tell(story);
  await page.getByText('How did the call end?').waitFor();
  await page.getByRole('radio', { name: 'Call back' }).check({ force: true });
  await page.getByRole('textbox', { name: 'Note' }).fill('about the bill');
  await page.getByRole('button', { name: 'Tomorrow 10:00' }).click();
  expect(await pages.axe(page)).toEqual([]);
  await pages.shot(page, 'outcome');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('Outcome saved').waitFor();
  const rows = await centre.db('tasks').where({ call_ref: `main:${story.call.key}` });
  expect(rows).toMatchObject([{ kind: 'call-back', text: 'about the bill', client_id: centre.ivan }]);
});

test('Russian and dark: the entry and the workspace pass axe', async () => {
  const page = await openAs('anna');
  await centre.anna.post('/api/tasks', {
    text: 'Очень '.repeat(60),
    dueAt: Date.now() - 3_600_000,
    kind: 'call-back',
    clientId: centre.ivan,
  });
  await page.getByRole('button', { name: 'Menu of Anna' }).click();
  await page.getByLabel('Colours').selectOption('dark');
  await page.getByLabel('Language').selectOption('ru');
  await page.keyboard.press('Escape');
  await page.getByRole('heading', { name: /Просрочено/ }).waitFor();
  expect(await pages.axe(page)).toEqual([]);
  await pages.shot(page, 'workspace-ru-dark');
  await page.keyboard.press('Control+Space');
  await page.keyboard.type('перезвонить petrov через 2 часа');
  await page.getByRole('status', { name: 'Как это понято' }).getByText('Ivan Petrov').waitFor();
  expect(await pages.axe(page)).toEqual([]);
  await pages.shot(page, 'entry-ru-dark');
});

test('a day that is full is said with another that has room, and the chief sees who has not opened the day', async () => {
  const sales = (await centre.admin.post('/api/rights/departments', { name: 'Sales' })).body.department.id as number;
  const vera = await centre.signIn('supervisor', { name: 'Vera', departmentId: sales });
  const igor = await centre.signIn('operator', { name: 'Igor', departmentId: sales });
  const week = Array.from({ length: 7 }, () => [{ from: 0, to: 1440 }]);
  await vera.put(`/api/schedules/${igor.userId}`, { version: 0, kind: 'week', week, holidays: false });
  const tomorrow = new Date(Date.now() + 3 * 3_600_000 + 86_400_000).toISOString().slice(0, 10);
  await igor.post('/api/tasks', { text: 'A whole day', dueAt: Date.parse(`${tomorrow}T12:00+03:00`), estimate: 1440 });
  const chief = await pages.openAs(vera);
  // a quarter of an hour after midnight he is late; before it nobody is
  const minutes = Math.floor(((Date.now() + 3 * 3_600_000) % 86_400_000) / 60_000);
  if (minutes >= 16) await chief.getByText('Igor (since 00:00)').waitFor();
  expect(await pages.axe(chief)).toEqual([]);
  await pages.shot(chief, 'unopened');
  const page = await pages.openAs(igor);
  await page.getByText(/Tomorrow: 0 min free/).waitFor();
  await page.getByRole('button', { name: 'New task' }).click();
  await page.getByRole('textbox', { name: 'What, with whom, when' }).fill('send the offer tomorrow 11:00');
  await page.getByRole('status').getByText(/the day has 0 min left/).waitFor(); // prettier-ignore
  expect(await pages.axe(page)).toEqual([]);
  await pages.shot(page, 'full');
  await page.getByRole('button', { name: /^Plan it for/ }).click();
  await page.getByText(/the day has/).waitFor({ state: 'detached' });
  expect(await page.getByLabel('When', { exact: true }).inputValue()).toMatch(/T11:00$/);
  expect(await page.getByLabel('When', { exact: true }).inputValue()).not.toContain(tomorrow);
  expect((await vera.get('/api/tasks/day/unopened?minutes=0')).body.items).toEqual([]);
});

test('a lead without a next step is listed until one is planned there', async () => {
  // a test before this one has turned her pages Russian
  await centre.db('users').where({ id: centre.anna.userId }).update({ language: 'en' });
  centre.bus.emit('user.changed', { id: centre.anna.userId });
  await centre.db('clients').where({ id: centre.ivan }).update({ stage: 'lead' });
  await centre.db('tasks').whereNull('done_at').update({ done_at: 1, done_note: 'x' });
  const page = await openAs('anna', '/tasks/unplanned');
  await page.getByRole('button', { name: 'Plan a step: Ivan Petrov' }).click();
  await page.getByRole('textbox', { name: 'What, with whom, when' }).waitFor();
  expect(await pages.axe(page)).toEqual([]);
  await pages.shot(page, 'unplanned');
  await page.keyboard.type('call about the offer tomorrow 11:00');
  await page.getByRole('status', { name: 'How it was understood' }).getByText('Ivan Petrov').waitFor();
  await page.keyboard.press('Enter');
  await page.getByText('Every lead has a next step').waitFor();
  expect(await pages.axe(page)).toEqual([]);
});
