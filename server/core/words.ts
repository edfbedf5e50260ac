/** Words of a text, made comparable: the same folding fills the indexes and reads the search box. Pure. */

const MAX_WORD = 60;
const APOSTROPHE = /['’ʼ`]/gu;
const BETWEEN_WORDS = /[^\p{L}\p{N}\p{M}]+/u;

/** Letters whose half was lost (a lone surrogate) become U+FFFD: no database stores them. */
export const wellFormed = (text: string): string => Buffer.from(text, 'utf8').toString('utf8');

/** Lower case, ё as е, full-width and composed forms as the plain ones. Latin and Cyrillic look-alikes stay different. */
export const fold = (text: string): string => wellFormed(text).normalize('NFKC').toLowerCase().normalize('NFC').replaceAll('ё', 'е');

export const splitWords = (folded: string): string[] =>
  folded
    .split(BETWEEN_WORDS)
    .filter((word) => word !== '')
    .map((word) => [...word].slice(0, MAX_WORD).join(''));

/** The words under which a text is found: "O'Brien" by "obrien", "o" and "brien". */
export const wordsOf = (...texts: string[]): string[] => {
  const folded = texts.map(fold);
  return [...new Set(folded.flatMap((text) => [...splitWords(text.replace(APOSTROPHE, '')), ...splitWords(text)]))];
};

/** The words of a search box, each to be found by its beginning; a word that another one begins with asks for nothing more. */
export const wordsToFind = (query: string): string[] => {
  const words = [...new Set(splitWords(fold(query).replace(APOSTROPHE, '')))];
  return words.filter((word) => !words.some((other) => other !== word && other.startsWith(word))).slice(0, 8);
};
