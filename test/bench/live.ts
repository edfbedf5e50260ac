import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { WebSocket } from 'ws';
import { createClient } from '../support/server.ts';
import { root } from '../stack/paths.ts';
import type { BenchOptions } from './run.ts';
import { percentile } from '../support/bench/percentile.ts';

/**
 * Many browsers watch the queues while calls run: how old is what each of them shows at worst, how often does it change, and what does it cost the
 * server. Beside it the floor: a bare `ws` server that sends the same texts at the same pace to as many.
 */

const WARM_S = 14;
/** Pages of one supervisor: the server allows thirty. */
const PAGES = 25;
/** Browsers that stop reading. */
const STUCK = 20;

interface Figures {
  cpu: number;
  rss: number;
}

export interface LiveFigures {
  browsers: number;
  frames: number;
  /** Of one browser in one second, at most. */
  mostPerSecond: number;
  bytesPerSecond: number;
  /** ms: how old is what is shown when the next comes. */
  ageP50: number;
  ageP99: number;
  /** Share of a core. */
  cpu: number;
  /** The same calls, and nobody watches. */
  unwatchedCpu: number;
  floorCpu: number;
  /** MB that the server grew by while some browsers did not read. */
  stuckMb: number;
}

const program = (script: string, args: readonly string[]) => {
  const child = spawn(process.execPath, ['--import', 'tsx', join(root, script), ...args], {
    cwd: root,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const lines = createInterface({ input: child.stdout });
  const line = (start: string) =>
    new Promise<string>((resolve, reject) => {
      const hear = (text: string) => {
        if (!text.startsWith(start)) return;
        lines.off('line', hear);
        resolve(text.slice(start.length));
      };
      lines.on('line', hear);
      child.once('exit', (code) => reject(new Error(`${script} ended with ${code}`)));
    });
  return {
    line,
    async figures(say = 'figures'): Promise<Figures> {
      const told = line('figures ');
      child.stdin.write(`${say}\n`);
      return JSON.parse(await told) as Figures;
    },
    async stop() {
      child.stdin.end();
      if (child.exitCode === null) await once(child, 'exit');
    },
  };
};

const AT = /"at":(\d{13})/;

export const measureLive = async (size: {
  browsers: number;
  queues: number;
  rate: number;
  seconds: number;
  warmSeconds?: number;
}): Promise<LiveFigures> => {
  const { browsers, queues, rate, seconds, warmSeconds = WARM_S } = size;
  const password = randomBytes(12).toString('hex');
  const supervisors = Math.ceil((browsers + STUCK) / PAGES);
  const server = program('test/support/bench/live-server.ts', [String(queues), String(rate), String(supervisors), password]);
  const sockets: WebSocket[] = [];
  const dir = mkdtempSync(join(tmpdir(), 'allo-live-'));
  try {
    const url = await server.line('url ');
    const cookies: string[] = [];
    for (let i = 0; i < supervisors; i++) {
      const client = createClient(url);
      const { status } = await client.post('/api/auth/sign-in', { login: `boss${i}`, password });
      if (status !== 200) throw new Error(`sign-in: ${status}`);
      cookies.push(client.cookie());
    }
    await sleep(warmSeconds * 1000);
    const alone = await server.figures();
    await sleep(seconds * 1000);
    const unwatched = await server.figures();
    const open = async (n: number): Promise<WebSocket> => {
      const headers = { cookie: cookies[Math.floor(n / PAGES)]!, origin: url };
      const ws = new WebSocket(`${url.replace('http', 'ws')}/live/floor`, { headers, perMessageDeflate: false });
      sockets.push(ws);
      await once(ws, 'open');
      return ws;
    };

    let counting = false;
    let began = 0;
    const ages: number[] = [];
    const recorded: { at: number; text: string }[] = [];
    let frames = 0;
    let bytes = 0;
    let most = 0;
    for (let n = 0; n < browsers; n++) {
      const ws = await open(n);
      let shownAt = 0;
      const times: number[] = [];
      ws.on('message', (data: Buffer) => {
        const now = Date.now();
        const at = Number(AT.exec(data.subarray(0, 200).toString())?.[1]);
        if (counting) {
          if (shownAt > 0) ages.push(now - shownAt);
          frames += 1;
          bytes += data.length;
          times.push(now);
          most = Math.max(most, times.filter((time) => time > now - 1000).length);
          if (times.length > 20) times.shift();
          if (n === 0) recorded.push({ at: now - began, text: data.toString() });
        }
        shownAt = at;
      });
    }
    await sleep(2_000);
    const before = await server.figures();
    counting = true;
    began = Date.now();
    await sleep(seconds * 1000);
    counting = false;
    const after = await server.figures();

    for (let n = browsers; n < browsers + STUCK; n++) (await open(n)).pause();
    const calm = await server.figures();
    await sleep(Math.min(10, seconds) * 1000);
    const stuck = await server.figures();
    sockets.splice(0).forEach((ws) => ws.terminate());
    await server.stop();

    writeFileSync(join(dir, 'frames.json'), JSON.stringify(recorded));
    const floor = program('test/support/bench/live-floor.ts', [join(dir, 'frames.json')]);
    const floorUrl = await floor.line('url ');
    let heard = 0;
    for (let n = 0; n < browsers; n++) {
      const ws = new WebSocket(floorUrl, { perMessageDeflate: false });
      sockets.push(ws);
      ws.on('message', (data: Buffer) => (heard += data.length));
      await once(ws, 'open');
    }
    const floorBefore = await floor.figures('go');
    await sleep(seconds * 1000 + 500);
    const floorAfter = await floor.figures();
    await floor.stop();
    if (heard < bytes * 0.9) throw new Error(`the floor sent ${heard} bytes, the product ${bytes}`);
    const core = (from: Figures, to: Figures) => (to.cpu - from.cpu) / 1e6 / seconds;
    return {
      browsers,
      frames,
      mostPerSecond: most,
      bytesPerSecond: bytes / seconds,
      ageP50: percentile(ages, 0.5),
      ageP99: percentile(ages, 0.99),
      cpu: core(before, after),
      unwatchedCpu: core(alone, unwatched),
      floorCpu: core(floorBefore, floorAfter),
      stuckMb: (stuck.rss - calm.rss) / 1e6,
    };
  } finally {
    sockets.forEach((ws) => ws.terminate());
    rmSync(dir, { recursive: true, force: true });
  }
};

export const run = async ({ size = 500, scale, seconds = 30 }: BenchOptions): Promise<LiveFigures> => {
  const browsers = Math.max(2, Math.round(size * Math.min(1, scale)));
  const queues = Math.max(2, Math.round(200 * Math.min(1, scale)));
  const rate = Math.max(1, Math.round(100 * Math.min(1, scale)));
  const f = await measureLive({ browsers, queues, rate, seconds });
  const kept = (is: boolean) => (is ? 'kept' : 'MISSED');
  console.log(`${browsers} browsers, ${queues} queues, ${rate} calls/s, ${seconds} s; ${(f.bytesPerSecond / 1e6).toFixed(1)} MB/s`);
  console.log(`updates of a browser in any second, at most  ${f.mostPerSecond}  <= 4  ${kept(f.mostPerSecond <= 4)}`);
  console.log(`age of what is shown, ms: p50 ${f.ageP50}, p99 ${f.ageP99}  < 500  ${kept(f.ageP99 < 500)}`);
  const times = (cpu: number) => (cpu / f.floorCpu).toFixed(2);
  const watching = f.cpu - f.unwatchedCpu;
  console.log(`server, share of a core: ${f.cpu.toFixed(2)}  < 1  ${kept(f.cpu < 1)}`);
  console.log(`  of it the calls alone, measured while nobody watched: ${f.unwatchedCpu.toFixed(2)}`);
  console.log(`bare ws broadcast of the same bytes, share of a core: ${f.floorCpu.toFixed(2)}`);
  console.log(`the whole server with its calls, against it: ${times(f.cpu)} times  <= 2  ${kept(f.cpu <= 2 * f.floorCpu)}`);
  // A difference of two shares that lie close together: of one short run it says little.
  console.log(`  what watching adds, against it: ${times(watching)} times (a broadcast has no calls to follow)`);
  console.log(`${STUCK} browsers that stop reading: ${f.stuckMb.toFixed(1)} MB`);
  return f;
};
