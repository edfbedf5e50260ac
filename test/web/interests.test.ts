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

test('the administrator writes the catalogue; in a talk one click says it, the keyboard says how strongly; card and history have it', async () => {
  const admin = await pages.openAs(centre.admin, '/settings/interests');
  await admin.getByText('There are no interests yet').waitFor();
  await admin.getByRole('button', { name: 'New interest' }).click();
  for (const name of ['Fibre', 'Television', 'Static address', 'Mobile', 'Cloud', 'Router', 'Camera', 'Alarm', 'Ж'.repeat(120)]) {
    await admin.getByLabel('Name').fill(name);
    await admin.getByLabel('Group').fill(name === 'Mobile' ? 'Mobile' : 'At home');
    await admin.keyboard.press('Enter');
    await admin.locator('li', { hasText: name }).first().waitFor();
  }
  await admin.keyboard.press('Escape');
  await admin.getByRole('button', { name: '“Mobile” up' }).click();
  await expect.poll(async () => (await admin.locator('allo-interest-topics li .name').allInnerTexts()).slice(0, 4)).toEqual(['Fibre', 'Television', 'Mobile', 'Static address']); // prettier-ignore
  expect(await pages.axe(admin)).toEqual([]);
  await pages.shot(admin, 'interest-topics');

  const page = await pages.openAs(centre.anna);
  const story = pages.ring();
  await pages.tell(story);
  await page.getByRole('heading', { level: 1, name: 'Ivan Petrov' }).waitFor();
  await pages.tell(story.end(3000, 'offer', 'answered').begin(3000, 'talk', '101'));
  const beside = page.locator('allo-wrap-up allo-interests');
  await beside.getByRole('button', { name: 'Fibre: interested' }).click();
  await beside.getByRole('button', { name: /^Fibre: interested · since .* · said in a call · Anna/ }).waitFor();
  await pages.shot(page, 'interests-talk');
  // Where the focus was it is; Enter opens, Tab goes through the strengths.
  await page.keyboard.press('Enter');
  await beside.getByRole('group', { name: 'How strong: Fibre' }).waitFor();
  await pages.shot(page, 'interests-strength');
  await beside.getByRole('button', { name: 'wants it now' }).press('Enter');
  await beside.getByRole('button', { name: /^Fibre: wants it now/ }).waitFor();
  await beside.getByRole('button', { name: '5 more' }).click();
  await beside.getByRole('button', { name: 'Alarm: interested' }).click();
  await beside.getByRole('button', { name: /^Alarm: interested · since/ }).click();
  await beside.getByRole('button', { name: 'A mistake' }).click();
  await page.getByText('Taken back: Alarm').waitFor();
  await beside.getByRole('button', { name: 'Alarm: interested', exact: true }).waitFor();

  const card = page.locator('allo-client allo-interests');
  await card.getByRole('button', { name: /^Fibre: wants it now/ }).waitFor();
  await page.locator('allo-timeline').getByText('Fibre').waitFor();
  expect(await page.locator('allo-timeline').getByText('wants it now').count()).toBe(1);
  expect(await pages.axe(page)).toEqual([]);
  await pages.tell(story.hangup(20_000, 'completed'));
  await page.locator('allo-wrap-up').getByText('How did the call end').first().waitFor();
  await pages.shot(page, 'interests-outcome');

  // Another day, without a call.
  const colleague = await pages.openAs(centre.boris, `/clients/${centre.ivan}`);
  await colleague.locator('allo-interests').getByRole('button', { name: 'Television: interested' }).click();
  await page.locator('allo-client allo-interests').getByRole('button', { name: /^Television: interested · since .* · written down without a call · Boris/ }).waitFor(); // prettier-ignore
}, 60_000);
