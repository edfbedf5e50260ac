import { createStore } from './store.ts';

export type Locale = 'ru' | 'en';
export const LOCALES: readonly Locale[] = ['ru', 'en'];

export const locale = createStore<Locale>('ru');

/** `en` sets the shape; a key or a parameter missing in `ru` fails in `tsc`. Call as t().key inside render(). */
export const defineStrings = <T extends object>(dict: { en: T; ru: NoInfer<T> }) => Object.assign((): T => dict[locale.get()], { dict });

const rules = { ru: new Intl.PluralRules('ru'), en: new Intl.PluralRules('en') };

export const plural = (l: Locale, n: number, forms: { one: string; few?: string; many?: string; other: string }): string =>
  forms[rules[l].select(n) as 'one' | 'few' | 'many' | 'other'] ?? forms.other;
