import { wellFormed } from '../core/words.ts';

/** Numbers, money and dates as people and spreadsheets write them. Pure. */

export const tidyLine = (text: string): string =>
  wellFormed(text)
    .replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g, ' ')
    .trim();

export const tidyLines = (text: string): string =>
  wellFormed(text)
    .replace(/\r\n?/g, '\n')
    .replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]+/g, ' ')
    .trim();

/** Several values in one cell: by lines or semicolons; by commas where there is neither. */
export const splitList = (text: string): string[] =>
  text
    .split(/[;\n]/.test(text) ? /[;\n]/ : ',')
    .map((part) => part.trim())
    .filter((part) => part !== '');

/** "1 234,50", "1,234.5", "-3", "12,5": the last separator is the decimal one, unless it groups by thousands. Null: no number. */
export const readNumber = (text: string): number | null => {
  const plain = text.normalize('NFKC').replace(/[\s'’_]/g, '').replace('−', '-'); // prettier-ignore
  if (!/^[+-]?\d[\d.,]*$/.test(plain)) return null;
  const last = Math.max(plain.lastIndexOf(','), plain.lastIndexOf('.'));
  if (last < 0) return Number(plain);
  const separator = plain[last]!;
  const [whole, fraction] = [plain.slice(0, last), plain.slice(last + 1)];
  const repeated = plain.indexOf(separator) !== last;
  if (repeated) return /^[+-]?\d{1,3}([.,]\d{3})+$/.test(plain) ? Number(plain.replace(/[.,]/g, '')) : null;
  if (/[.,]/.test(whole) && !/^[+-]?\d{1,3}([.,]\d{3})+$/.test(whole)) return null;
  return Number(`${whole.replace(/[.,]/g, '')}.${fraction || '0'}`);
};

const SIGNS: readonly (readonly [RegExp, string])[] = [
  [/₽|(?<!\p{L})(?:руб(?:лей|ля|ль)?|р)\.?(?!\p{L})/iu, 'RUB'],
  [/\$/u, 'USD'],
  [/€/u, 'EUR'],
  [/£/u, 'GBP'],
  [/₸/u, 'KZT'],
];

/** "1 200 ₽", "$5", "10 EUR": the currency, and what is left without it. */
export const readCurrency = (text: string, usual: string): { currency: string; rest: string } => {
  const code = /(?<![A-Za-z])([A-Z]{3})(?![A-Za-z])/.exec(text);
  if (code) return { currency: code[1]!, rest: text.replace(code[0], '') };
  const sign = SIGNS.find(([known]) => known.test(text));
  return sign ? { currency: sign[1], rest: text.replace(sign[0], '') } : { currency: usual, rest: text };
};

/** Digits after the point of this currency: 2 of the rouble, 0 of the yen. An unknown code has 2. */
export const minorDigits = (currency: string): number =>
  new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2;

/** In minor units, by decimal arithmetic. Null: no number, or beyond what is exact. */
export const readAmount = (text: string, digits: number): number | null => {
  const value = readNumber(text);
  if (value === null || Math.abs(value) > 1e12) return null;
  const [whole, fraction = ''] = Math.abs(value).toFixed(digits).split('.');
  return Math.sign(value) * Number(whole + fraction) || 0;
};

const ISO = /^(\d{4})-(\d{2})-(\d{2})(?:[T ].*)?$/;
const DOTTED = /^(\d{1,2})[./](\d{1,2})[./](\d{4}|\d{2})(?:\s.*)?$/;

/** "2026-03-01", "1.3.2026", "01/03/26" (the day first): ISO; a year of two digits is the nearest that is no more than ten years ahead of 2026. */
export const readDate = (text: string): string | null => {
  const iso = ISO.exec(text);
  const dotted = iso ? null : DOTTED.exec(text);
  if (!iso && !dotted) return null;
  const [year, month, day] = iso ? [Number(iso[1]), Number(iso[2]), Number(iso[3])] : [fullYear(dotted![3]!), Number(dotted![2]), Number(dotted![1])]; // prettier-ignore
  const date = new Date(Date.UTC(year, month - 1, day));
  const real = date.getUTCFullYear() === year && date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
  return real && year >= 1800 && year <= 2200 ? date.toISOString().slice(0, 10) : null;
};

const fullYear = (text: string): number => {
  const year = Number(text);
  if (text.length === 4) return year;
  return year > 36 ? 1900 + year : 2000 + year;
};
