import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { dir, ports } from '../stack/paths.ts';
import { provide } from '../stack/provision.ts';
import type { PhoneScenario } from './sipp-scenario.ts';
import { callerXml, phoneXml } from './sipp-scenario.ts';

export type Caller = {
  /** BYE, or CANCEL before the answer. */
  hangup(): void;
  /** When the call is over; what happened, in order: ringing, answered, refused 486, cancelled, bye from the other side, bye from the caller. */
  done: Promise<string[]>;
  /** What has happened so far. */
  notes(): string[];
  kill(): void;
};

export type CallIn = {
  to: string;
  from: string;
  name?: string;
  /** Instead of the name: the display part of the From header as it is, however wrong. */
  display?: string;
  /** Sends back the sound it hears. */
  rtpEcho?: boolean;
  /** After the answer. */
  hangupAfterMs?: number;
  /** After the INVITE, if it has not been answered by then. */
  cancelAfterMs?: number;
  hold?: { afterMs: number; forMs: number };
  /** Over the trunk (the default), or as one of the phones 201..210. */
  as?: 'trunk' | 'phone';
  headers?: string[];
};

let calls = 0;

/** Callers at once: each has a SIP port and four for its sound. */
const PLACES = 60;
const taken = new Set<number>();
let lastPlace = -1;

/** The one that has been free the longest: Asterisk may still speak to who was there before. @throws when all are taken */
function takePlace(): number {
  for (let i = 1; i <= PLACES; i += 1) {
    const place = (lastPlace + i) % PLACES;
    if (taken.has(place)) continue;
    taken.add(place);
    return (lastPlace = place);
  }
  throw new Error(`${PLACES} callers are there already`);
}

/** A call from sipp to Asterisk. */
export function callIn(call: CallIn): Caller {
  const number = calls++;
  const place = takePlace();
  const port = ports.sippCaller + place;
  const callId = `allo-${process.pid}-${Date.now()}-${number}`;
  const quoted = call.name === undefined ? '' : `"${call.name.replaceAll(/["\\]/g, '\\$&')}"`;
  const headers = [...(call.as === 'phone' ? [] : ['X-Allo-Trunk: sipp']), ...(call.headers ?? [])];
  const xml = callerXml({ to: call.to, from: call.from, display: call.display ?? quoted, headers, hold: call.hold });
  const { child, notes, done } = startSipp(`caller-${number}`, xml, port, ports.sippCallerMedia + place * 4, [
    ...(call.rtpEcho ? ['-rtp_echo'] : []),
    ...['-m', '1', '-cid_str', callId, `127.0.0.1:${ports.sip}`],
  ]);
  const hangup = () => tell(port, callId);
  const timers: NodeJS.Timeout[] = [];
  if (call.cancelAfterMs !== undefined) timers.push(setTimeout(() => notes().includes('answered') || hangup(), call.cancelAfterMs));
  const hangupAfterMs = call.hangupAfterMs;
  if (hangupAfterMs !== undefined) {
    const watch = setInterval(() => {
      if (!notes().includes('answered')) return;
      clearInterval(watch);
      timers.push(setTimeout(hangup, hangupAfterMs));
    }, 25);
    timers.push(watch);
  }
  const over = done.finally(() => {
    timers.forEach((timer) => clearTimeout(timer));
    taken.delete(place);
  });
  over.catch(() => undefined); // whoever awaits `done` hears of it
  return { hangup, done: over, notes, kill: () => void child.kill('SIGKILL') };
}

export type Phone = {
  /** What has happened so far, over all its calls: invited, X-Allo-Call ID; answered; refused 486; cancelled by the caller; bye from … */
  notes(): string[];
  stop(): Promise<void>;
};

/** A phone 201..210, or 'trunk' (the party outside that outgoing calls reach), until it is stopped. */
export async function startPhone(who: number | 'trunk', scenario: PhoneScenario, { rtpEcho = true } = {}): Promise<Phone> {
  const port = who === 'trunk' ? ports.trunkPeer : ports.phones + who - 200;
  const media = ports.sippMedia + (who === 'trunk' ? 0 : 4 * (who - 200));
  const { child, notes, done } = startSipp(`phone-${who}`, phoneXml(scenario), port, media, rtpEcho ? ['-rtp_echo'] : []);
  done.catch(() => undefined); // it is ended by force
  await bound(port, child);
  return {
    notes,
    stop: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGKILL');
      await once(child, 'exit');
    },
  };
}

function startSipp(
  name: string,
  xml: string,
  port: number,
  media: number,
  args: string[],
): { child: ChildProcess; notes: () => string[]; done: Promise<string[]> } {
  mkdirSync(join(dir, 'sipp'), { recursive: true });
  const folder = mkdtempSync(join(dir, 'sipp', `${name}-`));
  writeFileSync(join(folder, 'scenario.xml'), xml);
  const log = join(folder, 'notes.log');
  const common = ['-sf', 'scenario.xml', '-i', '127.0.0.1', '-p', String(port), '-mi', '127.0.0.1', '-mp', String(media)];
  const traces = [
    '-trace_logs',
    '-log_file',
    log,
    '-trace_err',
    '-error_file',
    join(folder, 'errors.log'),
    '-trace_msg',
    '-message_file',
    join(folder, 'messages.log'),
  ];
  const child = spawn(provide('sipp'), [...common, ...traces, '-nostdin', '-nd', ...args], { cwd: folder, stdio: 'ignore' });
  const notes = () => (existsSync(log) ? readFileSync(log, 'utf8').split('\n').filter(Boolean) : []);
  const done = once(child, 'exit').then(([code, signal]) => {
    const errors = join(folder, 'errors.log');
    if (code !== 0 && signal === null)
      throw new Error(
        `sipp ended with ${code} after ${notes().join(', ') || 'nothing'}\n${existsSync(errors) ? readFileSync(errors, 'utf8').slice(0, 2_000) : ''}`,
      );
    return notes();
  });
  return { child, notes, done };
}

/** sipp's scenario waits for a MESSAGE within its call. */
function tell(port: number, callId: string): void {
  const socket = createSocket('udp4');
  const message = `MESSAGE sip:sipp@127.0.0.1:${port} SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:9;branch=z9hG4bK${Date.now()}\r\nFrom: <sip:test@127.0.0.1>;tag=test\r\nTo: <sip:sipp@127.0.0.1>\r\nCall-ID: ${callId}\r\nCSeq: 1 MESSAGE\r\nContent-Length: 0\r\n\r\n`;
  socket.send(message, port, '127.0.0.1', () => socket.close());
}

/** Waits until sipp listens: its port is then in the kernel's list of UDP sockets. */
async function bound(port: number, child: ChildProcess): Promise<void> {
  const hex = `:${port.toString(16).toUpperCase().padStart(4, '0')} `;
  for (let waited = 0; !readFileSync('/proc/net/udp', 'utf8').includes(hex); waited += 20) {
    if (child.exitCode !== null || waited > 5_000) throw new Error(`sipp does not listen on port ${port}`);
    await sleep(20);
  }
}
