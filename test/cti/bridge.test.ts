import { afterEach, expect, test } from 'vitest';
import { startBridge } from '../../cti/bridge.ts';
import type { Fact, Lease } from '../../cti/facts.ts';
import { startSimulator } from '../../cti/simulator/index.ts';
import { ALWAYS_OURS, eventually, FAST, keepingLog, SECRET } from '../support/cti.ts';
import { startFakeAmi } from '../support/fake-ami.ts';
import type { FakeAmiOptions, FakeClient } from '../support/fake-ami.ts';
import { calls, replayBytes, story, traceBytes } from '../support/replay.ts';

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

interface BridgeOptions {
  readonly port: number;
  readonly lease?: Lease;
  readonly leaseTtlMs?: number;
  readonly secret?: string;
  readonly host?: string;
}

function bridge({ port, lease = ALWAYS_OURS, leaseTtlMs, secret = SECRET }: BridgeOptions) {
  const facts: Fact[] = [];
  const log = keepingLog();
  const pbx = { name: 'main', host: '127.0.0.1', port, user: 'allo', secret };
  const cti = startBridge({ pbx, lease, log, owner: 'node-1', onFact: (fact) => facts.push(fact) }, { ami: FAST, leaseTtlMs });
  closers.push(cti.stop);
  return { cti, facts, log, online: () => eventually(() => cti.status().state === 'connected') };
}

async function startWithFake(options: FakeAmiOptions = {}) {
  const ami = await startFakeAmi({ secret: SECRET, ...options });
  closers.push(ami.close);
  const started = bridge({ port: ami.port });
  await started.online();
  const client = (events: boolean): FakeClient => {
    const isControl = (c: FakeClient) => c.actions.some((a) => a.Action === 'Events');
    return [...ami.clients].reverse().find((c) => isControl(c) !== events)!;
  };
  return { ami, ...started, events: () => client(true), control: () => client(false) };
}

/** The live events of a trace, without what the recorder's own session asked. */
function liveEvents(name: string): string {
  const blocks = traceBytes(name)
    .toString()
    .split(/\r?\n\r?\n/);
  return blocks.filter((block) => /^Timestamp: /m.test(block)).join('\r\n\r\n') + '\r\n\r\n';
}

test('a real call on the wire becomes the facts that its trace becomes', async () => {
  const { facts, events } = await startWithFake();
  events().raw(liveEvents('queue-answered'));
  await eventually(() => facts.find((f) => f.kind === 'call.ended'));
  expect(story(facts)).toEqual(story(replayBytes(traceBytes('queue-answered')).facts));
});

test('what is odd in the stream is counted, and the call after it is heard', async () => {
  const { cti, facts, events } = await startWithFake();
  const before = cti.stats();
  events().raw(`neither: this\r\n\r\nEvent: Hangup\r\nUniqueid: 9.9\r\nTimestamp: 1700000000.1\r\n\r\n${liveEvents('queue-answered')}`);
  await eventually(() => facts.find((f) => f.kind === 'call.ended'));
  const after = cti.stats();
  expect(after).toMatchObject({ malformed: before.malformed + 1, strangers: 1, reborn: 0, lost: 0 });
  expect(after.messages).toBeGreaterThan(before.messages);
});

test('status: connected needs both connections, and says since when and why not', async () => {
  const { cti, facts, ami, control } = await startWithFake({ answer: () => false });
  const states = () => facts.flatMap((f) => (f.kind === 'pbx.status' ? [f.status] : []));
  expect(cti.status()).toMatchObject({ name: 'main', state: 'connected', reason: null });
  expect(cti.status().clockOffsetMs).not.toBeNull();
  control().drop();
  const down = await eventually(() => states().find((s) => s.reason?.startsWith('control connection')));
  expect(down.state).toBe('offline');
  await eventually(() => cti.status().state === 'connected');
  await ami.close();
  await eventually(() => cti.status().state === 'offline');
  expect(cti.status().since).toBeGreaterThanOrEqual(down.since);
});

test('a refused login is in the status, the secret nowhere', async () => {
  const ami = await startFakeAmi({ secret: SECRET });
  closers.push(ami.close);
  const { cti, facts, log } = bridge({ port: ami.port, secret: 'wrong-secret' });
  await eventually(() => cti.status().reason?.includes('login refused'));
  expect(JSON.stringify([facts, log.lines, cti.status()])).not.toContain('wrong-secret');
  expect(cti.knowsCalls()).toBe(false);
});

test('the PBX goes away in the middle of a call: the call that is gone afterwards is lost, once', async () => {
  const { facts, events } = await startWithFake();
  const live = liveEvents('queue-answered');
  events().raw(live.slice(0, live.indexOf('Event: HangupRequest')));
  await eventually(() => facts.find((f) => f.kind === 'segment.started' && f.segment.kind === 'talk'));
  const synced = facts.filter((f) => f.kind === 'pbx.synced').length;
  events().drop();
  await eventually(() => facts.filter((f) => f.kind === 'pbx.synced').length > synced);
  expect(facts.filter((f) => f.kind === 'call.ended')).toMatchObject([{ call: { endReason: 'lost' } }]);
  expect(facts.at(-1)).not.toMatchObject({ kind: 'call.ended' });
  expect(facts.find((f, i) => f.kind === 'pbx.synced' && i > 10)).toMatchObject({ live: [] });
});

test('originate: the order as the dialplan wants it, and the call it becomes', async () => {
  const { cti, facts, control, events } = await startWithFake();
  const { key } = await cti.actions.originate({ extension: '201', number: '+79161234567', callerName: 'Иван "Грозный" <x>' });
  expect(key).toMatch(/^allo-main-\d{10}\.\d{7}$/);
  expect(await control().asked('Originate')).toMatchObject({
    ActionID: key,
    Channel: 'PJSIP/201',
    Context: 'allo-originate',
    Exten: '+79161234567',
    Callerid: '"Иван Грозный x" <+79161234567>',
    Channelid: key,
    Async: 'true',
    Variable: `PJSIP_HEADER(add,X-Allo-Call)=${key}`,
  });
  events().send(
    'Event: Newchannel',
    'Timestamp: 1700000000.0',
    'Channel: PJSIP/201-00000001',
    'ChannelState: 0',
    `Uniqueid: ${key}`,
    `Linkedid: ${key}`,
  );
  const started = await eventually(() => facts.find((f) => f.kind === 'call.started'));
  expect(started).toMatchObject({ key, call: { direction: 'out', initiator: '201', to: '+79161234567' } });
});

test('an order that Asterisk refuses is refused; one that fails later is a failed call', async () => {
  const { cti, facts, events } = await startWithFake({
    answer: (action, client) => {
      if (action.Action !== 'Originate' || action.Exten !== '1') return false;
      client.send('Response: Error', `ActionID: ${action.ActionID}`, 'Message: Extension does not exist.');
      return true;
    },
  });
  await expect(cti.actions.originate({ extension: '201', number: '1' })).rejects.toMatchObject({ code: 'refused' });
  const { key } = await cti.actions.originate({ extension: '201', number: '2000000' });
  events().send('Event: OriginateResponse', `ActionID: ${key}`, 'Response: Failure', 'Reason: 0', 'Uniqueid: <null>');
  await eventually(() => facts.find((f) => f.kind === 'call.ended'));
  expect(calls(facts)).toMatchObject([{ key, endReason: 'failed' }]);

  // the answer overtakes the events of its channel: one call, with the cause of its end
  facts.length = 0;
  const { key: other } = await cti.actions.originate({ extension: '201', number: '2000001' });
  const channel = ['Channel: PJSIP/201-00000099', `Uniqueid: ${other}`, `Linkedid: ${other}`];
  events().send('Event: OriginateResponse', `ActionID: ${other}`, 'Response: Failure', 'Reason: 0', 'Uniqueid: <unknown>');
  events().send('Event: Newchannel', ...channel, 'ChannelState: 0', 'CallerIDNum: 2000001', 'Exten: s');
  events().send('Event: Hangup', ...channel, 'Cause: 1');
  await eventually(() => facts.find((f) => f.kind === 'call.ended'));
  await new Promise((resolve) => setTimeout(resolve, 1_100));
  expect(facts.filter((f) => f.kind === 'call.ended')).toMatchObject([{ key: other, call: { endReason: 'abandoned' } }]);
});

test('hang up and answer go to the operator’s own channel in that call', async () => {
  const { cti, facts, control, events } = await startWithFake();
  const live = liveEvents('queue-answered');
  events().raw(live.slice(0, live.indexOf('Event: DialEnd')));
  const offer = await eventually(() => facts.find((f) => f.kind === 'segment.started' && f.segment.kind === 'offer'));
  const { key } = offer as Extract<Fact, { kind: 'segment.started' }>;
  expect(cti.calls()).toMatchObject([{ key }]);
  await cti.actions.answer({ key, extension: '201' });
  expect(await control().asked('PJSIPNotify')).toMatchObject({ Channel: 'PJSIP/201-00000001', Variable: 'Event=talk' });
  await cti.actions.hangup({ key, extension: '201' });
  expect(await control().asked('Hangup')).toMatchObject({ Channel: 'PJSIP/201-00000001' });
  await expect(cti.actions.hangup({ key, extension: '202' })).rejects.toMatchObject({ code: 'refused' });
  await expect(cti.actions.hangup({ key: 'no-such-call', extension: '201' })).rejects.toMatchObject({ code: 'refused' });
});

test('queues: added, paused, removed; what is so already is no error', async () => {
  const { cti, control } = await startWithFake({
    answer: (action, client) => {
      const already = { QueueAdd: 'Unable to add interface: Already there', QueueRemove: 'Unable to remove interface: Not there' }[
        action.Action!
      ];
      if (!already || action.Queue !== 'again') return false;
      client.send('Response: Error', `ActionID: ${action.ActionID}`, `Message: ${already}`);
      return true;
    },
  });
  await cti.actions.queueAdd({ queue: 'support', extension: '201', name: 'Анна', penalty: 2 });
  expect(await control().asked('QueueAdd')).toMatchObject({ Queue: 'support', Interface: 'PJSIP/201', Membername: 'Анна', Penalty: '2' });
  await cti.actions.queuePause({ extension: '201', paused: true, reason: 'обед' });
  expect(await control().asked('QueuePause')).toMatchObject({ Interface: 'PJSIP/201', Paused: 'true', Reason: 'обед' });
  await cti.actions.queueAdd({ queue: 'again', extension: '201', name: 'Anna' });
  await cti.actions.queueRemove({ queue: 'again', extension: '201' });
});

test.each<[string, (a: ReturnType<typeof bridge>['cti']['actions']) => Promise<unknown>]>([
  ['a line break in a number', (a) => a.originate({ extension: '201', number: '7\r\nAction: Command' })],
  ['an option in a number', (a) => a.originate({ extension: '201', number: '7@evil,30,g' })],
  ['no number', (a) => a.originate({ extension: '201', number: '' })],
  ['a number too long', (a) => a.originate({ extension: '201', number: '7'.repeat(33) })],
  ['a second endpoint', (a) => a.originate({ extension: '201&PJSIP/trunk', number: '7' })],
  ['a trunk as extension', (a) => a.originate({ extension: 'trunk', number: '7' })],
  ['a line break in a name', (a) => a.originate({ extension: '201', number: '7', callerName: 'a\nb' })],
  ['a line break in a queue', (a) => a.queueAdd({ queue: 'a\r\nb', extension: '201', name: 'x' })],
  ['a line break in a member’s name', (a) => a.queueAdd({ queue: 'a', extension: '201', name: 'x\r\n' })],
  ['a penalty that is none', (a) => a.queueAdd({ queue: 'a', extension: '201', name: 'x', penalty: -1 })],
  ['NUL in a reason', (a) => a.queuePause({ extension: '201', paused: true, reason: 'a\0b' })],
  ['a foreign extension', (a) => a.hangup({ key: 'x', extension: '../etc' })],
])('%s is invalid and nothing is sent', async (_, act) => {
  const { cti, control } = await startWithFake();
  const before = control().actions.filter((a) => a.Action !== 'Ping').length;
  await expect(act(cti.actions)).rejects.toMatchObject({ code: 'invalid' });
  await cti.actions.queueRemove({ queue: 'good', extension: '201' });
  expect(control().actions.filter((a) => a.Action !== 'Ping')).toHaveLength(before + 1);
});

test('while another owns the PBX: standby, no connection, no action; then it takes over', async () => {
  const ami = await startFakeAmi({ secret: SECRET });
  closers.push(ami.close);
  let owner = 'node-2';
  const lease: Lease = { acquire: async (_pbx, who) => owner === who, release: async () => {} };
  const { cti, online } = bridge({ port: ami.port, lease, leaseTtlMs: 90 });
  await eventually(() => cti.status().state === 'standby');
  expect(ami.clients).toHaveLength(0);
  await expect(cti.actions.queueRemove({ queue: 'q', extension: '201' })).rejects.toMatchObject({ code: 'offline' });
  owner = 'node-1';
  await online();
  await eventually(() => cti.knowsCalls());
  owner = 'node-2';
  await eventually(() => cti.status().state === 'standby');
  expect(cti.calls()).toEqual([]);
  expect(cti.knowsCalls()).toBe(false);
});

test.each([
  ['throws', () => Promise.reject(new Error('database away'))],
  ['hangs', () => new Promise<boolean>(() => {})],
])('a store of the lease that %s ends the connections when the lease has run out, not before', async (_, away) => {
  const ami = await startFakeAmi({ secret: SECRET });
  closers.push(ami.close);
  let answer: () => Promise<boolean> = async () => true;
  const { cti, online } = bridge({ port: ami.port, lease: { acquire: () => answer(), release: async () => {} }, leaseTtlMs: 150 });
  await online();
  answer = away;
  await eventually(() => cti.status().reason?.includes('lease'));
  expect(cti.status().state).toBe('offline');
  await expect(cti.actions.queueRemove({ queue: 'q', extension: '201' })).rejects.toMatchObject({ code: 'offline' });
});

test('stop gives the lease back and leaves no connection', async () => {
  const released: string[] = [];
  const ami = await startFakeAmi({ secret: SECRET });
  closers.push(ami.close);
  const { cti, online } = bridge({
    port: ami.port,
    lease: { acquire: async () => true, release: async (pbx, owner) => void released.push(`${pbx} ${owner}`) },
  });
  await online();
  await cti.stop();
  expect(released).toEqual(['main node-1']);
});

test('a day at the simulated PBX: wait, ring, answer by command, hang up', async () => {
  const simulator = await startSimulator({
    port: 0,
    user: 'allo',
    secret: SECRET,
    queues: [{ name: 'support', number: '7000', strategy: 'rrmemory', ringMs: 5_000, retryMs: 100 }],
    extensions: [{ extension: '201', name: 'Anna' }],
  });
  closers.push(simulator.stop);
  const { cti, facts, online } = bridge({ port: simulator.port });
  await online();
  await cti.actions.queueAdd({ queue: 'support', extension: '201', name: 'Анна' });
  const key = simulator.callNow({ to: 'support', from: '79161234567', name: 'Иван' });
  await eventually(() => facts.find((f) => f.kind === 'segment.started' && f.segment.kind === 'offer'));
  await cti.actions.answer({ key, extension: '201' });
  await eventually(() => facts.find((f) => f.kind === 'segment.started' && f.segment.kind === 'talk'));
  await cti.actions.hangup({ key, extension: '201' });
  const ended = await eventually(() => facts.find((f) => f.kind === 'call.ended'));
  expect(ended).toMatchObject({ key, call: { from: '79161234567', fromName: 'Иван', queue: 'support', endReason: 'completed' } });
  expect(facts).toContainEqual(expect.objectContaining({ kind: 'queue.member', queue: 'support', agent: '201', present: true }));
  expect(facts).toContainEqual(expect.objectContaining({ kind: 'agent.state', agent: '201', state: 'ringing' }));
});
