import { createSocket } from 'node:dgram';
import type { Socket } from 'node:dgram';
import { once } from 'node:events';

/**
 * A stretch of network for the sound of calls, between the browser and Asterisk, that a test can cut. Each side is told, by a change in
 * the SDP on its way, that the relay is the other; so neither can reach the other when the relay drops what it gets.
 */
export interface MediaRelay {
  /** For each SIP message from the browser. */
  toAsterisk(frame: string): string;
  /** For each SIP message to the browser. */
  toBrowser(frame: string): string;
  /** Nothing passes until it is false again. */
  cut: boolean;
  close(): void;
}

interface Stretch {
  /** What the browser takes for Asterisk, and Asterisk for the browser. */
  browserSide: Socket;
  asteriskSide: Socket;
  browser: { address: string; port: number } | null;
  asterisk: { address: string; port: number } | null;
}

const CANDIDATE = /^a=candidate:.* udp \d+ (127\.0\.0\.1|[\d.]+) (\d+) typ host.*$/i;

/** @param stretches how many calls, a revived one counting again, may be made. */
export async function startMediaRelay(stretches = 6): Promise<MediaRelay> {
  const free = await Promise.all(Array.from({ length: stretches }, () => openStretch(() => relay.cut)));
  const all = [...free];
  const ofCall = new Map<string, Stretch>();
  const stretchOf = (frame: string): Stretch => {
    const callId = /^Call-ID: *(.+)\r$/im.exec(frame)![1]!;
    const stretch = ofCall.get(callId) ?? free.pop();
    if (!stretch) throw new Error('the relay has no stretch left for another call');
    ofCall.set(callId, stretch);
    return stretch;
  };

  const relay: MediaRelay = {
    cut: false,
    toAsterisk: (frame) => changed(frame, stretchOf, 'browser', 'asteriskSide'),
    toBrowser: (frame) => changed(frame, stretchOf, 'asterisk', 'browserSide'),
    close: () => all.forEach((stretch) => [stretch.browserSide, stretch.asteriskSide].forEach((socket) => socket.close())),
  };
  return relay;
}

async function openStretch(cut: () => boolean): Promise<Stretch> {
  const stretch: Stretch = { browserSide: createSocket('udp4'), asteriskSide: createSocket('udp4'), browser: null, asterisk: null };
  for (const side of ['browserSide', 'asteriskSide'] as const) {
    stretch[side].bind(0, '127.0.0.1');
    await once(stretch[side], 'listening');
  }
  stretch.browserSide.on('message', (packet, from) => {
    stretch.browser = from;
    if (!cut() && stretch.asterisk) stretch.asteriskSide.send(packet, stretch.asterisk.port, stretch.asterisk.address);
  });
  stretch.asteriskSide.on('message', (packet, from) => {
    stretch.asterisk = from;
    if (!cut() && stretch.browser) stretch.browserSide.send(packet, stretch.browser.port, stretch.browser.address);
  });
  return stretch;
}

/** Of the sender's candidates the first one stays, and is replaced by the relay's address. */
function changed(
  frame: string,
  stretchOf: (frame: string) => Stretch,
  sender: 'browser' | 'asterisk',
  shown: 'browserSide' | 'asteriskSide',
) {
  const end = frame.indexOf('\r\n\r\n');
  if (end < 0 || !/^a=candidate:/m.test(frame)) return frame;
  const stretch = stretchOf(frame);
  let seen = false;
  const lines = frame.slice(end + 4).split('\r\n');
  const body = lines
    .flatMap((line) => {
      if (!line.startsWith('a=candidate:')) return [line];
      const candidate = CANDIDATE.exec(line);
      if (!candidate || seen) return [];
      seen = true;
      stretch[sender] ??= { address: candidate[1]!, port: Number(candidate[2]) };
      return [`a=candidate:1 1 UDP 2130706431 127.0.0.1 ${stretch[shown].address().port} typ host`];
    })
    .join('\r\n');
  const head = frame.slice(0, end).replace(/^Content-Length:.*$/im, `Content-Length: ${Buffer.byteLength(body)}`);
  return `${head}\r\n\r\n${body}`;
}
