import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { anyone } from '../../server/core/authorize.ts';
import { ERROR_CODES } from '../../server/core/errors.ts';
import type { Route } from '../../server/core/http.ts';
import { engines } from '../support/db.ts';
import { startServer } from '../support/server.ts';
import type { Answer, Client, TestServer } from '../support/server.ts';

let server: TestServer;
let routes: readonly Route[];
beforeAll(async () => {
  server = await startServer({ engine: engines.at(-1)! });
  routes = server.app.features.flatMap((feature) => feature.routes ?? []);
});
afterAll(() => server.close());

/** One session may ask only so often: many ask in turn, or most answers would say just that. */
const administrators = async (): Promise<Pick<Client, 'request' | 'get'>> => {
  const them = await Promise.all(Array.from({ length: 12 }, () => server.signIn('administrator')));
  let turn = 0;
  const next = () => them[turn++ % them.length]!;
  return { request: (...ask) => next().request(...ask), get: (path) => next().get(path) };
};

/** Of a refusal: 4xx, the one shape, and nothing of our inside. */
const expectRefused = ({ status, body }: Answer, what: string) => {
  expect(status, `${what}: ${JSON.stringify(body)}`).toBeGreaterThanOrEqual(400);
  expect(status, `${what}: ${JSON.stringify(body)}`).toBeLessThan(500);
  expect(Object.keys(body), what).toEqual(['error']);
  expect(Object.keys(body.error).sort(), what).toEqual(['code', 'data']);
  expect(ERROR_CODES, what).toContain(body.error.code);
  expect(JSON.stringify(body), what).not.toMatch(/node_modules|\.ts:|at \w+ \(|select |insert /i);
};

test('every route says who may use it', () => {
  expect(routes.length).toBeGreaterThan(15);
  for (const spec of routes) expect(spec.can === anyone || typeof spec.can === 'function', `${spec.method} ${spec.path}`).toBe(true);
});

test('these need no session, and no others', async () => {
  const open = routes.filter(({ can }) => can === anyone).map(({ method, path }) => `${method} ${path}`);
  expect(open).toEqual([
    'get /auth/hello',
    'post /auth/sign-in',
    'get /complaints/form',
    'post /complaints/form',
    'get /complaints/survey/:token',
    'post /complaints/survey/:token',
    'post /wall/at',
  ]);
  for (const spec of routes.filter(({ can }) => can !== anyone)) {
    const answer = await server.guest.request(spec.method.toUpperCase(), concrete(spec.path), spec.method === 'get' ? undefined : {});
    expect(answer, `${spec.method} ${spec.path}`).toMatchObject({ status: 401, body: { error: { code: 'unauthenticated' } } });
  }
});

test('no route stands there twice', () => {
  const names = routes.map(({ method, path }) => `${method} ${path.replace(/:\w+/g, ':')}`);
  expect(new Set(names).size).toBe(names.length);
});

const concrete = (path: string, value = '1') => `/api${path.replace(/:\w+/g, value)}`;

/** Thousands of requests, on a machine that does other things as well. */
const MANY_MS = 180_000;

/** Values for a path's parameter; none of them names a row. */
const ODD_PARAMS = [
  '999999999',
  '0',
  '-1',
  '1.5',
  'NaN',
  '1e999',
  '9007199254740993',
  'null',
  '%00',
  '%27%20OR%201=1--',
  'a'.repeat(5000),
  '..%2f..%2fetc',
  '%F0%9F%98%80',
];

/** Bodies that no route takes: text is sent as it is. */
const ODD_BODIES: [string, unknown][] = [
  ['nothing', undefined],
  ['malformed', '{"a":'],
  ['not JSON', 'hello'],
  ['null', 'null'],
  ['a number', '7'],
  ['a string', '"x"'],
  ['an array', []],
  ['deep', '['.repeat(20_000) + ']'.repeat(20_000)],
  ['a polluting key', '{"__proto__":{"role":"administrator"},"constructor":{"prototype":{}}}'],
  ['oversized', JSON.stringify({ name: 'x'.repeat(300 * 1024) })],
  ['bad UTF-8', Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d])],
];

const WRONG = [
  null,
  true,
  7,
  -1,
  1e308,
  '',
  ' ',
  'x'.repeat(20_000),
  '\u0000',
  "'; DROP TABLE users; --",
  '<img src=x onerror=alert(1)>',
  [],
  ['x'],
  {},
  { $gt: '' },
];

const counts = async () => {
  const tables = ['users', 'extensions', 'clients', 'phones', 'timeline', 'calls', 'call_outcomes', 'shifts'];
  const rows = await Promise.all(
    tables.map(async (table) => [table, ((await server.db(table).count({ n: '*' })) as { n: number }[])[0]!.n]),
  );
  return Object.fromEntries(rows) as Record<string, number>;
};

/** The names of a body's fields, from the schema that checks them. */
const fieldsOf = (spec: Route): string[] => Object.keys((spec.body as { shape?: object } | undefined)?.shape ?? {});

describe('hostile input is refused in one shape and changes nothing', () => {
  test(
    'odd ids',
    async () => {
      const admin = await administrators();
      const before = await counts();
      for (const spec of routes.filter(({ path }) => path.includes(':')))
        for (const value of ODD_PARAMS) {
          const path = concrete(spec.path, value);
          const body = spec.method === 'get' || !spec.body ? undefined : Object.fromEntries(fieldsOf(spec).map((name) => [name, 'x']));
          expectRefused(await admin.request(spec.method.toUpperCase(), path, body), `${spec.method} ${path.slice(0, 80)}`);
        }
      expect(await counts()).toEqual(before);
    },
    MANY_MS,
  );

  test(
    'odd bodies',
    async () => {
      const admin = await administrators();
      const before = await counts();
      for (const spec of routes.filter(({ body, path }) => body && path !== '/auth/preferences'))
        for (const [what, body] of ODD_BODIES) {
          // An edit may be empty: then it changes nothing, which is no fault.
          const answer = await admin.request(spec.method.toUpperCase(), concrete(spec.path), body);
          if (['a polluting key', 'bad UTF-8'].includes(what) && answer.status < 400) continue;
          expectRefused(answer, `${spec.method} ${spec.path}: ${what}`);
        }
      expect(await counts()).toEqual(before);
      expect(({} as Record<string, unknown>).role).toBeUndefined();
      expect((await admin.get('/api/auth/me')).status).toBe(200);
    },
    MANY_MS,
  );

  test('odd fields, one after the other', async () => {
    const admin = await administrators();
    const before = await counts();
    let created = 0; // clients: a hostile name is still a name: text is kept as it is
    for (const spec of routes.filter(({ body }) => body))
      for (const name of fieldsOf(spec))
        for (const value of WRONG) {
          const answer = await admin.request(spec.method.toUpperCase(), concrete(spec.path, '999999999'), { [name]: value });
          const what = `${spec.method} ${spec.path}: ${name} = ${JSON.stringify(value).slice(0, 60)}`;
          expect(answer.status, `${what}: ${JSON.stringify(answer.body)}`).toBeLessThan(500);
          if (answer.status === 201 && spec.path === '/clients') created++;
          if (answer.status >= 400) expectRefused(answer, what);
        }
    const after = await counts();
    expect({ ...after, shifts: before.shifts }).toEqual({ ...before, clients: created, timeline: created });
    expect(created).toBeGreaterThan(0);
  }, 180_000);

  test('odd queries', async () => {
    const admin = await administrators();
    for (const spec of routes.filter(({ method, query }) => method === 'get' && query))
      for (const name of Object.keys((spec.query as unknown as { shape: object }).shape))
        for (const value of ['', '-1', '0', '1e9', 'x'.repeat(3000), '%00', '%27', 'null', '[object Object]', '%F0%9F%98%80', '%25_%21']) {
          const path = `${concrete(spec.path)}?${name}=${value}&${name}=${value}`;
          const answer = await admin.get(path);
          expect(answer.status, `${path.slice(0, 100)}: ${JSON.stringify(answer.body)}`).toBeLessThan(500);
        }
  }, 180_000);

  test('an unknown route, a wrong method, a bad escape', async () => {
    const admin = await server.signIn('administrator');
    expectRefused(await admin.get('/api/nowhere'), 'unknown');
    expect(await admin.get('/assets/nowhere.js')).toMatchObject({ status: 404, body: { error: { code: 'not_found' } } });
    expectRefused(await admin.delete('/api/auth/me'), 'method');
    expectRefused(await admin.get('/api/clients/%E0%A4%A'), 'escape');
  });
});

test('an operator may not do what a supervisor or an administrator may', async () => {
  const [operator, supervisor] = [await server.signIn('operator'), await server.signIn('supervisor')];
  const draft = { login: 'new', name: 'New', role: 'operator' };
  expect((await operator.get('/api/users')).status).toBe(403);
  expect((await supervisor.get('/api/users')).status).toBe(200);
  for (const client of [operator, supervisor]) {
    expect((await client.post('/api/users', draft)).status).toBe(403);
    expect((await client.patch(`/api/users/${operator.userId}`, { role: 'administrator' })).status).toBe(403);
  }
});
