import type { IncomingMessage } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { authRoutes } from '../../server/auth/router.ts';
import { createLimit, networkOf } from '../../server/core/limits.ts';
import { isOwnOrigin } from '../../server/core/origin.ts';
import { createClient, PASSWORD, startServer } from '../support/server.ts';
import type { TestServer } from '../support/server.ts';
import { engines } from '../support/db.ts';

describe.each(engines)('%s', (engine) => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startServer({ engine });
  });
  afterAll(() => server.close());

  const audited = (what: string) => server.db('audit').where({ what });

  test('a person signs in, is known, and signs out', async () => {
    const anna = await server.signIn('operator', { name: 'Анна' });
    const me = await anna.get('/api/auth/me');
    expect(me).toMatchObject({ status: 200, body: { user: { id: anna.userId, name: 'Анна', role: 'operator' }, demo: false } });
    expect(JSON.stringify(me.body)).not.toContain('hash');
    const cookie = anna.cookie();
    expect(await anna.post('/api/auth/sign-out')).toMatchObject({ status: 204 });
    const again = await server.guest.request('GET', '/api/auth/me', undefined, { cookie });
    expect(again).toMatchObject({ status: 401, body: { error: { code: 'unauthenticated' } } });
    expect(await audited('auth.signed-in').where({ actor_id: anna.userId })).toHaveLength(1);
    expect(await audited('auth.signed-out').where({ actor_id: anna.userId })).toHaveLength(1);
  });

  test('the cookie is for this site and not for scripts', async () => {
    const { login } = await server.signIn('operator');
    const answer = await createClient(server.url).post('/api/auth/sign-in', { login, password: PASSWORD });
    expect(answer.headers.getSetCookie().join()).toMatch(/^allo=[^;]+;.*Path=\/;.*HttpOnly; SameSite=Lax/);
    expect(answer.headers.get('cache-control')).toBe('no-store');
  });

  test('signing in gives a new session id, also over an old session', async () => {
    const { login, ...anna } = await server.signIn('operator');
    const before = anna.cookie();
    await anna.post('/api/auth/sign-in', { login, password: PASSWORD });
    expect(anna.cookie()).not.toBe(before);
    expect(await server.guest.request('GET', '/api/auth/me', undefined, { cookie: before })).toMatchObject({ status: 401 });
  });

  test('signing in over the session of somebody else ends it everywhere at once', async () => {
    const [anna, boris] = [await server.signIn('operator'), await server.signIn('operator')];
    const old = decodeURIComponent(anna.cookie()).replace(/^allo=s:([^.]+)\..*$/, '$1');
    const ended: unknown[] = [];
    const stop = server.bus.on('session.ended', (event) => void ended.push(event));
    expect((await anna.post('/api/auth/sign-in', { login: boris.login, password: PASSWORD })).status).toBe(200);
    await server.guest.get('/healthz');
    stop();
    expect(ended).toEqual([{ userId: anna.userId, sessionIds: [old] }]);
  });

  test('wrong password, unknown login and somebody who has left look the same', async () => {
    const { login, userId } = await server.signIn('operator');
    const gone = await server.signIn('operator');
    await server.db('users').where({ id: gone.userId }).update({ left_at: 1 });
    const attempts = [
      { login, password: 'wrong' },
      { login: 'nobody', password: PASSWORD },
      { login: gone.login, password: PASSWORD },
    ];
    for (const attempt of attempts) {
      const answer = await createClient(server.url).post('/api/auth/sign-in', attempt);
      expect(answer).toMatchObject({ status: 401, body: { error: { code: 'unauthenticated', data: { reason: 'credentials' } } } });
      expect(answer.headers.getSetCookie()).toEqual([]);
    }
    expect(await audited('auth.sign-in-failed').where({ row_id: String(userId) })).toHaveLength(1);
    expect(JSON.stringify(await audited('auth.sign-in-failed'))).not.toContain('nobody');
    expect(await gone.get('/api/auth/me')).toMatchObject({ status: 401 });
  });

  test('guessing is stopped, and only for that login', async () => {
    const { login } = await server.signIn('operator');
    const other = await server.signIn('operator');
    const guess = () => createClient(server.url).post('/api/auth/sign-in', { login: login.toUpperCase(), password: 'wrong' });
    for (let i = 0; i < 10; i++) expect((await guess()).status).toBe(401);
    const stopped = await guess();
    expect(stopped).toMatchObject({ status: 429, body: { error: { code: 'too_many' } } });
    expect(Number(stopped.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await createClient(server.url).post('/api/auth/sign-in', { login, password: PASSWORD })).status).toBe(429);
    expect((await createClient(server.url).post('/api/auth/sign-in', { login: other.login, password: PASSWORD })).status).toBe(200);
  });

  test('signing out everywhere ends every session of that person, and says so', async () => {
    const { login, userId, ...here } = await server.signIn('operator');
    const there = createClient(server.url);
    await there.post('/api/auth/sign-in', { login, password: PASSWORD });
    const bystander = await server.signIn('operator');
    const ended: unknown[] = [];
    const stop = server.bus.on('session.ended', (event) => void ended.push(event));
    expect((await here.post('/api/auth/sign-out-everywhere')).status).toBe(204);
    stop();
    expect(ended).toEqual([{ userId, sessionIds: 'all' }]);
    expect((await there.get('/api/auth/me')).status).toBe(401);
    expect((await bystander.get('/api/auth/me')).status).toBe(200);
  });

  test('a password is changed by its owner, and other sessions end', async () => {
    const { login, ...here } = await server.signIn('operator');
    const there = createClient(server.url);
    await there.post('/api/auth/sign-in', { login, password: PASSWORD });
    const next = 'a much better one';
    expect((await here.post('/api/auth/password', { current: 'wrong', next })).status).toBe(400);
    expect((await here.post('/api/auth/password', { current: PASSWORD, next: 'short' })).status).toBe(400);
    expect((await here.post('/api/auth/password', { current: PASSWORD, next })).status).toBe(204);
    expect((await here.get('/api/auth/me')).status).toBe(200);
    expect((await there.get('/api/auth/me')).status).toBe(401);
    expect((await there.post('/api/auth/sign-in', { login, password: PASSWORD })).status).toBe(401);
    expect((await there.post('/api/auth/sign-in', { login, password: next })).status).toBe(200);
    const stored = JSON.stringify(await server.db('audit').select()) + JSON.stringify(await server.db('users').select());
    expect(stored).not.toContain(next);
  });

  test('preferences are kept', async () => {
    const anna = await server.signIn('operator');
    expect(await anna.patch('/api/auth/preferences', { language: 'ru', theme: 'dark' })).toMatchObject({ status: 200 });
    expect(await anna.get('/api/auth/me')).toMatchObject({ body: { user: { language: 'ru', theme: 'dark' } } });
    expect((await anna.patch('/api/auth/preferences', { language: 'xx' })).status).toBe(400);
  });

  test('a request that comes from another site changes nothing', async () => {
    const anna = await server.signIn('operator');
    const foreign: Record<string, string>[] = [
      { origin: 'https://evil.example' },
      { origin: 'null' },
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' },
    ];
    for (const headers of foreign) {
      const answer = await anna.request('POST', '/api/auth/sign-out', undefined, headers);
      expect(answer).toMatchObject({ status: 403, body: { error: { code: 'forbidden' } } });
    }
    expect((await anna.get('/api/auth/me')).status).toBe(200);
    expect((await anna.request('POST', '/api/auth/sign-out', undefined, { origin: server.url })).status).toBe(204);
  });

  test('a cookie that was tampered with is no session', async () => {
    const anna = await server.signIn('operator');
    const cookie = anna.cookie().replace(/.$/, (last) => (last === 'A' ? 'B' : 'A'));
    expect((await server.guest.request('GET', '/api/auth/me', undefined, { cookie })).status).toBe(401);
  });
});

describe('guesses', () => {
  const counted = (points: { pair: number; login: number; address: number }) => {
    const keys: string[] = [];
    const of = (name: keyof typeof points) => {
      const limit = createLimit(name, points[name], 60, null);
      return { ...limit, consume: (key: string) => (keys.push(`${name} ${key}`), limit.consume(key)) };
    };
    const limits = { pair: of('pair'), login: of('login'), address: of('address') };
    const accounts = { findByLogin: async () => null };
    const routes = authRoutes({ limits, accounts, audit: async () => {} } as unknown as Parameters<typeof authRoutes>[0]);
    const spec = routes.find(({ path }) => path === '/auth/sign-in')!;
    const guess = (login: string, ip: string) =>
      spec
        .handle({ body: { login, password: 'wrong' }, req: { ip } } as never)
        .then(String, (err: unknown) => (err as { code: string }).code);
    return { keys, guess };
  };

  test('an address that has guessed too much is asked no further: it locks out nobody and fills no memory', async () => {
    const { keys, guess } = counted({ pair: 10, login: 10, address: 3 });
    for (const login of ['a', 'b', 'c']) expect(await guess(login, '192.0.2.1')).toBe('unauthenticated');
    for (const login of ['d', 'e', 'f']) expect(await guess(login, '192.0.2.1')).toBe('too_many');
    expect(keys.filter((key) => /[def]$|[def]\|/.test(key))).toEqual([]);
    expect(await guess('d', '192.0.2.2')).toBe('unauthenticated');
  });

  test('one page that repeats a wrong password does not shut out its office', async () => {
    const { guess } = counted({ pair: 2, login: 10, address: 4 });
    for (let i = 0; i < 8; i++) await guess('a', '192.0.2.1');
    expect(await guess('b', '192.0.2.1')).toBe('unauthenticated');
  });

  test('of a network of IPv6 addresses they count as one', async () => {
    const { guess } = counted({ pair: 10, login: 10, address: 2 });
    expect(await guess('a', '2001:db8:1:2::1')).toBe('unauthenticated');
    expect(await guess('b', '2001:db8:1:2:ffff::2')).toBe('unauthenticated');
    expect(await guess('c', '2001:0db8:0001:0002:9:9:9:9')).toBe('too_many');
    expect(await guess('c', '2001:db8:1:3::1')).toBe('unauthenticated');
  });

  test.each([
    ['192.0.2.1', '192.0.2.1'],
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['2001:DB8::1', '2001:db8:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['::', '0:0:0:0::/64'],
    ['1:2:3:4:5:6:7::', '1:2:3:4::/64'],
    ['unknown', 'unknown'],
  ])('%s is of %s', (ip, network) => expect(networkOf(ip)).toBe(network));
});

test.each([
  ['https://crm.example', 'https://crm.example', 'crm.example', true],
  ['https://crm.example', 'http://crm.example', 'crm.example', false],
  ['https://crm.example', 'https://other.example', 'other.example', true],
  ['https://crm.example', 'https://crm.example.evil.example', 'crm.example', false],
  ['http://10.0.0.1:3000', 'https://10.0.0.1:3000', '10.0.0.1:3000', true],
  ['http://10.0.0.1:3000', 'null', 'null', false],
  ['http://10.0.0.1:3000', 'data:x', '', false],
])('for %s a page of %s that asks %s is ours: %s', (publicUrl, origin, host, is) => {
  expect(isOwnOrigin({ headers: { origin, host } } as IncomingMessage, publicUrl)).toBe(is);
});

test('the sign-in page knows nobody outside the demo', async () => {
  const server = await startServer();
  expect(await server.guest.get('/api/auth/hello')).toMatchObject({ status: 200, body: { demo: null } });
  await server.close();
});
