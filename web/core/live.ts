import type { Hello, LiveMessage, Push } from '../../server/realtime/contract.ts';
import { createStore } from './store.ts';

type Topic = LiveMessage['topic'];
type MessageOf<T extends Topic> = Extract<LiveMessage, { topic: T }>;

/** Since when the live channel is away; null while it is there. */
export const liveLostSince = createStore<number | null>(null);

const listeners = new Map<Topic, Set<(m: never) => void>>();
const loaders = new Set<() => void>();

/** @returns unsubscribe */
export const onLive = <T extends Topic>(topic: T, hear: (message: MessageOf<T>) => void): (() => void) => {
  const set = listeners.get(topic) ?? new Set();
  listeners.set(topic, set.add(hear));
  return () => set.delete(hear);
};

/** `load` runs when the state has to be had over HTTP: at the start, and when too much was missed. @returns unsubscribe */
export const onReset = (load: () => void): (() => void) => {
  loaders.add(load);
  return () => loaders.delete(load);
};

/**
 * Fetches what a topic also pushes. What was pushed while the answer was on its way is newer than the answer, which then may not be taken as it is:
 * `told` lists those pushes.
 */
export const fetchBeside = async <T extends Topic, R>(topic: T, get: () => Promise<R>): Promise<{ reply: R; told: MessageOf<T>[] }> => {
  const told: MessageOf<T>[] = [];
  const stop = onLive(topic, (m) => told.push(m));
  try {
    return { reply: await get(), told };
  } finally {
    stop();
  }
};

const hear = (message: LiveMessage) => listeners.get(message.topic)?.forEach((fn) => fn(message as never));

const FIRST_RETRY_MS = 1000;
const LAST_RETRY_MS = 15_000;

/** The live channel; comes back by itself and asks for what it missed. `signedOut`: the session is over. @returns close */
export const openLive = (signedOut: () => void): (() => void) => {
  let last: { node: string; seq: number } | null = null;
  let tries = 0;
  let closed = false;
  let ws: WebSocket;
  let timer: ReturnType<typeof setTimeout>;

  const greet = (hello: Hello) => {
    const fresh = hello.reset || last?.node !== hello.node;
    last = fresh ? { node: hello.node, seq: hello.seq } : last;
    tries = 0;
    liveLostSince.set(null);
    if (fresh) loaders.forEach((load) => load());
  };
  const connect = () => {
    clearTimeout(timer);
    const after = last ? `?node=${encodeURIComponent(last.node)}&after=${last.seq}` : '';
    ws = new WebSocket(`${location.origin.replace(/^http/, 'ws')}/live${after}`);
    ws.onmessage = (e: MessageEvent<string>) => {
      const frame = JSON.parse(e.data) as Hello | Push;
      if ('hello' in frame) return greet(frame);
      if (last) last = { ...last, seq: frame.seq };
      hear(frame.message);
    };
    ws.onclose = (e) => {
      if (closed) return;
      if (e.code === 4401) return signedOut();
      liveLostSince.update((since) => since ?? Date.now());
      // No live channel from the start (a proxy without WebSocket): at least show what is there.
      if (!last && tries === 0) loaders.forEach((load) => load());
      timer = setTimeout(connect, Math.min(LAST_RETRY_MS, FIRST_RETRY_MS * 2 ** tries++) * (0.5 + Math.random() / 2));
    };
  };
  const now = () => {
    if (ws.readyState === WebSocket.CLOSED) connect();
  };
  addEventListener('online', now);
  connect();
  return () => {
    closed = true;
    removeEventListener('online', now);
    clearTimeout(timer);
    ws.close();
    liveLostSince.set(null);
  };
};
