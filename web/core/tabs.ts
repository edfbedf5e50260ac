import { dirtyAt } from './drafts.ts';
import { createStore } from './store.ts';

/** The cards that are open beside one another. They outlive a reload of the page. */
export interface Tab {
  readonly path: string;
  readonly label: string;
  /** Rises with every visit, over all tabs. */
  readonly seen: number;
  /** The call that is up and belongs here; null: none. */
  readonly call: string | null;
  /** Opened by a call, and nobody has come here by their own step. */
  readonly popped: boolean;
}

export type Tabs = readonly Tab[];

/** More are kept only where each holds something half typed or a call. */
export const MOST_TABS = 8;

/** Only cards become tabs: of a client, and of a number that nobody or several people have. */
export const isCard = (path: string): boolean => /^\/clients\/[1-9]\d{0,14}$|^\/incoming\/[^/]+$/.test(path);

const after = (tabs: Tabs): number => Math.max(0, ...tabs.map((tab) => tab.seen)) + 1;

/** The one that was looked at longest ago gives way, unless something would be lost with it. */
const fit = (tabs: Tabs, newest: string, dirty: (path: string) => boolean): Tabs => {
  if (tabs.length <= MOST_TABS) return tabs;
  const free = tabs.filter((tab) => tab.path !== newest && tab.call === null && !dirty(tab.path));
  const oldest = free.reduce<Tab | null>((old, tab) => (old === null || tab.seen < old.seen ? tab : old), null);
  return oldest === null ? tabs : tabs.filter((tab) => tab !== oldest);
};

/** Somebody stands on the card. `own`: came by their own step. */
export const visited = (tabs: Tabs, path: string, own: boolean, label: string, dirty: (path: string) => boolean): Tabs => {
  if (!isCard(path)) return tabs;
  const seen = after(tabs);
  if (tabs.some((tab) => tab.path === path))
    return tabs.map((tab) => (tab.path === path ? { ...tab, seen, label: tab.label || label, popped: tab.popped && !own } : tab));
  return fit([...tabs, { path, label, seen, call: null, popped: false }], path, dirty);
};

/** A call has brought a card. What the same call opened before (the unknown number, now found) gives its place up. */
export const popped = (tabs: Tabs, path: string, label: string, call: string, dirty: (path: string) => boolean): Tabs => {
  const before = tabs.find((tab) => tab.call === call && tab.path !== path && tab.path.startsWith('/incoming/'));
  if (tabs.some((tab) => tab.path === path))
    return tabs.filter((tab) => tab !== before).map((tab) => (tab.path === path ? { ...tab, label: label || tab.label, call } : tab));
  const tab: Tab = { path, label, seen: after(tabs), call, popped: before?.popped ?? true };
  return before ? tabs.map((t) => (t === before ? tab : t)) : fit([...tabs, tab], path, dirty);
};

/** The call rang in vain here, or ended: what it opened goes, unless somebody is there or has begun something. `gone`: it never was ours. */
export const over = (tabs: Tabs, call: string, gone: boolean, here: string, dirty: (path: string) => boolean): Tabs =>
  tabs.flatMap((tab) => {
    if (tab.call !== call) return [tab];
    return gone && tab.popped && tab.path !== here && !dirty(tab.path) ? [] : [{ ...tab, call: null }];
  });

/** The neighbour, round the ends; from a page that is no tab: the one looked at last. Null: there is none. */
export const beside = (tabs: Tabs, here: string, step: 1 | -1): string | null => {
  const at = tabs.findIndex((tab) => tab.path === here);
  if (at >= 0) return tabs[(at + step + tabs.length) % tabs.length]!.path;
  return tabs.reduce<Tab | null>((last, tab) => (last === null || tab.seen > last.seen ? tab : last), null)?.path ?? null;
};

const KEY = 'allo.tabs';

const isTab = (tab: Partial<Tab>): boolean =>
  typeof tab.path === 'string' && isCard(tab.path) && typeof tab.label === 'string' && typeof tab.seen === 'number';

const stored = (): Tabs => {
  try {
    const all = JSON.parse(sessionStorage.getItem(KEY) ?? '[]') as Tabs;
    return Array.isArray(all) && all.every(isTab) ? all : [];
  } catch {
    return []; // no storage (a private window, a test without a browser), or another version's text
  }
};

export const tabs = createStore<Tabs>(stored());

tabs.subscribe((all) => {
  try {
    sessionStorage.setItem(KEY, JSON.stringify(all));
  } catch {
    // full or forbidden: they still live as long as the page
  }
});

export const visitTab = (path: string, own: boolean, label: string): void => tabs.update((all) => visited(all, path, own, label, dirtyAt));

export const popTab = (path: string, label: string, call: string): void => tabs.update((all) => popped(all, path, label, call, dirtyAt));

export const endTab = (call: string, gone: boolean, here: string): void => tabs.update((all) => over(all, call, gone, here, dirtyAt));

export const nameTab = (path: string, label: string): void =>
  tabs.update((all) =>
    all.some((tab) => tab.path === path && tab.label !== label) ? all.map((t) => (t.path === path ? { ...t, label } : t)) : all,
  );

export const closeTab = (path: string): void => tabs.update((all) => all.filter((tab) => tab.path !== path));
