/**
 * Russian requisites: cleaned to digits and checked by their own check digits (Federal Tax Service order ЕД-7-14/559; Bank of Russia regulation on
 * account numbers, 08.09.1997 № 515). Pure.
 */

const digitsOf = (text: string): string => text.normalize('NFKC').replace(/[\s\u00a0\-–—./№]/g, '');

const onlyDigits = (text: string, ...lengths: number[]): string | null => {
  const digits = digitsOf(text);
  return /^\d+$/.test(digits) && lengths.includes(digits.length) && !/^0+$/.test(digits) ? digits : null;
};

const weighted = (digits: string, weights: readonly number[]): number => weights.reduce((sum, w, i) => sum + w * Number(digits[i]), 0);

const INN_10 = [2, 4, 10, 3, 5, 9, 4, 6, 8];
const INN_11 = [7, 2, 4, 10, 3, 5, 9, 4, 6, 8];
const INN_12 = [3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8];

/** Ten digits of a company, twelve of a person. @returns digits; null: no such number */
export const readInn = (text: string): string | null => {
  const inn = onlyDigits(text, 10, 12);
  if (inn === null) return null;
  const check = (weights: readonly number[], at: number) => (weighted(inn, weights) % 11) % 10 === Number(inn[at]);
  return (inn.length === 10 ? check(INN_10, 9) : check(INN_11, 10) && check(INN_12, 11)) ? inn : null;
};

/** Nine characters, the fifth and sixth digits or Latin capitals; it has no check digit. */
export const readKpp = (text: string): string | null => {
  const kpp = digitsOf(text).toUpperCase();
  return /^\d{4}[\dA-Z]{2}\d{3}$/.test(kpp) && !/^0+$/.test(kpp) ? kpp : null;
};

/** ОГРН, thirteen digits of a company; ОГРНИП, fifteen of an entrepreneur. */
export const readOgrn = (text: string): string | null => {
  const ogrn = onlyDigits(text, 13, 15);
  if (ogrn === null) return null;
  const modulus = ogrn.length === 13 ? 11n : 13n;
  return (BigInt(ogrn.slice(0, -1)) % modulus) % 10n === BigInt(ogrn.at(-1)!) ? ogrn : null;
};

/** Nine digits; Russian banks begin with 04 (with 00–02 the Treasury's since 2021). */
export const readBik = (text: string): string | null => {
  const bik = onlyDigits(text, 9);
  return bik !== null && /^0[0-4]/.test(bik) ? bik : null;
};

/** Sum of the digits by 7, 1, 3, units alone. */
const control = (digits: string): number => [...digits].reduce((sum, digit, i) => sum + ((Number(digit) * [7, 1, 3][i % 3]!) % 10), 0) % 10;

/**
 * A settlement account agrees with the BIK of its bank; accounts kept at the Bank of Russia itself (BIK ending 000–002) with another part of it.
 * @returns twenty digits; null: they do not belong together
 */
export const readAccount = (text: string, bik: string): string | null => {
  const account = onlyDigits(text, 20);
  if (account === null) return null;
  const central = /00[012]$/.test(bik);
  const prefix = central ? `0${bik.slice(4, 6)}` : bik.slice(6);
  return control(prefix + account) === 0 ? account : null;
};
