/**
 * Words that differ by one slip of the finger: a letter left out, doubled, exchanged for another, or two that changed places. Pure.
 *
 * Two words that are one slip apart have a common form once each may lose a letter (the index of deletions, as in SymSpell by Wolf Garbe). Only
 * the first letters are indexed, so a word costs at most seven rows; what lies behind them, `isNear` reads.
 */

/** Indexed letters. */
const HEAD = 6;
/** Of shorter words too many are near. */
export const SHORTEST_NEAR = 4;

const dropOne = (word: string): string[] => [...word].map((_, i, all) => [...all.slice(0, i), ...all.slice(i + 1)].join(''));

/** The forms under which a word is found by those near to it; none for a word that is short or holds a digit. */
export const nearKeys = (word: string): string[] => {
  if (!/^\p{L}+$/u.test(word)) return [];
  const letters = [...word];
  if (letters.length < SHORTEST_NEAR) return [];
  const head = letters.slice(0, HEAD).join('');
  return [...new Set([head, ...dropOne(head)])];
};

/** Does `word`, or its beginning, differ from what was typed by one slip or none? */
export const isNear = (typed: string, word: string): boolean => {
  if (word.startsWith(typed)) return true;
  let i = 0;
  while (i < typed.length && typed[i] === word[i]) i++;
  const swapped = typed[i] === word[i + 1] && typed[i + 1] === word[i];
  return (
    word.startsWith(typed.slice(i + 1), i + 1) || // another letter
    word.startsWith(typed.slice(i), i + 1) || // one left out
    word.startsWith(typed.slice(i + 1), i) || // one too many
    (swapped && word.startsWith(typed.slice(i + 2), i + 2))
  );
};

/** The likeliest first: of the same length, with the same first letter. */
export const byNearness =
  (typed: string) =>
  (a: string, b: string): number => {
    const far = (word: string) => Math.abs(word.length - typed.length) * 2 + (word[0] === typed[0] ? 0 : 1);
    return far(a) - far(b) || (a < b ? -1 : 1);
  };
