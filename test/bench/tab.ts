import type { CDPSession, Page } from 'playwright-core';
import type { Fact } from '../../cti/index.ts';
import { builtWeb, firstLoad } from '../support/built-web.ts';
import { startCallCentre } from '../support/call-centre.ts';
import { launchBrowser } from '../support/chromium.ts';
import { Story } from '../support/facts.ts';
import { PASSWORD } from '../support/server.ts';
import type { BenchOptions } from './run.ts';
import { percentile } from '../support/bench/percentile.ts';

/**
 * An operator's tab through eight hours of calls, without the pauses between them: each rings, pops the card, is answered, ends and gets its outcome. How
 * long a pop takes from its frame to its paint, and what the tab holds in memory after the garbage is collected.
 */

const CALLS = 800;
const CLIENTS = 50;
const SAMPLES = 20;

export interface TabFigures {
  readonly calls: number;
  readonly pops: number;
  /** From the frame of the live channel to the frame of the screen. ms */
  readonly p50: number;
  readonly p99: number;
  /** Least squares over the samples behind the first quarter, which warms up. */
  readonly heapBytesPerCall: number;
  readonly nodesPerCall: number;
  readonly listenersPerCall: number;
  readonly heapMb: number;
}

interface Sample {
  readonly call: number;
  readonly heap: number;
  readonly nodes: number;
  readonly listeners: number;
}

const slope = (points: readonly (readonly [number, number])[]): number => {
  const [mx, my] = [0, 1].map((i) => points.reduce((sum, point) => sum + point[i]!, 0) / points.length) as [number, number];
  const over = points.reduce((sum, [x, y]) => sum + (x - mx) * (y - my), 0);
  return over / points.reduce((sum, [x]) => sum + (x - mx) ** 2, 0);
};

const weigh = async (cdp: CDPSession, call: number): Promise<Sample> => {
  for (let i = 0; i < 2; i++) await cdp.send('HeapProfiler.collectGarbage');
  const { usedSize } = await cdp.send('Runtime.getHeapUsage');
  const { nodes, jsEventListeners } = await cdp.send('Memory.getDOMCounters');
  return { call, heap: usedSize, nodes, listeners: jsEventListeners };
};

/** In the page, before its own script: from the frame that rings until the card's name is on the screen. */
const watchPops = () => {
  const times: number[] = [];
  Object.assign(window, { popTimes: times });
  const named = (name: string): boolean => {
    const card = document.querySelector('allo-app')?.shadowRoot?.querySelector('allo-shell')?.shadowRoot?.querySelector('allo-client');
    return card?.shadowRoot?.querySelector('h1')?.textContent?.includes(name) ?? false;
  };
  const watch = (name: string, from: number) => {
    const look = () => {
      if (named(name))
        setTimeout(() => times.push(performance.now() - from)); // behind the paint of this frame
      else if (performance.now() - from < 5_000) requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  };
  const Native = window.WebSocket;
  window.WebSocket = class extends Native {
    constructor(url: string | URL, protocols?: string | string[]) {
      super(url, protocols);
      this.addEventListener('message', (e: MessageEvent<string>) => {
        const from = performance.now();
        const { message } = JSON.parse(e.data) as {
          message?: { topic: string; call: { phase: string; clients: { name: string }[] | null } };
        };
        if (message?.topic === 'calls' && message.call.phase === 'ringing' && message.call.clients?.[0])
          watch(message.call.clients[0].name, from);
      });
    }
  };
};

const signIn = async (page: Page, url: string, login: string): Promise<void> => {
  await page.goto(url);
  const live = page.waitForEvent('websocket').then((ws) => ws.waitForEvent('framereceived'));
  await page.getByLabel('Login').fill(login);
  await page.getByLabel('Password').fill(PASSWORD);
  await page.keyboard.press('Enter');
  await live;
};

export const tab = async (calls: number): Promise<TabFigures> => {
  await builtWeb();
  const [browser, centre] = await Promise.all([launchBrowser(), startCallCentre('sqlite')]);
  try {
    for (let i = 0; i < CLIENTS; i++)
      await centre.admin.post('/api/clients', { name: `Client No${i}x`, phones: [{ raw: `+7916${String(2_000_000 + i)}` }] });
    const page = await (await browser.newContext({ locale: 'en-GB', viewport: { width: 1280, height: 720 } })).newPage();
    await page.addInitScript('globalThis.__name ??= (named) => named'); // tsx names functions by a helper of its own, which a page lacks
    await page.addInitScript(watchPops);
    await signIn(page, centre.url, centre.anna.login);
    const cdp = await page.context().newCDPSession(page);
    const samples: Sample[] = [];
    const every = Math.max(1, Math.floor(calls / SAMPLES));
    for (let i = 0; i < calls; i++) {
      await oneCall(centre, page, i);
      if (i % every === every - 1) samples.push(await weigh(cdp, i));
    }
    const times = await page.evaluate(() => (window as unknown as { popTimes: number[] }).popTimes);
    const warm = samples.slice(Math.floor(samples.length / 4));
    const rise = (of: keyof Sample) => slope(warm.map((sample) => [sample.call, sample[of]] as const));
    return {
      calls,
      pops: times.length,
      p50: percentile(times, 0.5),
      p99: percentile(times, 0.99),
      heapBytesPerCall: rise('heap'),
      nodesPerCall: rise('nodes'),
      listenersPerCall: rise('listeners'),
      heapMb: samples.at(-1)!.heap / 1e6,
    };
  } finally {
    await browser.close();
    await centre.close();
  }
};

const oneCall = async (centre: Awaited<ReturnType<typeof startCallCentre>>, page: Page, i: number): Promise<void> => {
  const story = new Story({ key: `${1_790_000_000 + i}.1`, from: `+7916${2_000_000 + (i % CLIENTS)}`, fromName: '' }, Date.now() - 10_000);
  let told = 0;
  const tell = async () => {
    const news: Fact[] = story.facts.slice(told);
    told = story.facts.length;
    for (const fact of news) centre.bus.emit('cti.fact', fact);
    await centre.write(news);
  };
  story.queued(10, 'support').begin(500, 'offer', '101', 'support');
  await tell();
  await page.getByRole('heading', { level: 1, name: `Client No${i % CLIENTS}x` }).waitFor();
  story.end(3000, 'offer', 'answered', '101').end(3000, 'queue', 'answered').begin(3000, 'talk', '101');
  await tell();
  story.end(9000, 'talk', 'customer').hangup(9000, 'completed');
  await tell();
  await page.getByText('How did the call end?').waitFor();
  const filed = await centre.anna.put(`/api/calls/main:${story.call.key}/outcome`, { outcome: 'other', note: `Said ${i}` });
  if (filed.status >= 300) throw new Error(`outcome: ${filed.status} ${JSON.stringify(filed.body)}`);
  await page.getByText('How did the call end?').waitFor({ state: 'detached' });
};

/** More than this is a leak: 800 calls would leave 1.6 MB. */
export const MOST_BYTES_PER_CALL = 2_000;

export const run = async ({ size, scale }: BenchOptions): Promise<void> => {
  const load = firstLoad(await builtWeb());
  const kB = [...load.values()].reduce((a, b) => a + b, 0) / 1000;
  console.log(`first load of the workspace: ${kB.toFixed(1)} kB of JavaScript, gzip (${[...load.keys()].join(', ')}); at most 250 kB`);
  const f = await tab(Math.max(20, Math.round((size ?? CALLS) * scale)));
  console.log(
    `${f.calls} calls, ${f.pops} pops; from frame to paint: p50 ${f.p50.toFixed(0)} ms, p99 ${f.p99.toFixed(0)} ms; wanted: 100 ms`,
  );
  console.log(
    `the tab holds ${f.heapMb.toFixed(1)} MB; a call leaves ${f.heapBytesPerCall.toFixed(0)} bytes, ${f.nodesPerCall.toFixed(2)} nodes, ` +
      `${f.listenersPerCall.toFixed(2)} listeners; wanted: below ${MOST_BYTES_PER_CALL} bytes`,
  );
  if (f.pops < f.calls) throw new Error('some pops were not seen');
  if (f.heapBytesPerCall > MOST_BYTES_PER_CALL) throw new Error('the memory of the tab grows with the calls');
};
