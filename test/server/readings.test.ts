import { expect, test } from 'vitest';
import { byNearness, isNear, nearKeys } from '../../server/core/near.ts';
import { otherLayout, readingsOf } from '../../server/core/readings.ts';
import { matchOf } from '../../server/search/match.ts';

test.each([
  ['bdfyjd', 'иванов'],
  ['Шмфтщм', 'Ivanov'],
  ['gtnhjd gtnh', 'петров петр'],
  [';erjd', 'жуков'],
  ['"hbq', 'Эрий'],
  ['Ivanов', null],
  ['123', null],
  ['', null],
])('%j on the other keyboard layout is %j', (typed, meant) => {
  expect(otherLayout(typed)).toBe(meant);
});

test.each([
  ['ivanov', 'иванов'],
  ['Petr Semenov', 'петр семенов'],
  ['shcherbakova', 'щербакова'],
  ['Tchaikovsky', 'чаиковск'],
  ['yulia', 'юлия'],
  ['tatiana', 'татьяна'],
  ['olga', 'ольга'],
  ['zhukov', 'жуков'],
  ['sergey', 'сергей'],
  ['Иванов', 'ivanov'],
  ['Чехов', 'chekhov'],
  ['чехов', 'chehov'],
  ['достоевский', 'dostoevsky'],
])('%j may be meant as %j', (typed, meant) => {
  expect(readingsOf(typed)).toContain(meant);
});

test('a question has few readings, whatever is typed', () => {
  for (const typed of ['jeceleciaya'.repeat(18), 'щ'.repeat(200), "';[".repeat(60), '\ud800a', '']) {
    const readings = readingsOf(typed);
    expect(readings.length).toBeLessThanOrEqual(5);
    expect(readings).not.toContain(typed);
  }
});

test.each([
  ['иванов', 'иванов', true],
  ['ивонов', 'иванов', true],
  ['ивнов', 'иванов', true],
  ['иваанов', 'иванов', true],
  ['иавнов', 'иванов', true],
  ['ванов', 'иванов', true],
  ['ивонов', 'ивановский', true], // its beginning
  ['иванво', 'иванов', true],
  ['ивоноф', 'иванов', false],
  ['петров', 'иванов', false],
  ['иванович', 'иванов', false],
])('%j and %j are one slip apart: %j', (typed, word, near) => {
  expect(isNear(typed, word)).toBe(near);
});

/** Of a word: every single slip of it. */
const slips = (word: string): string[] => {
  const all = [...word].flatMap((_, i) => [
    word.slice(0, i) + word.slice(i + 1),
    `${word.slice(0, i)}ъ${word.slice(i + 1)}`,
    `${word.slice(0, i)}ъ${word.slice(i)}`,
    word.slice(0, i) + (word[i + 1] ?? '') + word[i]! + word.slice(i + 2),
  ]);
  return [...new Set(all)].filter((slip) => slip.length >= 4);
};

test('every slip of a word is near to it and shares a key with it', () => {
  for (const word of ['анна', 'петров', 'ивановский', 'константинопольский'])
    for (const slip of slips(word)) {
      expect(isNear(slip, word), `${slip} ${word}`).toBe(true);
      expect(nearKeys(slip).some((key) => nearKeys(word).includes(key)), `${slip} ${word}`).toBe(true); // prettier-ignore
    }
});

test('keys are few and fit their column; numbers and short words have none', () => {
  expect(nearKeys('ы'.repeat(60))).toEqual(['ыыыыыы', 'ыыыыы']);
  expect(nearKeys('константинополь').length).toBe(7);
  for (const word of ['', 'ян', 'abc', 'r2d2', '79161234567', '𝒜𝒜']) expect(nearKeys(word)).toEqual([]);
});

test('the likeliest comes first', () => {
  expect(['ивановская', 'диванов', 'иванов'].sort(byNearness('ивонов'))).toEqual(['иванов', 'диванов', 'ивановская']);
});

test('a text and a number answer as clients do', () => {
  const text = (typed: string, said: string) => matchOf(typed).text(said);
  expect(text('договор', 'Отправить договор Иванову')).toBe(true);
  expect(text('ljujdjh', 'Отправить договор')).toBe(true);
  expect(text('догвор', 'Отправить договор')).toBe(true);
  expect(text('договор счет', 'Отправить договор')).toBe(false);
  expect(text('', 'Отправить договор')).toBe(false);
  expect(text('%', 'anything')).toBe(false);
  const number = (typed: string, dialled: string) => matchOf(typed).number(dialled);
  expect(number('8 (916) 123', '+79161234567')).toBe(true);
  expect(number('4567', '+79161234567')).toBe(true);
  expect(number('+7 9', '+79161234567')).toBe(false);
  expect(number('9', '+79161234567')).toBe(false);
});
