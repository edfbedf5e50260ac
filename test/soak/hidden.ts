import { setTimeout as sleep } from 'node:timers/promises';
import type { Locator, Page } from 'playwright-core';
import type { PhoneStats } from '../../softphone/index.ts';
import type { Stack } from '../stack/index.ts';
import { launchHider } from '../support/chromium.ts';
import { signInOver } from '../support/product.ts';
import type { Product } from '../support/product.ts';
import { callIn } from '../support/sipp.ts';

export interface HiddenOptions {
  minutes: number;
  say: (line: string) => void;
}

const PASSWORD = 'correct horse battery';
/** A caller who waits longer than this for the ring has been forgotten by the tab. */
const RINGS_WITHIN_MS = 5_000;
const LOOK_MS = 5_000;
/** A call each so many looks. */
const CALL_EACH = 24;

/** Nothing here waits for a frame of the screen: a hidden page draws none. */
const until = async <T>(what: string, read: () => Promise<T>, isSo: (value: T) => boolean, ms: number): Promise<number> => {
  for (const from = Date.now(); ; await sleep(50)) {
    const value = await read();
    if (isSo(value)) return Date.now() - from;
    if (Date.now() - from > ms) throw new Error(`${what}: not within ${ms} ms, but ${JSON.stringify(value)}`);
  }
};

const signIn = async (page: Page, url: string): Promise<void> => {
  await page.goto(url);
  await page.getByLabel('Login').fill('anna');
  await page.getByLabel('Password').fill(PASSWORD);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('button', { name: 'Start shift' }).click();
  await page.getByText('Ready for calls').waitFor();
};

/** One call into the hidden tab: it rings, is answered, sounds in both directions, and ends. @returns how long the ring took, ms */
const oneCall = async (phone: Locator, number: string): Promise<number> => {
  const caller = callIn({ to: '7000', from: number, rtpEcho: true, hangupAfterMs: 6_000 });
  try {
    const answer = phone.getByRole('button', { name: 'Answer', exact: true });
    const rang = await until('the ring', () => answer.count(), (n) => n === 1, RINGS_WITHIN_MS); // prettier-ignore
    await answer.evaluate((button: HTMLElement) => button.click());
    const stats = () => phone.evaluate((element) => (element as unknown as { stats(): Promise<PhoneStats | null> }).stats());
    await until('the talk', stats, (now) => now !== null && now.packetsReceived > 25 && now.packetsSent > 25, 10_000);
    await caller.done;
    await until('the end', () => phone.getByRole('button', { name: 'Hang up' }).count(), (n) => n === 0, 5_000); // prettier-ignore
    return rang;
  } catch (err) {
    caller.kill();
    throw err;
  }
};

/**
 * An operator whose tab is hidden all the time, with its timers run once in a minute as Chromium does: the phone stays registered and is never
 * taken for lost, and calls ring, are answered and sound. @returns figures @throws Error when it is not so
 */
export const hidden = async (stack: Stack, product: Product, { minutes, say }: HiddenOptions): Promise<string> => {
  await product.cli(['user', 'add', 'anna', '--name', 'Anna', '--role', 'operator', '--language', 'en', '--password-stdin'], PASSWORD);
  await product.cli(['extension', 'set', 'anna', 'test:101', '--secret-stdin'], 'secret-101');
  await product.cli(['queue', 'set', 'anna', 'test:support']);
  const anna = await signInOver(product.url, 'anna', PASSWORD);
  const hider = await launchHider();
  try {
    const page = await hider.open();
    await signIn(page, product.url);
    const phone = page.locator('allo-softphone');
    await page.evaluate(() => {
      const ticks: number[] = [];
      Object.assign(window, { ticks });
      setInterval(() => ticks.push(Date.now()), 500);
    });
    await hider.hide(page);
    const began = Date.now();
    const rings: number[] = [];
    for (let look = 1; Date.now() - began < minutes * 60_000; look++) {
      await sleep(LOOK_MS);
      const contact = /101\/sip:.*/.exec(stack.asterisk.rasterisk('pjsip show contacts'))?.[0] ?? 'no contact';
      if (!/\bAvail\b/.test(contact))
        throw new Error(`after ${Math.round((Date.now() - began) / 1000)} s Asterisk cannot ring: ${contact}`);
      const { body } = await anna<{ unreachableSince: number | null }>('GET', '/agents/me');
      if (body.unreachableSince !== null) throw new Error(`taken for lost after ${Math.round((Date.now() - began) / 1000)} s`);
      if (look % CALL_EACH !== 0) continue;
      rings.push(await oneCall(phone, `7903000${String(rings.length).padStart(4, '0')}`));
      say(`${Math.round((Date.now() - began) / 60_000)} min: call ${rings.length} rang after ${rings.at(-1)} ms`);
      const { body: live } = await anna<{ items: { ref: string }[] }>('GET', '/calls/live');
      for (const { ref } of live.items) await anna('PUT', `/calls/${encodeURIComponent(ref)}/outcome`, { outcome: 'resolved' });
    }
    const ticks = await page.evaluate(() => (window as unknown as { ticks: number[] }).ticks);
    const late = ticks.filter((at) => at > began + 60_000).length / Math.max(1, minutes - 1);
    if (minutes > 2 && late > 4) throw new Error(`the browser did not slow the tab down: ${late.toFixed(1)} ticks a minute`);
    return `${minutes} min hidden, ${late.toFixed(1)} ticks of its timers a minute; ${rings.length} calls rang, the slowest after ${Math.max(0, ...rings)} ms; registered and reachable at each of the looks`;
  } finally {
    await hider.close();
  }
};
