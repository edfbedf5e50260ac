import type { WebSocket } from 'ws';
import type { Deps } from '../deps.ts';

const PING_MS = 1_000;
/** Pings and answers take this long over a bad line; a phone that is away for longer misses calls. */
const SILENT_MS = 3_000;
/** The PBX says within this that a closed socket's registration is gone. */
const AFTER_CLOSE_MS = 3_000;

/**
 * Notices within four seconds that the browser behind a phone's socket does not answer any more: asleep, or its network is gone. The socket stays:
 * what is back soon goes on with it.
 */
export const watchSilence = (browser: WebSocket, userId: number, bus: Deps['bus']): void => {
  let heard = performance.now();
  let silent = false;
  const tell = (on: boolean) => {
    silent = on;
    bus.emit('phone.silent', { userId, silent: on });
  };
  const alive = () => {
    heard = performance.now();
    if (silent) tell(false);
  };
  const timer = setInterval(() => {
    if (browser.readyState !== browser.OPEN) return;
    browser.ping();
    if (!silent && performance.now() - heard > SILENT_MS) tell(true);
  }, PING_MS);
  browser.on('pong', alive);
  browser.on('message', alive);
  browser.on('close', () => {
    clearInterval(timer);
    if (silent) setTimeout(() => tell(false), AFTER_CLOSE_MS).unref();
  });
};
