import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { finishRecordings } from '../../server/recordings/jobs.ts';
import { diskStore } from '../../server/recordings/store.ts';
import { until } from '../support/call-centre.ts';
import { launchBrowser } from '../support/chromium.ts';
import { REF, startDesk } from '../support/desk.ts';
import { PASSWORD } from '../support/server.ts';

/** The controls of a desk phone, the pause, and the player, in a browser: the server and its bridge are real, the manager is the test's. */
const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

let browser: Browser;
let desk: Awaited<ReturnType<typeof startDesk>>;
/** Where pictures go, for whoever wants to look at the screens. */
const shots = process.env.ALLO_TEST_SHOTS;
const complaints: string[] = [];

beforeAll(async () => {
  [browser, desk] = await Promise.all([launchBrowser(), startDesk('sqlite')]);
  await desk.db('queues').where({ name: 'support' }).update({ record: 'all' });
  await desk.begin();
});
afterAll(async () => {
  await browser?.close();
  await desk?.close();
});

const open = async (who: { login: string }, path: string, look: { colorScheme?: 'dark' | 'light'; ru?: boolean } = {}): Promise<Page> => {
  await desk
    .db('users')
    .where({ login: who.login })
    .update({ language: look.ru ? 'ru' : 'en' });
  const context = await browser.newContext({
    locale: look.ru ? 'ru-RU' : 'en-GB',
    viewport: { width: 1280, height: 720 },
    colorScheme: look.colorScheme ?? 'light',
  });
  const page = await context.newPage();
  page.setDefaultTimeout(8_000);
  page.on('pageerror', (err) => complaints.push(err.message));
  page.on('console', (m) => {
    if (m.type() === 'error' && !m.text().startsWith('Failed to load resource')) complaints.push(m.text());
  });
  await page.goto(desk.url);
  await page.locator('input[name=login], input[autocomplete=username]').first().fill(who.login);
  await page.locator('input[type=password]').first().fill(PASSWORD);
  await page.keyboard.press('Enter');
  await page.locator('allo-phone-panel').waitFor({ state: 'attached' });
  await page.goto(desk.url + path);
  return page;
};

const axe = async (page: Page): Promise<string[]> => {
  await page.evaluate(readFileSync(AXE, 'utf8'));
  return page.evaluate(async () => {
    const { axe: run } = window as unknown as {
      axe: { run(options: object): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> };
    };
    const { violations } = await run.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] });
    return violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.html.slice(0, 160)).join(' | ')}`);
  });
};

const picture = async (page: Page, name: string) => {
  if (shots) await page.screenshot({ path: join(shots, `${name}.png`) });
};

test('in the talk: keys, transfer, and a pause of the recording, by button and by key', async () => {
  const page = await open(desk.anna, `/calls/${encodeURIComponent(REF)}`);
  const panel = page.locator('allo-call-controls');
  const press = (name: string) => panel.getByRole('button', { name, exact: true }).click();
  await panel.getByRole('button', { name: 'Pause recording' }).waitFor();
  await press('Pause recording');
  await panel.getByRole('button', { name: 'Record again' }).waitFor();
  expect((await desk.db('recordings').first()).state).toBe('paused');
  await page.keyboard.press('Alt+KeyP');
  await panel.getByRole('button', { name: 'Pause recording' }).waitFor();
  await press('Keys');
  await press('5');
  await desk.control.asked('PlayDTMF');
  await press('Transfer');
  await panel.getByLabel('Colleague').selectOption({ label: 'Boris · 202' });
  expect(await axe(page)).toEqual([]);
  await picture(page, 'talk-en-light');
  await press('Transfer now');
  expect(await desk.control.asked('BlindTransfer')).toMatchObject({ Exten: '202' });
});

test('a supervisor listens in from the page of the call; an operator has no such button', async () => {
  const page = await open(desk.vera, `/calls/${encodeURIComponent(REF)}`, { colorScheme: 'dark', ru: true });
  await page.getByRole('button', { name: 'Слушать', exact: true }).click();
  await desk.control.asked('Originate');
  expect(await axe(page)).toEqual([]);
  await picture(page, 'spy-ru-dark');
  const anna = await open(desk.anna, `/calls/${encodeURIComponent(REF)}`);
  await anna.locator('allo-call-controls').getByRole('button', { name: 'Hold' }).waitFor();
  expect(await anna.getByRole('button', { name: 'Listen', exact: true }).count()).toBe(0);
});

test('the player: plays, seeks by keyboard and by pointer, changes speed; heard in the call and in the client’s history', async () => {
  const client = await desk.vera.post('/api/clients', { name: 'Ivan Petrov', phones: [{ raw: '79000000001' }] });
  const clientId = client.body.client.id as number;
  expect((await desk.anna.post(`/api/calls/${REF}/attach`, { clientId })).status).toBe(204);
  await desk.end();
  const row = await until(
    () => desk.db('recordings').first(),
    (r) => r.state === 'closing',
  );
  const path = join(desk.spool, 'monitor', row.file);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, speech(30));
  await finishRecordings(desk.app.deps, diskStore(desk.config.pbxs));

  const page = await open(desk.anna, `/calls/${encodeURIComponent(REF)}`);
  const player = page.locator('allo-player');
  const slider = player.getByRole('slider');
  await player.getByRole('button', { name: 'Play' }).click();
  await player.getByRole('button', { name: 'Pause' }).waitFor();
  await expect.poll(async () => Number(await slider.getAttribute('aria-valuenow')), { timeout: 8_000 }).toBeGreaterThan(0);
  await slider.focus();
  await page.keyboard.press('End');
  await expect.poll(() => slider.getAttribute('aria-valuenow')).toBe('30');
  await page.keyboard.press('Home');
  await page.keyboard.press('ArrowRight');
  await expect.poll(async () => Number(await slider.getAttribute('aria-valuenow'))).toBeGreaterThanOrEqual(5);
  await player.getByRole('button', { name: 'Speed 1×' }).click();
  await player.getByRole('button', { name: 'Speed 1.5×' }).waitFor();
  const box = (await slider.boundingBox())!;
  await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
  await expect.poll(async () => Number(await slider.getAttribute('aria-valuenow'))).toBeGreaterThanOrEqual(14);
  expect(await axe(page)).toEqual([]);
  await picture(page, 'player-en-light');
  expect(await desk.audit('recording.listened')).toHaveLength(1);

  const history = await open(desk.anna, `/clients/${clientId}`, { colorScheme: 'dark', ru: true });
  await history.getByRole('button', { name: 'Прослушать запись' }).click();
  await history.locator('allo-player').getByRole('slider').waitFor();
  expect(await axe(history)).toEqual([]);
  await picture(history, 'history-ru-dark');
  expect(complaints).toEqual([]);
});

/** So many seconds of something like words, as Asterisk writes it. */
function speech(seconds: number): Buffer {
  const samples = seconds * 8_000;
  const data = Buffer.alloc(samples * 2);
  for (let i = 0; i < samples; i += 1) {
    const word = Math.max(0, Math.sin(i / 2_500)) * (0.4 + 0.6 * Math.abs(Math.sin(i / 19_000)));
    data.writeInt16LE(Math.round(Math.sin(i / 6) * word * 20_000), i * 2);
  }
  const head = Buffer.from('RIFF\0\0\0\0WAVEfmt \x10\0\0\0\x01\0\x01\0\x40\x1f\0\0\x80\x3e\0\0\x02\0\x10\0data\0\0\0\0', 'latin1');
  head.writeUInt32LE(36 + data.length, 4);
  head.writeUInt32LE(data.length, 40);
  return Buffer.concat([head, data]);
}
