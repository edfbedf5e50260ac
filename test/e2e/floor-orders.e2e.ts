import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { startCti } from '../../cti/index.ts';
import type { Call, Cti, Fact } from '../../cti/index.ts';
import { ensureStack } from '../stack/index.ts';
import { ALWAYS_OURS, eventually, keepingLog } from '../support/cti.ts';
import { callIn, startPhone } from '../support/sipp.ts';
import type { Caller, Phone } from '../support/sipp.ts';

/** What a supervisor orders of others' calls, at a real Asterisk: moved, ended. Listening in is in commands.e2e.ts. */

let cti: Cti;
const facts: Fact[] = [];
const phones: Phone[] = [];
const callers: Caller[] = [];

beforeAll(async () => {
  const { asterisk } = await ensureStack({ parts: ['asterisk'] });
  const pbx = { name: 'test', host: asterisk.amiHost, port: asterisk.amiPort, user: asterisk.amiUser, secret: asterisk.amiSecret };
  cti = startCti({ pbx, lease: ALWAYS_OURS, log: keepingLog(), owner: 'floor', onFact: (fact) => facts.push(fact) });
  await eventually(() => cti.status().state === 'connected');
});
afterEach(async () => {
  callers.splice(0).forEach((caller) => caller.hangup());
  await eventually(() => cti.calls().length === 0);
  for (const queue of ['support', 'sales']) for (const extension of ['201', '202']) await cti.actions.queueRemove({ queue, extension });
  for (const phone of phones.splice(0)) await phone.stop();
  facts.length = 0;
});
afterAll(() => cti?.stop());

const phone = async (who: number) => phones.push(await startPhone(who, { does: 'answer', ringMs: 100 }));
const call = (to: string): Caller => {
  const caller = callIn({ from: '79000000001', name: 'Ivan Petrov', to, rtpEcho: true });
  callers.push(caller);
  return caller;
};
const until = async (kind: string, who: string): Promise<Call> => {
  const find = () =>
    cti.calls().find((c) => c.segments.some((s) => s.kind === kind && (s.agent === who || s.queue === who) && s.to === null));
  await expect.poll(() => find()?.key, { timeout: 15_000 }).toBeTruthy();
  return find()!;
};
const ended = async (): Promise<Call[]> => {
  await expect.poll(() => cti.calls().length, { timeout: 20_000 }).toBe(0);
  return facts.flatMap((fact) => (fact.kind === 'call.ended' ? [fact.call] : []));
};
const story = (c: Call) => c.segments.map((s) => `${s.kind} ${s.agent ?? s.queue ?? ''} ${s.endReason}`);

test('who waits is moved to another queue: one call, two visits, the first one no abandon; then ended', async () => {
  const caller = call('7000');
  const { key } = await until('queue', 'support');
  await cti.actions.move({ key, to: { queue: 'sales' } });
  expect((await until('queue', 'sales')).key).toBe(key);
  await cti.actions.end({ key });
  const [done, ...more] = await ended();
  expect(more).toEqual([]);
  expect(story(done!)).toEqual(['queue support transferred', 'queue sales timeout']);
  expect(done).toMatchObject({ key, answeredAt: null });
  caller.hangup();
});

test('who waits is moved to an operator, and who talks to a queue and to another operator; ended, all phones are down', async () => {
  await phone(201);
  await phone(202);
  call('7000');
  const { key } = await until('queue', 'support');
  await cti.actions.move({ key, to: { number: '201' } });
  expect((await until('talk', '201')).key).toBe(key);
  await cti.actions.move({ key, to: { queue: 'sales' } });
  expect((await until('queue', 'sales')).key).toBe(key);
  await cti.actions.queueAdd({ queue: 'sales', extension: '202', name: 'Boris' });
  expect((await until('talk', '202')).key).toBe(key);
  await cti.actions.queueRemove({ queue: 'sales', extension: '202' });
  await cti.actions.move({ key, to: { number: '201' } });
  await until('talk', '201');
  await cti.actions.end({ key });
  const [done, ...more] = await ended();
  expect(more).toEqual([]);
  expect(story(done!)).toEqual([
    'queue support transferred',
    'offer 201 answered',
    'talk 201 transferred',
    'queue sales answered',
    'offer 202 answered',
    'talk 202 transferred',
    'offer 201 answered',
    expect.stringMatching(/^talk 201 (agent|customer)$/),
  ]);
  expect(done!.endReason).toBe('completed');
});

test('what is no call, and values that would break out of the order, are refused', async () => {
  const refused = async (order: Promise<unknown>) => ((await order.catch((err: unknown) => err)) as { code?: string }).code;
  expect(await refused(cti.actions.end({ key: '1.1' }))).toBe('refused');
  expect(await refused(cti.actions.move({ key: '1.1', to: { queue: 'sales' } }))).toBe('refused');
  expect(await refused(cti.actions.move({ key: '1.1', to: { queue: 'sales\r\nAction: Logoff' } }))).toBe('invalid');
  expect(await refused(cti.actions.move({ key: '1.1', to: { number: '7000 ' } }))).toBe('invalid');
});
