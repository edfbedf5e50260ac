import { afterAll, beforeAll, expect, test } from 'vitest';
import { AmiSession } from '../stack/ami-session.ts';
import { ensureStack } from '../stack/index.ts';
import type { Stack } from '../stack/index.ts';
import { until } from '../support/call-centre.ts';
import { startServer } from '../support/server.ts';
import { startPhone } from '../support/sipp.ts';
import type { Phone } from '../support/sipp.ts';
import type { PhoneScenario } from '../support/sipp-scenario.ts';

/** A campaign at a real Asterisk: sipp is the people called and the operator's phone. */
let stack: Stack;
let server: Awaited<ReturnType<typeof startServer>>;
let vera: Awaited<ReturnType<typeof server.signIn>>;
let watch: AmiSession;
const phones: Phone[] = [];
let serial = 0;

beforeAll(async () => {
  stack = await ensureStack({ parts: ['asterisk'] });
  const { amiPort, amiUnfilteredUser, amiSecret } = stack.asterisk;
  watch = await AmiSession.open(amiPort, amiUnfilteredUser, amiSecret);
  server = await startServer({ env: { PBX: stack.asterisk.pbx } });
  vera = await server.signIn('supervisor', { name: 'Vera' });
  const admin = await server.signIn('administrator');
  const anna = await server.signIn('operator', { name: 'Anna' });
  await server.db('queues').insert({ pbx: 'test', name: 'support', label: '' });
  await server.db('queue_members').insert({ pbx: 'test', queue: 'support', user_id: anna.userId, penalty: 0 });
  server.bus.emit('user.changed', { id: anna.userId });
  const { items } = (await vera.get('/api/dialling/profiles')).body;
  const uk = items.find((one: { code: string }) => one.code === 'UK');
  const always = { workdays: { from: 0, to: 1440 }, freeDays: { from: 0, to: 1440 } };
  await admin.post('/api/dialling/profiles', { code: 'ALWAYS', name: 'Tests', rules: { ...uk.rules, hours: always, ringSeconds: 5 } });
  await until(
    () => server.app.pbxStatus()[0]?.state,
    (state) => state === 'connected',
    20_000,
  );
});

afterAll(async () => {
  for (const phone of phones) await phone.stop();
  watch?.close();
  await server?.close();
});

/** One person is called; who answers, the operator's phone and the person outside, plays what it is told. */
const callOne = async (person: PhoneScenario, operator: PhoneScenario, settings: object = {}) => {
  serial += 1;
  const played = [await startPhone('trunk', person), await startPhone(201, operator)];
  phones.push(...played);
  const number = `+7916000000${serial}`;
  const campaign = { name: `Case ${serial}`, pbx: 'test', queue: 'support', mode: 'progressive', profile: 'ALWAYS', purpose: 'service', settings }; // prettier-ignore
  const { id } = (await vera.post('/api/campaigns', campaign)).body.campaign;
  await vera.post(`/api/campaigns/${id}/contacts`, { text: number });
  for (const to of ['approved', 'running']) expect((await vera.post(`/api/campaigns/${id}/state`, { to })).status).toBe(200);
  await server.app.deps.pbx('test').queueAdd({ queue: 'support', extension: '201', name: 'Anna' });
  const [attempt] = await until(
    () => server.db('attempts').where({ campaign_id: id }),
    (rows: { state: string }[]) => rows.length > 0 && rows[0]!.state !== 'open',
    30_000,
  );
  await vera.post(`/api/campaigns/${id}/state`, { to: 'paused' });
  await server.app.deps.pbx('test').queueRemove({ queue: 'support', extension: '201' });
  const notes = played.map((each) => each.notes());
  for (const each of played) await each.stop();
  const contact = await server.db('campaign_contacts').where({ campaign_id: id }).first();
  const call = await server.db('calls').where({ linkedid: attempt.channel_id }).first();
  return { attempt, contact, call, notes, id };
};
const answers = { does: 'answer', ringMs: 200 } as const;

test('who answers talks with the operator, and the log, the attempt and Asterisk agree', async () => {
  const { attempt, contact, call, notes, id } = await callOne({ ...answers, hangUpAfterMs: 1_500 }, answers, { record: 'all' });
  expect(attempt).toMatchObject({ state: 'settled', result: 'talked', number: '+79160000001', n: 1 });
  expect(attempt.connected_at - attempt.answered_at).toBeLessThan(2_000);
  expect(contact).toMatchObject({ state: 'done', reason: 'talked' });
  expect(call).toMatchObject({ direction: 'out', to_e164: '+79160000001', queue: 'support', end_reason: 'completed' });
  // the phone on the desk was told which call it is
  expect(notes[1]![0]).toBe(`invited, X-Allo-Call ${attempt.channel_id}`);
  // its queue records nothing, the campaign everything
  const [recording] = await until(
    () => server.db('recordings').where({ linkedid: attempt.channel_id }),
    (rows: { state: string }[]) => rows[0]?.state === 'ready',
    15_000,
  );
  expect(recording).toMatchObject({ campaign_id: id, queue: 'support' });
});

test('busy, and no answer within the ringing time of the rules', async () => {
  const busy = await callOne({ does: 'refuse', code: 486, ringMs: 100 }, answers);
  expect(busy.attempt).toMatchObject({ state: 'settled', result: 'busy', answered_at: null });
  expect(busy.contact).toMatchObject({ state: 'ready', reason: 'busy' });
  const silent = await callOne({ does: 'ring' }, answers);
  expect(silent.attempt).toMatchObject({ state: 'settled', result: 'no-answer', answered_at: null });
  expect(silent.notes[0]).toContain('cancelled by the caller');
  expect(silent.contact).toMatchObject({ state: 'ready', reason: 'no-answer' });
});

test('a person without an operator in two seconds hears the message, counts as abandoned and is called first', async () => {
  const { attempt, contact, id } = await callOne(answers, { does: 'ring' });
  expect(attempt).toMatchObject({ state: 'settled', result: 'abandoned', connected_at: null });
  expect(contact).toMatchObject({ state: 'ready', reason: 'abandoned', priority: 0 });
  const { run } = (await vera.get(`/api/campaigns/${id}`)).body;
  expect(run.window).toMatchObject({ answered: 1, abandoned: 1 });
});

test('with AMD: who lifts in silence is no machine, waits for the verdict, is put through, and the log and the attempt say which it was', async () => {
  const { attempt, call } = await callOne({ ...answers, hangUpAfterMs: 8_000 }, answers, { amd: true });
  expect(attempt).toMatchObject({ state: 'settled', result: 'talked', amd: 'notsure' });
  expect(call).toMatchObject({ amd: 'notsure', end_reason: 'completed' });
});

test('the trunk refuses: nobody loses an attempt', async () => {
  const { attempt, contact } = await callOne({ does: 'refuse', code: 480, ringMs: 10 }, answers);
  // 480 is the person's phone, switched off
  expect(attempt).toMatchObject({ state: expect.stringMatching(/settled|refused/) as string });
  expect(contact.state).toBe('ready');
});
