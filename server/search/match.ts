import { isNear, SHORTEST_NEAR } from '../core/near.ts';
import { readingsOf } from '../core/readings.ts';
import { wordsOf, wordsToFind } from '../core/words.ts';

/** Does a text or a number answer what was typed? Pure. */
export interface Match {
  text(...texts: string[]): boolean;
  number(number: string): boolean;
}

const begins = (typed: string, words: readonly string[]): boolean => words.some((word) => word.startsWith(typed));
const near = (typed: string, words: readonly string[]): boolean =>
  begins(typed, words) || (typed.length >= SHORTEST_NEAR && words.some((word) => word.length >= SHORTEST_NEAR && isNear(typed, word)));

/** Fewer are in every number. */
const FEWEST_DIGITS = 3;

/** The digits that people write in two ways ("8916", "+7916") left out. */
const digitsOf = (query: string): string =>
  /^\+?[\d\s().\-–/]+$/.test(query) ? query.replace(/\D/g, '').replace(/^(?:8|7|00)(?=\d{3})/, '') : '';

export const matchOf = (query: string): Match => {
  const asked = [query, ...readingsOf(query)].map(wordsToFind).filter((words) => words.length > 0);
  const digits = digitsOf(query.normalize('NFKC').trim());
  return {
    text(...texts) {
      const words = wordsOf(...texts);
      return asked.some((typed) => typed.every((word) => near(word, words)));
    },
    number: (number) => digits.length >= FEWEST_DIGITS && number.replace(/\D/g, '').includes(digits),
  };
};
