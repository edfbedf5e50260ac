import { createStore } from './store.ts';

/** Of several tabs of one browser: this is the one that was looked at last, so what comes by itself comes here. */
export const leads = createStore(true);

/** `name`: tabs of another user are none of ours. Without the API (a page that is neither https nor localhost) each tab leads. @returns stop */
export const startLead = (name: string): (() => void) => {
  if (!('locks' in navigator)) return () => {};
  leads.set(false);
  let stopped = false;
  let release = () => {};
  const giveUp = new AbortController();
  const hold = (): Promise<void> => {
    if (stopped) return Promise.resolve();
    leads.set(true);
    return new Promise((resolve) => (release = resolve));
  };
  /** Behind whoever leads, until that tab is closed. */
  const queue = (): void => {
    navigator.locks.request(name, { signal: giveUp.signal }, hold).catch(lost);
  };
  const lost = (err: unknown): void => {
    leads.set(stopped);
    if (stopped) return;
    if (!(err instanceof DOMException && err.name === 'AbortError')) throw err;
    queue(); // another tab was looked at, and took it
  };
  const take = (): void => {
    if (!leads.get()) navigator.locks.request(name, { steal: true }, hold).catch(lost);
  };
  addEventListener('focus', take);
  if (document.hasFocus()) take();
  else queue();
  return () => {
    stopped = true;
    removeEventListener('focus', take);
    giveUp.abort();
    release();
    leads.set(true);
  };
};
