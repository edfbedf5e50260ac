import type { IncomingMessage } from 'node:http';
import { WebSocketServer } from 'ws';
import type { ServerOptions, WebSocket } from 'ws';
import type { Deps } from '../deps.ts';
import type { Actor } from '../core/authorize.ts';
import type { Events } from '../events.ts';

/** No session: sign in. */
export const SIGNED_OUT = 4401;
export const NOT_FOR_THIS_ROLE = 4403;
/** ms for a peer to agree to the end of its connection; then it is cut. */
const CLOSE_MS = 2_000;

/** Of upgrades of ours. */
export const webSocketServer = (own: ServerOptions): WebSocketServer => {
  const options = { noServer: true, perMessageDeflate: false, closeTimeout: CLOSE_MS, ...own }; // the types do not know closeTimeout
  return new WebSocketServer(options);
};

export type ActorOf = (req: IncomingMessage) => Promise<Actor | null>;

interface Kept {
  ws: WebSocket;
  req: IncomingMessage;
  actor: Actor;
  alive: boolean;
}

export interface SocketTimes {
  /** A browser that has not answered one ping by the next is gone: sleep, a lost Wi-Fi. */
  readonly pingMs?: number;
  /** The session of each socket is looked at again: the end of one may have got lost on the bus. */
  readonly recheckMs?: number;
}

/** Every WebSocket of ours, of whatever kind: it lives no longer than the session that opened it. */
export const createSockets = (
  deps: Pick<Deps, 'bus' | 'log'>,
  actorOf: ActorOf,
  { pingMs = 25_000, recheckMs = 60_000 }: SocketTimes = {},
) => {
  const sockets = new Set<Kept>();

  const ping = () => {
    for (const kept of sockets) {
      if (!kept.alive) {
        kept.ws.terminate();
        continue;
      }
      kept.alive = false;
      kept.ws.ping();
    }
  };

  const recheck = async (kept: Kept) => {
    const actor = await actorOf(kept.req);
    if (!actor || actor.id !== kept.actor.id || actor.sessionId !== kept.actor.sessionId) kept.ws.close(SIGNED_OUT, 'signed out');
  };
  const recheckAll = async () => {
    for (const kept of [...sockets]) await recheck(kept);
  };

  const ended = ({ userId, sessionIds }: Events['session.ended']) => {
    for (const { ws, actor } of sockets)
      if (actor.id === userId && (sessionIds === 'all' || sessionIds.includes(actor.sessionId))) ws.close(SIGNED_OUT, 'signed out');
  };

  const close = async () => {
    const open = [...sockets];
    for (const { ws } of open) ws.close(1001, 'going away');
    await Promise.race([
      Promise.all(
        open.map(({ ws }) => new Promise((resolve) => (ws.readyState === ws.CLOSED ? resolve(null) : ws.once('close', resolve)))),
      ),
      new Promise((resolve) => setTimeout(resolve, 1_000)),
    ]);
    for (const { ws } of open) ws.terminate();
  };

  return {
    keep(ws: WebSocket, req: IncomingMessage, actor: Actor): void {
      const kept = { ws, req, actor, alive: true };
      sockets.add(kept);
      ws.on('pong', () => (kept.alive = true));
      ws.on('error', (err) => deps.log.info({ err: err.message, userId: actor.id }, 'live: socket'));
      ws.on('close', () => sockets.delete(kept));
    },
    /** All of them. */
    count: (): number => sockets.size,
    countOf: (userId: number): number => [...sockets].filter(({ actor }) => actor.id === userId).length,
    /** @returns stop, which closes them all */
    start(): () => Promise<void> {
      const recheckNow = () => void recheckAll().catch((err: unknown) => deps.log.warn({ err }, 'live: sessions not looked at'));
      const timers = [setInterval(ping, pingMs), setInterval(recheckNow, recheckMs)];
      const stop = deps.bus.on('session.ended', ended);
      return async () => {
        stop();
        timers.forEach((timer) => clearInterval(timer));
        await close();
      };
    },
  };
};

export type Sockets = ReturnType<typeof createSockets>;
