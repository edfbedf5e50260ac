import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { PhoneStats } from '../../softphone/index.ts';
import { noBrowser, startDesktop } from '../softphone/browser.ts';
import type { Desktop } from '../softphone/browser.ts';
import { startMediaRelay } from '../softphone/media-relay.ts';
import type { MediaRelay } from '../softphone/media-relay.ts';
import { startSipProxy } from '../softphone/sip-proxy.ts';
import type { SipProxy } from '../softphone/sip-proxy.ts';
import { ensureStack } from '../stack/index.ts';
import type { Asterisk } from '../stack/index.ts';

/** After a reload of the page. */
const SOUND_BACK_WITHIN_MS = 2_000;

/** The network is a proxy of the SIP socket and a relay of the sound, both under the test's hand: nothing else leads from the browser to Asterisk. */
describe.skipIf(noBrowser)('a call survives', () => {
  let desktop: Desktop;
  let hiding: Desktop | undefined;
  let asterisk: Asterisk;
  let page: Page;
  let proxy: SipProxy;
  let relay: MediaRelay;

  beforeAll(async () => {
    ({ asterisk } = await ensureStack({ parts: ['asterisk'] }));
    await asterisk.start();
    proxy = await startSipProxy(asterisk.wsUrl);
    relay = await startMediaRelay(12);
    proxy.rewrite = (frame) => relay.toBrowser(frame);
    proxy.rewriteOut = (frame) => relay.toAsterisk(frame);
    desktop = await startDesktop();
  });
  afterEach(async ({ task }) => {
    if (task.result?.state === 'fail')
      console.log((await page.evaluate(() => window.desk.logged.filter((l) => !l.startsWith('debug')))).slice(-40).join('\n'));
    asterisk.rasterisk('channel request hangup all');
    proxy.refuse(false);
    relay.cut = false;
    await page.evaluate(() => window.desk.signIn(null));
    await page.context().close();
  });
  afterAll(async () => {
    await desktop?.close();
    await hiding?.close();
    await proxy?.close();
    relay?.close();
  });

  const state = () => page.evaluate(() => window.desk.states.at(-1));
  const call = () => page.evaluate(() => window.desk.calls.at(-1) ?? null);
  const callState = async () => (await call())?.state;
  const stats = () => page.evaluate(() => window.desk.element.stats());
  const until = <T>(read: () => Promise<T>, value: T, timeout = 15_000) => expect.poll(read, { timeout, interval: 100 }).toEqual(value);
  const channels = () => asterisk.rasterisk('core show channels count').match(/(\d+) active channel/)?.[1];

  async function signIn(extension: string, where = desktop): Promise<void> {
    page = await where.open();
    const account = { extension, password: `secret-${extension}`, domain: '127.0.0.1', server: proxy.url, iceServers: [] };
    await page.evaluate((who) => window.desk.signIn(who), account);
    await until(state, 'registered');
  }

  async function soundFlows(): Promise<void> {
    const before: PhoneStats = (await stats())!;
    await expect.poll(async () => (await stats())!.packetsSent - before.packetsSent, { timeout: 10_000 }).toBeGreaterThan(25);
    await expect.poll(async () => (await stats())!.packetsReceived - before.packetsReceived, { timeout: 10_000 }).toBeGreaterThan(25);
  }

  /** The pretended microphone beeps; whether the beeps come back from the echo. */
  async function hearsItself(): Promise<void> {
    const before = await page.evaluate(() => window.desk.heard());
    await expect.poll(async () => (await page.evaluate(() => window.desk.heard())) - before, { timeout: 10_000 }).toBeGreaterThan(1e-4);
  }

  async function talkWithEcho(): Promise<void> {
    await page.evaluate(() => window.desk.element.dial('600'));
    await until(callState, 'talking');
    await soundFlows();
  }

  test('a reload of the page: the sound is back, and still there 20 s later; it is one call to the end', async () => {
    await signIn('101');
    await talkWithEcho();
    await page.getByRole('button', { name: 'Mute' }).click();
    const before = (await call())!;
    await page.reload();
    const ms = await page.evaluate(() => window.desk.firstSound());
    console.log(`reload: sound ${Math.round(ms)} ms after the page began`);
    expect(ms).toBeLessThan(SOUND_BACK_WITHIN_MS);
    expect(await call()).toMatchObject({ id: before.id, number: '600', answeredAt: before.answeredAt, muted: true });
    await until(async () => channels(), '1');
    await page.getByRole('button', { name: 'Mute' }).click();
    await hearsItself();
    await page.waitForTimeout(20_000);
    await soundFlows();
    await hearsItself();
    expect((await call())!.mending).toBe(false);
    await page.getByRole('button', { name: 'Hang up' }).click();
    await until(async () => channels(), '0');
    await page.reload();
    await until(state, 'registered');
    expect(await page.evaluate(() => window.desk.calls)).toEqual([]);
  });

  test('a call that ended while the page was reloading is told as lost', async () => {
    await signIn('101');
    await talkWithEcho();
    proxy.refuse(true);
    await page.reload();
    asterisk.rasterisk('channel request hangup all');
    await until(async () => channels(), '0');
    proxy.refuse(false);
    await until(callState, 'ended');
    expect(await call()).toMatchObject({ endReason: 'failed', problem: 'call-lost' });
  });

  test('the network is gone for 5 s: ICE mends itself, in the same session', async () => {
    await signIn('102');
    await talkWithEcho();
    relay.cut = true;
    await page.waitForTimeout(5_000);
    relay.cut = false;
    await soundFlows();
    await until(async () => (await call())!.mending, false);
    await page.waitForTimeout(20_000);
    await soundFlows();
    await hearsItself();
    expect(await page.evaluate(() => window.desk.legs())).toBe(1);
    expect(channels()).toBe('1');
  });

  test('the network is gone for 20 s, the socket with it: a new leg takes the place of the old one', async () => {
    await signIn('103');
    await talkWithEcho();
    relay.cut = true;
    proxy.freeze();
    proxy.refuse(true);
    await until(async () => (await call())!.mending, true, 20_000);
    await until(state, 'lost', 20_000);
    await page.waitForTimeout(10_000);
    relay.cut = false;
    proxy.refuse(false);
    const back = Date.now();
    await until(async () => (await call())!.mending, false, 30_000);
    console.log(`network back: sound ${Date.now() - back} ms later`);
    await soundFlows();
    await hearsItself();
    await page.waitForTimeout(20_000);
    await soundFlows();
    await hearsItself();
    expect(await page.evaluate(() => window.desk.legs())).toBe(2);
    await until(async () => channels(), '1');
    await page.getByRole('button', { name: 'Hang up' }).click();
    await until(async () => channels(), '0');
  });

  test('two tabs: one leads, the other shows and works it; when the leader is closed in a call, the other takes the call up', async () => {
    await signIn('104');
    const leader = page;
    const other = await desktop.openBeside(leader.context());
    await other.evaluate((account) => window.desk.signIn(account), await leader.evaluate(() => window.desk.element.account));
    await other.getByText('in another tab').waitFor();
    await other.evaluate(() => window.desk.element.dial('600'));
    await until(callState, 'talking');
    await other.getByRole('button', { name: 'Mute' }).click();
    await until(async () => (await call())!.muted, true);
    expect(await other.evaluate(() => window.desk.legs())).toBe(0);
    await other.getByRole('button', { name: 'Mute' }).click();
    await until(async () => (await call())!.muted, false);

    await leader.close();
    page = other;
    await until(() => page.evaluate(() => window.desk.legs()), 1);
    await until(async () => (await call())?.mending, false);
    await soundFlows();
    await hearsItself();
    await until(async () => channels(), '1');
  });

  test('a hidden tab whose timers the browser stops: it stays registered, and rings', async () => {
    hiding = await startDesktop({ hides: true });
    let registers = 0;
    proxy.rewriteOut = (frame) => {
      if (frame.startsWith('REGISTER')) registers++;
      return relay.toAsterisk(frame);
    };
    // As a server that wants to hear of its phones every few seconds.
    proxy.rewrite = (frame) => relay.toBrowser(frame).replace(/(?<=^Contact:.*;expires=)\d+/gm, '4');
    await signIn('106', hiding);
    await hiding.hide(page);
    await page.evaluate(() => {
      const tick = () => setTimeout(tick, 500, window.desk.said.push('tick'));
      tick();
    });
    const ticks = () => page.evaluate(() => window.desk.said.length);
    /**
     * How often the page's own timers, which are due twice a second, have run while the phone registered five times. Once in a minute they do
     * run, and a phone that hung on them would then register up to three times.
     */
    const meanwhile = async () => {
      const [before, ticked] = [registers, await ticks()];
      await expect.poll(() => registers - before, { timeout: 40_000 }).toBeGreaterThanOrEqual(5);
      return (await ticks()) - ticked;
    };
    await expect.poll(meanwhile, { timeout: 90_000, interval: 100 }).toBeLessThanOrEqual(2);
    expect(await state()).toBe('registered');
    expect(await page.evaluate(() => document.visibilityState)).toBe('hidden');
    asterisk.rasterisk('channel originate Local/106@from-internal application Echo');
    await until(callState, 'ringing');
    proxy.rewrite = (frame) => relay.toBrowser(frame);
  });

  test('the machine sleeps for 25 s: the phone asks at once whether it is still registered, and rings', async () => {
    await signIn('105');
    let registers = 0;
    proxy.rewriteOut = (frame) => {
      if (frame.startsWith('REGISTER')) registers++;
      return relay.toAsterisk(frame);
    };
    desktop.sleep(true);
    await new Promise((resolve) => setTimeout(resolve, 25_000)); // longer than Asterisk believes in a phone that does not answer
    expect(registers).toBe(0);
    desktop.sleep(false);
    await expect.poll(() => registers, { timeout: 15_000 }).toBeGreaterThan(0);
    await until(state, 'registered');
    // Asterisk asks a phone every 15 s whether it is there, and does not ring one that has not answered.
    await expect.poll(() => asterisk.rasterisk('pjsip show contacts'), { timeout: 25_000, interval: 500 }).toMatch(/105\/sip:.*\bAvail\b/);
    asterisk.rasterisk('channel originate Local/105@from-internal application Echo');
    await until(callState, 'ringing');
    await page.getByRole('button', { name: 'Answer' }).click();
    await until(callState, 'talking');
    await soundFlows();
  });
});
