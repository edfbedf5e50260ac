import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { turnServers } from '../../server/agents/service.ts';

test('TURN credentials are those that coturn works out from its secret, and run out after a day', () => {
  const now = Date.UTC(2026, 10, 24);
  const [server] = turnServers({ urls: ['turn:turn.example:3478'], secret: 'a shared secret of coturn' }, 7, now);
  expect(server).toMatchObject({ urls: 'turn:turn.example:3478', username: `${now / 1000 + 86_400}:7` });
  const byOpenssl = execFileSync('openssl', ['dgst', '-sha1', '-hmac', 'a shared secret of coturn', '-binary'], {
    input: server!.username,
  });
  expect(server!.credential).toBe(byOpenssl.toString('base64'));
  expect(turnServers(null, 7, now)).toEqual([]);
});
