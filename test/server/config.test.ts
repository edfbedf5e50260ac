import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loadConfig } from '../../server/config.ts';
import { readEnv } from '../../server/env.ts';

const SECRET = 'x'.repeat(40);
const GOOD = {
  DATABASE_URL: 'mysql://allo:p%40ss@db/allo',
  PBX: 'main=ami://allo:s%3Acret@10.0.0.1',
  SESSION_SECRET: SECRET,
  SECRETS_KEY: SECRET,
};

test('what is needed is enough, the rest has defaults', () => {
  expect(loadConfig(GOOD)).toMatchObject({
    port: 3000,
    host: '127.0.0.1',
    publicUrl: 'http://127.0.0.1:3000',
    roles: ['api', 'cti', 'worker'],
    redisUrl: null,
    simulator: false,
    pbxs: [
      {
        name: 'main',
        host: '10.0.0.1',
        port: 5038,
        user: 'allo',
        secret: 's:cret',
        sipUrl: null,
        spool: null,
        journal: null,
        extensions: null,
      },
    ],
    defaultCountry: 'RU',
    demo: false,
    logLevel: 'info',
  });
});

test('several PBXs, with all their parts', () => {
  const PBX =
    'msk=ami://a:b@host1:5039?sip=ws://host1:8088/ws&spool=%2Fmnt%2Fmsk&journal=mysql%3A%2F%2Fj%3Ap%2540ss%40db%2Fasterisk&extensions=%5E1%5Cd%5Cd%24&queues=%2Fetc%2Fasterisk%2Fqueues_allo.conf  spb=ami://c:d@[::1] simulator';
  const { pbxs, simulator } = loadConfig({ ...GOOD, PBX });
  expect(simulator).toBe(true);
  expect(pbxs).toEqual([
    {
      name: 'msk',
      host: 'host1',
      port: 5039,
      user: 'a',
      secret: 'b',
      sipUrl: 'ws://host1:8088/ws',
      spool: '/mnt/msk',
      journal: 'mysql://j:p%40ss@db/asterisk',
      queuesFile: '/etc/asterisk/queues_allo.conf',
      extensions: '^1\\d\\d$',
    },
    {
      name: 'spb',
      host: '::1',
      port: 5038,
      user: 'c',
      secret: 'd',
      sipUrl: null,
      spool: null,
      journal: null,
      queuesFile: null,
      extensions: null,
    },
  ]);
});

test('outside the demo nothing is made up: what is missing is named, all of it at once', () => {
  for (const demo of [{}, { DEMO: '0' }, { DEMO: '1' }])
    expect(() => loadConfig(demo)).toThrow(
      /DATABASE_URL is not set[^]*PBX is not set[^]*SESSION_SECRET is not set: make one[^]*SECRETS_KEY is not set/,
    );
});

/** [settings, what the sentence says]. */
const WRONG: [Record<string, string>, RegExp][] = [
  [{ PORT: 'abc' }, /PORT must be a port number/],
  [{ PORT: '70000' }, /PORT /],
  [{ PUBLIC_URL: 'crm.example.com' }, /PUBLIC_URL must be a URL such as/],
  [{ ROLES: 'api,phone' }, /ROLES must be of api, cti, worker/],
  [{ ROLES: 'api' }, /needs REDIS_URL/],
  [{ DATABASE_URL: 'postgres://x/y' }, /DATABASE_URL must be sqlite:PATH/],
  [{ DATABASE_URL: 'mysql://host' }, /DATABASE_URL must be/],
  [{ DATABASE_URL: 'sqlite:' }, /DATABASE_URL must be/],
  [{ REDIS_URL: 'localhost:6379' }, /REDIS_URL must be redis:/],
  [{ SESSION_SECRET: 'hunter2hunter2' }, /SESSION_SECRET must have at least 32/],
  [{ PBX: 'a=ami://a:b@h?queues=queues.conf' }, /"a": queues must be the whole path/],
  [{ TURN_URL: 'turn:turn.example:3478' }, /TURN_URL and TURN_SECRET go together/],
  [{ TURN_URL: 'http://turn.example', TURN_SECRET: SECRET }, /TURN_URL must be turn:host/],
  [{ SECRETS_KEY: 'short-key' }, /SECRETS_KEY must have at least 32/],
  [{ DEFAULT_COUNTRY: 'Russia' }, /DEFAULT_COUNTRY must be a country code/],
  [{ DEMO: 'maybe' }, /DEMO must be 1 or 0/],
  [{ LOG_LEVEL: 'loud' }, /LOG_LEVEL must be/],
  [{ PBX: 'ami://a:b@c' }, /PBX each must be name=ami/],
  [{ PBX: 'main=http://a:b@c' }, /PBX "main": the URL must begin with ami/],
  [{ PBX: 'main=ami://c' }, /PBX "main": user, secret and host/],
  [{ PBX: 'main=ami://user:geh@eim@host' }, /PBX/],
  [{ PBX: 'main=ami://user:100%@host' }, /PBX .*percent-encoded/],
  [{ PBX: 'main=ami://a:b@c?sip=http://c/ws' }, /PBX "main": sip must be a ws/],
  [{ PBX: 'main=ami://a:b@c?sipp=ws://c/ws' }, /PBX "main": unknown option sipp/],
  [{ PBX: 'main=ami://a:b@c?extensions=(' }, /PBX "main": extensions must be a regular/],
  [{ PBX: 'a=ami://a:b@c a=ami://a:b@d' }, /PBX the name "a" stands there twice/],
  [{ PBX: 'main =ami://a:b@c' }, /PBX each must be/],
];

test.each(WRONG)('%j is refused, and no secret is told', (settings, words) => {
  const load = () => loadConfig({ ...GOOD, ...settings });
  // a password with a bare @ is read as part of the password, as every URL parser does: nothing to refuse
  if (settings.PBX === 'main=ami://user:geh@eim@host')
    return void expect(load().pbxs[0]).toMatchObject({ secret: 'geh@eim', host: 'host' });
  expect(load).toThrow(words);
  expect(load).not.toThrow(/hunter2|short-key|geh|s%3Acret|p%40ss/);
});

const inFolder = (work: (dir: string) => void) => {
  const dir = mkdtempSync(join(tmpdir(), 'allo-'));
  try {
    work(dir);
  } finally {
    rmSync(dir, { recursive: true });
  }
};

test('.env is read, and the environment wins', () =>
  inFolder((dir) => {
    writeFileSync(join(dir, '.env'), `# comment\nPORT=4000\nSESSION_SECRET="${SECRET}"\n`);
    const env = readEnv(dir, { ...GOOD, SESSION_SECRET: undefined, PORT: '5000' });
    expect(env.PORT).toBe('5000');
    expect(readEnv(dir, {})).toMatchObject({ PORT: '4000', SESSION_SECRET: SECRET });
  }));

test('the demo needs nothing, makes its secrets once and keeps them to itself', () =>
  inFolder((dir) => {
    const first = loadConfig(readEnv(dir, { DEMO: '1' }));
    expect(first).toMatchObject({ demo: true, simulator: true, databaseUrl: `sqlite:${join(dir, 'data/allo.db')}` });
    expect(first.sessionSecret).not.toBe(first.secretsKey);
    expect(loadConfig(readEnv(dir, { DEMO: '1' }))).toEqual(first);
    expect(statSync(join(dir, 'data/secrets.env')).mode & 0o777).toBe(0o600);
    expect(readEnv(dir, {})).toEqual({});
  }));
