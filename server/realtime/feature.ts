import type { IncomingMessage } from 'node:http';
import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import type { Deps, Feature, LiveStream, PublicStream } from '../deps.ts';
import type { Actor } from '../core/authorize.ts';
import { isOwnOrigin } from '../core/origin.ts';
import type { Hub, Resume } from './hub.ts';
import { createSipProxy } from './sip-proxy.ts';
import type { Refuse } from './sip-proxy.ts';
import { NOT_FOR_THIS_ROLE, SIGNED_OUT, createSockets, webSocketServer } from './sockets.ts';
import type { ActorOf, SocketTimes } from './sockets.ts';

/** Pages of one user on this node. */
const MAX_PER_USER = 30;

const refuse: Refuse = (socket, status, why) => {
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    'Connection: close',
    'Content-Type: text/plain',
    `Content-Length: ${why.length}`,
  ];
  // not left to the peer: one that never closes its side would keep the socket for ever
  socket.end(`${head.join('\r\n')}\r\n\r\n${why}`, () => socket.destroy());
};

const resumeOf = (url: string): Resume | null => {
  const query = new URLSearchParams(url.replace(/^[^?]*/, ''));
  const [node, after] = [query.get('node'), query.get('after')];
  return node !== null && after !== null && /^\d{1,15}$/.test(after) ? { node, after: Number(after) } : null;
};

interface Parts {
  hub: Hub;
  /** Who opens a WebSocket, by the session cookie. */
  actorOf: ActorOf;
  /** Channels of their own, by path. */
  streams?: Readonly<Record<string, LiveStream>>;
  /** The same without a session. */
  open?: Readonly<Record<string, PublicStream>>;
  times?: SocketTimes;
}

/** /live and /sip: WebSockets of pages of ours only, for whoever is signed in, and no longer than their session. */
export const realtimeFeature = (
  deps: Deps,
  { hub, actorOf, streams = {}, open: publics = {}, times }: Parts,
): Feature & { sockets(): { live: number; sip: number } } => {
  const server = webSocketServer({ maxPayload: 1024 });
  const sockets = createSockets(deps, actorOf, times);
  const sip = createSipProxy(deps, sockets, refuse);

  let streaming = 0;

  const open =
    (greet: (ws: WebSocket, actor: Actor, req: IncomingMessage) => void | Promise<void>) =>
    async (req: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> => {
      const actor = await actorOf(req);
      if (socket.destroyed) return;
      if (actor && sockets.countOf(actor.id) >= MAX_PER_USER) return refuse(socket, 429, 'too many pages');
      server.handleUpgrade(req, socket, head, (ws) => {
        // A browser is told why only by the code of a connection that was opened.
        if (!actor) {
          ws.on('error', (err) => deps.log.debug({ err }, 'live: a peer without session'));
          return ws.close(SIGNED_OUT, 'no session');
        }
        sockets.keep(ws, req, actor);
        void greet(ws, actor, req);
      });
    };

  const live = open((ws, actor, req) => hub.join(ws, actor.id, resumeOf(req.url ?? '')));

  const watch = ({ can, join }: LiveStream) =>
    open(async (ws, actor) => {
      streaming += 1;
      ws.on('close', () => (streaming -= 1));
      if (!can(actor)) return ws.close(NOT_FOR_THIS_ROLE, 'not for this role');
      ws.on('message', () => ws.close(1008, 'nothing to say here'));
      await join(ws, actor).catch((err: unknown) => {
        deps.log.error({ err }, 'live: stream');
        ws.close(1011, 'failed');
      });
    });

  const anyones = new Map(
    Object.entries(publics).map(([path, stream]) => {
      const handleProtocols = (said: Set<string>) => (said.has(stream.protocol) ? stream.protocol : false);
      return [path, { stream, server: webSocketServer({ maxPayload: 1024, handleProtocols }) }] as const;
    }),
  );
  const forAnyone =
    ({ stream, server: own }: { stream: PublicStream; server: ReturnType<typeof webSocketServer> }) =>
    async (req: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> => {
      const said = (req.headers['sec-websocket-protocol'] ?? '').split(',').map((one) => one.trim());
      own.handleUpgrade(req, socket, head, (ws) => {
        ws.on('error', (err) => deps.log.debug({ err }, 'live: a peer without session'));
        stream
          .join(
            ws,
            said.filter((one) => one !== stream.protocol),
          ) // prettier-ignore
          .catch((err: unknown) => {
            deps.log.error({ err }, 'live: stream');
            ws.close(1011, 'failed');
          });
      });
    };

  const phone = async (req: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> => {
    const actor = await actorOf(req);
    if (socket.destroyed) return;
    if (!actor) return refuse(socket, 401, 'no session');
    await sip.upgrade(req, socket, head, actor);
  };

  const ours = (handle: typeof live) => (req: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on('error', (err) => deps.log.debug({ err }, 'upgrade: socket'));
    if (!isOwnOrigin(req, deps.config.publicUrl)) return refuse(socket, 403, 'a page of another site');
    handle(req, socket, head).catch((err: unknown) => {
      deps.log.error({ err }, 'upgrade failed');
      refuse(socket, 500, 'failed');
    });
  };

  return {
    sockets: () => {
      const pages = hub.count() + streaming;
      return { live: pages, sip: Math.max(0, sockets.count() - pages) };
    },
    upgrades: {
      '/live': ours(live),
      '/sip': ours(phone),
      ...Object.fromEntries(Object.entries(streams).map(([path, stream]) => [path, ours(watch(stream))])),
      ...Object.fromEntries([...anyones].map(([path, one]) => [path, ours(forAnyone(one))])),
    },
    start: async (roles) => {
      if (!roles.has('api')) return () => {};
      const stops = [hub.start(), sockets.start(), sip.start()];
      return async () => {
        for (const stop of stops) await stop();
        server.close();
        for (const { server: own } of anyones.values()) own.close();
      };
    },
  };
};
