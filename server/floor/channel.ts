import type { WebSocket } from 'ws';
import type { Floor, FloorFrame } from './contract.ts';
import { createDifference } from './view.ts';

/**
 * Between two updates of one browser: any five span more than a second, also when one of them was late on its way and the next was not. Counted from
 * when the last was sent, so that nothing that came late is caught up with.
 */
export const TICK_MS = 280;
/** Bytes that may wait for a browser that reads slowly; beyond it gets nothing, then the whole. */
const BUFFERED = 128 * 1024;

interface Watcher {
  ws: Pick<WebSocket, 'send' | 'bufferedAmount' | 'readyState' | 'OPEN'>;
  /** Has missed something. */
  behind: boolean;
  joinedAt: number;
}

/** Those who see the same picture: the whole to each once, then what changes to all. What is said is put into bytes once, however many hear it. */
export const createChannel = (view: () => Floor, monotonic: () => number = () => performance.now()) => {
  const watchers = new Set<Watcher>();
  let shown = view();
  let differ = createDifference(shown);
  /** The whole that is shown, once somebody needed it. */
  let told: Buffer | null = null;
  const bytes = (frame: FloorFrame): Buffer => Buffer.from(JSON.stringify(frame));
  const whole = (): Buffer => (told ??= bytes({ floor: shown }));
  const say = (ws: Watcher['ws'], text: Buffer): void => ws.send(text, { binary: false });

  const send = (watcher: Watcher, news: Buffer | null, now: number): void => {
    const { ws } = watcher;
    if (ws.readyState !== ws.OPEN) return;
    if (ws.bufferedAmount > BUFFERED || now - watcher.joinedAt < TICK_MS) {
      watcher.behind ||= news !== null;
      return;
    }
    if (watcher.behind) say(ws, whole());
    else if (news !== null) say(ws, news);
    watcher.behind = false;
  };

  return {
    /** @returns leave */
    join(ws: Watcher['ws']): () => void {
      const watcher = { ws, behind: false, joinedAt: monotonic() };
      say(ws, whole());
      watchers.add(watcher);
      return () => watchers.delete(watcher);
    },
    size: (): number => watchers.size,
    tick(): void {
      const next = view();
      const newDay = next.todaySince !== shown.todaySince;
      const change = differ(next);
      shown = next;
      told = null;
      if (newDay) differ = createDifference(next);
      const news = newDay ? whole() : change && bytes({ change });
      const now = monotonic();
      for (const watcher of watchers) send(watcher, news, now);
    },
  };
};
