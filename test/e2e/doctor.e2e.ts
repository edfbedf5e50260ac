import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Finding, Fix } from '../../server/doctor/finding.ts';
import type { Stack } from '../stack/index.ts';
import { ensureStack } from '../stack/index.ts';
import { makeSecrets } from '../support/product.ts';

/** The doctor at a real Asterisk: a healthy one, and one from which things were taken, that its own lines cure. */
const root = new URL('../../', import.meta.url).pathname;
const secrets = makeSecrets();
let stack: Stack;
let databaseUrl: string;

beforeAll(async () => {
  stack = await ensureStack();
  databaseUrl = await stack.createDatabase('doctor');
  await stack.asterisk.restart(); // with the configuration that ships
  await allo('migrate');
});
afterAll(() => stack.asterisk.restart());

const run = (args: string[], over: Record<string, string> = {}) =>
  new Promise<{ code: number; out: string }>((resolve) => {
    const env = {
      PATH: process.env.PATH,
      DATABASE_URL: databaseUrl,
      REDIS_URL: stack.redisUrl,
      PBX: stack.asterisk.pbx,
      ...secrets,
      ...over,
    };
    execFile(process.execPath, ['dist/node/server/cli.js', ...args], { cwd: root, env }, (error, stdout, stderr) =>
      resolve({ code: error ? Number(error.code) : 0, out: stdout + stderr }),
    );
  });
const allo = (...args: string[]) => run(args);

const examine = async () => {
  const { code, out } = await allo('doctor', '--json', '--lang', 'en');
  const report = JSON.parse(out) as { errors: number; findings: Pick<Finding, 'check' | 'level' | 'fixes'>[] };
  expect(code).toBe(report.errors > 0 ? 1 : 0);
  const wrong = report.findings.filter((one) => one.level !== 'ok');
  return { wrong, names: (level: string) => wrong.filter((one) => one.level === level).map((one) => one.check) };
};

const etc = (file: string) => join(stack.asterisk.spool, '../etc', file);
const bare = (line: string) => line.replace(/\s+/g, '');

/** Does to a file what the finding says, line by line. */
const apply = ({ file, section, remove, add, then }: Fix) => {
  // "read = …": whatever stands there
  const taken = (line: string) =>
    remove.some((one) => (one.endsWith('…') ? bare(line).startsWith(bare(one.slice(0, -1))) : bare(line) === bare(one)));
  let inside = false;
  const lines = readFileSync(etc(file!), 'utf8')
    .split('\n')
    .flatMap((line) => {
      if (line.startsWith('[')) inside = line.startsWith(`[${section}]`);
      if (inside && line.startsWith('[')) return [line, ...add];
      return inside && taken(line) ? [] : [line];
    });
  if (!lines.some((line) => line.startsWith(`[${section}]`))) lines.push(`[${section}]`, ...add);
  stack.asterisk.configure(file!, lines.join('\n'));
  for (const [, command] of then!.matchAll(/asterisk -rx '([^']+)'/g)) stack.asterisk.rasterisk(command!);
};

test('a healthy installation has no errors, and no secret is said', async () => {
  const { names } = await examine();
  expect(names('error')).toEqual([]);
  // what the test's stack has on purpose: no name, easy passwords of phones; the journals may still be empty
  expect(['system-name', 'phones-secret', 'cel-file', 'queue-log-file']).toEqual(expect.arrayContaining(names('warning')));
  const { code, out } = await allo('doctor', '--lang', 'ru');
  expect(code).toBe(0);
  expect(out).toContain('ошибок: 0');
  expect(out).not.toMatch(new RegExp(`${stack.asterisk.amiSecret}|secret-10|${secrets.SECRETS_KEY.slice(0, 10)}|\\{\\w+\\}|undefined`));
});

test('what was taken away is found, and the lines that the doctor gives bring it back', async () => {
  const { asterisk } = stack;
  const manager = readFileSync(etc('manager.conf'), 'utf8')
    .replace(/^timestampevents.*$/m, 'timestampevents = no')
    .replace(/^read = .*$/m, 'read = call')
    .replace(/^write = .*$/m, 'write = call')
    .replace(/^writetimeout.*\n/m, '')
    .replace(/^eventfilter.*\n/gm, '')
    .replace(/^\[allo\]$/m, '[allo]\neventfilter = Event: (Newchannel|Hangup)');
  asterisk.configure('manager.conf', manager);
  asterisk.configure('cel.conf', '[general]\nenable = no\n');
  asterisk.configure('queues.conf', readFileSync(etc('queues.conf'), 'utf8').replace('[support](allo-queue)', '$&\nringinuse = yes'));
  asterisk.rasterisk('queue reload all');
  asterisk.rasterisk('manager reload');
  asterisk.rasterisk('module unload app_mixmonitor.so');

  // first what can be seen without the right to look further
  const blind = await examine();
  expect(blind.names('error')).toEqual(['rights']);
  for (const one of blind.wrong.filter((finding) => finding.check === 'rights')) one.fixes.forEach(apply);

  const seeing = await examine();
  expect(seeing.names('error')).toEqual(['filter-narrow', 'timestamps', 'cel']);
  expect(seeing.names('warning')).toEqual(expect.arrayContaining(['write-timeout', 'modules-recording', 'queue-ringinuse']));
  const taken = ['filter-narrow', 'timestamps', 'cel', 'write-timeout', 'modules-recording', 'queue-ringinuse'];
  for (const one of seeing.wrong.filter((finding) => taken.includes(finding.check))) one.fixes.forEach(apply);

  const { wrong, names } = await examine();
  expect(names('error')).toEqual([]);
  expect(wrong.filter((one) => taken.includes(one.check) || one.check.startsWith('filter'))).toEqual([]);
  expect(asterisk.rasterisk('manager show user allo')).toMatch(/system,call,agent,user,reporting/);
  expect(asterisk.rasterisk('cel show status')).toContain('CEL Logging: Enabled');
});

test('the key of a queue that leads nowhere is found, and the lines given make Asterisk let its caller out there', async () => {
  const { asterisk } = stack;
  const lost = ['allo-press-1', 'allo-ask-back', 'allo-called-back'];
  const plan = readFileSync(etc('extensions.conf'), 'utf8');
  const without = lost.reduce((text, name) => text.replace(new RegExp(`^\\[${name}\\]\\n(?:[^\\[].*\\n|\\n)*`, 'm'), ''), plan);
  asterisk.configure('extensions.conf', without);
  asterisk.configure(
    'queues.conf',
    readFileSync(etc('queues.conf'), 'utf8').replace('[support](allo-queue)', '$&\ncontext = allo-press-1'),
  );
  asterisk.rasterisk('queue reload all');
  asterisk.rasterisk('dialplan reload');
  for (const name of lost) expect(asterisk.rasterisk(`dialplan show ${name}`)).toContain('There is no existence');

  const { wrong, names } = await examine();
  expect(names('error')).toEqual(['queue-context', 'queue-call-back']);
  for (const one of wrong.filter(({ level }) => level === 'error')) one.fixes.forEach(apply);
  expect((await examine()).names('error')).toEqual([]);
  expect(asterisk.rasterisk('dialplan show 1@allo-press-1')).toContain('Goto(allo-ask-back,s,1)');
  expect(asterisk.rasterisk('dialplan show allo-ask-back')).toContain('ALLO_CALL_BACK');
});

test('a wrong secret and a database that is not there are told, each with its reason', async () => {
  const over = {
    PBX: stack.asterisk.pbx.replace(stack.asterisk.amiSecret, 'wrong'),
    DATABASE_URL: 'mysql://allo:wrong-password@127.0.0.1:1/allo',
  };
  const { code, out } = await run(['doctor', '--lang', 'en'], over);
  expect(code).toBe(1);
  expect(out).toContain('login refused: Authentication failed');
  expect(out).toMatch(/ERROR +Database\n.*ECONNREFUSED/);
  expect(out).not.toContain('wrong-password');
});
