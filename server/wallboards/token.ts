import { createHash, randomBytes } from 'node:crypto';

/** Typed with a remote control where nobody can paste: no signs that look alike. 24 of 31 signs: 118 bits. */
const SIGNS = 'abcdefghjkmnpqrstuvwxyz23456789';
const LENGTH = 24;
const FORM = /^[a-z0-9]{24}$/;

export const newToken = (): string => {
  let token = '';
  // 248 is 8 × 31: a byte above it would favour the first signs
  while (token.length < LENGTH) for (const byte of randomBytes(32)) if (byte < 248 && token.length < LENGTH) token += SIGNS[byte % SIGNS.length]; // prettier-ignore
  return token;
};

/** Random enough that a plain hash keeps it. */
export const hashToken = (token: string): string => createHash('sha256').update(token).digest('hex');

export const isToken = (text: string): boolean => FORM.test(text);
