import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { Page } from 'playwright-core';
import { startPages } from '../support/pages.ts';

let pages: Awaited<ReturnType<typeof startPages>>;
let centre: (typeof pages)['centre'];
beforeAll(async () => {
  pages = await startPages();
  ({ centre } = pages);
});
afterEach(() => pages.clear());
afterAll(() => pages?.close());

/** Wednesday of this week in Moscow, so that a day either way is still on the screen. */
const wednesday = (): string => {
  const now = new Date(Date.now() + 3 * 3_600_000);
  return new Date(now.getTime() + (2 - ((now.getUTCDay() + 6) % 7)) * 86_400_000).toISOString().slice(0, 10);
};
const plus = (day: string, n: number) => new Date(Date.parse(day) + n * 86_400_000).toISOString().slice(0, 10);
const at = (page: Page, day: string, name: RegExp) => page.locator(`td[data-day="${day}"]`).getByRole('button', { name });

test('by the keyboard alone: made, moved by a day and a quarter of an hour, undone, cancelled and back', async () => {
  const day = wednesday();
  const page = await pages.openAs(centre.anna, `/meetings?at=${Date.parse(`${day}T12:00+03:00`)}`);
  const add = page.getByRole('button', { name: 'New meeting' });
  await add.focus();
  await page.keyboard.press('Enter');
  await page.keyboard.type('Review');
  await page.getByLabel('Begins').fill(`${day}T10:00`);
  expect(await pages.axe(page)).toEqual([]);
  await pages.shot(page, 'meeting');
  await page.getByLabel('What', { exact: true }).press('Enter');
  await at(page, day, /10:00–11:00 Review/).focus();
  await page.keyboard.press('Shift+ArrowRight');
  await at(page, plus(day, 1), /10:00–11:00 Review/).waitFor();
  await page.getByText(/“Review” is moved/).waitFor();
  expect(await at(page, plus(day, 1), /Review/).evaluate((b) => b.matches(':focus'))).toBe(true);
  await page.keyboard.press('Shift+ArrowDown');
  await at(page, plus(day, 1), /10:15–11:15 Review/).waitFor();
  await page.getByRole('button', { name: 'Undo' }).last().click();
  await at(page, plus(day, 1), /10:00–11:00 Review/).waitFor();
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Cancel the meeting' }).click();
  await at(page, plus(day, 1), /Review/).waitFor({ state: 'detached' });
  await page.getByRole('button', { name: 'Undo' }).last().click();
  await at(page, plus(day, 1), /10:00–11:00 Review/).waitFor();
  expect(await pages.axe(page)).toEqual([]);
  await pages.shot(page, 'week');
});

test('an invitation comes by itself and is answered; the team’s week shows it, and it is dragged there', async () => {
  const day = plus(wednesday(), 7); // to come, whatever day it is
  const there = `/meetings?at=${Date.parse(`${day}T12:00+03:00`)}`;
  const page = await pages.openAs(centre.boris, there);
  const draft = { title: 'Planning', start: `${day}T14:00`, minutes: 30, timeZone: 'Europe/Moscow', userIds: [centre.boris.userId], rule: 'FREQ=DAILY;COUNT=2' }; // prettier-ignore
  expect((await centre.anna.post('/api/meetings', draft)).status).toBe(201);
  await page.getByRole('button', { name: 'Accept: Planning' }).click();
  await page.getByRole('button', { name: 'Accept: Planning' }).waitFor({ state: 'detached' });
  const anna = await pages.openAs(centre.anna, there);
  await anna.getByRole('button', { name: 'Team' }).click();
  const row = anna.getByRole('row', { name: /^Boris/ });
  await row.getByRole('button', { name: /Planning/ }).first().waitFor(); // prettier-ignore
  expect(await pages.axe(anna)).toEqual([]);
  await pages.shot(anna, 'team');
  const square = anna.getByRole('row', { name: /^Anna/ }).locator(`td[data-day="${day}"]`).getByRole('button', { name: /Planning/ }); // prettier-ignore
  await square.dragTo(anna.getByRole('row', { name: /^Anna/ }).locator(`td[data-day="${plus(day, -1)}"]`));
  await row.locator(`td[data-day="${plus(day, -1)}"]`).getByRole('button', { name: /14:00–14:30 Planning/ }).waitFor(); // prettier-ignore
  await row.locator(`td[data-day="${plus(day, 1)}"]`).getByRole('button', { name: /Planning/ }).waitFor(); // prettier-ignore
});

test('what came of a meeting with a client is asked, and a month in the dark is whole', async () => {
  const ago = new Date(Date.now() - 86_400_000).toISOString().slice(0, 10);
  await centre.anna.post('/api/meetings', { title: 'Demo', start: `${ago}T10:00`, minutes: 30, timeZone: 'UTC', clientId: centre.ivan, kind: 'demo' }); // prettier-ignore
  const page = await pages.openAs(centre.anna, '/meetings', { colorScheme: 'dark' });
  await page.getByLabel(/^Result: Demo · Ivan Petrov/).fill('They buy');
  await page.keyboard.press('Enter');
  await page.getByLabel(/^Result: Demo/).waitFor({ state: 'detached' });
  await page.getByRole('button', { name: 'Month' }).click();
  await page.getByRole('button', { name: /Demo · Ivan Petrov/ }).waitFor();
  expect(await pages.axe(page)).toEqual([]);
  await pages.shot(page, 'month');
  await page.goto(`${centre.url}/clients/${centre.ivan}`);
  await page.getByText('They buy').first().waitFor();
});

test('a time is found by the keyboard; into a colleague’s calendar by dragging; rooms', async () => {
  const chief = await centre.signIn('manager', { name: 'Marta' });
  const day = plus(wednesday(), 14);
  const there = `/meetings?at=${Date.parse(`${day}T12:00+03:00`)}`;
  // whatever holidays there are when this runs
  const week = Array.from({ length: 7 }, () => [{ from: 540, to: 1080 }]);
  for (const { userId } of [chief, centre.anna])
    await centre.admin.put(`/api/schedules/${userId}`, { version: 0, kind: 'week', week, holidays: false });
  // everything before ten of that day is taken
  await centre.anna.post('/api/meetings', { title: 'Morning', start: `${day}T09:00`, minutes: 60, timeZone: 'Europe/Moscow' });
  const page = await pages.openAs(chief, there);
  await page.getByRole('button', { name: 'Rooms' }).click();
  await page.getByLabel('Name').fill('Green room');
  await page.keyboard.press('Enter');
  await page.getByRole('row', { name: /Green room/ }).waitFor();
  expect(await pages.axe(page)).toEqual([]);
  await pages.shot(page, 'rooms');
  await page.getByRole('button', { name: 'New meeting' }).click();
  await page.getByLabel('What', { exact: true }).fill('Together');
  await page.getByLabel('Begins').fill(`${day}T18:30`);
  await page.getByRole('checkbox', { name: 'Anna' }).check();
  await page.getByRole('checkbox', { name: 'Green room' }).check();
  await page.getByRole('button', { name: 'Choose a client' }).click();
  await page.getByRole('combobox', { name: /./ }).last().fill('Petrov');
  await page.getByRole('option', { name: /Ivan Petrov/ }).click();
  await page.getByRole('button', { name: 'Find a time' }).focus();
  await page.keyboard.press('Enter');
  await page.locator('[data-time]').first().waitFor();
  await expect
    .poll(
      () =>
        page
          .locator('[data-time]')
          .first()
          .evaluate((b) => b.matches(':focus')),
      { timeout: 20_000 },
    )
    .toBe(true);
  expect(await pages.axe(page)).toEqual([]);
  await pages.shot(page, 'times');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Enter');
  expect(await page.getByLabel('Begins').inputValue()).toBe(`${day}T11:00`);
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByRole('row', { name: /Green room/ }).getByRole('button', { name: /11:00–12:00 Together · Ivan Petrov/ }).waitFor(); // prettier-ignore
  await page.getByRole('button', { name: 'Team' }).click();
  const of = (name: RegExp) => page.getByRole('row', { name }).locator(`td[data-day="${day}"]`);
  await of(/^Marta/).getByRole('button', { name: /Together/ }).dragTo(of(/^Boris/)); // prettier-ignore
  await page.getByText('“Together” is in the calendar of Boris now').waitFor();
  await of(/^Boris/).getByRole('button', { name: /11:00–12:00 Together/ }).waitFor(); // prettier-ignore
  await of(/^Marta/).getByRole('button', { name: /Together/ }).waitFor({ state: 'detached' }); // prettier-ignore
  await page.getByRole('button', { name: 'Undo' }).last().click();
  await of(/^Marta/).getByRole('button', { name: /Together/ }).waitFor(); // prettier-ignore
});
