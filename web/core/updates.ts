import { createStore } from './store.ts';

/** A newer Allo is installed and waits for this page to let go of the old one. */
export const update = createStore<ServiceWorker | null>(null);

const HOUR_MS = 3_600_000;

/** The shell of the page is kept in the browser, so that it opens without the network; data never is. Called once. */
export const keepShell = async (): Promise<void> => {
  if (!('serviceWorker' in navigator)) return;
  const offer = (worker: ServiceWorker | null) => {
    // The first one has nothing to replace.
    if (worker?.state === 'installed' && navigator.serviceWorker.controller) update.set(worker);
  };
  const registration = await navigator.serviceWorker.register('/sw.js');
  offer(registration.waiting);
  registration.addEventListener('updatefound', () => {
    const worker = registration.installing;
    worker?.addEventListener('statechange', () => offer(worker));
  });
  setInterval(() => void registration.update().catch(() => {}), HOUR_MS); // offline: asked again an hour later
};

/** Takes the new one; the page loads again with it. */
export const takeUpdate = (): void => {
  navigator.serviceWorker.addEventListener('controllerchange', () => location.reload(), { once: true });
  update.get()?.postMessage('take over');
};
