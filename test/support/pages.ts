import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { expect } from 'vitest';
import type { Fact } from '../../cti/index.ts';
import { builtWeb } from './built-web.ts';
import { startCallCentre } from './call-centre.ts';
import { launchBrowser } from './chromium.ts';
import { Story } from './facts.ts';
import { PASSWORD } from './server.ts';

const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
const SHOTS = process.env.ALLO_TEST_SHOTS;

/** The screens as operators have them: the built web app in a browser, a call centre behind it, and calls that the test tells. */
export const startPages = async (env: Record<string, string> = {}) => {
  await builtWeb();
  const [browser, centre] = await Promise.all([launchBrowser(), startCallCentre('sqlite', env)]);
  const opened: Page[] = [];
  const complaints: string[] = [];
  const stories: Story[] = [];
  const told = new WeakMap<Story, number>();
  let calls = 0;

  const openPage = async (path: string, options: BrowserContextOptions = {}): Promise<Page> => {
    const context = await browser.newContext({ locale: 'en-GB', viewport: { width: 1280, height: 720 }, ...options });
    const page = await context.newPage();
    opened.push(page);
    page.setDefaultTimeout(6_000);
    page.on('pageerror', (err) => complaints.push(err.message));
    page.on('console', (m) => {
      if (m.type() === 'error' && !m.text().startsWith('Failed to load resource')) complaints.push(m.text());
    });
    await page.goto(centre.url + path);
    return page;
  };
  const live = (page: Page) => page.waitForEvent('websocket').then((ws) => ws.waitForEvent('framereceived'));

  /** To the live screens and to the log, as the bridge's process tells both. */
  const tell = async (story: Story): Promise<void> => {
    const news: Fact[] = story.facts.slice(told.get(story) ?? 0);
    told.set(story, story.facts.length);
    for (const fact of news) centre.bus.emit('cti.fact', fact);
    await centre.write(news);
  };

  return {
    centre,
    tell,
    /** Signed in, with the live channel up. */
    async openAs(who: { login: string }, path = '/', options: BrowserContextOptions = {}): Promise<Page> {
      const page = await openPage('/', options);
      const there = live(page);
      await page.getByLabel('Login').fill(who.login);
      await page.getByLabel('Password').fill(PASSWORD);
      await page.getByRole('button', { name: 'Sign in' }).click();
      await there;
      if (path !== '/') {
        const again = live(page);
        await page.goto(centre.url + path);
        await again;
      }
      return page;
    },
    /** A caller in the queue, who rings at `agent`. */
    ring(change: Partial<ConstructorParameters<typeof Story>[0]> = {}, agent = '101'): Story {
      const story = new Story({ key: `${1_790_000_100 + ++calls}.1`, ...change }, Date.now() - 2000);
      stories.push(story);
      return story.queued(10, 'support').begin(500, 'offer', agent, 'support');
    },
    async axe(page: Page): Promise<string[]> {
      // Evaluated from the outside, not as a script of the page: the CSP stays in force.
      await page.evaluate(readFileSync(AXE, 'utf8'));
      return page.evaluate(async () => {
        const { axe } = window as unknown as {
          axe: { run(options: object): Promise<{ violations: { id: string; impact: string; nodes: { html: string }[] }[] }> };
        };
        const { violations } = await axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] });
        return violations.map((v) => `${v.impact} ${v.id}: ${v.nodes.map((n) => n.html.slice(0, 160)).join(' | ')}`);
      });
    },
    /** For a person to look at, where ALLO_TEST_SHOTS names a folder. */
    async shot(page: Page, name: string): Promise<void> {
      if (SHOTS) await page.screenshot({ path: join(SHOTS, `${name}.png`) });
    },
    /** After a test: pages closed, the desk empty for the next one, nothing that a page complained of (broken scripts, what the CSP refused). */
    async clear(): Promise<void> {
      await Promise.all(opened.splice(0).map((page) => page.context().close()));
      for (const story of stories.splice(0)) {
        if (story.call.endedAt === null) await tell(story.hangup(60_000, 'lost'));
        await centre.anna.put(`/api/calls/main:${story.call.key}/outcome`, { outcome: 'other' });
      }
      expect(complaints.splice(0)).toEqual([]);
    },
    async close(): Promise<void> {
      await browser.close();
      await centre.close();
    },
  };
};
