import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { startCti } from '../../cti/index.ts';
import type { Call, Cti, Fact } from '../../cti/index.ts';
import { AmiSession } from '../stack/ami-session.ts';
import { ensureStack } from '../stack/index.ts';
import type { Stack } from '../stack/index.ts';
import { ALWAYS_OURS, eventually, keepingLog } from '../support/cti.ts';
import { startServer } from '../support/server.ts';
import { callIn, startPhone } from '../support/sipp.ts';
import type { CallIn, Caller, Phone } from '../support/sipp.ts';
import type { PhoneScenario } from '../support/sipp-scenario.ts';

/** The orders to calls at a real Asterisk: sipp is the caller outside and the phones on the desks, the bridge is the product's own. */
const IVAN = '79000000001';

let stack: Stack;
let cti: Cti;
let watch: AmiSession;
const facts: Fact[] = [];
const phones: Phone[] = [];
const callers: Caller[] = [];

beforeAll(async () => {
  stack = await ensureStack({ parts: ['asterisk'] });
  const { amiHost, amiPort, amiUser, amiSecret, amiUnfilteredUser } = stack.asterisk;
  watch = await AmiSession.open(amiPort, amiUnfilteredUser, amiSecret);
  const pbx = { name: 'test', host: amiHost, port: amiPort, user: amiUser, secret: amiSecret };
  cti = startCti({ pbx, lease: ALWAYS_OURS, log: keepingLog(), owner: 'test', onFact: (fact) => facts.push(fact) });
  await eventually(() => cti.status().state === 'connected');
});

afterEach(async () => {
  callers.splice(0).forEach((caller) => caller.hangup());
  await eventually(() => cti.calls().length === 0);
  for (const phone of phones.splice(0)) await phone.stop();
  facts.length = 0;
});

afterAll(async () => {
  await cti?.stop();
  watch?.close();
});

const phone = async (who: number | 'trunk', does: PhoneScenario): Promise<Phone> => {
  const one = await startPhone(who, does);
  phones.push(one);
  return one;
};
const call = (order: Partial<CallIn> & { to: string }): Caller => {
  const caller = callIn({ from: IVAN, name: 'Ivan Petrov', ...order });
  callers.push(caller);
  return caller;
};
const only = (): Call => {
  expect(cti.calls()).toHaveLength(1);
  return cti.calls()[0]!;
};
const open = (kind: string, agent: string) =>
  cti.calls().find((c) => c.segments.some((s) => s.kind === kind && s.agent === agent && s.to === null));
const until = async (kind: string, agent: string): Promise<Call> => {
  await expect.poll(() => open(kind, agent)?.key, { timeout: 15_000 }).toBeTruthy();
  return open(kind, agent)!;
};
const ended = async (): Promise<Call[]> => {
  await expect.poll(() => cti.calls().length, { timeout: 20_000 }).toBe(0);
  return facts.flatMap((fact) => (fact.kind === 'call.ended' ? [fact.call] : []));
};
const story = (c: Call) => c.segments.map((s) => `${s.kind} ${s.agent ?? s.queue ?? ''} ${s.endReason}`);
const answers = { does: 'answer', ringMs: 100 } as const;
/** Ivan talks to 201. */
const talking = async (does: PhoneScenario = answers): Promise<{ caller: Caller; key: string }> => {
  await phone(201, does);
  const caller = call({ to: '201', rtpEcho: true });
  const { key } = await until('talk', '201');
  return { caller, key };
};

test('hold and resume: the phone is asked, and the log has it', async () => {
  const { caller, key } = await talking({ ...answers, heedsNotify: true });
  await cti.actions.hold({ key, extension: '201' });
  expect(open('hold', '201')).toBeTruthy();
  await cti.actions.resume({ key, extension: '201' });
  expect(open('hold', '201')).toBeUndefined();
  caller.hangup();
  expect((await ended()).map(story)).toEqual([['offer 201 answered', 'talk 201 customer', 'hold 201 agent']]);
});

test('a blind transfer to a colleague is one call', async () => {
  const { caller, key } = await talking();
  await phone(202, answers);
  await cti.actions.transfer({ key, extension: '201', number: '202' });
  await until('talk', '202');
  expect(only().key).toBe(key);
  caller.hangup();
  expect((await ended()).map(story)).toEqual([['offer 201 answered', 'talk 201 transferred', 'offer 202 answered', 'talk 202 customer']]);
});

test('an attended transfer of a queue call: the colleague is asked, and takes over when the operator hangs up', async () => {
  await phone(201, answers);
  await phone(202, answers);
  await cti.actions.queueAdd({ queue: 'support', extension: '201', name: 'Anna' });
  const caller = call({ to: '7000', rtpEcho: true });
  const { key } = await until('talk', '201');
  await cti.actions.queueRemove({ queue: 'support', extension: '201' });
  await cti.actions.attended({ key, extension: '201', number: '202' });
  await until('consult', '202');
  await cti.actions.hangup({ key, extension: '201' });
  await until('talk', '202');
  caller.hangup();
  const [only_, ...more] = await ended();
  expect(more).toEqual([]);
  expect(only_!.key).toBe(key);
  expect(story(only_!)).toContain('consult 202 transferred');
  expect(story(only_!).at(-1)).toBe('talk 202 customer');
});

test('an attended transfer that is called off: the operator is back with the caller', async () => {
  const { caller, key } = await talking();
  await phone(202, answers);
  await cti.actions.attended({ key, extension: '201', number: '202' });
  await until('consult', '202');
  await cti.actions.cancelAttended({ key, extension: '201' });
  await until('talk', '201');
  expect(open('consult', '202')).toBeUndefined();
  caller.hangup();
  await ended();
});

test('somebody outside is asked first, by a number with a plus, and takes over', async () => {
  const { caller, key } = await talking();
  const outside = await phone('trunk', answers);
  await cti.actions.attended({ key, extension: '201', number: '+79000000009' });
  expect(only().asking).toEqual(['201']);
  await until('consult', '201');
  await expect.poll(outside.notes).toContain('answered');
  await cti.actions.hangup({ key, extension: '201' });
  await expect.poll(() => only().segments.at(-1)).toMatchObject({ kind: 'transfer', to: null });
  caller.hangup();
  expect((await ended()).map(story)).toEqual([
    ['offer 201 answered', 'talk 201 agent', 'hold 201 transferred', 'consult 201 transferred', 'transfer  customer'],
  ]);
});

test('who is asked refuses: the operator is back with the caller, and nothing waits to be connected', async () => {
  const { caller, key } = await talking();
  await phone(202, { does: 'refuse', code: 486, ringMs: 300 });
  const unreachable = (err: unknown) => expect(err).toMatchObject({ code: 'unreachable' });
  await cti.actions.attended({ key, extension: '201', number: '202' }).catch(unreachable);
  // Asterisk may take the talk apart and put it together again: between the two there is a moment without one.
  await eventually(() => only().asking === undefined && open('hold', '201') === undefined && open('talk', '201') !== undefined);
  expect(open('talk', '201')?.key).toBe(key);
  caller.hangup();
  await ended();
});

test('park tells the space; a colleague takes the call from there, by the order or by dialling the space', async () => {
  const { caller, key } = await talking();
  await phone(202, answers);
  const { space } = await cti.actions.park({ key, extension: '201' });
  expect(space).toMatch(/^7\d\d$/);
  await cti.actions.pickup({ key, extension: '202' });
  await until('talk', '202');
  expect(only().key).toBe(key);
  const again = await cti.actions.park({ key, extension: '202' });
  const colleague = call({ to: again.space, from: '203', as: 'phone' });
  await until('talk', '203');
  colleague.hangup();
  caller.hangup();
  await ended();
});

test('pick up: a call that rings at a colleague, and one that waits in a queue', async () => {
  await phone(201, { does: 'ring' });
  await phone(202, answers);
  const ringing = call({ to: '201', rtpEcho: true });
  await cti.actions.pickup({ key: (await until('offer', '201')).key, extension: '202' });
  await until('talk', '202');
  ringing.hangup();
  expect((await ended()).map(story)).toEqual([['offer 201 elsewhere', 'offer 202 answered', 'talk 202 customer']]);
  facts.length = 0;
  await cti.actions.queueAdd({ queue: 'support', extension: '201', name: 'Anna' });
  const waiting = call({ to: '7000', rtpEcho: true });
  await expect.poll(() => cti.calls()[0]?.queue, { timeout: 15_000 }).toBe('support');
  const { key } = await until('offer', '201');
  await cti.actions.queueRemove({ queue: 'support', extension: '201' });
  await cti.actions.pickup({ key, extension: '202' });
  const picked = await until('talk', '202');
  expect(picked.key).toBe(key);
  expect(picked.segments.at(-1)!.queue).toBe('support');
  await expect(cti.actions.pickup({ key, extension: '203' })).rejects.toMatchObject({ code: 'refused' });
  waiting.hangup();
  expect(await waiting.done).toEqual(['answered', 'bye from the caller']);
  expect((await ended()).map(story)).toEqual([
    ['queue support answered', 'offer 201 elsewhere', 'offer 202 answered', 'talk 202 customer'],
  ]);
});

test('keys reach the other side, whose echo comes back', async () => {
  const { caller, key } = await talking();
  await cti.actions.dtmf({ key, extension: '201', digits: '12' });
  const heard = () =>
    (watch.text.match(/Event: DTMFEnd[\s\S]*?\r\n\r\n/g) ?? [])
      .filter((event) => event.includes(`Linkedid: ${key}\r\n`) && event.includes('PJSIP/trunk-'))
      .map((event) => /Digit: (.)/.exec(event)![1]);
  await expect.poll(heard, { timeout: 10_000 }).toEqual(['1', '2']);
  caller.hangup();
  await ended();
});

test('a recording is in its file, silent where it was paused', async () => {
  const caller = call({ to: '7000' });
  await expect.poll(() => cti.calls()[0]?.queue, { timeout: 15_000 }).toBe('support');
  const { key } = only();
  const file = `allo/2026-11/${key}-1.wav`;
  await cti.actions.record({ key, file });
  await sleep(800);
  await cti.actions.recordPause({ key, paused: true });
  await sleep(1_000);
  await cti.actions.recordPause({ key, paused: false });
  await sleep(800);
  await cti.actions.recordStop({ key });
  const path = join(stack.asterisk.spool, 'monitor', file);
  const samples = () => {
    const data = readFileSync(path).subarray(44);
    return new Int16Array(data.buffer.slice(data.byteOffset, data.byteOffset + (data.length & ~1)));
  };
  await expect.poll(() => existsSync(path) && samples().length, { timeout: 10_000 }).toBeGreaterThan(14_000);
  const seconds = Array.from({ length: Math.floor(samples().length / 800) }, (_, i) =>
    Math.max(...samples().subarray(i * 800, i * 800 + 800)),
  );
  expect(seconds[2]).toBeGreaterThan(1_000);
  expect(Math.min(...seconds.slice(8, 18))).toBe(0);
  expect(seconds.at(-3)).toBeGreaterThan(1_000);
  caller.hangup();
  await ended();
});

test.each(['listen', 'whisper', 'barge'] as const)('%s: the supervisor hears the call, and it is no call of its own', async (mode) => {
  const { caller, key } = await talking();
  const supervisor = await phone(203, answers);
  await cti.actions.spy({ key, extension: '203', agent: '201', mode });
  await expect.poll(() => watch.text, { timeout: 10_000 }).toMatch(/Event: ChanSpyStart[\s\S]*SpyerChannel: PJSIP\/203/);
  expect(only().key).toBe(key);
  caller.hangup();
  expect((await ended()).map(story)).toEqual([['offer 201 answered', 'talk 201 customer']]);
  watch.received.length = 0;
  await expect.poll(supervisor.notes, { timeout: 10_000 }).toContain('bye from the other side');
  expect(facts.some((fact) => JSON.stringify(fact).includes('"203"') && 'call' in fact)).toBe(false);
});

test('what cannot be done is refused, and the call goes on', async () => {
  const { key } = await talking();
  const refused = { code: 'refused' };
  const invalid = { code: 'invalid' };
  await expect(cti.actions.transfer({ key, extension: '201', number: '202\r\nAction: Originate' })).rejects.toMatchObject(invalid);
  await expect(cti.actions.dtmf({ key, extension: '201', digits: '1w' })).rejects.toMatchObject(invalid);
  await expect(cti.actions.record({ key, file: '../../etc/passwd.wav' })).rejects.toMatchObject(invalid);
  await expect(cti.actions.record({ key, file: '/tmp/x.wav' })).rejects.toMatchObject(invalid);
  await expect(cti.actions.transfer({ key, extension: '202', number: '203' })).rejects.toMatchObject(refused);
  await expect(cti.actions.park({ key: 'nobody.1', extension: '201' })).rejects.toMatchObject(refused);
  await expect(cti.actions.spy({ key, extension: '201', agent: '201', mode: 'listen' })).rejects.toMatchObject(refused);
  await expect(cti.actions.recordStop({ key })).rejects.toMatchObject(refused);
  expect(open('talk', '201')?.key).toBe(key);
});

test('over HTTP: the queue’s rule records, the operator holds and hands over, the sound is heard by range', async () => {
  const server = await startServer({ env: { PBX: stack.asterisk.pbx } });
  try {
    const person = async (name: string, extension: string) => {
      const client = await server.signIn('operator', { name });
      await server.db('extensions').insert({ pbx: 'test', extension, user_id: client.userId });
      server.bus.emit('user.changed', { id: client.userId });
      return client;
    };
    const anna = await person('Anna', '201');
    const boris = await person('Boris', '202');
    await server.db('queues').insert({ pbx: 'test', name: 'support', record: 'all' });
    await expect.poll(async () => (await server.guest.get('/readyz')).status, { timeout: 15_000 }).toBe(200);
    await phone(201, { ...answers, heedsNotify: true });
    await phone(202, answers);
    await cti.actions.queueAdd({ queue: 'support', extension: '201', name: 'Anna' });
    const caller = call({ to: '7000', rtpEcho: true });
    const { key } = await until('talk', '201');
    await cti.actions.queueRemove({ queue: 'support', extension: '201' });
    const of = async (who = anna) => (await who.get(`/api/calls/test:${key}`)).body;
    const order = async (path: string, body?: object) => (await anna.post(`/api/calls/test:${key}/${path}`, body)).status;
    await expect.poll(async () => (await of()).call?.recordings[0]?.state, { timeout: 10_000 }).toBe('recording');
    expect(await order('hold')).toBe(204); // the music is the sound of this test
    await sleep(1_500);
    expect(await order('resume')).toBe(204);
    expect(await order('transfer', { userId: boris.userId })).toBe(204);
    await until('talk', '202');
    caller.hangup();
    await expect.poll(async () => (await of()).call.recordings[0].state, { timeout: 15_000 }).toBe('ready');
    const { call: over } = await of(boris);
    expect(over.recordings).toHaveLength(1);
    const { id, durationMs } = over.recordings[0] as { id: number; durationMs: number };
    expect(durationMs).toBeGreaterThan(1_000);
    const { body: wave } = await boris.get(`/api/recordings/${id}/waveform`);
    expect(Math.max(...wave.peaks)).toBeGreaterThan(10);
    const head = await boris.request('GET', `/api/recordings/${id}/audio`, undefined, { range: 'bytes=0-3' });
    expect(head).toMatchObject({ status: 206, body: 'RIFF' });
    expect(await server.db('audit').whereIn('what', ['call.held', 'call.resumed', 'call.transferred', 'recording.started', 'recording.listened']).orderBy('id').pluck('what')) // prettier-ignore
      .toEqual(['recording.started', 'call.held', 'call.resumed', 'call.transferred', 'recording.listened']);
  } finally {
    await server.close();
  }
});
