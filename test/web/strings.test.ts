import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { ErrorCode } from '../../server/core/errors.ts';
import { errorWords } from '../../web/core/error-words.ts';
import { plural } from '../../web/core/i18n.ts';

const WEB = new URL('../../web/', import.meta.url).pathname;

/** Words that are the same in Russian, or names. */
const SAME = /^[\d\s.,:·–—☎"“”«»()/?…+-]*$|Allo|Ctrl|SIP/;

const files = (readdirSync(WEB, { recursive: true }) as string[]).filter(
  (f) => f.endsWith('.ts') && /defineStrings[<(]/.test(readFileSync(join(WEB, f), 'utf8')),
);

interface Dict {
  [key: string]: string | Dict | ((...args: (string | number)[]) => string);
}

const leaves = (dict: Dict, path = ''): [string, Exclude<Dict[string], Dict>][] =>
  Object.entries(dict).flatMap(([key, value]) => (typeof value === 'object' ? leaves(value, `${path}${key}.`) : [[path + key, value]]));

/** What stands there with a few numbers and texts put in. */
const said = (value: Exclude<Dict[string], Dict>): string[] =>
  typeof value === 'string' ? [value] : [0, 1, 2, 5, 21].map((n) => value(...Array.from({ length: value.length }, () => n)));

test('every file of strings is found', () => expect(files.filter((f) => f.endsWith('strings.ts')).length).toBeGreaterThan(6));

test.each(files.filter((f) => f !== 'core/i18n.ts'))(
  '%s: every text is there in both languages, and the Russian is Russian',
  async (file) => {
    const module = (await import(/* @vite-ignore */ join(WEB, file))) as Record<string, unknown>;
    const tables = Object.values(module).filter((v): v is { dict: { en: Dict; ru: Dict } } => typeof v === 'function' && 'dict' in v);
    for (const { dict } of tables) {
      const en = leaves(dict.en);
      const ru = leaves(dict.ru);
      expect(ru.map(([key]) => key)).toEqual(en.map(([key]) => key));
      for (const [key, value] of [...en, ...ru]) for (const text of said(value)) expect(text.trim(), `${file} ${key}`).not.toBe('');
      for (const [key, value] of ru)
        for (const text of said(value)) if (!SAME.test(text)) expect(text, `${file} ${key}`).toMatch(/[а-яё]/i);
      for (const [key, value] of en) for (const text of said(value)) expect(text, `${file} ${key}`).not.toMatch(/[а-яё]/i);
    }
  },
);

test('no element says anything in one language only', () => {
  for (const f of (readdirSync(WEB, { recursive: true }) as string[]).filter(
    (f) => f.endsWith('.ts') && !files.includes(f) && f !== 'core/layout.ts',
  ))
    expect(readFileSync(join(WEB, f), 'utf8').replace(/^.*NAMES: Record<Locale.*$/m, ''), f).not.toMatch(/[а-яё]/i);
});

test('every code of the server has words', () => {
  const words: Record<ErrorCode | 'internal', string> = errorWords.dict.ru; // a code without words does not compile
  expect(Object.values(words).every(Boolean)).toBe(true);
});

test('Russian plurals', () => {
  const calls = (n: number) => plural('ru', n, { one: 'звонок', few: 'звонка', many: 'звонков', other: 'звонка' });
  expect([1, 2, 5, 11, 21, 104].map(calls)).toEqual(['звонок', 'звонка', 'звонков', 'звонков', 'звонок', 'звонка']);
});

test('colours are named in the tokens only', () => {
  const named = (readdirSync(WEB, { recursive: true }) as string[])
    .filter((f) => f.endsWith('.ts'))
    .filter((f) => /#[\da-f]{3,8}\b(?!['"]?\))|\brgba?\(|\bhsla?\(/i.test(readFileSync(join(WEB, f), 'utf8').replace(/&#\w+;/g, '')));
  expect(named).toEqual([]);
});
