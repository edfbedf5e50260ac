import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { noBrowser, startDesktop } from '../softphone/browser.ts';
import type { Desktop } from '../softphone/browser.ts';
import { ensureStack } from '../stack/index.ts';
import type { Asterisk } from '../stack/index.ts';
import { startPulse } from '../support/pulse.ts';
import type { Pulse } from '../support/pulse.ts';

/** Devices of a sound server, as a browser sees those of a machine; where the sound really goes, the sound server says. */
describe.skipIf(noBrowser)('devices of the softphone', () => {
  let desktop: Desktop;
  let asterisk: Asterisk;
  let pulse: Pulse;
  let page: Page;

  beforeAll(async () => {
    ({ asterisk } = await ensureStack({ parts: ['asterisk'] }));
    await asterisk.start();
    pulse = await startPulse();
    for (const name of ['Desk', 'Headset', 'Loudspeaker']) pulse.plug(name);
    desktop = await startDesktop({ pulse: pulse.server });
  });
  afterEach(async ({ task }) => {
    if (task.result?.state === 'fail')
      console.log((await page.evaluate(() => window.desk.logged.filter((l) => !l.startsWith('debug')))).slice(-40).join('\n'));
    asterisk.rasterisk('channel request hangup all');
    await page.context().close();
  });
  afterAll(async () => {
    await desktop?.close();
    await pulse?.close();
  });

  const until = <T>(read: () => Promise<T> | T, value: T) => expect.poll(read, { timeout: 15_000, interval: 100 }).toEqual(value);
  const playsOn = (name: string) => expect.poll(() => pulse.playing(), { timeout: 15_000, interval: 100 }).toContain(name);
  const onDesk = () => pulse.playing().filter((name) => name === 'Desk').length;
  const callState = async () => (await page.evaluate(() => window.desk.calls.at(-1)))?.state;
  const heard = async () => {
    const before = await page.evaluate(() => window.desk.heard());
    await expect.poll(async () => (await page.evaluate(() => window.desk.heard())) - before, { timeout: 10_000 }).toBeGreaterThan(1e-4);
  };

  test('ring and voice have their own devices; a headset that is pulled out in a call is told and replaced, and taken again', async () => {
    page = await desktop.open();
    const account = { extension: '101', password: 'secret-101', domain: '127.0.0.1', server: asterisk.wsUrl, iceServers: [] };
    await page.evaluate((who) => {
      window.desk.element.echoNumber = '600';
      window.desk.signIn(who);
    }, account);
    await until(() => page.evaluate(() => window.desk.states.at(-1)), 'registered');

    // Chosen with the keyboard alone.
    await page.getByRole('button', { name: 'Sound and devices' }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Test microphone' }).focus();
    await page.keyboard.press('Enter');
    await expect
      .poll(async () => Number(await page.getByRole('meter').getAttribute('aria-valuenow')), { timeout: 10_000 })
      .toBeGreaterThan(20);
    await page.getByRole('button', { name: 'Stop test' }).press('Enter');
    await page.getByLabel('Microphone', { exact: true }).selectOption('Headset_mic');
    await page.getByLabel('Voices are heard on').selectOption('Headset');
    await page.getByLabel('It rings on').selectOption('Loudspeaker');
    await page.getByRole('slider', { name: 'Volume of the ring' }).focus();
    for (let i = 0; i < 4; i++) await page.keyboard.press('ArrowLeft');
    await page.getByRole('button', { name: 'Try: Volume of the ring' }).press('Enter');
    await playsOn('Loudspeaker');

    // A new page of this browser remembers.
    await page.reload();
    await until(() => page.evaluate(() => window.desk.states.at(-1)), 'registered');
    asterisk.rasterisk('channel originate Local/101@from-internal application Echo');
    await until(callState, 'ringing');
    await playsOn('Loudspeaker');
    expect(pulse.playing()).not.toContain('Headset');
    await page.getByRole('button', { name: 'Answer' }).click();
    await until(callState, 'talking');
    await until(() => pulse.recording(), ['Headset_mic']);
    await playsOn('Headset');
    await heard();
    const atDesk = onDesk(); // the page's own silence, which every Chromium keeps open

    pulse.unplug('Headset');
    await page.getByText('“Headset” is not plugged in').waitFor();
    await page.getByText('“Headset_mic” is not plugged in').waitFor();
    await until(() => pulse.recording(), ['Desk_mic']);
    await expect.poll(onDesk, { timeout: 15_000 }).toBeGreaterThan(atDesk);

    // At once, as a loose plug does: the browser would go on with the output that was carried over to the desk.
    pulse.plug('Headset');
    await page.getByText('is back and in use').waitFor();
    await until(() => pulse.recording(), ['Headset_mic']);
    await playsOn('Headset');
    await heard();
    expect(await page.getByText('is not plugged in').count()).toBe(0);
    await page.getByRole('button', { name: 'Hang up' }).click();
    await until(() => pulse.recording(), []);

    await page.getByRole('button', { name: 'Sound and devices' }).click();
    expect(await page.getByRole('slider', { name: 'Volume of the ring' }).inputValue()).toBe('80');
    await page.evaluate(() => (window.desk.element.echoNumber = '600'));
    await page.getByRole('button', { name: 'Call the echo' }).click();
    await until(callState, 'talking');
    await heard();
  });
});
