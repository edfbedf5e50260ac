import { createStore } from './store.ts';

export interface Toast {
  readonly id: number;
  readonly tone: 'info' | 'success' | 'danger';
  readonly text: string;
  /** Where "show" leads, or what "undo" does. */
  readonly link: { href: string; text: string } | { run: () => void; text: string } | null;
}

export const toasts = createStore<readonly Toast[]>([]);
let last = 0;

const SHOWN_MS = 8000;

export const dismissToast = (id: number): void => toasts.update((all) => all.filter((t) => t.id !== id));

/** A failure stays until it is closed: it may be the only word of it. */
export const toast = (tone: Toast['tone'], text: string, link: Toast['link'] = null): void => {
  const id = ++last;
  toasts.update((all) => [...all, { id, tone, text, link }].slice(-4));
  if (tone !== 'danger') setTimeout(() => dismissToast(id), SHOWN_MS);
};
