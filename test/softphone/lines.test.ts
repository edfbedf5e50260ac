import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { DirectoryEntry, PhoneStats } from '../../softphone/index.ts';
import { qualityOf } from '../../softphone/ui/quality.ts';
import { found } from '../../softphone/ui/transfer-view.ts';
import { noBrowser, startDesktop } from './browser.ts';
import type { Desktop } from './browser.ts';

const COLLEAGUES: DirectoryEntry[] = [
  { name: 'Борис Иванович Длиннофамильный-Задунайский', extension: '102', state: 'busy' },
  { name: 'Anna', extension: '101', state: 'free' },
  { name: '<img src=x onerror=alert(1)>', extension: '103', state: 'offline' },
];
const SOUND: PhoneStats = {
  packetsSent: 0,
  packetsReceived: 0,
  bytesSent: 0,
  bytesReceived: 0,
  codec: 'audio/opus',
  jitterMs: 0,
  lost: 0,
  roundTripMs: null,
};

test('who is free stands first; a part of the name or the number finds', () => {
  expect(found(COLLEAGUES, '').map((e) => e.extension)).toEqual(['101', '102', '103']);
  expect(found(COLLEAGUES, ' задунай ').map((e) => e.extension)).toEqual(['102']);
  expect(found(COLLEAGUES, '03').map((e) => e.extension)).toEqual(['103']);
  expect(found(COLLEAGUES, 'x y')).toEqual([]);
});

test.each([
  [{}, null, 'good', 0],
  [{ packetsReceived: 95, lost: 5 }, null, 'fair', 5],
  [{ packetsReceived: 90, lost: 10 }, null, 'poor', 10],
  [{ packetsReceived: 190, lost: 10 }, { packetsReceived: 90, lost: 10 }, 'good', 0],
  [{ jitterMs: 40 }, null, 'fair', 0],
  [{ roundTripMs: 600 }, null, 'poor', 0],
  [{ packetsReceived: 1, lost: 0 }, { packetsReceived: 900, lost: 50 }, 'good', 0],
] as const)('%j after %j is %s', (now, before, grade, lossPercent) =>
  expect(qualityOf({ ...SOUND, ...now }, before && { ...SOUND, ...before })).toMatchObject({ grade, lossPercent, codec: 'opus' }),
);

describe.skipIf(noBrowser)('<allo-softphone> with two lines', () => {
  let desktop: Desktop;
  let page: Page;

  beforeAll(async () => {
    desktop = await startDesktop();
  });
  afterEach(() => page?.context().close());
  afterAll(() => desktop?.close());

  const button = (name: string) => page.getByRole('button', { name, exact: true });
  const calls = () => page.evaluate(() => window.desk.fake.state.calls);
  const open = async (query = '', options = {}) => {
    page = await desktop.open(`fake&${query}`, { viewport: { width: 320, height: 720 }, ...options });
    await page.evaluate((list) => (window.desk.element.directory = list), COLLEAGUES);
  };
  const talk = (number = '+79161234567', name = 'Иван Петров') =>
    page.evaluate(
      async ([n, who]) => {
        const { fake } = window.desk;
        await fake.answer(fake.ring({ number: n!, name: who! }));
      },
      [number, name],
    );
  const ring = (number: string) => page.evaluate((n) => window.desk.fake.ring({ number: n }), number);

  test('hold and take back, by click, key and method', async () => {
    await open();
    await talk();
    await button('Hold').click();
    expect(await calls()).toMatchObject([{ held: true }]);
    await expect.poll(() => page.getByText('On hold').first().isVisible()).toBe(true);
    await page.locator('[part~=call]').focus();
    await page.keyboard.press('h');
    expect(await calls()).toMatchObject([{ held: false }]);
    await page.evaluate(() => window.desk.element.toggleHold());
    expect(await calls()).toMatchObject([{ held: true }]);
  });

  test('a second caller knocks: answering holds the first, S swaps, J connects both', async () => {
    await open();
    await talk();
    await ring('74950001122');
    await page.getByRole('alert').filter({ hasText: '7 495 000-11-22' }).waitFor();
    await page.evaluate(() => window.desk.element.answer());
    expect(await calls()).toMatchObject([{ held: true }, { state: 'talking', held: false }]);
    await page.locator('[part~=call]').focus();
    await page.keyboard.press('s');
    expect(await calls()).toMatchObject([{ held: false }, { held: true }]);
    await page.keyboard.press('j');
    expect(await calls()).toMatchObject([{ endReason: 'transferred' }, { endReason: 'transferred' }]);
  });

  test('digits typed and clicked are sent as tones; letters in a field are letters', async () => {
    await open();
    await talk();
    await page.locator('[part~=call]').focus();
    await page.keyboard.type('12#');
    await page.keyboard.press('k');
    await button('Send 9').click();
    expect(await page.evaluate(() => window.desk.fake.tones)).toBe('12#9');
    await page.keyboard.press('Escape');
    await page.keyboard.press('t');
    await page.keyboard.type('mhk102');
    expect(await page.getByLabel('Transfer to').inputValue()).toBe('mhk102');
    expect(await page.evaluate(() => window.desk.fake.tones)).toBe('12#9');
    expect(await calls()).toMatchObject([{ muted: false, held: false }]);
  });

  test('a transfer: a wrong number is told, one that fails leaves the call, one that works ends it', async () => {
    await open();
    await talk();
    await button('Transfer').click();
    await page.getByLabel('Transfer to').fill('nobody');
    await button('Transfer now').click();
    await expect.poll(() => page.getByText('A number has digits').isVisible()).toBe(true);
    await page.getByLabel('Transfer to').fill('');
    await page.getByRole('button', { name: /^Anna/ }).click();
    await page.evaluate(() => (window.desk.fake.nextProblem = 'transfer-failed'));
    await button('Transfer now').click();
    await expect.poll(() => page.getByText('The transfer did not work').isVisible()).toBe(true);
    expect(await calls()).toMatchObject([{ state: 'talking' }]);
    await page.evaluate(() => window.desk.element.transfer('102'));
    expect(await calls()).toMatchObject([{ endReason: 'transferred' }]);
    expect(await page.locator('img').count()).toBe(0);
  });

  test('one who is asked first and is busy: that is told, and the client is still there', async () => {
    await open();
    await talk();
    await button('Transfer').click();
    await page.getByLabel('Transfer to').fill('102');
    await button('Ask first').click();
    expect(await calls()).toMatchObject([{ held: true }, { state: 'calling', number: '102' }]);
    await page.evaluate(() => window.desk.fake.remoteHangsUp('failed', 'busy'));
    await page.getByRole('alert').filter({ hasText: '102: Busy' }).waitFor();
    await button('Take back').click();
    expect((await calls())[0]).toMatchObject({ state: 'talking', held: false });
  });

  test('bad sound is told, with its figures', async () => {
    await open();
    await page.evaluate((sound) => (window.desk.fake.sound = sound), { ...SOUND, packetsReceived: 90, lost: 10, jitterMs: 12 });
    await talk();
    await page.getByText('Bad sound').click({ timeout: 10_000 });
    await expect.poll(() => page.locator('dl').innerText()).toMatch(/Lost\s+10 %\s+Jitter\s+12 ms\s+Round trip\s+—\s+Codec\s+opus/);
  });

  test('a recording that the page knows of is said beside the talk', async () => {
    await open();
    await talk();
    expect(await page.locator('[part~=recording]').count()).toBe(0);
    await page.evaluate(() => (window.desk.element.recording = 'recording'));
    await page.getByRole('status').getByText('Recording', { exact: true }).waitFor();
    await page.evaluate(() => window.desk.element.setAttribute('recording', 'paused'));
    await page.getByText('Recording paused').waitFor();
    await page.evaluate(() => window.desk.fake.remoteHangsUp());
    await expect.poll(() => page.locator('[part~=recording]').count()).toBe(0);
  });

  test('who speaks with the microphone off is told so, until it is on', async () => {
    await open();
    await talk();
    await page.evaluate(() => (window.desk.element.toggleMute(), window.desk.fake.speak()));
    await page.getByRole('alert').filter({ hasText: 'You are speaking' }).waitFor();
    await button('Mute').click();
    await expect.poll(() => page.getByText('You are speaking').count()).toBe(0);
  });

  test('sound that is being brought back is told', async () => {
    await open();
    await talk();
    await page.evaluate(() => window.desk.fake.mending(true));
    await expect.poll(() => page.getByText('The sound is gone').isVisible()).toBe(true);
  });

  test('two tabs: the second shows the call of the first without ringing, answers it, is told what is wrong, and leads when it is alone', async () => {
    page = await desktop.open('tabs');
    const second = await desktop.openBeside(page.context(), 'tabs');
    await second.getByText('in another tab').waitFor();
    await ring('74950001122');
    await second.getByRole('button', { name: 'Answer', exact: true }).waitFor();
    expect(await second.title()).toBe('Desk');
    expect(await page.title()).toContain('Incoming call');
    await second.getByRole('button', { name: 'Answer', exact: true }).click();
    await expect.poll(calls).toMatchObject([{ state: 'talking' }]);
    await second.locator('[part~=call]').focus();
    await second.keyboard.press('m');
    await second.keyboard.type('5');
    await expect.poll(calls).toMatchObject([{ muted: true }]);
    expect(await page.evaluate(() => window.desk.fake.tones)).toBe('5');
    expect(await second.evaluate(() => window.desk.element.transfer('no number'))).toBe('bad-number');
    expect(await second.evaluate(() => window.desk.element.stats())).toMatchObject({ codec: 'audio/opus' });
    await page.close();
    await expect.poll(() => second.getByText('in another tab').count()).toBe(0);
    await expect.poll(() => second.getByText('Ready for calls').isVisible()).toBe(true);
  });

  describe.each([
    ['en', 'light'],
    ['ru', 'dark'],
  ] as const)('in %s, %s', (lang, colorScheme) => {
    test('axe finds nothing serious, and nothing is wider or higher than 320 by 720', async () => {
      await open(`lang=${lang}`, { colorScheme, reducedMotion: 'reduce' });
      const press = (key: string) =>
        page
          .locator('[part~=call]')
          .focus()
          .then(() => page.keyboard.press(key));
      const states: Record<string, () => Promise<unknown>> = {
        talking: () => talk('+79161234567', `${'Очень-Длинное-Имя '.repeat(9)}`),
        muted: () => press('m'),
        knocking: () => ring('+74950001122'),
        keys: () => press('k'),
        two: () => page.evaluate(() => window.desk.element.answer()),
        one: () => page.evaluate(() => window.desk.fake.remoteHangsUp()),
        held: () => page.waitForTimeout(3_500),
        transfer: () => press('t'),
      };
      for (const [name, enter] of Object.entries(states)) {
        await enter();
        await page.waitForTimeout(50);
        const faults = await page.evaluate(async () => {
          const { violations } = await window.desk.axe.run(document, { resultTypes: ['violations'] });
          return violations.filter((v) => v.impact === 'serious' || v.impact === 'critical').map((v) => `${v.id}: ${v.nodes[0]?.html}`);
        });
        expect(faults, name).toEqual([]);
        if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}/${lang}-${name}.png` });
        const over = await page.evaluate(() => {
          const { scrollWidth, scrollHeight } = document.documentElement;
          return [scrollWidth - innerWidth, scrollHeight - innerHeight];
        });
        expect(Math.max(...over), `${name}: beyond the right edge and the foot: ${over.join()}`).toBeLessThanOrEqual(0);
      }
    });
  });
});
