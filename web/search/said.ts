import { onOtherLayout } from '../core/layout.ts';
import { looksDiallable } from '../core/numbers.ts';
import { t } from './strings.ts';

/** What is typed into the search box, as far as it is an order and not a question. Pure. */
export interface Said {
  readonly kind: 'find' | 'number' | 'call' | 'task' | 'client';
  /** Without the words of the order. */
  readonly rest: string;
}

const begins = (kind: 'call' | 'task' | 'client'): RegExp =>
  new RegExp(`^(?:${t.dict.en.orders[kind]}|${t.dict.ru.orders[kind]})(?:\\s+|$)`, 'i');
const ORDERS = (['call', 'task', 'client'] as const).map((kind) => [kind, begins(kind)] as const);

/** An order may be typed on the wrong layout: its rest then was too. */
export const understand = (typed: string): Said => {
  const text = typed.trim();
  for (const read of [text, onOtherLayout(text)])
    for (const [kind, begin] of ORDERS) {
      const rest = read.replace(begin, '');
      if (rest !== read && (kind !== 'call' || rest !== '')) return { kind, rest };
    }
  return { kind: looksDiallable(text) ? 'number' : 'find', rest: text };
};

/** The Russian letter with two dots is as good as the one without. */
const words = (text: string): string[] => text.toLowerCase().replaceAll('\u0451', '\u0435').split(/[^\p{L}\p{N}]+/u).filter(Boolean); // prettier-ignore

/** Does every word typed begin one of these, on one layout or the other? */
export const fitsWords = (typed: string, said: string): boolean => {
  const have = words(said);
  return [typed, onOtherLayout(typed)].some((text) => {
    const asked = words(text);
    return asked.length > 0 && asked.every((word) => have.some((one) => one.startsWith(word)));
  });
};
