import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { PhoneCall, PhoneStats } from '../../softphone/index.ts';
import { noBrowser, startDesktop } from '../softphone/browser.ts';
import type { Desktop } from '../softphone/browser.ts';
import { ensureStack } from '../stack/index.ts';
import type { Asterisk } from '../stack/index.ts';
import { startPhone } from '../support/sipp.ts';
import type { Phone } from '../support/sipp.ts';

describe.skipIf(noBrowser)('two lines of the softphone', () => {
  let desktop: Desktop;
  let asterisk: Asterisk;
  let page: Page;
  const phones: Phone[] = [];

  beforeAll(async () => {
    ({ asterisk } = await ensureStack({ parts: ['asterisk'] }));
    await asterisk.start();
    desktop = await startDesktop();
    for (const who of [201, 202]) phones.push(await startPhone(who, { does: 'answer', ringMs: 200 }));
  });
  afterEach(async ({ task }) => {
    if (task.result?.state === 'fail')
      console.log((await page.evaluate(() => window.desk.logged.filter((l) => !l.startsWith('debug')))).slice(-40).join('\n'));
    asterisk.rasterisk('channel request hangup all');
    await page.evaluate(() => window.desk.signIn(null));
    await page.context().close();
  });
  afterAll(async () => {
    await desktop?.close();
    await Promise.all(phones.map((phone) => phone.stop()));
  });

  const until = <T>(read: () => Promise<T>, value: T) => expect.poll(read, { timeout: 15_000, interval: 100 }).toEqual(value);
  /** The newest word on each call, in the order in which they began. */
  const calls = () =>
    page.evaluate(() => [...new Map(window.desk.calls.map((call) => [call.id, call])).values()]) as Promise<(PhoneCall | undefined)[]>;
  const states = async () => (await calls()).map((call) => `${call!.number} ${call!.held ? 'held' : call!.state}`);
  const button = (name: string) => page.getByRole('button', { name, exact: true });
  const channels = async () => asterisk.rasterisk('core show channels count').match(/(\d+) active channel/)?.[1];
  const stats = () => page.evaluate(() => window.desk.element.stats()) as Promise<PhoneStats>;
  const received = async (ms: number) => {
    const before = await stats();
    await page.waitForTimeout(ms);
    return (await stats()).packetsReceived - before.packetsReceived;
  };

  async function signIn(extension: string): Promise<void> {
    page = await desktop.open();
    const account = { extension, password: `secret-${extension}`, domain: '127.0.0.1', server: asterisk.wsUrl, iceServers: [] };
    await page.evaluate((who) => window.desk.signIn(who), account);
    await until(() => page.evaluate(() => window.desk.states.at(-1)), 'registered');
  }

  async function talkWith(number: string): Promise<void> {
    await page.evaluate((to) => window.desk.element.dial(to), number);
    await until(async () => (await states()).at(-1), `${number} talking`);
    await expect.poll(() => received(500), { timeout: 10_000 }).toBeGreaterThan(10);
  }

  test('hold stops the sound, and taking back brings it; tones arrive as they are typed and clicked', async () => {
    await signIn('101');
    await talkWith('201');
    await button('Hold').click();
    await until(states, ['201 held']);
    await expect.poll(() => received(1_000), { timeout: 10_000 }).toBe(0);
    await button('Take back').click();
    await until(states, ['201 talking']);
    await expect.poll(() => received(1_000), { timeout: 10_000 }).toBeGreaterThan(30);
    await button('Hang up').click();
    await until(states, ['201 ended']);

    for (const step of ['605,1,Answer()', '605,2,Read(GLOBAL(TYPED),,4,,,10)', '605,3,Echo()'])
      asterisk.rasterisk(`dialplan add extension ${step} into from-internal replace`);
    await page.evaluate(() => window.desk.element.dial('605'));
    await until(async () => (await states()).at(-1), '605 talking');
    await page.waitForTimeout(500);
    await page.locator('[part~=call]').focus();
    await page.keyboard.type('70', { delay: 50 });
    await button('Keys').click();
    await button('Send 4').click();
    await button('Send *').click();
    await expect.poll(() => asterisk.rasterisk('dialplan show globals'), { timeout: 10_000 }).toContain('TYPED=704*');
    await expect.poll(() => page.getByText('Sent: 704*').isVisible()).toBe(true);
  });

  test('a second caller hears busy or knocks, as chosen; answering holds the first; the two are swapped', async () => {
    await signIn('102');
    await talkWith('201');
    await page.evaluate(() => (window.desk.element.callWaiting = true));
    asterisk.rasterisk('channel originate Local/102@from-internal application Echo');
    await page.getByRole('region', { name: /^Another call/ }).waitFor();
    expect(await states()).toMatchObject(['201 talking', expect.stringContaining('ringing')]);
    await button('Answer').click();
    await until(async () => (await states()).map((s) => s.split(' ')[1]), ['held', 'talking']);
    await expect.poll(() => received(1_000), { timeout: 10_000 }).toBeGreaterThan(30);
    await button('Swap').click();
    await until(async () => (await states()).map((s) => s.split(' ')[1]), ['talking', 'held']);
    await expect.poll(() => received(1_000), { timeout: 10_000 }).toBeGreaterThan(30);
    await button('Hang up').click();
    await until(async () => (await states()).map((s) => s.split(' ')[1]), ['ended', 'held']);
    await button('Take back').click();
    await until(async () => (await states()).map((s) => s.split(' ')[1]), ['ended', 'talking']);
  });

  test('a blind transfer: the two are connected without us; one to nobody fails, and we are still on the call', async () => {
    await signIn('103');
    await talkWith('201');
    await page.evaluate(() => window.desk.element.transfer('*9'));
    expect((await calls()).at(-1)).toMatchObject({ state: 'talking', problem: 'transfer-failed' });
    expect(await received(1_000)).toBeGreaterThan(30);

    await page.evaluate(() => (window.desk.element.directory = [{ name: 'Boris', extension: '202', state: 'free' }]));
    await button('Transfer').click();
    await page.getByRole('button', { name: /Boris/ }).click();
    await button('Transfer now').click();
    await until(states, ['201 ended']);
    expect((await calls())[0]).toMatchObject({ endReason: 'transferred', problem: null });
    await until(channels, '2');
    await expect.poll(() => phones[1]!.notes().join(), { timeout: 10_000 }).toContain('answered');
    await page.waitForTimeout(3_000);
    expect(await channels()).toBe('2');
  });

  test('an attended transfer: we ask the second while the first is held, and connect both', async () => {
    await signIn('104');
    await talkWith('201');
    await page.locator('[part~=call]').focus();
    await page.keyboard.press('t');
    await page.keyboard.type('202');
    await button('Ask first').click();
    await until(states, ['201 held', '202 talking']);
    await button('Connect both').click();
    await until(states, ['201 ended', '202 ended']);
    expect((await calls()).map((call) => call!.endReason)).toEqual(['transferred', 'transferred']);
    await until(channels, '2');
    await page.waitForTimeout(3_000);
    expect(await channels()).toBe('2');
  });

  test('a conference: the far ends hear each other; who is dropped leaves the other; who leaves connects the two', async () => {
    await signIn('106');
    asterisk.rasterisk('dialplan add extension 606,1,Answer() into from-internal replace');
    asterisk.rasterisk('dialplan add extension 606,2,Milliwatt() into from-internal replace');
    const energy = () => page.evaluate(() => window.desk.heard()); // of what the echo sends back
    const rises = async () => {
      const before = await energy();
      await page.waitForTimeout(1_500);
      return (await energy()) - before;
    };
    await talkWith('606');
    await page.evaluate(() => window.desk.element.dial('600'));
    await until(states, ['606 held', '600 talking']);
    await button('Mute').click();
    await expect.poll(rises, { timeout: 15_000 }).toBeLessThan(1e-6);
    await button('Conference').click();
    await until(async () => (await calls()).map((call) => call!.conference), [true, true]);
    await until(states, ['606 talking', '600 talking']);
    await expect.poll(rises, { timeout: 15_000 }).toBeGreaterThan(1e-2);
    await button('Drop: 600').click();
    await until(states, ['606 talking', '600 ended']);
    expect((await calls())[0]).toMatchObject({ conference: false });
    expect(await received(1_000)).toBeGreaterThan(30);
    await button('Hang up').click();

    for (const number of ['201', '202'])
      await page
        .evaluate((to) => window.desk.element.dial(to), number)
        .then(() => until(async () => (await states()).at(-1), `${number} talking`));
    await page.locator('[part~=call]').focus();
    await page.keyboard.press('c');
    await until(async () => (await calls()).slice(-2).map((call) => call!.conference), [true, true]);
    await page.keyboard.press('j');
    await until(async () => (await calls()).slice(-2).map((call) => call!.endReason), ['transferred', 'transferred']);
    await until(channels, '2');
  });

  test('what asks to be answered is answered by itself where the page allows it, and never beside a call', async () => {
    await signIn('107');
    asterisk.rasterisk(
      'dialplan add extension s,1,Set(PJSIP_HEADER(add,Call-Info)=<sip:allo>\\;answer-after=0) into dialler-header replace',
    );
    asterisk.rasterisk('dialplan add extension s,2,Return() into dialler-header replace');
    asterisk.rasterisk('dialplan add extension 607,1,Dial(PJSIP/107,20,b(dialler-header^s^1)) into from-internal replace');
    const dialler = () => asterisk.rasterisk('channel originate Local/607@from-internal application Echo');
    dialler();
    await until(async () => (await states()).at(-1)?.split(' ')[1], 'ringing');
    expect((await calls()).at(-1)).toMatchObject({ answerAfter: 0 });
    await page.waitForTimeout(1_000);
    expect((await states()).at(-1)).toContain('ringing');
    await page.evaluate(() => (window.desk.element.autoAnswer = true));
    await until(async () => (await states()).at(-1)?.split(' ')[1], 'talking');
    await expect.poll(() => received(1_000), { timeout: 10_000 }).toBeGreaterThan(30);
    await page.evaluate(() => (window.desk.element.callWaiting = true));
    dialler();
    await until(async () => (await states()).map((s) => s.split(' ')[1]), ['talking', 'ringing']);
    await page.waitForTimeout(1_000);
    expect((await states()).map((s) => s.split(' ')[1])).toEqual(['talking', 'ringing']);
  });

  test('speaking into a muted microphone is told; a microphone that is pulled out is replaced by the one that is there', async () => {
    await signIn('105');
    await page.evaluate(() => window.desk.element.dial('600'));
    await until(states, ['600 talking']);
    await button('Mute').click(); // the pretended microphone beeps on
    await page.getByText('You are speaking').waitFor();
    await button('Mute').click();
    await until(async () => (await calls())[0]!.speakingMuted, false);

    // No device can be pulled out of this browser: its track is ended, and told of it, as the browser would.
    const before = await page.evaluate(() => window.desk.pullMicrophone());
    await until(async () => (await page.evaluate(() => window.desk.microphone())) !== before, true);
    const heard = await page.evaluate(() => window.desk.heard());
    await expect.poll(async () => (await page.evaluate(() => window.desk.heard())) - heard, { timeout: 10_000 }).toBeGreaterThan(1e-4);
  });
});
