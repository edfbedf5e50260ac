import { createStore } from './store.ts';

/** Where the user is. `focus`: came here by their own step, so the page's heading takes the focus. */
export interface Place {
  readonly path: string;
  readonly query: string;
  readonly focus: boolean;
  /** Rises with every step, also to the same address. */
  readonly step: number;
}

const here = (focus: boolean, step: number): Place => ({ path: location.pathname, query: location.search, focus, step });

export const place = createStore<Place>({ path: '/', query: '', focus: false, step: 0 });

export const navigate = (to: string, { replace = false, focus = true } = {}): void => {
  if (replace) history.replaceState(null, '', to);
  else if (to !== location.pathname + location.search) history.pushState(null, '', to);
  place.update((p) => here(focus, p.step + 1));
};

const linkOf = (e: MouseEvent): HTMLAnchorElement | undefined =>
  e.composedPath().find((n): n is HTMLAnchorElement => n instanceof HTMLAnchorElement && n.href !== '');

/** Turns clicks on our own links into steps of the router. Called once. */
export const startRouter = (): void => {
  place.set(here(false, 0));
  addEventListener('popstate', () => place.update((p) => here(true, p.step + 1)));
  document.addEventListener('click', (e) => {
    if (e.defaultPrevented || e.button !== 0 || e.ctrlKey || e.metaKey || e.shiftKey || e.altKey) return;
    const a = linkOf(e);
    if (!a || a.origin !== location.origin || a.target || a.hasAttribute('download')) return;
    e.preventDefault();
    navigate(a.pathname + a.search);
  });
};

/** match('/clients/:id', '/clients/7') -> { id: '7' }; null when it is another place. */
export const match = (pattern: string, path: string): Record<string, string> | null => {
  const wanted = pattern.split('/');
  const given = path.split('/');
  if (wanted.length !== given.length) return null;
  const params: Record<string, string> = {};
  for (const [i, part] of wanted.entries()) {
    const value = given[i]!;
    if (part.startsWith(':') && value) params[part.slice(1)] = decode(value);
    else if (part !== value) return null;
  }
  return params;
};

/** A broken escape typed into the address is a name that nothing has. */
const decode = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
};
