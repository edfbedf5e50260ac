import type { Browser } from 'playwright-core';
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
