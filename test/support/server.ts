import { randomBytes } from 'node:crypto';
import type { Knex } from 'knex';
import { loadConfig } from '../../server/config.ts';
import type { Config } from '../../server/config.ts';
import { hashPassword } from '../../server/core/passwords.ts';
import { createLog } from '../../server/core/log.ts';
import { serve } from '../../server/serve.ts';
import type { Serving } from '../../server/serve.ts';
import type { Role } from '../../server/users/contract.ts';
import { insertUser } from '../../server/users/queries.ts';
import { freshDatabase } from './db.ts';
import type { Engine } from './db.ts';

export interface Answer {
  status: number;
  /** Parsed JSON; the text when it is none; null when empty. Typed by the test that reads it. */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  body: any;
  headers: Headers;
}

export interface Client {
  /** What a WebSocket of this session sends as Cookie. */
  cookie(): string;
  request(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
  get(path: string): Promise<Answer>;
  post(path: string, body?: unknown): Promise<Answer>;
  put(path: string, body?: unknown): Promise<Answer>;
  patch(path: string, body?: unknown): Promise<Answer>;
  delete(path: string): Promise<Answer>;
}

export const PASSWORD = 'correct horse battery';
const hashed = hashPassword(PASSWORD);

/** An HTTP client that keeps its cookie, as a browser does. A body that is a string or a buffer is sent as it is. */
export const createClient = (url: string): Client => {
  let cookie = '';
  const request: Client['request'] = async (method, path, body, headers = {}) => {
    const raw = typeof body === 'string' || Buffer.isBuffer(body);
    const res = await fetch(url + path, {
      method,
      redirect: 'manual',
      headers: { ...(cookie && { cookie }), ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
      ...(body !== undefined && { body: raw ? (body as string) : JSON.stringify(body) }),
    });
    for (const line of res.headers.getSetCookie()) cookie = /expires=Thu, 01 Jan 1970/i.test(line) ? '' : line.split(';')[0]!;
    const text = await res.text();
    const json = res.headers.get('content-type')?.includes('json') ?? false;
    return { status: res.status, body: json ? (JSON.parse(text) as unknown) : text || null, headers: res.headers };
  };
  return {
    cookie: () => cookie,
    request,
    get: (path) => request('GET', path),
    post: (path, body) => request('POST', path, body),
    put: (path, body) => request('PUT', path, body),
    patch: (path, body) => request('PATCH', path, body),
    delete: (path) => request('DELETE', path),
  };
};

export interface TestServer {
  url: string;
  /** The second door (METRICS_PORT). */
  metricsUrl: string | null;
  db: Knex;
  /** Its parts: bus, deps, features. */
  app: Serving['app'];
  bus: Serving['app']['deps']['bus'];
  config: Config;
  /** Without a session. */
  guest: Client;
  /** A new person of this role, signed in. `user` overrides columns of the row. */
  signIn(role: Role, user?: { departmentId?: number | null; name?: string }): Promise<Client & { userId: number; login: string }>;
  close(): Promise<void>;
}

/** A real server on a free port, over a fresh database. `env` adds settings. */
export const startServer = async ({
  engine = 'sqlite',
  env = {},
}: { engine?: Engine; env?: Record<string, string> } = {}): Promise<TestServer> => {
  const { db, url: databaseUrl, drop } = await freshDatabase(engine);
  const config = loadConfig({
    PORT: '0',
    DATABASE_URL: databaseUrl,
    PBX: 'main=ami://user:secret@127.0.0.1:1',
    SESSION_SECRET: randomBytes(32).toString('hex'),
    SECRETS_KEY: randomBytes(32).toString('hex'),
    ...env,
  });
  const log = createLog(process.env.ALLO_TEST_LOG ?? 'silent');
  const serving = await serve(config, { log, db, checkReplies: true });
  const url = serving.url!;
  let people = 0;
  return {
    url,
    metricsUrl: serving.metricsUrl,
    db,
    app: serving.app,
    bus: serving.app.deps.bus,
    config,
    guest: createClient(url),
    async signIn(role, { departmentId = null, name } = {}) {
      const login = `${role}${++people}`;
      const person = { login, name: name ?? `${role} ${people}`, role, departmentId, language: 'en', timeZone: 'Europe/Moscow' } as const;
      const userId = await insertUser(db, { ...person, passwordHash: await hashed }, Date.now());
      serving.app.deps.bus.emit('user.changed', { id: userId });
      const client = createClient(url);
      const answer = await client.post('/api/auth/sign-in', { login, password: PASSWORD });
      if (answer.status !== 200) throw new Error(`sign-in of ${login}: ${answer.status} ${JSON.stringify(answer.body)}`);
      return { ...client, userId, login };
    },
    async close() {
      await serving.close();
      await drop();
    },
  };
};
