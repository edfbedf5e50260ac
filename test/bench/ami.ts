import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { join } from 'node:path';
import type { Answer, Ask, Contender } from '../support/bench/ami-contender.ts';
import { amiStream } from '../support/bench/ami-stream.ts';
import type { BenchOptions } from './run.ts';

/**
 * What the intake of the AMI stream costs: our codec, and codec with translation and reducer, beside asterisk-manager, asterisk.io and a
 * stream that nobody reads. Each in a process of its own, taking turns; the figure is the median of the ratios of CPU, round by round.
 */
const CONTENDERS: readonly Contender[] = ['bare', 'codec', 'bridge', 'asterisk-manager', 'asterisk.io'];

/** How many times as many events for the same CPU as asterisk-manager. */
const FLOORS = { codec: { unfiltered: 6, filtered: 4 }, bridge: { unfiltered: 4, filtered: 3 } } as const;
const MEMORY_MB = 30;
/** Of growth from the first third of the stream to the last. */
const FLAT_MB = 10;
/**
 * V8 lets the young generation of any program that keeps something grow to 3 x 16 MB, whatever it keeps; held small for all, so that the
 * figure is what the contender itself holds.
 */
const YOUNG_MB = 4;
const OUTPUT_BYTES = 20 * 1024 * 1024;
const OUTPUT_SECONDS = 2;
/** asterisk-manager is given so long for what takes it minutes. */
const PATIENCE_MS = 10_000;
const PIECE = 4_096;

export interface IntakeFigures {
  readonly unfiltered: boolean;
  readonly pieces: boolean;
  readonly events: number;
  readonly calls: number;
  readonly bytes: number;
  /** Of the last round. */
  readonly answers: Readonly<Record<Contender, Answer>>;
  /** Events for a second of CPU, the median. */
  readonly rate: Readonly<Record<Contender, number>>;
  /** asterisk-manager's CPU over that of the contender, the median. */
  readonly ratio: Readonly<Record<Contender, number>>;
}

const script = join(import.meta.dirname, '../support/bench/ami-contender.ts');
const start = (name: Contender, flags: readonly string[] = []): ChildProcess =>
  fork(script, [name], { execArgv: [...flags, '--import', 'tsx'] });

/** @returns null when it took too long; the process is then gone */
function ask(child: ChildProcess, what: Ask, patienceMs = 300_000): Promise<Answer | null> {
  child.send(what);
  return new Promise((resolve, reject) => {
    const settle = () => {
      clearTimeout(late);
      child.off('message', answered).off('exit', ended);
    };
    const answered = (answer: Answer) => {
      settle();
      resolve(answer);
    };
    const ended = (code: number | null) => {
      settle();
      reject(new Error(`a contender ended with ${code}`));
    };
    const late = setTimeout(() => {
      settle();
      child.kill('SIGKILL');
      resolve(null);
    }, patienceMs);
    child.on('message', answered).on('exit', ended);
  });
}

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1]!;

const byContender = <T>(of: (name: Contender) => T) =>
  Object.fromEntries(CONTENDERS.map((name) => [name, of(name)])) as Record<Contender, T>;

export async function measureIntake(events: number, rounds: number): Promise<IntakeFigures[]> {
  const children = byContender(start);
  const done: IntakeFigures[] = [];
  try {
    for (const unfiltered of [true, false])
      for (const pieces of [false, true]) {
        const stream = amiStream(events, { unfiltered });
        const what: Ask = { what: 'round', events, unfiltered, most: pieces ? PIECE : null };
        const all: Record<Contender, Answer>[] = [];
        for (let round = -1; round < rounds; round++) {
          const answers = {} as Record<Contender, Answer>;
          for (const name of CONTENDERS) answers[name] = (await ask(children[name], what))!;
          if (round >= 0) all.push(answers); // the first warms up
        }
        done.push({
          unfiltered,
          pieces,
          events: stream.events,
          calls: stream.calls,
          bytes: stream.bytes.length,
          answers: all.at(-1)!,
          rate: byContender((name) => median(all.map((round) => (stream.events / round[name].cpuMs) * 1000))),
          ratio: byContender((name) => median(all.map((round) => round['asterisk-manager'].cpuMs / round[name].cpuMs))),
        });
      }
  } finally {
    for (const child of Object.values(children)) if (child.connected) child.disconnect();
  }
  return done;
}

/** Sends the same bytes over and over to whoever connects, as fast as they are taken, then closes. */
async function startSource(bytes: Buffer, times: number) {
  const server = createServer((socket: Socket) => {
    let sent = 0;
    const more = () => {
      while (sent < times) {
        sent++;
        if (!socket.write(bytes)) return;
      }
      socket.end();
    };
    socket.on('drain', more);
    socket.on('error', () => socket.destroy());
    more();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { port: (server.address() as AddressInfo).port, close: () => server.close() };
}

export interface MemoryFigures {
  readonly name: Contender;
  readonly events: number;
  readonly earlyMb: number;
  readonly lateMb: number;
  readonly left: number;
  readonly seen: number;
}

export async function measureMemory(events: number): Promise<MemoryFigures[]> {
  const stream = amiStream(Math.min(events, 50_000), { unfiltered: true });
  const times = Math.ceil(events / stream.events);
  const source = await startSource(stream.bytes, times);
  const done: MemoryFigures[] = [];
  try {
    for (const name of ['bare', 'codec', 'bridge'] as const) {
      const child = start(name, [`--max-semi-space-size=${YOUNG_MB}`]);
      const { rss, left, events: seen } = (await ask(child, { what: 'socket', port: source.port }))!;
      child.disconnect();
      done.push({ name, events: times * stream.events, earlyMb: rss.early, lateMb: rss.late, left, seen });
    }
  } finally {
    source.close();
  }
  return done;
}

export interface OutputFigures {
  readonly name: Contender;
  /** null: not within our patience. */
  readonly ms: number | null;
  readonly lines: number;
}

export async function measureOutput(bytes: number, names: readonly Contender[]): Promise<OutputFigures[]> {
  const done: OutputFigures[] = [];
  for (const name of names) {
    const child = start(name);
    const answer = await ask(child, { what: 'output', bytes, most: PIECE }, PATIENCE_MS);
    if (answer) child.disconnect();
    done.push({ name, ms: answer?.wallMs ?? null, lines: answer?.lines ?? 0 });
  }
  return done;
}

const kept = (is: boolean) => (is ? 'kept' : 'MISSED');

const describe = (f: IntakeFigures): string => {
  const kind = f.unfiltered ? 'unfiltered' : 'filtered';
  const head = `${kind}, ${f.pieces ? `in pieces of 1 to ${PIECE} bytes` : 'whole'}: ${f.events} events, ${(f.bytes / 1e6).toFixed(1)} MB, ${f.calls} calls`;
  const rows = CONTENDERS.map((name) => {
    const floor = name === 'codec' || name === 'bridge' ? FLOORS[name][kind] : null;
    const verdict = floor === null ? '' : `  at least ${floor}: ${kept(f.ratio[name] >= floor)}`;
    return `  ${name.padEnd(20)}${Math.round(f.rate[name]).toLocaleString('en').padStart(12)} events/s of CPU${`${f.ratio[name].toFixed(1)} x`.padStart(10)}${verdict}`;
  });
  return [head, ...rows].join('\n');
};

export const run = async ({ size = 60_000, scale }: BenchOptions): Promise<void> => {
  const events = Math.max(1_000, Math.round(size * scale));
  console.log(
    "x: asterisk-manager's CPU over the contender's, the median of 5 rounds; bridge: codec, translation and reducer; names in Cyrillic\n",
  );
  for (const f of await measureIntake(events, 5)) console.log(`${describe(f)}\n`);

  const memory = await measureMemory(Math.round(5_000_000 * Math.min(1, scale)));
  const bare = memory[0]!;
  const most = (m: MemoryFigures) => Math.max(m.earlyMb, m.lateMb);
  console.log(
    `memory over a socket, ${memory[1]!.events.toLocaleString('en')} events unfiltered, V8's young generation at ${YOUNG_MB} MB;`,
  );
  console.log('the most resident MB in the first and in the last third');
  for (const m of memory) {
    const fits = most(m) <= most(bare) + MEMORY_MB && m.lateMb <= m.earlyMb + FLAT_MB;
    const verdict = m.name === 'bridge' ? `  at most bare + ${MEMORY_MB}, flat: ${kept(fits)}; left in the state: ${m.left}` : '';
    console.log(`  ${m.name.padEnd(20)}${m.earlyMb.toFixed(0).padStart(8)}${m.lateMb.toFixed(0).padStart(8)}${verdict}`);
  }
  console.log(`\na response of ${OUTPUT_BYTES / 1024 / 1024} MB Output in pieces of 1 to ${PIECE} bytes`);
  for (const o of await measureOutput(Math.round(OUTPUT_BYTES * Math.min(1, scale)), ['codec', 'asterisk-manager'])) {
    const took = o.ms === null ? `not within ${PATIENCE_MS / 1000} s` : `${(o.ms / 1000).toFixed(2)} s, ${o.lines} lines`;
    console.log(
      `  ${o.name.padEnd(20)}${took}${o.name === 'codec' ? `  within ${OUTPUT_SECONDS} s: ${kept(o.ms !== null && o.ms <= OUTPUT_SECONDS * 1000)}` : ''}`,
    );
  }
};
