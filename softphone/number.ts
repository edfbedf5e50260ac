import { PhoneError } from './phone.ts';

const MAX_DIGITS = 32;

/** What a human typed or pasted, without what phones do not dial: `tel:`, spaces, brackets, dashes, dots, invisible marks. */
export const cleanNumber = (typed: string): string =>
  typed
    .normalize('NFKC')
    .replace(/^\s*(tel|sip|sips|callto):/i, '')
    .replace(/[\s().\-‐-―−/\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g, '');

/** @throws PhoneError bad-number, unless what is left is digits, `*` and `#` with at most a leading `+`. */
export function dialable(typed: string): string {
  const number = cleanNumber(typed);
  if (!/^\+?[\d*#]+$/.test(number) || number.length > MAX_DIGITS) throw new PhoneError('bad-number');
  return number;
}
