import { randomInt } from 'node:crypto';
import { hash, verify } from '@node-rs/argon2';

/** argon2id with the package's parameters (19 MiB, 2 passes), which are OWASP's. */
export const hashPassword = (password: string): Promise<string> => hash(password);

/** Of no password: what an unknown login is measured against, so that it takes as long as a known one. */
const NOBODY = hash(randomInt(2 ** 40).toString());

export const verifyPassword = async (hashed: string | null, password: string): Promise<boolean> => {
  const right = await verify(hashed ?? (await NOBODY), password);
  return hashed !== null && right;
};

const LETTERS = 'abcdefghijkmnpqrstuvwxyz23456789';

/** 20 characters of 5 bits, in fours; none that is easily taken for another. */
export const makePassword = (): string =>
  Array.from({ length: 20 }, (_, i) => (i > 0 && i % 4 === 0 ? '-' : '') + LETTERS[randomInt(LETTERS.length)]).join('');
