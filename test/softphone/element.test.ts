import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { noBrowser, refuseMicrophone, startDesktop } from './browser.ts';
import type { Desktop } from './browser.ts';

describe.skipIf(noBrowser)('<allo-softphone>', () => {
  let desktop: Desktop;
  let page: Page;

  beforeAll(async () => {
    desktop = await startDesktop();
  });
  afterEach(() => page?.context().close());
  afterAll(() => desktop?.close());

  const open = async (query = '', options = {}) => {
    page = await desktop.open(`fake&${query}`, options);
  };
  const ring = (number = '+79161234567', name = 'Иван Петров') =>
    page.evaluate(([n, who]) => window.desk.fake.ring({ number: n!, name: who! }), [number, name]);
  const call = () => page.evaluate(() => window.desk.calls.at(-1)!);
  const button = (name: string) => page.getByRole('button', { name, exact: true });
  const alerts = () => page.getByRole('alert').allInnerTexts();

  test('a hostile name rings as text, in one alert that the running clock does not repeat', async () => {
    await open();
    const name = `<img src=x onerror="document.title='owned'"> ${'Ж'.repeat(300)}`;
    await ring('+7916', name);
    await expect.poll(alerts).toHaveLength(1);
    expect((await alerts())[0]).toContain('<img src=x onerror=');
    expect(await page.locator('img').count()).toBe(0);
    expect(await page.title()).toContain('Incoming call');

    const alert = page.getByRole('alert');
    const before = await alert.evaluate((node) => {
      window.desk.said = [];
      new MutationObserver((changes) => window.desk.said.push(...changes.map((change) => change.type))).observe(node, {
        subtree: true,
        childList: true,
        characterData: true,
      });
      return node.textContent;
    });
    await expect.poll(() => page.locator('.what .number').textContent(), { timeout: 10_000 }).toBe('0:02');
    expect(await page.evaluate(() => window.desk.said)).toEqual([]);
    expect(await alert.textContent()).toBe(before);
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    expect(overflow).toBeLessThanOrEqual(0);
  });

  test('answer, mute and hang up by click', async () => {
    await open();
    await ring();
    await button('Answer').click();
    expect(await call()).toMatchObject({ state: 'talking' });
    expect(await page.title()).toBe('Desk');
    await button('Mute').click();
    expect(await call()).toMatchObject({ muted: true });
    expect(await button('Mute').getAttribute('aria-pressed')).toBe('true');
    await expect.poll(() => page.getByText('They do not hear you').isVisible()).toBe(true);
    await button('Mute').click();
    expect(await call()).toMatchObject({ muted: false });
    await button('Hang up').click();
    expect(await call()).toMatchObject({ state: 'ended', endReason: 'local' });
    await expect.poll(() => page.getByText('You ended the call').first().isVisible()).toBe(true);
  });

  test('the same by its methods; without a call they do nothing', async () => {
    await open();
    const act = (name: 'answer' | 'toggleMute' | 'hangup') => page.evaluate((method) => window.desk.element[method](), name);
    for (const name of ['answer', 'toggleMute', 'hangup'] as const) await act(name);
    expect(await page.evaluate(() => window.desk.calls)).toEqual([]);
    await ring();
    await act('answer');
    expect(await call()).toMatchObject({ state: 'talking' });
    expect(await page.evaluate(() => window.desk.element.stats())).toMatchObject({ codec: 'audio/opus' });
    await act('toggleMute');
    expect(await call()).toMatchObject({ muted: true });
    await act('hangup');
    expect(await call()).toMatchObject({ state: 'ended' });
    expect(await page.evaluate(() => window.desk.element.stats())).toBeNull();
  });

  test('rejecting, and a caller who gives up', async () => {
    await open();
    await ring();
    await button('Reject').click();
    expect(await call()).toMatchObject({ state: 'ended', endReason: 'local', answeredAt: null });
    await ring();
    await page.evaluate(() => window.desk.fake.remoteHangsUp('cancelled'));
    await expect.poll(() => page.getByText('The caller gave up').first().isVisible()).toBe(true);
    expect(await page.title()).toBe('Desk');
  });

  test('a number is typed and Enter calls it; busy is told and can be tried again', async () => {
    await open();
    await page.getByLabel('Number to call').fill('8 (916) 765-43-21');
    await page.keyboard.press('Enter');
    expect(await call()).toMatchObject({ direction: 'out', state: 'calling', number: '89167654321' });
    await page.evaluate(() => window.desk.fake.remoteHangsUp('failed', 'busy'));
    await expect.poll(() => page.getByText('Busy').first().isVisible()).toBe(true);
    const first = (await call()).id;
    await button('Call again').click();
    expect(await call()).toMatchObject({ state: 'calling', number: '89167654321' });
    expect((await call()).id).not.toBe(first);
    await button('Cancel the call').click();
    expect(await call()).toMatchObject({ state: 'ended', endReason: 'local' });
  });

  test('what is pasted is cleaned in sight', async () => {
    await open();
    const field = page.getByLabel('Number to call');
    await field.focus();
    await page.evaluate(() => {
      const clipboardData = new DataTransfer();
      clipboardData.setData('text', 'tel:+7\u00a0(916)\u2011123–45.67\u200e');
      const input = window.desk.element.shadowRoot!.querySelector('input')!;
      input.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
    });
    expect(await field.inputValue()).toBe('+79161234567');
  });

  test.each(['abc', '', '12;rm', '1'.repeat(40), '+', '12\r\nEvil: 1x'])('%j is no number: told, and nothing is called', async (text) => {
    await open();
    expect(await page.evaluate((number) => window.desk.element.dial(number), text)).toBe('bad-number');
    expect(await page.evaluate(() => window.desk.calls)).toEqual([]);
    await expect.poll(alerts).toEqual(['A number has digits, + * and # only.']);
  });

  test('what is typed survives a ring, and cannot be called meanwhile', async () => {
    await open();
    await page.getByLabel('Number to call').fill('123');
    await ring();
    await page.keyboard.press('Enter');
    expect(await call()).toMatchObject({ direction: 'in', state: 'ringing' });
    await expect.poll(() => page.getByText('End the current call first.').isVisible()).toBe(true);
    expect(await page.getByLabel('Number to call').inputValue()).toBe('123');
    await page.evaluate(() => window.desk.fake.remoteHangsUp('cancelled'));
    expect(await page.getByLabel('Number to call').inputValue()).toBe('123');
  });

  test('a refused microphone leaves the call ringing, says why, and answering can be tried again', async () => {
    await open();
    await page.evaluate(() => (window.desk.fake.nextProblem = 'microphone-refused'));
    await ring();
    await button('Answer').click();
    expect(await call()).toMatchObject({ state: 'ringing', problem: 'microphone-refused' });
    await expect.poll(() => page.getByText('The browser does not let Allo use the microphone.').isVisible()).toBe(true);
    await button('Answer again').click();
    expect(await call()).toMatchObject({ state: 'talking', problem: null });
  });

  test('without a connection nothing is called; the panel says since when, and events tell the page', async () => {
    await open();
    await page.evaluate(() => window.desk.fake.setRegistration('lost', new Date(2026, 10, 24, 14, 2).getTime()));
    await expect.poll(() => page.getByText('Connection lost').isVisible()).toBe(true);
    await expect.poll(() => page.getByText('Since 14:02.').isVisible()).toBe(true);
    expect(await page.evaluate(() => window.desk.element.dial('123'))).toBe('not-registered');
    await page.evaluate(() => window.desk.fake.setRegistration('registered'));
    await expect.poll(() => page.getByText('The phone is not connected yet.').isVisible()).toBe(false);
    expect(await page.evaluate(() => window.desk.states)).toEqual(['registered', 'lost', 'registered']);
  });

  test('the keyboard alone answers and hangs up, and keeps its place', async () => {
    await open();
    await page.getByLabel('Number to call').focus();
    await ring();
    const focused = () => page.evaluate(() => window.desk.element.shadowRoot!.activeElement?.getAttribute('part'));
    await expect.poll(() => page.getByRole('alert').count()).toBe(1);
    await button('Answer').focus();
    await page.keyboard.press('Enter');
    await expect.poll(focused).toBe('call');
    await page.keyboard.press('Tab');
    expect(await focused()).toBe('mute');
    for (const part of ['hold', 'transfer', 'keys', 'hangup']) {
      await page.keyboard.press('Tab');
      expect(await focused()).toBe(part);
    }
    await page.keyboard.press('Enter');
    expect(await call()).toMatchObject({ state: 'ended' });
    await expect.poll(focused).not.toBeUndefined();
  });

  test('unlock() switches the sound on and says what was refused', async () => {
    await open();
    const refused = await page.evaluate(() => window.desk.element.unlock());
    expect(refused).toEqual(['notifications']);
    await expect.poll(() => page.getByText('You will not hear the ring').count()).toBe(0);
  });

  test('unlock() says so when the microphone is refused', async () => {
    await open();
    await refuseMicrophone(page, true);
    expect(await page.evaluate(() => window.desk.element.unlock())).toContain('microphone-refused');
  });

  test('an account that makes no sense is told, not thrown', async () => {
    page = await desktop.open();
    const account = { extension: '1 0 1', password: 'x', domain: '<>', server: 'nonsense', iceServers: [] };
    await page.evaluate((bad) => (window.desk.element.account = bad), account);
    await expect.poll(() => page.getByText('The phone could not start.').isVisible()).toBe(true);
    expect(await page.evaluate(() => window.desk.logged.join())).toContain('error phone');
  });

  test('SIP.js is in a file of its own', () => {
    expect(desktop.scripts.length).toBeGreaterThan(1);
    expect(desktop.scripts.some((name) => name.includes('sip-phone'))).toBe(true);
  });

  describe.each([
    ['en', 'light', 'Answer'],
    ['ru', 'light', 'Ответить'],
    ['en', 'dark', 'Answer'],
    ['ru', 'dark', 'Ответить'],
  ] as const)('in %s, %s', (lang, colorScheme, answer) => {
    test('axe finds nothing serious in any state', async () => {
      await open(`lang=${lang}`, { colorScheme, reducedMotion: 'reduce' });
      const faults = () =>
        page.evaluate(async () => {
          const { violations } = await window.desk.axe.run(document, { resultTypes: ['violations'] });
          return violations.filter((v) => v.impact === 'serious' || v.impact === 'critical').map((v) => `${v.id}: ${v.nodes[0]?.html}`);
        });
      const states: Record<string, () => Promise<unknown>> = {
        idle: async () => {},
        ringing: () => ring(),
        problem: () => page.evaluate(() => ((window.desk.fake.nextProblem = 'microphone-missing'), window.desk.element.answer())),
        talking: () => button(lang === 'ru' ? 'Ответить ещё раз' : 'Answer again').click(),
        muted: () => page.evaluate(() => window.desk.element.toggleMute()),
        ended: () => page.evaluate(() => window.desk.fake.remoteHangsUp()),
        calling: () => page.evaluate(() => window.desk.element.dial('123')),
        busy: () => page.evaluate(() => window.desk.fake.remoteHangsUp('failed', 'busy')),
        bad: () => page.evaluate(() => window.desk.element.dial('x')),
        refused: () => page.evaluate(() => window.desk.fake.setRegistration('refused')),
        lost: () => page.evaluate(() => window.desk.fake.setRegistration('lost')),
      };
      for (const [name, enter] of Object.entries(states)) {
        await enter();
        expect(await faults(), name).toEqual([]);
      }
    });

    test('speaks its language and wears its colours', async () => {
      await open(`lang=${lang}`, { colorScheme });
      await ring();
      await expect.poll(() => button(answer).isVisible()).toBe(true);
      const background = await page.locator('.panel').evaluate((panel) => getComputedStyle(panel).backgroundColor);
      expect(background).toBe(colorScheme === 'dark' ? 'rgb(21, 26, 33)' : 'rgb(255, 255, 255)');
    });
  });
});
