/** What else somebody may have meant by what they typed: the other alphabet, or the other layout of the keyboard. Pure. */

const LATIN_KEYS = "`qwertyuiop[]asdfghjkl;'zxcvbnm,./";
const RUSSIAN_KEYS = 'ёйцукенгшщзхъфывапролджэячсмитьбю.';
const SHIFTED = { latin: '~QWERTYUIOP{}ASDFGHJKL:"ZXCVBNM<>?', russian: 'ЁЙЦУКЕНГШЩЗХЪФЫВАПРОЛДЖЭЯЧСМИТЬБЮ,' };

const table = (from: string, to: string) => new Map([...from].map((sign, i) => [sign, [...to][i]!]));
const TO_RUSSIAN = table(LATIN_KEYS + SHIFTED.latin, RUSSIAN_KEYS + SHIFTED.russian);
const TO_LATIN = table(RUSSIAN_KEYS + SHIFTED.russian, LATIN_KEYS + SHIFTED.latin);

const LATIN = /\p{Script=Latin}/u;
const CYRILLIC = /\p{Script=Cyrillic}/u;

/** "bdfyjd" -> "иванов", "Шмфтщм" -> "Ivanov"; null when both alphabets are in it, or none. */
export const otherLayout = (query: string): string | null => {
  const [latin, cyrillic] = [LATIN.test(query), CYRILLIC.test(query)];
  if (latin === cyrillic) return null;
  const keys = latin ? TO_RUSSIAN : TO_LATIN;
  return [...query].map((sign) => keys.get(sign) ?? sign).join('');
};

/** Longest first. Several ways: what a passport (ICAO 9303), a bank and a person make of one letter. */
const FROM_LATIN: readonly (readonly [string, readonly string[]])[] = [
  ['shch', ['щ']],
  ['sch', ['щ', 'ш']],
  ['tch', ['ч']],
  ['iya', ['ия']],
  ['yev', ['ев', 'ьев']],
  ['zh', ['ж']],
  ['kh', ['х']],
  ['ts', ['ц']],
  ['ch', ['ч']],
  ['sh', ['ш']],
  ['ph', ['ф']],
  ['th', ['т']],
  ['ck', ['к']],
  ['ya', ['я', 'ья']],
  ['ia', ['ия', 'ья']],
  ['ja', ['я', 'ья']],
  ['yu', ['ю']],
  ['iu', ['ю']],
  ['ju', ['ю']],
  ['yo', ['е', 'йо']],
  ['ye', ['е', 'ье']],
  ['iy', ['ий']],
  ['yi', ['ый']],
  ['ij', ['ий']],
  ['a', ['а']],
  ['b', ['б']],
  ['c', ['к', 'ц']],
  ['d', ['д']],
  ['e', ['е', 'э']],
  ['f', ['ф']],
  ['g', ['г']],
  ['h', ['х']],
  ['i', ['и']],
  ['j', ['й', 'дж']],
  ['k', ['к']],
  ['l', ['л', 'ль']],
  ['m', ['м']],
  ['n', ['н']],
  ['o', ['о']],
  ['p', ['п']],
  ['q', ['к']],
  ['r', ['р']],
  ['s', ['с']],
  ['t', ['т']],
  ['u', ['у']],
  ['v', ['в']],
  ['w', ['в']],
  ['x', ['кс']],
  ['z', ['з']],
];
const VOWELS = 'aeiou';

const FROM_CYRILLIC = new Map(
  Object.entries({
    а: 'a', б: 'b', в: 'v', г: 'g', д: 'd', е: 'e', ё: 'e', ж: 'zh', з: 'z', и: 'i', й: 'y', к: 'k', л: 'l', м: 'm', н: 'n', о: 'o', п: 'p',
    р: 'r', с: 's', т: 't', у: 'u', ф: 'f', х: 'kh', ц: 'ts', ч: 'ch', ш: 'sh', щ: 'shch', ъ: '', ы: 'y', ь: '', э: 'e', ю: 'yu', я: 'ya',
  }),
); // prettier-ignore

/** "y" alone: a vowel between consonants, the short и behind a vowel, an ending ("-sky") that is best left open. */
const ofY = (word: string, at: number): string => {
  if (at === word.length - 1) return at > 0 && VOWELS.includes(word[at - 1]!) ? 'й' : '';
  return at === 0 || VOWELS.includes(word[at - 1]!) ? 'й' : 'ы';
};

/** `second`: of the letters that can be read in two ways, the one that is read in its second way; null: none. @returns how many could be */
const toCyrillic = (word: string, second: number | null): { text: string; ways: number } => {
  let [text, ways] = ['', 0];
  for (let at = 0; at < word.length;) {
    const [letters, to] = FROM_LATIN.find(([from]) => word.startsWith(from, at)) ?? [word[at]!, null];
    if (to === null) text += letters === 'y' ? ofY(word, at) : letters;
    else text += to[to.length > 1 && ways++ === second ? 1 : 0]!;
    at += letters.length;
  }
  return { text, ways };
};

/** More would cost more than they find. */
const MOST = 4;

const written = (query: string): string[] => {
  const text = query.toLowerCase();
  if (CYRILLIC.test(text)) {
    const plain = [...text].map((sign) => FROM_CYRILLIC.get(sign) ?? sign).join('');
    return [plain, plain.replaceAll('kh', 'h'), plain.replaceAll(/iy(?=\s|$)/g, 'y')];
  }
  const first = toCyrillic(text, null);
  return [first.text, ...Array.from({ length: first.ways }, (_, i) => toCyrillic(text, first.ways - 1 - i).text)];
};

/** Other alphabet first, then the other layout. Nothing for a text of both alphabets or none. */
export const readingsOf = (query: string): string[] => {
  const layout = otherLayout(query);
  if (layout === null) return [];
  const readings = new Set([...new Set(written(query))].slice(0, MOST));
  readings.add(layout);
  readings.delete(query);
  return [...readings];
};
