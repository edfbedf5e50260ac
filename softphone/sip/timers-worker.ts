import type { TimerAnswer, TimerOrder } from './timers.ts';

/** The clock behind timers.ts: runs in a worker, whose timers the browser does not slow down when the tab is hidden. */
const running = new Map<number, ReturnType<typeof setTimeout>>();

self.onmessage = ({ data: { id, ms } }: MessageEvent<TimerOrder>) => {
  clearTimeout(running.get(id));
  running.delete(id);
  if (ms === null) return;
  const due = () => {
    running.delete(id);
    self.postMessage(id satisfies TimerAnswer);
  };
  running.set(id, setTimeout(due, ms));
};
