import { expect, test } from 'vitest';
import { turnServers } from '../../server/agents/service.ts';

test('TURN credentials are those that coturn works out from its secret, and run out after a day', async () => {
  const now = Date.UTC(2026, 10, 24);
  const secret = 'a shared secret of coturn';
  const [server] = turnServers({ urls: ['turn:turn.example:3478'], secret }, 7, now);
  expect(server).toMatchObject({ urls: 'turn:turn.example:3478', username: `${now / 1000 + 86_400}:7` });
  const key = await crypto.subtle.importKey('raw', Buffer.from(secret), { name: 'HMAC', hash: 'SHA-1' }, false, ['verify']);
  const credential = Buffer.from(server!.credential!, 'base64');
  expect(await crypto.subtle.verify('HMAC', key, credential, Buffer.from(server!.username!))).toBe(true);
  expect(turnServers(null, 7, now)).toEqual([]);
});
