import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { ConfigFile, PbxFacts } from '../../cti/index.ts';
import { inspectPbx } from '../../cti/index.ts';
import { checkAccount } from '../../server/doctor/account.ts';
import { checkDatabase } from '../../server/doctor/database.ts';
import type { DatabaseFacts } from '../../server/doctor/database-facts.ts';
import { inspectDatabase } from '../../server/doctor/database-facts.ts';
import { checkExits } from '../../server/doctor/exits.ts';
import { excludeLine, parseFilter, passes, readsStructured } from '../../server/doctor/filters.ts';
import type { Finding, Ward } from '../../server/doctor/finding.ts';
import { CEL_MAPPING, checkJournal } from '../../server/doctor/journal.ts';
import { checkMachine } from '../../server/doctor/machine.ts';
import { checkModules, MODULES } from '../../server/doctor/modules.ts';
import { checkPhones } from '../../server/doctor/phones.ts';
import { checkPlant } from '../../server/doctor/plant.ts';
import { printJson, printText } from '../../server/doctor/print.ts';
import type { SpoolFacts } from '../../server/doctor/spool.ts';
import { createSecrets } from '../../server/core/secrets.ts';
import { migrate, openDb } from '../../server/core/db.ts';
import { engines, freshDatabase } from '../support/db.ts';

/** A file that ships, as Asterisk reads it: placeholders at their defaults, templates copied in. */
const shipped = (name: string): ConfigFile => {
  const text = readFileSync(new URL(`../../cti/asterisk/${name}`, import.meta.url), 'utf8').replace(/\$\{ALLO_\w+(?::-([^}]*))?\}/g, '$1');
  const all: { name: string; template: boolean; lines: [string, string][] }[] = [];
  for (const line of text.split('\n').map((one) => one.replace(/^;.*/, '').trim())) {
    const [, section, options] = /^\[([^\]]+)\](?:\(([^)]*)\))?/.exec(line) ?? [];
    if (section !== undefined) {
      const from = all.find((one) => one.name === options);
      all.push({ name: section, template: options === '!', lines: [...(from?.lines ?? [])] });
    } else if (line.includes('=')) {
      const at = /\s*=>?\s*/.exec(line.replace(/^eventfilter\([^=]*\) /, (m) => '_'.repeat(m.length)))!;
      all.at(-1)!.lines.push([line.slice(0, at.index).trim().toLowerCase(), line.slice(at.index + at[0].length)]);
    }
  }
  return all.filter((one) => !one.template);
};

const FILES = ['asterisk.conf', 'manager.conf', 'modules.conf', 'logger.conf', 'cel.conf', 'cel_custom.conf', 'queues.conf', 'pjsip.conf', 'http.conf']; // prettier-ignore
const ACCOUNT = { user: 'allo', secret: 'd41d8cd98f00b204e9800998' };
const WANTED = ['Newchannel', 'Hangup', 'UserEvent', 'QueueCallerJoin'];

const facts = (over: Partial<PbxFacts> = {}): PbxFacts => ({
  version: '22.10.1',
  systemName: 'main',
  clockOffsetMs: 3,
  actions: ['Ping', 'GetConfig', 'ModuleCheck', 'Redirect', 'QueuePause', 'Originate'],
  wanted: WANTED,
  configs: { ...Object.fromEntries(FILES.map((name) => [name, shipped(name)])), 'extconfig.conf': 'absent' },
  modules: Object.fromEntries(MODULES.map((name) => [name, true])),
  dialplan: [
    { context: 'allo-header', exten: 's', app: 'Set', data: 'PJSIP_HEADER(add,X-Allo-Call)=${CHANNEL(linkedid)}' },
    { context: 'allo-originate', exten: '', app: '', data: '' },
    { context: 'in', exten: '7000', app: 'Queue', data: 'support,tb(allo-header^s^1),,,300' },
    { context: 'allo-campaign-header', exten: 's', app: 'Set', data: 'PJSIP_HEADER(add,X-Allo-Call)=${CHANNEL(linkedid)}' },
    { context: 'allo-campaign', exten: 's', app: 'Queue', data: '${DIAL_QUEUE},tb(allo-campaign-header^s^1),,,${DIAL_WAIT}' },
    { context: 'in', exten: '7000', app: 'UserEvent', data: 'AlloQueueEnd,Status: ${QUEUESTATUS}' },
  ],
  endpoints: [
    { name: '101', webrtc: true, directMedia: false, certificate: true, codecs: ['opus', 'ulaw'], maxContacts: 1, removeExisting: true, passwordHash: 'aa', passwordWeak: false }, // prettier-ignore
  ],
  ...over,
});

/** The file with one section's lines changed. */
const changed = (file: string, section: string, change: (lines: [string, string][]) => [string, string][]): Pick<PbxFacts, 'configs'> => ({
  configs: {
    ...facts().configs,
    [file]: shipped(file).map((one) =>
      one.name === section ? { ...one, lines: change(one.lines.map(([k, v]): [string, string] => [k, v])) } : one,
    ),
  },
});
const set = (file: string, section: string, key: string, text: string | null) =>
  changed(file, section, (lines) => [
    ...lines.filter(([name]) => name !== key),
    ...(text === null ? [] : [[key, text] as [string, string]]),
  ]);

const SPOOL: SpoolFacts = {
  folder: 'readable',
  queueLog: 'readable',
  celFolder: 'readable',
  cel: 'readable',
  lastCel: `"HANGUP"${',"a ""quoted"", text"'.repeat(11)}`,
  monitor: 'writable',
};

const pbx = (of: PbxFacts, spool: Partial<SpoolFacts> = {}, account = ACCOUNT): Finding[] => [
  ...checkAccount(of, account),
  ...checkPlant(of, true),
  ...checkExits(of),
  ...checkModules(of, true),
  ...checkPhones(of, 'main', [{ pbx: 'main', extension: '101', login: 'anna', passwordHash: 'aa' }]),
  ...checkJournal(of, '/spool', { ...SPOOL, ...spool }),
];
const wrong = (findings: readonly Finding[]) => findings.filter((one) => one.level !== 'ok').map((one) => `${one.level} ${one.check}`);
const added = (findings: readonly Finding[]) => findings.flatMap((one) => one.fixes.flatMap((fix) => fix.add));

test('what ships is healthy, and its columns of CEL are those that are looked for', () => {
  expect(wrong(pbx(facts()))).toEqual([]);
  expect(readFileSync(new URL('../../cti/asterisk/cel_custom.conf', import.meta.url), 'utf8')).toContain(CEL_MAPPING);
});

test('the lines that bring call-back are those that ship', () => {
  const text = readFileSync(new URL('../../cti/asterisk/extensions.conf', import.meta.url), 'utf8');
  const found = checkExits(facts(set('queues.conf', 'sales', 'context', 'allo-press-2')));
  const fixes = found.flatMap((one) => one.fixes);
  expect(fixes.map(({ section }) => section)).toEqual(['allo-press-2', 'allo-ask-back', 'allo-called-back']);
  for (const { section, add } of fixes) expect(text).toContain(`[${section}]\n${add.join('\n')}\n`);
});

const endpoint = facts().endpoints![0]!;
const mixed: [string, Partial<PbxFacts>, Partial<SpoolFacts>, string[]][] = [
  ['an account that may not read calls', set('manager.conf', 'allo', 'read', 'system,agent,user,reporting,cdr'), {}, ['error rights']],
  ['an account that may not originate', set('manager.conf', 'allo', 'write', 'system,call,agent,reporting'), {}, ['error rights']],
  ['an account that lacks what is good to have', set('manager.conf', 'allo', 'read', 'call,agent,user'), {}, ['warning rights']],
  ['the right command', { actions: [...facts().actions, 'Command'] }, {}, ['warning rights-excess']],
  ['no timestampevents', set('manager.conf', 'general', 'timestampevents', null), {}, ['error timestamps']],
  ['the default writetimeout', set('manager.conf', 'allo', 'writetimeout', null), {}, ['warning write-timeout']],
  ['CEL off', set('cel.conf', 'general', 'enable', 'no'), {}, ['error cel']],
  ['no cel.conf', { configs: { ...facts().configs, 'cel.conf': 'absent' } }, {}, ['error cel']],
  ['CEL without the ends', set('cel.conf', 'general', 'events', 'CHAN_START,ANSWER,HANGUP'), {}, ['error cel-events']],
  ['CEL of all', set('cel.conf', 'general', 'events', 'ALL'), {}, []],
  ['CEL of other columns', set('cel_custom.conf', 'mappings', 'allo.csv', '${eventtype}'), {}, ['error cel-format']],
  ['CEL written before with other columns', {}, { lastCel: '"HANGUP","1"' }, ['error cel-format']],
  ['no folder of CEL', {}, { celFolder: 'absent', cel: 'absent' }, ['error cel-folder']],
  ['a spool that is not mounted', {}, { folder: 'absent' }, ['error spool']],
  ['recordings for reading only', {}, { monitor: 'readable' }, ['warning recordings-kept']],
  ['queue_log off', set('logger.conf', 'general', 'queue_log', 'no'), {}, ['error queue-log']],
  [
    'queue_log in a database only',
    { configs: { ...set('logger.conf', 'general', 'queue_log_to_file', null).configs, 'extconfig.conf': [{ name: 'settings', lines: [['queue_log', 'odbc,asterisk']] }] } }, // prettier-ignore
    {},
    ['error queue-log'],
  ],
  ['AMI open to the world', { configs: { ...set('manager.conf', 'general', 'bindaddr', '0.0.0.0').configs } }, {}, []],
  ['AMI open to everybody', changedTwice('bindaddr', '0.0.0.0', 'permit', '0.0.0.0/0.0.0.0'), {}, ['error open-to-all']],
  ['a clock that is a little off', { clockOffsetMs: -2_000 }, {}, ['warning clock']],
  ['a clock that is an hour off', { clockOffsetMs: 3_600_000 }, {}, ['error clock']],
  ['no systemname', { systemName: '' }, {}, ['warning system-name']],
  ['an Asterisk of long ago', { version: '11.25.3', ...legacyFilters() }, {}, ['warning version']],
  ['no MixMonitor', { modules: { ...facts().modules, app_mixmonitor: false } }, {}, ['warning modules-recording']],
  ['no WebSocket', { modules: { ...facts().modules, res_http_websocket: false } }, {}, ['error modules-phone']],
  ['no web server', set('http.conf', 'general', 'enabled', 'no'), {}, ['error http']],
  ['no hooks in the dialplan', { dialplan: [] }, {}, ['error dialplan-header', 'error dialplan-originate']],
  ['a queue without hooks', { dialplan: [...facts().dialplan!.slice(0, 2), { context: 'in', exten: '1', app: 'Queue', data: 'sales,t' }] }, {}, ['warning dialplan-queue', 'warning dialplan-queue-end']], // prettier-ignore
  ['no autofill', set('queues.conf', 'general', 'autofill', null), {}, ['warning queue-autofill']],
  ['a queue that rings those who talk', set('queues.conf', 'sales', 'ringinuse', null), {}, ['warning queue-ringinuse']],
  ['a queue whose key leads nowhere', set('queues.conf', 'sales', 'context', 'out-of-here'), {}, ['error queue-context']],
  ['call-back offered without its contexts', set('queues.conf', 'sales', 'context', 'allo-press-2'), {}, ['error queue-context', 'error queue-call-back']], // prettier-ignore
  ['call-back without the context that calls', { ...set('queues.conf', 'sales', 'context', 'allo-press-2'), dialplan: withContexts('allo-press-2', 'allo-ask-back') }, {}, ['error queue-call-back']], // prettier-ignore
  ['call-back offered', { ...set('queues.conf', 'sales', 'context', 'allo-press-2'), dialplan: withContexts('allo-press-2', 'allo-ask-back', 'allo-called-back') }, {}, []], // prettier-ignore
  ['a dialplan that may not be looked at', { ...set('queues.conf', 'sales', 'context', 'out-of-here'), dialplan: null }, {}, []],
  ['a phone for desks given to a browser', { endpoints: [{ ...endpoint, webrtc: false }] }, {}, ['error phones-webrtc']],
  ['a phone that Asterisk does not know', { endpoints: [] }, {}, ['error phones-missing']],
  ['a phone of another password', { endpoints: [{ ...endpoint, passwordHash: 'bb' }] }, {}, ['error phones-password']],
  ['a phone with ten contacts', { endpoints: [{ ...endpoint, maxContacts: 10 }] }, {}, ['warning phones-contacts']],
  ['ip before username', set('pjsip.conf', 'global', 'endpoint_identifier_order', 'ip,username'), {}, ['warning identifier-order']],
];

function withContexts(...contexts: string[]) {
  return [...facts().dialplan!, ...contexts.map((context) => ({ context, exten: 's', app: 'NoOp', data: '' }))];
}

function changedTwice(key: string, text: string, ownKey: string, ownText: string): Partial<PbxFacts> {
  const first = set('manager.conf', 'general', key, text).configs['manager.conf'] as ConfigFile;
  const manager = first.map((one) =>
    one.name === 'allo' ? { ...one, lines: [...one.lines.filter(([name]) => name !== ownKey), [ownKey, ownText] as const] } : one,
  );
  return { configs: { ...facts().configs, 'manager.conf': manager } };
}

function legacyFilters(): Partial<PbxFacts> {
  return changed('manager.conf', 'allo', (lines) =>
    lines.map(([key, text]) => {
      const event = /name\((\w+)\)/i.exec(key)?.[1];
      return event
        ? ['eventfilter', `!Event: ${event.replace('rtcp', 'RTCP').replace('sent', 'Sent').replace('received', 'Received')}`]
        : [key, text];
    }),
  );
}

test.each(mixed)('%s', (_what, over, spool, expected) => {
  const found = pbx(facts(over), spool);
  expect(wrong(found)).toEqual(expected);
  // every sentence is whole, in both languages, and names no secret
  const wards: Ward[] = [{ name: 'main', findings: found }];
  for (const text of [printText(wards, 'ru'), printText(wards, 'en'), printJson(wards, 'ru')]) {
    expect(text).not.toMatch(/undefined|(?<!\$)\{(missing|events|path|where|queues|phones|contexts|ms|seconds|address|version)\}/);
    expect(text).not.toContain(ACCOUNT.secret);
  }
});

test('an account that may not look says so, and nothing is guessed of what it cannot see', () => {
  const configs = Object.fromEntries(FILES.map((name) => [name, 'denied' as const]));
  const blind = facts({ actions: ['Ping', 'Redirect'], configs, modules: null, dialplan: null, endpoints: null });
  expect(wrong(pbx(blind))).toEqual(['error rights']);
  expect(added(pbx(blind))).toEqual(['read = system,call,agent,user,reporting,cdr', 'write = system,call,agent,originate,reporting']);
});

test('a weak secret of the account', () => {
  for (const secret of ['allo', 'amp111', 'aaaaaaaaaaaaaaaaaaaaaaaa', 'allo-allo-allo-allo-2024'])
    expect(wrong(pbx(facts(), {}, { user: 'allo', secret }))).toEqual(['warning secret-ami']);
});

describe('event filters', () => {
  const filters = (...lines: string[]) =>
    lines.map((line) => {
      const at = line.indexOf('=');
      return parseFilter(line.slice(0, at).trim(), line.slice(at + 1).trim())!;
    });

  test.each<[string[], string, string]>([
    [[], 'Hangup', 'all'],
    [['eventfilter = !Event: VarSet'], 'VarSet', 'none'],
    [['eventfilter = !Event: VarSet'], 'Hangup', 'all'],
    [['eventfilter = Event: Newchannel'], 'Hangup', 'none'],
    [['eventfilter = Event: Newchannel'], 'Newchannel', 'all'],
    [['eventfilter = Event: (Newchannel|Hangup)'], 'Hangup', 'all'],
    [['eventfilter = !Channel: DAHDI.*'], 'Hangup', 'some'],
    [['eventfilter = Event: Newchannel.*Channel: PJSIP/'], 'Newchannel', 'some'],
    [['eventfilter(action(exclude),name(VarSet)) ='], 'VarSet', 'none'],
    [['eventfilter(action(exclude),name(VarSet)) ='], 'Hangup', 'all'],
    [['eventfilter(name(Newchannel)) ='], 'Hangup', 'none'],
    [['eventfilter(name(Newchannel),header(Channel),method(starts_with)) = PJSIP/'], 'Newchannel', 'some'],
    [['eventfilter(action(exclude),header(Channel),method(starts_with)) = Local/'], 'Hangup', 'some'],
    [['eventfilter = Event: Hangup', 'eventfilter = !Event: Hangup'], 'Hangup', 'none'],
    [['eventfilter = Event: [[:alpha:'], 'Hangup', 'none'],
  ])('%j lets of %s through: %s', (lines, event, expected) => {
    expect(passes(filters(...lines), event)).toBe(expected);
  });

  test.each([
    ['16.28.0~dfsg-0+deb11u4', false],
    ['18.10.0', false],
    ['20.10.0', false],
    ['20.11.0', true],
    ['22.10.1+dfsg+~cs6', true],
    ['23.0.0', true],
    ['GIT-master', false],
  ])('Asterisk %s reads eventfilter(...): %s', (version, reads) => {
    expect(readsStructured(version)).toBe(reads);
  });

  test('an old Asterisk that was given the new lines filters nothing, and is given the old ones', () => {
    const found = pbx(facts({ version: '16.28.0' })).filter((one) => one.check.startsWith('filter'));
    expect(wrong(found)).toEqual(['warning filter-noise']);
    expect(added(found)).toEqual(['eventfilter = !Event: RTCPSent', 'eventfilter = !Event: RTCPReceived']);
    expect(passes(filters(...added(found)), 'RTCPSent')).toBe('none');
  });

  test.each(['16.28.0', '22.10.1'])('the lines given to Asterisk %s for a filter that is too narrow let all through', (version) => {
    const narrow = changed('manager.conf', 'allo', (lines) => [
      ...lines.filter(([key]) => !key.startsWith('eventfilter')),
      ['eventfilter', 'Event: Newchannel'],
    ]);
    const [found] = pbx(facts({ version, ...narrow })).filter((one) => one.check === 'filter-narrow');
    expect(found).toMatchObject({ level: 'error', params: { events: 'Hangup, UserEvent, QueueCallerJoin' } });
    expect(found!.fixes[0]!.remove).toEqual(['eventfilter = Event: Newchannel']);
    expect(found!.fixes[0]!.add).toEqual(['RTCPSent', 'RTCPReceived'].map((event) => excludeLine(event, version > '20')));
  });
});

test('the program: Node, secrets, the address, Redis', () => {
  const good = {
    sessionSecret: 'Yk3+f0aQpLz8vR1uWn5sTb7cXe2gHd9jKm4o6',
    secretsKey: 'q9Zt7LxUe1VbN3rKcW5yPf8sDj2gHa0mTo4iB6',
    publicUrl: 'https://crm.example.com',
    databaseUrl: 'sqlite:data/allo.db',
    demo: false,
  };
  const policy = (text: string | null) => ({ reached: true, reason: '', policy: text });
  expect(wrong(checkMachine('20.19.0', good, policy('noeviction')))).toEqual([]);
  expect(wrong(checkMachine('22.13.1', good, policy(null)))).toEqual([]);
  expect(wrong(checkMachine('18.20.0', { ...good, secretsKey: 'k'.repeat(40) }, null))).toEqual(['error node', 'error secrets']);
  expect(wrong(checkMachine('24.0.0', { ...good, secretsKey: good.sessionSecret }, null))).toEqual(['error secrets']);
  expect(wrong(checkMachine('24.0.0', { ...good, publicUrl: 'http://crm.local' }, policy('allkeys-lru')))).toEqual([
    'warning public-url',
    'error redis-policy',
  ]);
  expect(wrong(checkMachine('24.0.0', { ...good, databaseUrl: 'mysql://allo:allo@db/allo' }, null))).toEqual(['warning database-password']);
});

test('the database: what a server has set wrong', () => {
  const server = { database: 'allo', collation: 'utf8mb4_bin', otherTables: [], sqlMode: 'STRICT_ALL_TABLES', isolation: 'READ-COMMITTED', maxAllowedPacket: 67_108_864 }; // prettier-ignore
  const found: DatabaseFacts = { engine: 'mysql', version: '8.4.2', migrationsDone: ['1'], migrationsKnown: ['1'], extensions: [], server };
  const check = (over: Partial<DatabaseFacts>, overServer: Partial<typeof server> = {}) =>
    wrong(checkDatabase({ reached: true, facts: { ...found, ...over, server: { ...server, ...overServer } } }));
  expect(check({})).toEqual([]);
  expect(check({ migrationsKnown: ['1', '2'] })).toEqual(['warning migrations']);
  expect(check({ migrationsDone: ['1', '2'] })).toEqual(['error migrations-newer']);
  expect(check({ version: '5.7.44' })).toEqual(['warning database-version']);
  expect(check({ engine: 'mariadb', version: '10.6.1-MariaDB' })).toEqual(['warning database-version']);
  expect(check({}, { collation: 'utf8mb4_general_ci' })).toEqual(['error database-charset']);
  expect(check({}, { isolation: 'REPEATABLE-READ' })).toEqual(['error database-session']);
  expect(check({}, { maxAllowedPacket: 1_048_576 })).toEqual(['warning database-packet']);
  expect(wrong(checkDatabase({ reached: false, reason: 'ECONNREFUSED' }))).toEqual(['error database']);
});

test('nobody listens there', async () => {
  const found = await inspectPbx({ host: '127.0.0.1', port: 1, user: 'allo', secret: 'x' }, MODULES);
  expect(found).toMatchObject({ reached: false, reason: expect.stringContaining('ECONNREFUSED') as string });
});

test('a SQLite file that is not there does not come to be by looking', async () => {
  const found = await inspectDatabase('sqlite:/nowhere/allo.db', createSecrets('k'.repeat(32)));
  expect(found).toEqual({ reached: false, reason: '/nowhere/allo.db: ENOENT' });
});

test.each(engines)(
  'a database that Allo has migrated is healthy, and tells the phones by the hash of their password: %s',
  async (engine) => {
    const folder = mkdtempSync(join(tmpdir(), 'allo-doctor-'));
    const fresh = engine === 'mysql' ? await freshDatabase(engine) : null;
    const url = fresh?.url ?? `sqlite:${join(folder, 'allo.db')}`;
    const db = fresh?.db ?? openDb(url);
    const secrets = createSecrets('k'.repeat(32));
    try {
      if (!fresh) await migrate(db);
      await db('users').insert({ login: 'anna', name: 'Anna', role: 'operator', password_hash: '-', language: 'en', time_zone: 'UTC', created_at: 1 }); // prettier-ignore
      const { id } = (await db('users').first('id')) as { id: number };
      await db('extensions').insert({ pbx: 'main', extension: '101', user_id: id, secret_sealed: secrets.seal('abc') });
      const found = await inspectDatabase(url, secrets);
      expect(wrong(checkDatabase(found))).toEqual([]);
      expect(found).toMatchObject({
        facts: { extensions: [{ extension: '101', passwordHash: 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad' }] },
      });
    } finally {
      await (fresh ? fresh.drop() : db.destroy());
      rmSync(folder, { recursive: true });
    }
  },
);
