import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { PhoneStats } from '../../softphone/index.ts';
import { noBrowser, refuseMicrophone, startDesktop } from '../softphone/browser.ts';
import type { Desktop } from '../softphone/browser.ts';
import { startSipProxy } from '../softphone/sip-proxy.ts';
import type { SipProxy } from '../softphone/sip-proxy.ts';
import { ensureStack } from '../stack/index.ts';
import type { Asterisk } from '../stack/index.ts';

describe.skipIf(noBrowser)('the softphone on a real Asterisk', () => {
  let desktop: Desktop;
  let asterisk: Asterisk;
  let page: Page;
  let proxy: SipProxy;

  beforeAll(async () => {
    ({ asterisk } = await ensureStack({ parts: ['asterisk'] }));
    await asterisk.start();
    proxy = await startSipProxy(asterisk.wsUrl);
    desktop = await startDesktop();
  });
  afterEach(async ({ task }) => {
    if (task.result?.state === 'fail')
      console.log((await page.evaluate(() => window.desk.logged.filter((l) => !l.startsWith('debug')))).join('\n'));
    asterisk.rasterisk('channel request hangup all');
    proxy.refuse(false);
    await page.evaluate(() => (window.desk.element.account = null));
    await until(() => state(), 'off');
    await page.context().close();
    proxy.rewrite = (frame) => frame;
  });
  afterAll(async () => {
    await desktop?.close();
    await proxy?.close();
  });

  const state = () => page.evaluate(() => window.desk.states.at(-1));
  const call = () => page.evaluate(() => window.desk.calls.at(-1) ?? null);
  const callState = async () => (await call())?.state;
  const stats = () => page.evaluate(() => window.desk.element.stats());

  async function signIn(extension: string, password = `secret-${extension}`, server = asterisk.wsUrl): Promise<void> {
    page = await desktop.open();
    await page.evaluate((account) => (window.desk.element.account = account), {
      extension,
      password,
      domain: '127.0.0.1',
      server,
      iceServers: [],
    });
  }

  const until = <T>(read: () => Promise<T>, value: T, timeout = 15_000) => expect.poll(read, { timeout, interval: 100 }).toEqual(value);

  /** @returns what came and went in between, which is to be more than half a second of sound in each direction. */
  async function soundFlows(): Promise<PhoneStats> {
    const before = (await stats())!;
    await expect.poll(async () => (await stats())!.packetsSent - before.packetsSent, { timeout: 10_000 }).toBeGreaterThan(25);
    await expect.poll(async () => (await stats())!.packetsReceived - before.packetsReceived, { timeout: 10_000 }).toBeGreaterThan(25);
    return (await stats())!;
  }

  /** How loud it is for two seconds, in which the browser's pretended microphone beeps twice. */
  async function loudness(): Promise<number> {
    const before = await page.evaluate(() => window.desk.heard());
    await page.waitForTimeout(2000);
    return (await page.evaluate(() => window.desk.heard())) - before;
  }

  const channels = () => asterisk.rasterisk('core show channels count').match(/(\d+) active channel/)?.[1];
  const contacts = (extension: string) => asterisk.rasterisk('pjsip show contacts').includes(`${extension}/sip:`);

  test('registers, calls the echo, hears itself in Opus, hangs up; the call is gone on both sides', async () => {
    await signIn('101');
    await until(state, 'registered');
    expect(contacts('101')).toBe(true);

    await page.getByLabel('Number to call').fill('600');
    await page.keyboard.press('Enter');
    await until(callState, 'talking');
    expect((await soundFlows()).codec).toBe('audio/opus');

    await page.getByRole('button', { name: 'Hang up' }).click();
    await until(callState, 'ended');
    expect(await call()).toMatchObject({ direction: 'out', number: '600', endReason: 'local', problem: null });
    await until(async () => channels(), '0');
  });

  test('an incoming call rings with its Linkedid, is answered by a click, sounds both ways, ends when the far end hangs up', async () => {
    await signIn('102');
    await until(state, 'registered');
    asterisk.rasterisk('channel originate Local/102@from-internal application Echo');
    await until(callState, 'ringing');
    expect((await call())!.alloCall).toMatch(/^\d+\.\d+$/);

    await page.getByRole('button', { name: 'Answer' }).click();
    await until(callState, 'talking');
    await soundFlows();

    asterisk.rasterisk('channel request hangup all');
    await until(callState, 'ended');
    expect((await call())!.endReason).toBe('remote');
  });

  test('a microphone that is refused leaves the call ringing; once it is allowed, the same call is answered', async () => {
    await signIn('102');
    await refuseMicrophone(page, true);
    await until(state, 'registered');
    asterisk.rasterisk('channel originate Local/102@from-internal application Echo');
    await until(callState, 'ringing');
    await page.getByRole('button', { name: 'Answer' }).click();
    await until(async () => (await call())?.problem, 'microphone-refused');
    expect(await callState()).toBe('ringing');

    await refuseMicrophone(page, false);
    await page.getByRole('button', { name: 'Answer again' }).click();
    await until(callState, 'talking');
    expect((await call())!.problem).toBeNull();
    await soundFlows();
  });

  test('a caller who gives up stops the ring; a second caller hears busy', async () => {
    await signIn('103');
    await until(state, 'registered');
    asterisk.rasterisk('channel originate Local/103@from-internal application Echo');
    await until(callState, 'ringing');
    const first = (await call())!.id;
    asterisk.rasterisk('channel originate Local/103@from-internal application Echo');
    // Of each call that is not refused there are three: the two halves of Local, and the phone's.
    await until(async () => channels(), '3');
    expect(await call()).toMatchObject({ id: first, state: 'ringing' });

    asterisk.rasterisk('channel request hangup all');
    await until(callState, 'ended');
    expect((await call())!.endReason).toBe('cancelled');
  });

  test('a rejected call is gone for both; a number that is not there is told as such', async () => {
    await signIn('104');
    await until(state, 'registered');
    asterisk.rasterisk('channel originate Local/104@from-internal application Echo');
    await until(callState, 'ringing');
    await page.getByRole('button', { name: 'Reject' }).click();
    await until(callState, 'ended');
    expect((await call())!.endReason).toBe('local');
    await until(async () => channels(), '0');

    await page.evaluate(() => window.desk.element.dial('*9'));
    await until(callState, 'ended');
    expect(await call()).toMatchObject({ number: '*9', endReason: 'failed', problem: 'not-found' });
    await expect(page.getByText('There is no such number').first().textContent()).resolves.toBeTruthy();
  });

  test('mute sends silence, and unmute sound again', async () => {
    await signIn('107');
    await until(state, 'registered');
    await page.evaluate(() => window.desk.element.dial('600'));
    await until(callState, 'talking');
    await soundFlows();

    await page.getByRole('button', { name: 'Mute' }).click();
    expect((await call())!.muted).toBe(true);
    await expect.poll(loudness, { timeout: 15_000 }).toBeLessThan(1e-6);
    await page.getByRole('button', { name: 'Mute' }).click();
    expect((await call())!.muted).toBe(false);
    await expect.poll(loudness, { timeout: 15_000 }).toBeGreaterThan(1e-4);
  });

  test('a wrong password is told as refused', async () => {
    await signIn('105', 'not-the-secret');
    await until(state, 'refused');
    expect(contacts('105')).toBe(false);
    await expect(page.getByText('The phone server does not accept').textContent()).resolves.toBeTruthy();
  });

  test('only the socket is lost: the talk goes on, and what was hung up meanwhile is hung up for Asterisk too', async () => {
    await signIn('108', undefined, proxy.url);
    await until(state, 'registered');
    await page.evaluate(() => window.desk.element.dial('600'));
    await until(callState, 'talking');
    await soundFlows();

    proxy.refuse(true);
    proxy.cut();
    await until(state, 'lost');
    await soundFlows();
    expect(await callState()).toBe('talking');
    await page.getByRole('button', { name: 'Hang up' }).click();
    await until(callState, 'ended');
    expect(channels()).toBe('1');
    proxy.refuse(false);
    await until(state, 'registered', 30_000);
    await until(async () => channels(), '0');
  });

  test('a socket that looks open and answers nothing is found out when the tab comes back, and replaced', async () => {
    await signIn('109', undefined, proxy.url);
    await until(state, 'registered');
    proxy.freeze();
    await page.evaluate(() => window.dispatchEvent(new Event('online')));
    await until(state, 'lost', 20_000);
    await until(state, 'registered', 20_000);
    expect(contacts('109')).toBe(true);
  });

  test('a hostile name of the caller is shown as text, on one line, cut', async () => {
    const names = [
      '"<img src=x onerror=alert(1)>"',
      '"a\\"b\u0001\u0000\u202Ec"',
      `"${'Ж'.repeat(300)}"`,
      '"two\r\n lines"',
      '"😀 Иван"',
      'Иван',
      '"un\\"',
      '"x" "y"',
    ];
    await signIn('110', undefined, proxy.url);
    await until(state, 'registered');
    for (const name of names) {
      proxy.rewrite = (frame) => frame.replace(/^From: .*?</m, `From: ${name} <`);
      const before = await page.evaluate(() => window.desk.calls.length);
      asterisk.rasterisk('channel originate Local/110@from-internal application Echo');
      await expect
        .poll(async () => (await page.evaluate(() => window.desk.calls.length)) > before && (await callState()), { message: name })
        .toBe('ringing');
      const shown = (await call())!.name;
      expect(shown).not.toMatch(/[\u0000-\u001f\u202a-\u202e]/);
      expect(shown.length).toBeLessThanOrEqual(80);
      expect(shown, name).not.toMatch(/^$|\\/);
      await expect(page.getByRole('alert').locator('.who').textContent()).resolves.toBe(shown);
      asterisk.rasterisk('channel request hangup all');
      await until(callState, 'ended');
    }
    expect(await page.locator('img').count()).toBe(0);
  });

  test('Asterisk restarts: the phone says so, and registers again by itself', async () => {
    await signIn('106');
    await until(state, 'registered');
    await asterisk.stop();
    await until(state, 'lost');
    await asterisk.start();
    await until(state, 'registered', 40_000);
    expect(contacts('106')).toBe(true);
    expect(await page.evaluate(() => window.desk.states)).toEqual(['connecting', 'registered', 'lost', 'registered']);
  });
});
