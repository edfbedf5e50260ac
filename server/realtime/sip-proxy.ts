import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocket } from 'ws';
import type { Deps } from '../deps.ts';
import type { Actor } from '../core/authorize.ts';
import type { Events } from '../events.ts';
import { refuseFrame } from './sip-guard.ts';
import { watchSilence } from './silence.ts';
import { webSocketServer } from './sockets.ts';
import type { Sockets } from './sockets.ts';

/** Bytes of one SIP message; an offer with many candidates has some ten thousand. */
const MAX_FRAME = 64 * 1024;
const HIGH_WATER = 256 * 1024;
const CONNECT_MS = 5_000;
/** Messages of one browser; a call in full work with all its candidates sends a few. */
const MAX_A_SECOND = 100;
/** Tabs of one operator; the pages agree on one that registers. */
const MAX_PER_USER = 8;

export type Refuse = (socket: Duplex, status: number, why: string) => void;

/** Passes frames on as they are; while the receiver is slow, the sender is not read. */
const forward = (from: WebSocket, to: WebSocket, data: Buffer, binary: boolean) => {
  if (to.readyState !== to.OPEN) return;
  to.send(data, { binary }, () => {
    if (from.isPaused && to.bufferedAmount < HIGH_WATER / 2) from.resume();
  });
  if (to.bufferedAmount > HIGH_WATER) from.pause();
};

/** Codes that may be sent; 1005 and 1006 only say that none was. */
const sendable = (code: number): number => (code === 1000 || (code >= 3000 && code < 5000) ? code : 1001);

const connect = (url: string): Promise<WebSocket> =>
  new Promise((resolve, reject) => {
    const upstream = new WebSocket(url, 'sip', { maxPayload: MAX_FRAME, perMessageDeflate: false, handshakeTimeout: CONNECT_MS });
    upstream.once('open', () => resolve(upstream));
    upstream.on('error', reject); // stays: what fails between the handshake and the join is heard as well
  });

/** What the PBX says before the browser's side is open waits. */
const join = (browser: WebSocket, upstream: WebSocket, extension: string, log: Deps['log']) => {
  upstream.on('error', (err) => log.info({ err: err.message, extension }, 'sip proxy: PBX side'));
  const second = { began: 0, messages: 0 };
  browser.on('message', (data: Buffer, binary: boolean) => {
    // its session is over, or it was refused: what it still sends before it closes its side is nobody's
    if (browser.readyState !== browser.OPEN) return;
    const at = performance.now();
    if (at - second.began >= 1_000) Object.assign(second, { began: at, messages: 0 });
    const why = ++second.messages > MAX_A_SECOND ? 'too many messages' : refuseFrame(data, extension);
    if (why === null) return forward(browser, upstream, data, binary);
    log.warn({ extension, why }, 'sip proxy: refused what a browser sent');
    browser.close(1008, why);
  });
  upstream.on('message', (data: Buffer, binary: boolean) => forward(upstream, browser, data, binary));
  browser.on('close', (code) => upstream.close(sendable(code)));
  upstream.on('close', (code) => browser.close(sendable(code)));
  upstream.resume();
  if (upstream.readyState !== upstream.OPEN) browser.close(1001);
};

/** /sip: the browser's way to its own extension, over our origin and certificate; Asterisk's HTTP port stays closed to the world. */
export const createSipProxy = (deps: Pick<Deps, 'config' | 'bus' | 'log' | 'directory'>, sockets: Sockets, refuse: Refuse) => {
  const wss = webSocketServer({ maxPayload: MAX_FRAME, handleProtocols: () => 'sip' });
  const open = new Set<{ browser: WebSocket; upstream: WebSocket; userId: number; pbx: string; extension: string }>();
  /** By user: sockets that are open, and those that are still on their way. */
  const counts = new Map<number, number>();
  const count = (userId: number, by: 1 | -1) => {
    const many = (counts.get(userId) ?? 0) + by;
    if (many > 0) counts.set(userId, many);
    else counts.delete(userId);
  };

  const changed = async ({ id }: Events['user.changed']) => {
    const phone = await deps.directory.extensionOf(id);
    for (const pair of open)
      if (pair.userId === id && (phone?.extension !== pair.extension || phone.pbx !== pair.pbx))
        pair.browser.close(1008, 'another extension now');
  };

  const upgrade = async (req: IncomingMessage, socket: Duplex, head: Buffer, actor: Actor): Promise<void> => {
    const offered = (req.headers['sec-websocket-protocol'] ?? '').split(',').map((name) => name.trim());
    if (!offered.includes('sip')) return refuse(socket, 400, 'the sub-protocol sip is spoken here');
    const phone = await deps.directory.extensionOf(actor.id);
    const url = deps.config.pbxs.find(({ name }) => name === phone?.pbx)?.sipUrl;
    if (!phone || !url) return refuse(socket, 403, 'no phone in the browser');
    if (socket.destroyed) return;
    if ((counts.get(actor.id) ?? 0) >= MAX_PER_USER) return refuse(socket, 429, 'too many');
    count(actor.id, 1);
    socket.once('close', () => count(actor.id, -1));

    let upstream: WebSocket;
    try {
      upstream = await connect(url);
    } catch (err) {
      deps.log.warn({ err: (err as Error).message, pbx: phone.pbx }, 'sip proxy: PBX not reached');
      return refuse(socket, 502, 'the PBX is not reached');
    }
    upstream.pause();
    if (socket.destroyed) return upstream.terminate();
    // Neither a failed handshake nor a browser that has gone may leave the PBX's side open.
    const gone = () => upstream.terminate();
    socket.once('close', gone);
    wss.handleUpgrade(req, socket, head, (browser) => {
      socket.off('close', gone);
      const pair = { browser, upstream, userId: actor.id, ...phone };
      open.add(pair);
      browser.on('close', () => open.delete(pair));
      sockets.keep(browser, req, actor);
      watchSilence(browser, actor.id, deps.bus);
      join(browser, upstream, phone.extension, deps.log);
    });
  };

  return {
    upgrade,
    /** @returns stop */
    start(): () => void {
      const stop = deps.bus.on('user.changed', changed);
      return () => {
        stop();
        for (const { upstream } of open) upstream.terminate();
        wss.close();
      };
    },
  };
};
