import { once } from 'node:events';
import { createRequire } from 'node:module';
import net from 'node:net';
import { Duplex } from 'node:stream';
import { AGENT_EVENTS, createAgentStates } from '../../../cti/agents/states.ts';
import { createCodec } from '../../../cti/ami/codec.ts';
import type { AmiMessage } from '../../../cti/ami/message.ts';
import { createTracker } from '../../../cti/calls/tracker.ts';
import { CALL_EVENTS } from '../../../cti/calls/translate.ts';
import { createQueueMembers, QUEUE_EVENTS } from '../../../cti/queues/members.ts';
import { amiStream, cut } from './ami-stream.ts';
import type { AmiStream } from './ami-stream.ts';

/**
 * A process of its own that takes an AMI stream in one of several ways, and says what it cost: `fork(this, [contender])`, then asks by
 * message. Every contender hangs on the same kind of stream, by which the pieces come one to a turn of the event loop, as from a socket.
 */
export type Contender = 'bare' | 'codec' | 'bridge' | 'asterisk-manager' | 'asterisk.io';

export type Ask =
  | { what: 'round'; events: number; unfiltered: boolean; most: number | null }
  /** Takes the stream that a port of this machine sends, until it closes. */
  | { what: 'socket'; port: number }
  /** A response with a long Output, in pieces. */
  | { what: 'output'; bytes: number; most: number };

export interface Answer {
  /** CPU of the process, all threads, ms. */
  cpuMs: number;
  wallMs: number;
  events: number;
  /** bridge: calls that ended, and what was left in the state. */
  calls: number;
  left: number;
  /** socket: the most resident memory, MB, in the first and in the last third of the stream. */
  rss: { early: number; late: number };
  /** output: lines of it that arrived. */
  lines: number;
}

/** What a contender has seen so far. */
interface Seen {
  events: number;
  calls: number;
  lines: number;
  left: () => number;
}

class Feed extends Duplex {
  override _read(): void {}
  override _write(_chunk: Buffer, _encoding: string, done: () => void): void {
    done();
  }
  setKeepAlive(): void {}
  setNoDelay(): void {}
}

const outputLines = (message: AmiMessage) => (message.event === '' ? message.all('Output').length : 0);

const WANTED = new Set([...CALL_EVENTS, ...QUEUE_EVENTS, ...AGENT_EVENTS]);

function attachBridge(from: Duplex, seen: Seen): void {
  const pbx = 'bench';
  const onFact = (fact: { kind: string }) => {
    if (fact.kind === 'call.ended') seen.calls++;
  };
  const tracker = createTracker({ pbx, onFact });
  const agents = createAgentStates(pbx, undefined, onFact);
  const members = createQueueMembers(pbx, undefined, onFact);
  const codec = createCodec({
    wanted: WANTED,
    onMessage(message) {
      seen.lines += outputLines(message);
      const at = Math.round(Number(message.get('Timestamp')) * 1000);
      tracker.event(message, at);
      if (message.event.startsWith('QueueMember')) members.event(message, at);
      else if (message.event === 'DeviceStateChange') agents.event(message, at);
    },
  });
  seen.left = () => Object.values(tracker.size()).reduce((a, b) => a + b, 0);
  from.on('data', (chunk: Buffer) => {
    codec.push(chunk);
    seen.events = codec.stats.messages + codec.stats.skipped;
  });
}

function attachCodec(from: Duplex, seen: Seen): void {
  const codec = createCodec({ wanted: WANTED, onMessage: (message) => (seen.lines += outputLines(message)) });
  from.on('data', (chunk: Buffer) => {
    codec.push(chunk);
    seen.events = codec.stats.messages + codec.stats.skipped;
  });
}

const require = createRequire(import.meta.url);

interface Emitter {
  on(event: string, listener: (message: Record<string, unknown>) => void): void;
}

/** Both other clients open their socket themselves: it is handed to them there. */
async function attachForeign(name: 'asterisk-manager' | 'asterisk.io', from: Duplex, seen: Seen): Promise<void> {
  const { createConnection, connect } = net;
  const hand = () => from as net.Socket;
  Object.assign(net, { createConnection: hand, connect: hand });
  let client: Emitter;
  if (name === 'asterisk-manager') {
    const Manager = require(name) as new (port: number, host: string, user: string, secret: string, events: boolean) => Emitter;
    client = new Manager(1, 'stream', 'allo', 'secret', true);
    client.on('managerevent', () => seen.events++);
  } else {
    const { ami } = require(name) as { ami: (host: string, port: number, user: string, secret: string) => Emitter };
    client = ami('stream', 1, 'allo', 'secret');
    client.on('eventAny', () => seen.events++);
  }
  client.on('response', (message) => (seen.lines += Array.isArray(message.output) ? message.output.length : 0));
  await turn(); // asterisk.io connects a tick later
  Object.assign(net, { createConnection, connect });
}

async function attach(name: Contender, from: Duplex): Promise<Seen> {
  const seen: Seen = { events: 0, calls: 0, lines: 0, left: () => 0 };
  if (name === 'bare') from.on('data', () => {});
  else if (name === 'codec') attachCodec(from, seen);
  else if (name === 'bridge') attachBridge(from, seen);
  else await attachForeign(name, from, seen);
  return seen;
}

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

const streams = new Map<string, { stream: AmiStream; pieces: Buffer[] }>();
function prepared(ask: Extract<Ask, { what: 'round' }>) {
  const key = JSON.stringify(ask);
  let found = streams.get(key);
  if (!found) {
    const stream = amiStream(ask.events, { unfiltered: ask.unfiltered });
    streams.clear();
    streams.set(key, (found = { stream, pieces: cut(stream.bytes, ask.most) }));
  }
  return found;
}

async function pour(name: Contender, pieces: readonly Buffer[]): Promise<Answer> {
  const feed = new Feed();
  const seen = await attach(name, feed);
  const cpu = process.cpuUsage();
  const start = performance.now();
  for (const piece of pieces) {
    feed.push(piece);
    await turn();
  }
  const used = process.cpuUsage(cpu);
  const wallMs = performance.now() - start;
  return {
    cpuMs: (used.user + used.system) / 1000,
    wallMs,
    events: seen.events,
    calls: seen.calls,
    left: seen.left(),
    rss: { early: 0, late: 0 },
    lines: seen.lines,
  };
}

const outputMessage = (bytes: number): Buffer => {
  const line = `Output: ${'0123456789'.repeat(10)}\r\n`;
  return Buffer.from(
    `Response: Success\r\nActionID: long\r\nMessage: Command output follows\r\n${line.repeat(Math.ceil(bytes / line.length))}\r\n`,
  );
};

async function takeSocket(name: Contender, port: number): Promise<Answer> {
  const socket = net.connect({ host: '127.0.0.1', port });
  await once(socket, 'connect');
  const seen = await attach(name, socket);
  const samples: number[] = [];
  const look = () => samples.push(process.memoryUsage.rss() / 1024 / 1024);
  const sampler = setInterval(look, 50);
  const cpu = process.cpuUsage();
  const start = performance.now();
  await once(socket, 'close');
  clearInterval(sampler);
  look();
  const third = Math.ceil(samples.length / 3);
  const rss = { early: Math.max(...samples.slice(0, third)), late: Math.max(...samples.slice(-third)) };
  const used = process.cpuUsage(cpu);
  return {
    cpuMs: (used.user + used.system) / 1000,
    wallMs: performance.now() - start,
    events: seen.events,
    calls: seen.calls,
    left: seen.left(),
    rss,
    lines: 0,
  };
}

const name = process.argv[2] as Contender;
const answer = (ask: Ask): Promise<Answer> => {
  if (ask.what === 'round') return pour(name, prepared(ask).pieces);
  if (ask.what === 'socket') return takeSocket(name, ask.port);
  return pour(name, cut(outputMessage(ask.bytes), ask.most));
};
process.on('message', (ask: Ask) => {
  answer(ask).then(
    (done) => process.send!(done),
    (err: unknown) => {
      console.error(err);
      process.exit(1);
    },
  );
});
process.on('disconnect', () => process.exit(0));
