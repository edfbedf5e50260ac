import type { User } from '../../server/users/contract.ts';
import { locale } from './i18n.ts';
import type { Locale } from './i18n.ts';
import { createStore } from './store.ts';

export type Theme = User['theme'];
export const theme = createStore<Theme>('auto');

const KEY = 'allo.look';

/** Language and colours of this browser, until somebody signs in whose own they are. */
const remembered = (): { language?: Locale; theme?: Theme } => {
  try {
    return JSON.parse(localStorage.getItem(KEY) ?? '{}') as { language?: Locale; theme?: Theme };
  } catch {
    return {};
  }
};

const show = () => {
  document.documentElement.lang = locale.get();
  if (theme.get() === 'auto') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme.get();
};

export const setLook = (look: { language?: Locale; theme?: Theme }): void => {
  if (look.language) locale.set(look.language);
  if (look.theme) theme.set(look.theme);
  show();
  try {
    localStorage.setItem(KEY, JSON.stringify({ language: locale.get(), theme: theme.get() }));
  } catch {
    // without storage the next visit begins as the browser's language says
  }
};

/** Called once, before anything is drawn. */
export const startLook = (): void => {
  const kept = remembered();
  locale.set(kept.language ?? (navigator.language.startsWith('ru') ? 'ru' : 'en'));
  theme.set(kept.theme ?? 'auto');
  show();
};
