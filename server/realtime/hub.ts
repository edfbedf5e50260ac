import { randomBytes } from 'node:crypto';
import type { WebSocket } from 'ws';
import type { Deps } from '../deps.ts';
import { createBacklog } from './backlog.ts';
import type { Hello, LiveMessage, Push } from './contract.ts';

/** Too slow: come back and say after which number. */
const TOO_SLOW = 4408;
const FORGET_MS = 5 * 60_000;
/** What was pushed longer ago is not told again: a call grants the client that stands in it no longer than that. */
const REPLAY_MS = 10 * 60_000;

export interface HubLimits {
  /** Messages kept for each user. */
  readonly backlog?: number;
  /** Bytes that may wait for a browser that reads slowly. */
  readonly buffered?: number;
}

/** "NODE" and the number of the last message, as the browser says them. */
export interface Resume {
  node: string;
  after: number;
}

/**
 * Sends live messages to the browsers that are connected to this process, numbers them and keeps the last ones.
 * It is part of the Deps of every feature (push, pushHere), so it needs the bus alone.
 */
export const createHub = (
  { bus, log, now }: Pick<Deps, 'bus' | 'log' | 'now'>,
  { backlog: kept = 100, buffered = 1024 * 1024 }: HubLimits = {},
) => {
  const node = randomBytes(6).toString('hex');
  const backlog = createBacklog(kept, 0);
  const browsers = new Map<number, Set<WebSocket>>();
  let seq = 0;

  const send = (ws: WebSocket, text: string) => {
    if (ws.readyState !== ws.OPEN) return;
    if (ws.bufferedAmount > buffered) {
      return ws.close(TOO_SLOW, 'too slow'); // which waits behind what it has not read, and is cut after a while
    }
    ws.send(text);
  };

  const pushHere = (userIds: readonly number[] | 'all', message: LiveMessage): void => {
    seq += 1;
    const text = JSON.stringify({ seq, message } satisfies Push);
    const sent = { seq, at: now(), text };
    if (userIds === 'all') {
      backlog.keep('all', sent);
      for (const sockets of browsers.values()) for (const ws of sockets) send(ws, text);
      return;
    }
    for (const userId of new Set(userIds)) {
      backlog.keep(userId, sent);
      for (const ws of browsers.get(userId) ?? []) send(ws, text);
    }
  };

  return {
    pushHere,

    /** To the pages that are open here and to no other: what replaces all that was said before, and is asked for anew by whoever was away. */
    showHere(userIds: readonly number[], message: LiveMessage): void {
      seq += 1;
      const text = JSON.stringify({ seq, message } satisfies Push);
      for (const userId of new Set(userIds)) for (const ws of browsers.get(userId) ?? []) send(ws, text);
    },

    /** Users with a page that is connected here. */
    watching: (): number[] => [...browsers.keys()],

    /** To the browsers of every node. */
    push: (userIds: readonly number[] | 'all', message: LiveMessage): void => bus.emit('live.push', { userIds, message }),

    /** Hello first, then what was missed, then whatever comes: nothing can come in between, all of it happens now. */
    join(ws: WebSocket, userId: number, resume: Resume | null): void {
      const missed = resume?.node === node && resume.after <= seq ? backlog.since(userId, resume.after, now() - REPLAY_MS) : null;
      ws.send(JSON.stringify({ hello: true, node, seq, reset: missed === null } satisfies Hello));
      for (const { text } of missed ?? []) ws.send(text);
      const mine = browsers.get(userId) ?? new Set();
      browsers.set(userId, mine.add(ws));
      ws.on('message', () => ws.close(1008, 'nothing to say here'));
      ws.on('close', () => {
        mine.delete(ws);
        if (mine.size === 0 && browsers.get(userId) === mine) browsers.delete(userId);
      });
      log.debug({ userId, node }, 'live: joined');
    },

    /** Pages that are connected here. */
    count: (): number => [...browsers.values()].reduce((sum, mine) => sum + mine.size, 0),

    /** Hears what other nodes send. @returns stop */
    start(): () => void {
      const forget = setInterval(() => backlog.forget((userId) => !browsers.has(userId)), FORGET_MS);
      const stop = bus.on('live.push', ({ userIds, message }) => pushHere(userIds, message));
      return () => {
        stop();
        clearInterval(forget);
      };
    },
  };
};

export type Hub = ReturnType<typeof createHub>;
