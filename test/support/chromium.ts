import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import type { Browser, Page } from 'playwright-core';
import { chromium } from 'playwright-core';
import { provide } from '../stack/provision.ts';

const FLAGS = [
  // a microphone that hums, granted without asking; sound without a gesture; candidates that Asterisk can reach on one machine
  '--use-fake-ui-for-media-stream',
  '--use-fake-device-for-media-stream',
  '--autoplay-policy=no-user-gesture-required',
  '--disable-features=WebRtcHideLocalIpsWithMdns',
  '--no-sandbox', // it refuses to start as root otherwise
  '--disable-gpu',
  // nothing that calls home
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Those of Playwright's that keep the timers of a hidden tab going, as no operator's browser does. */
export const AWAKE = [
  '--disable-background-timer-throttling',
  '--disable-backgrounding-occluded-windows',
  '--disable-renderer-backgrounding',
];
/** The timers of a tab that has been hidden for a second, instead of five minutes, run once a minute. */
export const SOON_THROTTLED = '--enable-features=IntensiveWakeUpThrottling:grace_period_seconds/1';

/** For a browser's debugger. */
export const freePort = async (): Promise<number> => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
};

/** The system's Chromium, headless. Close it when the test is over. */
export function launchBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: provide('chromium'), headless: true, args: FLAGS });
}

/** A browser that can be put to sleep, as a laptop that is closed. */
export async function launchSleeper(): Promise<{ browser: Browser; sleep(on: boolean): void; close(): Promise<void> }> {
  const server = await chromium.launchServer({ executablePath: provide('chromium'), headless: true, args: FLAGS });
  const browser = await chromium.connect(server.wsEndpoint());
  const signal = (name: NodeJS.Signals) => process.kill(-server.process().pid!, name); // the whole group, or the pages would go on
  return {
    browser,
    sleep: (on) => signal(on ? 'SIGSTOP' : 'SIGCONT'),
    close: async () => {
      signal('SIGCONT');
      await browser.close();
      await server.close();
    },
  };
}

/** A browser whose tabs can be hidden, and are then slowed down: Playwright's own contexts never hide a page. */
export async function launchHider(): Promise<{ open(): Promise<Page>; hide(page: Page): Promise<void>; close(): Promise<void> }> {
  const port = await freePort();
  const server = await chromium.launchServer({
    executablePath: provide('chromium'),
    headless: true,
    args: [...FLAGS, `--remote-debugging-port=${port}`, SOON_THROTTLED],
    ignoreDefaultArgs: AWAKE,
  });
  const browser = await chromium.connectOverCDP(`http://127.0.0.1:${port}`, { noDefaults: true });
  return {
    open: () => browser.contexts()[0]!.newPage(),
    async hide(page) {
      await (await page.context().newPage()).bringToFront();
      while ((await page.evaluate(() => document.visibilityState)) !== 'hidden') await new Promise((resolve) => setTimeout(resolve, 50));
    },
    close: async () => {
      await browser.close();
      await server.close();
    },
  };
}
