import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';

export interface Secrets {
  seal(plain: string): string;
  /** @throws Error when the text was sealed with another key, or is none */
  open(sealed: string): string;
}

const IV = 12;
const TAG = 16;

/** AES-256-GCM under a key derived from SECRETS_KEY. "v1." + base64url of nonce, tag, ciphertext. */
export const createSecrets = (secretsKey: string): Secrets => {
  const key = Buffer.from(hkdfSync('sha256', secretsKey, 'allo', 'secrets at rest, v1', 32));
  return {
    seal(plain) {
      const iv = randomBytes(IV);
      const cipher = createCipheriv('aes-256-gcm', key, iv);
      const body = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()]);
      return `v1.${Buffer.concat([iv, cipher.getAuthTag(), body]).toString('base64url')}`;
    },
    open(sealed) {
      const bytes = Buffer.from(sealed.replace(/^v1\./, ''), 'base64url');
      if (!sealed.startsWith('v1.') || bytes.length < IV + TAG) throw new Error('not a sealed secret');
      const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, IV)).setAuthTag(bytes.subarray(IV, IV + TAG));
      try {
        return decipher.update(bytes.subarray(IV + TAG), undefined, 'utf8') + decipher.final('utf8');
      } catch {
        throw new Error('this secret was sealed with another SECRETS_KEY');
      }
    },
  };
};
