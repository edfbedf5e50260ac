import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { t } from '../../web/app/strings.ts';
import { CHORDS, keysOf } from '../../web/core/chords.ts';
import type { KeyAction } from '../../web/core/chords.ts';
import { onOtherLayout } from '../../web/core/layout.ts';
import { fitsWords, understand } from '../../web/search/said.ts';

const WEB = new URL('../../web/', import.meta.url).pathname;
const sources = (readdirSync(WEB, { recursive: true }) as string[])
  .filter((file) => file.endsWith('.ts') && file !== 'core/chords.ts')
  .map((file) => ({ file, text: readFileSync(join(WEB, file), 'utf8') }));
const all = Object.values(CHORDS).flatMap((group) => Object.entries(group)) as [KeyAction, string][];

test('no two actions share a key', () => {
  const chords = all.map(([, chord]) => chord);
  expect(new Set(chords).size).toBe(chords.length);
});

test('no key is the browser’s own, AltGr, a switch of the layout, or a screen reader’s', () => {
  const taken =
    /^Ctrl\+Key[ACFHJLNOPRSTUVWXZ]$|^Ctrl\+(Tab|Digit\d|Equal|Minus)|^Alt\+(Key[DEF]|Arrow|Home|F4|Space|Tab)|^F\d+|Shift|Insert|CapsLock|Ctrl\+Alt/;
  expect(all.filter(([, chord]) => taken.test(chord))).toEqual([]);
});

/** What a form listens for by itself. */
const OF_FORMS: readonly KeyAction[] = ['outcome', 'save'];

test('every key of the table is listened for, and no other: the sheet of help tells all of them', () => {
  const listening = sources.filter(({ text }) => text.includes('onAction({')).map(({ text }) => text.slice(text.indexOf('onAction({')));
  for (const [action] of all.filter(([name]) => !OF_FORMS.includes(name)))
    expect(
      listening.some((text) => new RegExp(`\\b${action}[:(]`).test(text)),
      action,
    ).toBe(true);
  const strangers = sources.filter(({ text }) => /'(?:Alt|Ctrl)\+(?:Key|Digit)\w/.test(text)).map(({ file }) => file);
  expect(strangers).toEqual([]);
});

test('the sheet has words for every key in both languages, and for nothing else', () => {
  const actions = all.map(([action]) => action).sort();
  for (const words of [t.dict.en, t.dict.ru]) expect(Object.keys(words.keys).sort()).toEqual(actions);
  expect(keysOf('answer')).toEqual(['Alt', 'A']);
  expect(keysOf('home')).toEqual(['Alt', '1']);
  expect(keysOf('outcome')).toEqual(['1…9, 0']);
  expect(keysOf('help')).toEqual(['?']);
});

test.each([
  ['Иванов', 'find', 'Иванов'],
  ['8 912', 'number', '8 912'],
  ['call 8 912 000', 'call', '8 912 000'],
  ['позвони Иванову', 'call', 'Иванову'],
  ['gjpdjyb 8912', 'call', '8912'],
  ['new task send the offer', 'task', 'send the offer'],
  ['задача', 'task', ''],
  ['новый клиент Петров', 'client', 'Петров'],
  ['taskmaster', 'find', 'taskmaster'],
  ['call', 'find', 'call'],
  ['', 'find', ''],
])('%j typed into the search box means %s %j', (typed, kind, rest) => {
  expect(understand(typed)).toEqual({ kind, rest });
});

test('a command is found by the beginning of its words, on either layout', () => {
  expect(fitsWords('мои зв', 'Мои звонки My calls')).toBe(true);
  expect(fitsWords('ntv', 'Тёмные цвета Тема')).toBe(true);
  expect(fitsWords('', 'Мои звонки')).toBe(false);
  expect(fitsWords('вонки', 'Мои звонки')).toBe(false);
  expect(onOtherLayout('bdfyjd')).toBe('иванов');
  expect(onOtherLayout('Шмфтщм')).toBe('ivanov');
});
