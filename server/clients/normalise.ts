import type { NumberPlan } from './number-plan.ts';

/** What a user typed, made comparable: the same folding fills search_words and reads the search box. Pure. */

const MAX_WORD = 60;
const APOSTROPHE = /['’ʼ`]/gu;
const BETWEEN_WORDS = /[^\p{L}\p{N}\p{M}]+/u;

/** Letters whose half was lost (a lone surrogate) become U+FFFD: no database stores them. */
const wellFormed = (text: string): string => Buffer.from(text, 'utf8').toString('utf8');

/** One line as it is stored: control characters (NUL, CR, LF, TAB …) become a space. Everything else stays as it was typed. */
export const cleanLine = (text: string): string =>
  wellFormed(text)
    .replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g, ' ')
    .trim();

/** Several lines as they are stored: line ends and tabs stay. */
export const cleanText = (text: string): string =>
  wellFormed(text)
    .replace(/\r\n?/g, '\n')
    .replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]+/g, ' ')
    .trim();

/** Lower case, ё as е, full-width and composed forms as the plain ones. Latin and Cyrillic look-alikes stay different. */
const fold = (text: string): string => wellFormed(text).normalize('NFKC').toLowerCase().normalize('NFC').replaceAll('ё', 'е');

const split = (folded: string): string[] =>
  folded
    .split(BETWEEN_WORDS)
    .filter((word) => word !== '')
    .map((word) => [...word].slice(0, MAX_WORD).join(''));

/** The words under which a text is found: "O'Brien" by "obrien", "o" and "brien". */
export const wordsOf = (...texts: string[]): string[] => {
  const folded = texts.map(fold);
  return [...new Set(folded.flatMap((text) => [...split(text.replace(APOSTROPHE, '')), ...split(text)]))];
};

/** The words of a search box, each to be found by its beginning; a word that another one begins with asks for nothing more. */
export const wordsToFind = (query: string): string[] => {
  const words = [...new Set(split(fold(query).replace(APOSTROPHE, '')))];
  return words.filter((word) => !words.some((other) => other !== word && other.startsWith(word))).slice(0, 8);
};

/** By which lists are sorted; cut, because an index has to hold it. */
export const sortKey = (name: string): string => [...split(fold(name)).join(' ')].slice(0, 120).join('');

export const emailKey = (address: string): string => wellFormed(address).trim().toLowerCase();

export const reversed = (digits: string): string => [...digits].reverse().join('');

/** The digits of what was typed as a number; null when it holds anything that numbers do not. */
export const typedDigits = (query: string): { digits: string; international: boolean } | null => {
  const text = query.normalize('NFKC').trim();
  if (!/^\+?[\d\s().\-–/]+$/.test(text)) return null;
  const digits = text.replace(/\D/g, '').slice(0, 24);
  return digits.length < 3 ? null : { digits, international: text.startsWith('+') };
};

/**
 * With what the digits in the database (country code first) may begin, given the beginning somebody typed: "8916" and "916" are 7916 in Russia,
 * "00441" is 441.
 */
export const numberBeginnings = (digits: string, international: boolean, plan: NumberPlan): string[] => {
  if (international) return [digits];
  const found = new Set([digits]);
  if (digits.startsWith('00')) found.add(digits.slice(2));
  if (plan.trunkPrefix !== '' && digits.startsWith(plan.trunkPrefix)) found.add(plan.countryCode + digits.slice(plan.trunkPrefix.length));
  else found.add(plan.countryCode + digits);
  return [...found].filter((beginning) => beginning !== '');
};
