import { createStore } from './store.ts';

/** Input that is half typed. It outlives leaving the page and a reload of the tab, and is offered again. */
export interface Draft {
  /** Where its form stands: the form is open there as long as the draft exists. */
  readonly path: string;
  readonly label: string;
  readonly value: unknown;
}

type Drafts = Readonly<Record<string, Draft>>;
const KEY = 'allo.drafts';

const stored = (): Drafts => {
  try {
    return JSON.parse(sessionStorage.getItem(KEY) ?? '{}') as Drafts;
  } catch {
    return {}; // no storage (a private window, a test without a browser), or another version's text
  }
};

export const drafts = createStore<Drafts>(stored());

drafts.subscribe((all) => {
  try {
    sessionStorage.setItem(KEY, JSON.stringify(all));
  } catch {
    // full or forbidden: they still live as long as the page
  }
});

export const keepDraft = (key: string, draft: Draft): void => drafts.update((all) => ({ ...all, [key]: draft }));

export const dropDraft = (key: string): void =>
  drafts.update((all) => {
    if (!(key in all)) return all;
    const { [key]: _, ...rest } = all;
    return rest;
  });

export const draftOf = <T>(key: string): T | null => (drafts.get()[key]?.value as T | undefined) ?? null;

/** The field that has the focus, through any shadow roots. */
const focused = (): Element | null => {
  let at = document.activeElement;
  while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
  return at;
};

const PAGE = 'main';
const within = (at: Element, tag: string): boolean => {
  for (let n: Node | null = at; n; n = n instanceof ShadowRoot ? n.host : n.parentNode)
    if (n instanceof Element && n.localName === tag) return true;
  return false;
};

/** The caret stands in a field of the page that is not empty: a form whose words are kept nowhere else yet. A search is none. */
export const typingHere = (): boolean => {
  const at = focused();
  const field = at instanceof HTMLTextAreaElement || (at instanceof HTMLInputElement && ['text', 'tel', 'email'].includes(at.type));
  return field && at.value !== '' && within(at, PAGE);
};

/** Is something half typed on the page at this address? */
export const dirtyAt = (path: string): boolean => Object.values(drafts.get()).some((d) => d.path === path);
