import type { WebSocket } from 'ws';
import type { Floor, FloorFrame } from './contract.ts';
import { createDifference } from './view.ts';

/** Updates of one browser: four a second. */
export const TICK_MS = 250;
/** Bytes that may wait for a browser that reads slowly; beyond it gets nothing, then the whole. */
const BUFFERED = 128 * 1024;

interface Watcher {
  ws: Pick<WebSocket, 'send' | 'bufferedAmount' | 'readyState' | 'OPEN'>;
  /** Has missed something. */
  behind: boolean;
}

/** Those who see the same picture: the whole to each once, then what changes to all. */
export const createChannel = (view: () => Floor) => {
  const watchers = new Set<Watcher>();
  let shown = view();
  let differ = createDifference(shown);
  const text = (frame: FloorFrame): string => JSON.stringify(frame);
  const whole = (): string => text({ floor: shown });

  const send = (watcher: Watcher, news: string | null, all: () => string): void => {
    const { ws } = watcher;
    if (ws.readyState !== ws.OPEN) return;
    if (ws.bufferedAmount > BUFFERED) {
      watcher.behind ||= news !== null;
      return;
    }
    if (watcher.behind) ws.send(all());
    else if (news !== null) ws.send(news);
    watcher.behind = false;
  };

  return {
    /** @returns leave */
    join(ws: Watcher['ws']): () => void {
      const watcher = { ws, behind: false };
      ws.send(whole());
      watchers.add(watcher);
      return () => watchers.delete(watcher);
    },
    size: (): number => watchers.size,
    tick(): void {
      const next = view();
      const newDay = next.todaySince !== shown.todaySince;
      const change = differ(next);
      shown = next;
      if (newDay) differ = createDifference(next);
      let once: string | null = null;
      const all = () => (once ??= whole());
      const news = newDay ? all() : change && text({ change });
      for (const watcher of watchers) send(watcher, news, all);
    },
  };
};
