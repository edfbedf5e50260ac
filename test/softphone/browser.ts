import { createReadStream, existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { extname, join, normalize } from 'node:path';
import { chromium } from 'playwright-core';
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { build } from 'vite';
import { AWAKE, SOON_THROTTLED, freePort } from '../support/chromium.ts';
import type {} from './page/page.ts';

const CHROMIUM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((path) => existsSync(path));

/** Without a browser these tests are skipped, loudly; in CI they run and fail. */
export const noBrowser = !CHROMIUM && process.env.CI !== 'true';
if (noBrowser) console.warn('SKIPPED: the softphone in a browser: no Chromium found (apt-get install chromium)');

const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-features=WebRtcHideLocalIpsWithMdns',
];
/** A microphone that beeps, and a user who allows it. */
const PRETENDED = '--use-fake-device-for-media-stream';
const WITH_MICROPHONE = ['--use-fake-ui-for-media-stream', PRETENDED, '--autoplay-policy=no-user-gesture-required'];

const TYPES: Record<string, string> = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css' };

export interface Desktop {
  open(query?: string, options?: BrowserContextOptions): Promise<Page>;
  /** Another tab of the same browser. */
  openBeside(context: BrowserContext, query?: string): Promise<Page>;
  /** Puts another tab before it. Of a desktop that `hides` only: Playwright's own contexts never hide a page. */
  hide(page: Page): Promise<void>;
  /** Names of the built script files. */
  scripts: string[];
  /** Stops the browser's processes as a sleeping machine would, or wakes them. */
  sleep(on: boolean): void;
  close(): Promise<void>;
}

/** Headless Chromium gives the microphone to whoever asks, its own permission or not; so the answer of a user who refuses is put in its mouth. */
export async function refuseMicrophone(page: Page, refused: boolean): Promise<void> {
  await page.evaluate((no) => {
    const devices = navigator.mediaDevices as { getUserMedia?: unknown };
    delete devices.getUserMedia; // what hides the browser's own
    if (no) devices.getUserMedia = () => Promise.reject(new DOMException('Permission denied', 'NotAllowedError'));
  }, refused);
}

interface DesktopOptions {
  /** The address of a PulseAudio, whose devices the browser then has instead of a pretended one. */
  readonly pulse?: string;
  /** Tabs can be hidden, and their timers are then slowed down, seconds later instead of five minutes. */
  readonly hides?: boolean;
}

/** Builds the page of the softphone, serves it on a free port, and opens it in the system's Chromium. */
export async function startDesktop({ pulse, hides = false }: DesktopOptions = {}): Promise<Desktop> {
  const outDir = mkdtempSync(join(tmpdir(), 'softphone-'));
  const output = await build({
    root: new URL('./page', import.meta.url).pathname,
    configFile: false,
    logLevel: 'error',
    build: { outDir, target: 'es2022', minify: false },
  });
  const scripts = ('output' in output ? output.output : []).map((file) => file.fileName).filter((name) => name.endsWith('.js'));
  const server = createServer((request, response) => {
    const path = normalize(new URL(request.url ?? '/', 'http://x').pathname);
    const file = join(outDir, path === '/' ? 'index.html' : path);
    if (!existsSync(file) || !statSync(file).isFile()) return response.writeHead(404).end();
    response.setHeader('content-type', TYPES[extname(file)] ?? 'application/octet-stream');
    return createReadStream(file).pipe(response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const debugging = hides ? await freePort() : null;
  const process_ = await chromium.launchServer({
    executablePath: CHROMIUM!,
    args: [
      ...FLAGS,
      ...WITH_MICROPHONE.filter((flag) => pulse === undefined || flag !== PRETENDED),
      ...(debugging === null ? [] : [`--remote-debugging-port=${debugging}`]),
      ...(hides ? [SOON_THROTTLED] : []),
    ],
    ...(hides && { ignoreDefaultArgs: AWAKE }),
    env: { ...process.env, ...(pulse !== undefined && { PULSE_SERVER: pulse }) } as Record<string, string>,
  });
  const browser: Browser =
    debugging === null
      ? await chromium.connect(process_.wsEndpoint())
      : await chromium.connectOverCDP(`http://127.0.0.1:${debugging}`, { noDefaults: true });
  // The whole of its process group, or the pages would go on.
  const signal = (name: NodeJS.Signals) => process.kill(-process_.process().pid!, name);
  const desktop: Desktop = {
    scripts,
    async open(query = '', options = {}) {
      if (hides) return desktop.openBeside(browser.contexts()[0]!, query);
      const context = await browser.newContext({
        viewport: { width: 320, height: 600 },
        locale: 'en-GB',
        permissions: ['microphone'],
        ...options,
      });
      return desktop.openBeside(context, query);
    },
    async openBeside(context, query = '') {
      const page = await context.newPage();
      page.on('pageerror', (error) => console.error('in the page:', error));
      await page.goto(`${origin}/?${query}`);
      await page.waitForFunction(() => 'desk' in window);
      return page;
    },
    async hide(page) {
      await (await page.context().newPage()).bringToFront();
      while ((await page.evaluate(() => document.visibilityState)) !== 'hidden') await new Promise((resolve) => setTimeout(resolve, 50));
    },
    sleep: (on) => signal(on ? 'SIGSTOP' : 'SIGCONT'),
    async close() {
      signal('SIGCONT');
      await browser.close();
      await process_.close();
      await new Promise((resolve) => server.close(resolve));
      rmSync(outDir, { recursive: true, force: true });
    },
  };
  return desktop;
}
