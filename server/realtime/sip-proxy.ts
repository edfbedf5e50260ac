import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocket, WebSocketServer } from 'ws';
import type { Deps } from '../app.ts';
import type { Actor } from '../core/authorize.ts';
import type { Events } from '../events.ts';
import { refuseFrame } from './sip-guard.ts';
import type { Sockets } from './sockets.ts';

/** Bytes of one SIP message; an offer with many candidates has some ten thousand. */
const MAX_FRAME = 64 * 1024;
const HIGH_WATER = 256 * 1024;
const CONNECT_MS = 5_000;
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
  browser.on('message', (data: Buffer, binary: boolean) => {
    const why = refuseFrame(data, extension);
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
  const wss = new WebSocketServer({ noServer: true, maxPayload: MAX_FRAME, perMessageDeflate: false, handleProtocols: () => 'sip' });
  const open = new Set<{ browser: WebSocket; upstream: WebSocket; userId: number; pbx: string; extension: string }>();

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
    if ([...open].filter(({ userId }) => userId === actor.id).length >= MAX_PER_USER) return refuse(socket, 429, 'too many');

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
