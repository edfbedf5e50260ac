import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import type { SessionData } from 'express-session';
import type { Knex } from 'knex';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { redisSessions } from '../../server/auth/sessions.ts';
import { backup, restore } from '../../server/core/backup.ts';
import { holdFile, migrationsDone, openDb } from '../../server/core/db.ts';
import { createLog } from '../../server/core/log.ts';
import { verifyPassword } from '../../server/core/passwords.ts';
import { redisBus } from '../../server/core/redis-bus.ts';
import { openRedis } from '../../server/core/redis.ts';
import { createSecrets } from '../../server/core/secrets.ts';
import type { Events } from '../../server/events.ts';
import { engines, freshDatabase } from '../support/db.ts';
import { REDIS } from '../support/redis.ts';

const root = new URL('../..', import.meta.url).pathname;
const dir = mkdtempSync(join(tmpdir(), 'allo-cli-'));
afterAll(() => rmSync(dir, { recursive: true }));

const KEY = 'k'.repeat(40);
const file = join(dir, 'allo.db');
const ENV = {
  DATABASE_URL: `sqlite:${file}`,
  PBX: 'main=ami://user:ami-secret@127.0.0.1',
  SESSION_SECRET: 's'.repeat(40),
  SECRETS_KEY: KEY,
  REDIS_URL: '',
  DEMO: '',
};

/** The real command, in a process of its own, without a terminal. */
const allo = (args: string[], { input = '', env = {} }: { input?: string; env?: Record<string, string> } = {}) =>
  new Promise<{ code: number | null; out: string; err: string }>((resolve, reject) => {
    const child = spawn(process.execPath, ['--import', 'tsx', 'server/cli.ts', ...args], {
      cwd: root,
      env: { ...process.env, ...ENV, ...env },
    });
    let [out, err] = ['', ''];
    child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, out, err }));
    child.stdin.end(input);
  });

const withDb = async <T>(work: (db: Knex) => Promise<T>): Promise<T> => {
  const db = openDb(ENV.DATABASE_URL);
  try {
    return await work(db);
  } finally {
    await db.destroy();
  }
};

describe('the command line', { timeout: 120_000 }, () => {
  test('the first administrator, an operator with a phone, one who leaves', async () => {
    expect(await allo(['migrate'])).toMatchObject({ code: 0 });
    const added = await allo(['user', 'add', 'root', '--name', 'Root', '--role', 'administrator', '--password-stdin'], {
      input: 'from the stdin\n',
    });
    expect(added).toMatchObject({ code: 0, err: '' });
    expect(added.out).not.toContain('from the stdin');
    const made = await allo(['user', 'add', 'anna', '--name', 'Анна', '--role', 'operator', '--department', 'Support']);
    const password = /once: (\S+)/.exec(made.out)?.[1];
    await withDb(async (db) => {
      const hashes = new Map(
        (await db('users').select('login', 'password_hash')).map((u: { login: string; password_hash: string }) => [
          u.login,
          u.password_hash,
        ]),
      );
      expect(await verifyPassword(hashes.get('root')!, 'from the stdin')).toBe(true);
      expect(await verifyPassword(hashes.get('anna')!, password!)).toBe(true);
    });

    const set = await allo(['extension', 'set', 'anna', 'main:101', '--secret-stdin'], { input: 'sip-secret\n' });
    expect(set.out).toMatch(/\[101\]\(allo-auth\)\nusername=101\npassword=sip-secret/);
    await withDb(async (db) => {
      const { secret_sealed } = (await db('extensions').where({ extension: '101' }).first()) as { secret_sealed: string };
      expect(createSecrets(KEY).open(secret_sealed)).toBe('sip-secret');
    });

    expect((await allo(['user', 'disable', 'anna'])).code).toBe(0);
    expect((await allo(['user', 'list'])).out).toMatch(/anna\toperator\t-\tleft\tАнна/);
    const last = await allo(['user', 'disable', 'root']);
    expect(last.code).toBe(1);
    expect(last.err).toMatch(/the last administrator stays/);
  });

  test('who is disabled, or has a new password, has no session left', async () => {
    const session = (id: string, login: string) =>
      withDb(async (db) => {
        const user = (await db('users').where({ login }).first('id')) as { id: number };
        await db('sessions').insert({ id, user_id: user.id, data: '{}', expires_at: Date.now() + 3_600_000 });
      });
    const left = () => withDb((db) => db('sessions').pluck('id'));
    expect((await allo(['user', 'enable', 'anna'])).code).toBe(0);
    await session('of anna', 'anna');
    await session('of root', 'root');
    expect((await allo(['user', 'disable', 'anna'])).code).toBe(0);
    expect(await left()).toEqual(['of root']);
    expect((await allo(['user', 'password', 'root', '--password-stdin'], { input: 'another password\n' })).code).toBe(0);
    expect(await left()).toEqual([]);
  });

  test.skipIf(!REDIS)('sessions in Redis end as well, and the servers hear of it', async () => {
    const redis = await openRedis(REDIS!, createLog('silent'));
    const sessions = redisSessions(redis);
    const bus = await redisBus<Events>(REDIS!, createLog('silent'));
    const heard: Events['session.ended'][] = [];
    bus.on('session.ended', (event) => void heard.push(event));
    const [user] = await withDb((db) => db('users').where({ login: 'root' }).select<{ id: number }[]>('id'));
    const data = { userId: user!.id, cookie: {} } as unknown as SessionData;
    await new Promise((resolve) => void sessions.store.set(`cli-${user!.id}`, data, resolve));
    expect(await sessions.of(user!.id)).toContain(`cli-${user!.id}`);
    const env = { REDIS_URL: REDIS! };
    expect((await allo(['user', 'password', 'root', '--password-stdin'], { input: 'yet another one\n', env })).code).toBe(0);
    expect(await sessions.of(user!.id)).toEqual([]);
    for (const end = Date.now() + 2_000; heard.length === 0 && Date.now() < end;) await new Promise((resolve) => setTimeout(resolve, 10));
    expect(heard).toEqual([{ userId: user!.id, sessionIds: 'all' }]);
    await bus.close();
    redis.destroy();
  });

  test('what is wrong is said in a sentence, and changes nothing', async () => {
    const wrong: [string[], number, RegExp][] = [
      [['dance'], 2, /no command "dance"/],
      [['user', 'add'], 2, /LOGIN is missing/],
      [['user', 'add', 'x', '--name', 'X', '--role', 'king'], 1, /role/],
      [['user', 'add', 'x', '--name', 'X', '--role', 'operator', '--password', 'secret'], 2, /password/],
      [['extension', 'set', 'nobody', 'main:1'], 1, /no user "nobody"/],
      [['extension', 'set', 'root', 'elsewhere:1'], 1, /no PBX "elsewhere"/],
      [['restore', join(dir, 'missing.jsonl.gz')], 1, /there is no/],
    ];
    for (const [args, code, words] of wrong) {
      const answer = await allo(args);
      expect(answer, args.join(' ')).toMatchObject({ code });
      expect(answer.err).toMatch(words);
      expect(answer.err).not.toMatch(/at .*\.ts:\d+/);
    }
    expect((await allo(['--help'])).out).toMatch(/extension set/);
    expect((await allo(['migrate'], { env: { SECRETS_KEY: 'short' } })).err).toMatch(/SECRETS_KEY must have at least 32/);
  });

  test('it works beside a server that holds its lock, and a copy of the file is whole', async () => {
    const release = holdFile(`${file}-server.lock`);
    const copy = join(dir, 'copy.db');
    expect((await allo(['backup', copy])).code).toBe(0);
    expect(statSync(copy).mode & 0o077).toBe(0);
    release();
    expect((await allo(['backup', copy])).err).toMatch(/there already/);
    const db = openDb(`sqlite:${copy}`);
    expect(await db('users').orderBy('id').pluck('login')).toEqual(['root', 'anna']);
    await db.destroy();
  });
});

describe.each(engines)('backup from %s', (from) => {
  const portable = join(dir, `${from}.jsonl.gz`);
  const source: { db: Knex; drop: () => Promise<void> } = {} as never;
  beforeAll(async () => {
    Object.assign(source, await freshDatabase(from));
    const { db } = source;
    const text = 'quote " \\ \n 🙂 ё';
    const [dep] = (await db('departments').insert({ name: text, created_at: 1_790_000_000_123 })) as [number];
    const people = Array.from({ length: 450 }, (_, i) => ({
      login: `u${i}`,
      name: `${text} ${i}`,
      role: 'operator',
      department_id: dep,
      language: 'ru',
      time_zone: 'UTC',
      created_at: i,
    }));
    await db.batchInsert('users', people, 100);
    await db('outcomes').where('code', 'other').update({ label: 'changed' });
    await backup(db, portable);
    expect(statSync(portable).mode & 0o077).toBe(0);
  });
  afterAll(() => source.drop());

  test.each(engines)('is restored into %s, row for row', async (to) => {
    const target = await freshDatabase(to);
    expect(await restore(target.db, portable)).toBeGreaterThan(450);
    for (const table of ['departments', 'users', 'outcomes', 'audit']) {
      const rows = (db: Knex) => db(table).select().orderByRaw('1');
      expect(await rows(target.db), table).toEqual(await rows(source.db));
    }
    expect(await migrationsDone(target.db)).toEqual(await migrationsDone(source.db));
    await expect(restore(target.db, portable)).rejects.toThrow(/not empty/);
    await target.drop();
  });

  test('a file that was cut off, is from a newer version, or is something else, restores nothing', async () => {
    const lines = gunzipSync(readFileSync(portable)).toString().trimEnd().split('\n');
    const head = JSON.parse(lines[0]!) as { migrations: string[] };
    const wrong: [string, string[], RegExp][] = [
      ['cut', lines.slice(0, -1), /cut off/],
      ['lost', lines.filter((line) => !line.includes('"u40"')), /rows/],
      ['newer', [JSON.stringify({ ...head, migrations: [...head.migrations, '209901010000_future'] }), ...lines.slice(1)], /newer version/],
      ['other', ['{"hello":1}'], /no backup of Allo/],
    ];
    for (const [name, content, words] of wrong) {
      const path = join(dir, `${from}-${name}.jsonl.gz`);
      writeFileSync(path, gzipSync(content.join('\n') + '\n'));
      const target = await freshDatabase('sqlite');
      await expect(restore(target.db, path), name).rejects.toThrow(words);
      expect(await target.db('users').first('id'), name).toBeUndefined();
      await target.drop();
    }
  });
});

test('one process holds a file, and lets it go', () => {
  const path = join(dir, 'held.lock');
  const release = holdFile(path);
  expect(existsSync(path)).toBe(true);
  release();
  holdFile(path)();
});
