import { expect, test } from 'vitest';
import { createLog } from '../../server/core/log.ts';
import { hashPassword, makePassword, verifyPassword } from '../../server/core/passwords.ts';
import { createSecrets } from '../../server/core/secrets.ts';

test('a secret comes back only with its key, and only unharmed', () => {
  const secrets = createSecrets('key one, long enough for anybody at all');
  const sealed = secrets.seal('пароль 🙂');
  expect(sealed).not.toContain('пароль');
  expect(secrets.seal('пароль 🙂')).not.toBe(sealed);
  expect(secrets.open(sealed)).toBe('пароль 🙂');
  expect(() => createSecrets('key two, long enough for anybody at all').open(sealed)).toThrow(/another SECRETS_KEY/);
  const middle = Math.floor(sealed.length / 2);
  expect(() => secrets.open(sealed.slice(0, middle) + (sealed[middle] === 'A' ? 'B' : 'A') + sealed.slice(middle + 1))).toThrow();
  for (const text of ['', 'v1.', 'v1.AAAA', 'plain']) expect(() => secrets.open(text)).toThrow(/not a sealed secret/);
});

test('a password is known by its hash alone', async () => {
  const hash = await hashPassword('correct horse');
  expect(hash).toMatch(/^\$argon2id\$/);
  expect(await verifyPassword(hash, 'correct horse')).toBe(true);
  expect(await verifyPassword(hash, 'correct horsf')).toBe(false);
  expect(await verifyPassword(null, 'correct horse')).toBe(false);
  expect(new Set(Array.from({ length: 50 }, makePassword)).size).toBe(50);
});

test('the log holds no number, name or secret, and keeps what is needed to find a fault', () => {
  const lines: string[] = [];
  const log = createLog('info', { write: (line) => void lines.push(line) });
  const err = Object.assign(new Error('Duplicate entry +79161234567'), { code: 'ER_DUP_ENTRY', sql: 'select 79161234567' });
  log.info(
    { number: '89161234567', name: 'Ivan', password: 'p', nested: { sipSecret: 's', cookie: 'c', why: 'called 8 (916) 123-45-67 twice' } },
    'call from +7 916 123-45-67',
  );
  log.error({ err, call: 'main:1700000000.12', id: '6f1c2a5e-1234-4f6b-9d3a-1234567890ab', userId: 12345678 }, 'failed');
  const text = lines.join('');
  for (const secret of ['9161234567', '916', 'Ivan', '"p"', '"s"', '"c"']) expect(text).not.toContain(secret);
  for (const kept of ['ER_DUP_ENTRY', 'main:1700000000.12', '6f1c2a5e-1234-4f6b-9d3a-1234567890ab', '12345678', 'twice', 'stack'])
    expect(text).toContain(kept);
});
