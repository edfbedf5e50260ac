import { fold, splitWords, wellFormed } from '../core/words.ts';
import type { NumberPlan } from './number-plan.ts';

/** What a user typed, as it is stored and compared. Pure. */

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

/** By which lists are sorted; cut, because an index has to hold it. */
export const sortKey = (name: string): string => [...splitWords(fold(name)).join(' ')].slice(0, 120).join('');

export const emailKey = (address: string): string => wellFormed(address).trim().toLowerCase();

export const reversed = (digits: string): string => [...digits].reverse().join('');

/** The digits of what was typed as a number; null when it holds anything that numbers do not. */
export const typedDigits = (query: string): { digits: string; international: boolean } | null => {
  const text = query.normalize('NFKC').trim();
  if (!/^\+?[\d\s().\-–/]+$/.test(text)) return null;
  const digits = text.replace(/\D/g, '').slice(0, 24);
  return digits === '' ? null : { digits, international: text.startsWith('+') };
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
