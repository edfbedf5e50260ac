import { afterEach, expect, test } from 'vitest';
import type { SimulatorOptions } from '../../cti/simulator/index.ts';
import { connectAmi, header, logIn, LOGIN, startQuick } from './simulator-client.ts';
import type { AmiClient, Block } from './simulator-client.ts';

const open: { stop(): Promise<void> }[] = [];
afterEach(async () => {
  for (const it of open.splice(0)) await it.stop();
});

async function start(options: Partial<SimulatorOptions> = {}) {
  const simulator = await startQuick(options);
  open.push(simulator);
  return simulator;
}

async function startLoggedIn(options: Partial<SimulatorOptions> = {}) {
  const simulator = await start(options);
  return { simulator, ami: await logIn(simulator) };
}

const event = (name: string) => (b: Block) => header(b, 'Event') === name;
const onShift = (ami: AmiClient, extension: string, queue = 'support') =>
  ami.action('QueueAdd', { Queue: queue, Interface: `PJSIP/${extension}`, MemberName: `Operator ${extension}` });
const pickUp = (ami: AmiClient, extension: string) => ami.action('PJSIPNotify', { Endpoint: extension, Variable: 'Event=talk' });
const replyOf = (blocks: Block[]) => [header(blocks[0]!, 'Response'), header(blocks[0]!, 'Message')];

/** Events of calls, in order, each with the endpoint it is about; device states come when they come, at Asterisk too. */
const story = (ami: AmiClient) =>
  ami
    .events()
    .filter(
      (b) =>
        !/^(FullyBooted|DeviceStateChange|QueueMember\w+|NewConnectedLine|Bridge(Create|Destroy)|MusicOnHold\w+)$/.test(
          header(b, 'Event')!,
        ),
    )
    .map((b) => `${header(b, 'Event')} ${(header(b, 'DestChannel') ?? header(b, 'Channel') ?? '').replace(/^PJSIP\/|-\w+$/g, '')}`.trim());

test('greets, and lets nobody in without the secret', async () => {
  const simulator = await start();
  const ami = await connectAmi(simulator.port);
  expect(replyOf(await ami.action('CoreShowChannels'))).toEqual(['Error', 'Permission denied']);
  expect(ami.greeting()).toMatch(/^Asterisk Call Manager\/\d/);
  simulator.callNow({ to: 'support', from: '79161234567', name: 'Ivan' });
  expect(replyOf(await ami.action('Login', { Username: LOGIN.user, Secret: 'wrong' }))).toEqual(['Error', 'Authentication failed']);
  await ami.closed;
  expect(ami.events()).toEqual([]);
});

test('answers ping, events, logoff, and refuses what it does not know', async () => {
  const { ami } = await startLoggedIn();
  expect(header((await ami.action('Ping'))[0]!, 'Ping')).toBe('Pong');
  expect(header((await ami.action('Events', { EventMask: 'off' }))[0]!, 'Events')).toBe('Off');
  expect(replyOf(await ami.action('Command', { Command: 'x' }))).toEqual(['Error', expect.stringContaining('Invalid/unknown command')]);
  expect(header((await ami.action('Logoff'))[0]!, 'Response')).toBe('Goodbye');
  await ami.closed;
});

test('each client has its own mask', async () => {
  const { simulator, ami } = await startLoggedIn();
  const [quiet, agents] = [await logIn(simulator), await logIn(simulator)];
  await quiet.action('Events', { EventMask: 'off' });
  await agents.action('Events', { EventMask: 'agent' });
  const before = agents.events().length;
  simulator.callNow({ to: 'support', from: '79161234567', name: 'Ivan' });
  await Promise.all([ami.action('Ping'), quiet.action('Ping'), agents.action('Ping')]);
  expect(quiet.events('Newchannel')).toEqual([]);
  expect(
    agents
      .events()
      .slice(before)
      .map((b) => header(b, 'Event')),
  ).toEqual(['QueueCallerJoin']);
  expect(ami.events('Newchannel')).toHaveLength(1);
});

test('a queue call rings the operator, is picked up by command, and ends when the customer hangs up', async () => {
  const { simulator, ami } = await startLoggedIn({ behaviour: { talkMs: [20, 20] } });
  await onShift(ami, '101');
  const linkedid = simulator.callNow({ to: '7000', from: '79161234567', name: 'Ivan Petrov' });
  await ami.until(event('AgentCalled'));
  await pickUp(ami, '101');
  const complete = await ami.until(event('AgentComplete'));
  await ami.until((b) => event('Hangup')(b) && header(b, 'Uniqueid') === linkedid);

  expect(story(ami)).toEqual([
    'Newchannel trunk',
    'Newstate trunk',
    'QueueCallerJoin trunk',
    'Newchannel 101',
    'AgentCalled 101',
    'DialBegin 101',
    'Newstate 101',
    'DialState 101',
    'Newstate 101',
    'DialEnd 101',
    'QueueCallerLeave trunk',
    'AgentConnect 101',
    'BridgeEnter 101',
    'BridgeEnter trunk',
    'HangupRequest trunk',
    'AgentComplete 101',
    'BridgeLeave trunk',
    'BridgeLeave 101',
    'SoftHangupRequest trunk',
    'Hangup trunk',
    'Hangup 101',
  ]);
  expect(header(complete, 'Reason')).toBe('caller');
  expect(new Set(ami.events().flatMap((b) => [header(b, 'Linkedid') ?? [], header(b, 'DestLinkedid') ?? []].flat()))).toEqual(
    new Set([linkedid]),
  );
  const stamps = ami
    .events()
    .slice(1)
    .map((b) => Number(header(b, 'Timestamp')));
  expect(stamps).toEqual([...stamps].sort((a, b) => a - b));
  expect(stamps.every((s) => s > 1.6e9)).toBe(true);
});

test('nobody on shift: the caller waits; gives up', async () => {
  const { simulator, ami } = await startLoggedIn();
  simulator.callNow({ to: 'support', from: '79161234567', name: 'Ivan', patienceMs: 5 });
  await ami.until(event('Hangup'));
  expect(story(ami)).toEqual([
    'Newchannel trunk',
    'Newstate trunk',
    'QueueCallerJoin trunk',
    'HangupRequest trunk',
    'QueueCallerAbandon trunk',
    'QueueCallerLeave trunk',
    'SoftHangupRequest trunk',
    'Hangup trunk',
  ]);
  expect(simulator.openCalls()).toBe(0);
});

test('rings again when nobody picks up, and skips whoever is paused or talks', async () => {
  const { simulator, ami } = await startLoggedIn({
    queues: [{ name: 'support', number: '7000', strategy: 'rrmemory', ringMs: 30, retryMs: 5 }],
  });
  await onShift(ami, '101');
  await onShift(ami, '102');
  await onShift(ami, '103');
  await ami.action('QueuePause', { Interface: 'PJSIP/103', Paused: 'true', Reason: 'lunch' });
  simulator.callNow({ to: 'support', from: '79161234567', name: 'Ivan' });
  await ami.until((b) => event('AgentRingNoAnswer')(b) && header(b, 'Interface') === 'PJSIP/102');
  const rung = ami.events('AgentCalled').map((b) => header(b, 'Interface'));
  expect(rung.slice(0, 2)).toEqual(['PJSIP/101', 'PJSIP/102']);
  expect(rung).not.toContain('PJSIP/103');
});

test('ringall: the first to answer takes the call, the others stop ringing', async () => {
  const { simulator, ami } = await startLoggedIn();
  for (const extension of ['101', '102', '103']) await onShift(ami, extension);
  simulator.callNow({ to: 'support', from: '79161234567', name: 'Ivan' });
  await ami.until((b) => event('AgentCalled')(b) && header(b, 'Interface') === 'PJSIP/103');
  await pickUp(ami, '102');
  await ami.until(event('AgentConnect'));
  const ends = ami.events('DialEnd').map((b) => [header(b, 'DestChannel')!.slice(6, 9), header(b, 'DialStatus')]);
  // Asterisk tells the end of a cancelled leg twice
  expect(ends.sort().map(String)).toEqual(['101,CANCEL', '101,CANCEL', '102,ANSWER', '103,CANCEL', '103,CANCEL']);
  expect(simulator.openCalls()).toBe(1);
});

test('a second caller waits for the operator who talks, and is rung through when the first ends', async () => {
  const { simulator, ami } = await startLoggedIn();
  await onShift(ami, '101');
  simulator.callNow({ to: 'support', from: '1', name: 'First', talkMs: 30 });
  const second = simulator.callNow({ to: 'support', from: '2', name: 'Second' });
  await ami.until(event('AgentCalled'));
  await pickUp(ami, '101');
  const offered = await ami.until((b) => event('AgentCalled')(b) && header(b, 'Linkedid') === second);
  const order = ami.events().map((b) => header(b, 'Event'));
  expect(order.indexOf('AgentComplete')).toBeLessThan(ami.events().indexOf(offered));
});

test.each([
  ['101', 'Success', 'Added interface to queue'],
  ['999', 'Error', 'PJSIP/999 is not a phone of the simulated PBX'],
])('QueueAdd of %s: %s', async (extension, response, message) => {
  const { ami } = await startLoggedIn();
  expect(replyOf(await onShift(ami, extension))).toEqual([response, message]);
  expect(ami.events('QueueMemberAdded')).toHaveLength(response === 'Success' ? 1 : 0);
});

test('membership: not twice, not in a queue that is none, and not longer than asked', async () => {
  const { ami } = await startLoggedIn();
  await onShift(ami, '101');
  expect(replyOf(await onShift(ami, '101'))).toEqual(['Error', 'Unable to add interface: Already there']);
  expect(replyOf(await onShift(ami, '101', 'nope'))[0]).toBe('Error');
  const remove = () => ami.action('QueueRemove', { Queue: 'support', Interface: 'PJSIP/101' });
  expect(replyOf(await remove())).toEqual(['Success', 'Removed interface from queue']);
  expect(replyOf(await remove())).toEqual(['Error', 'Unable to remove interface: Not there']);
  expect(replyOf(await ami.action('QueuePause', { Interface: 'PJSIP/101', Paused: '1' }))).toEqual(['Error', 'Interface not found']);
});

test('a colleague works until a person takes the phone, and again when the person has gone', async () => {
  const { simulator, ami } = await startLoggedIn({
    queues: [{ name: 'support', number: '7000', strategy: 'ringall', ringMs: 60_000, retryMs: 5, members: ['101'] }],
  });
  simulator.callNow({ to: 'support', from: '1', name: 'First', talkMs: 5 });
  await ami.until(event('AgentComplete'));
  await onShift(ami, '101');
  simulator.callNow({ to: 'support', from: '2', name: 'Second', patienceMs: 40 });
  await ami.until(event('QueueCallerAbandon'));
  await ami.action('QueueRemove', { Queue: 'support', Interface: 'PJSIP/101' });
  simulator.callNow({ to: 'support', from: '3', name: 'Third', talkMs: 5 });
  await ami.until((b) => event('AgentComplete')(b) && header(b, 'CallerIDNum') === '3');
  expect(ami.events('AgentConnect')).toHaveLength(2);
});

test('people come first; a colleague takes what they let ring', async () => {
  const { simulator, ami } = await startLoggedIn({
    queues: [{ name: 'support', number: '7000', strategy: 'rrmemory', ringMs: 30, retryMs: 5, members: ['102', '103'] }],
    behaviour: { talkMs: [5, 5] },
  });
  await onShift(ami, '101');
  for (const from of ['1', '2', '3']) {
    simulator.callNow({ to: 'support', from, name: '' });
    await ami.until((b) => event('AgentComplete')(b) && header(b, 'CallerIDNum') === from);
  }
  const rung = ami.events('AgentCalled').map((b) => header(b, 'Interface') === 'PJSIP/101');
  expect(rung).toEqual([true, false, true, false, true, false]);
});

test('the lists tell the state, each closed by its Complete', async () => {
  const { simulator, ami } = await startLoggedIn();
  await onShift(ami, '101');
  const linkedid = simulator.callNow({ to: 'support', from: '79161234567', name: 'Ivan' });
  await ami.until(event('AgentCalled'));
  simulator.callNow({ to: 'sales', from: '2', name: 'Waits' });

  const ringing = await ami.action('QueueStatus', {}, 'QueueStatusComplete');
  expect(ringing.map((b) => header(b, 'Event') ?? header(b, 'Response'))).toEqual([
    'Success',
    'QueueParams',
    'QueueMember',
    'QueueEntry',
    'QueueParams',
    'QueueEntry',
    'QueueStatusComplete',
  ]);
  expect(
    header(
      ringing.find((b) => header(b, 'Event') === 'QueueMember')!,
      'Status',
    ),
  ).toBe('6');
  await pickUp(ami, '101');
  const channels = await ami.action('CoreShowChannels', {}, 'CoreShowChannelsComplete');
  const talking = channels.filter((b) => header(b, 'Linkedid') === linkedid);
  expect(talking.map((b) => header(b, 'Channel')!.slice(0, -9))).toEqual(['PJSIP/trunk', 'PJSIP/101']);
  expect(new Set(talking.map((b) => header(b, 'BridgeId'))).size).toBe(1);
  expect(header(talking[0]!, 'BridgeId')).not.toBe('');
  const devices = await ami.action('DeviceStateList', {}, 'DeviceStateListComplete');
  expect(devices.filter((b) => header(b, 'Device') === 'PJSIP/101').map((b) => header(b, 'State'))).toEqual(['INUSE']);
});

test('a direct call: answered, ended by the operator through Hangup', async () => {
  const { simulator, ami } = await startLoggedIn();
  await onShift(ami, '101');
  simulator.callNow({ to: '101', from: '79161234567', name: 'Ivan' });
  const begun = await ami.until(event('DialBegin'));
  await pickUp(ami, '101');
  const hungUp = await ami.action('Hangup', { Channel: header(begun, 'DestChannel')! });
  expect(replyOf(hungUp)).toEqual(['Success', 'Channel Hungup']);
  await ami.until((b) => event('Hangup')(b) && header(b, 'Channel')!.startsWith('PJSIP/trunk'));
  expect(replyOf(await ami.action('Hangup', { Channel: header(begun, 'DestChannel')! }))).toEqual(['Error', 'No such channel']);
  expect(ami.events('DialEnd').map((b) => header(b, 'DialStatus'))).toEqual(['ANSWER']);
  expect(simulator.openCalls()).toBe(0);
});

test('a direct call: nobody picks up; and a phone that is in use is busy', async () => {
  const { simulator, ami } = await startLoggedIn({ behaviour: { dialMs: 10 } });
  await onShift(ami, '101');
  simulator.callNow({ to: '101', from: '1', name: '' });
  simulator.callNow({ to: '101', from: '2', name: '' });
  await ami.until((b) => event('DialEnd')(b) && header(b, 'DialStatus') === 'NOANSWER');
  expect(ami.events('DialEnd').map((b) => header(b, 'DialStatus'))).toEqual(['BUSY', 'NOANSWER']);
});

const order = {
  Channel: 'PJSIP/101',
  Context: 'allo-originate',
  Exten: '+79161234567',
  Priority: '1',
  Async: 'true',
  ChannelId: 'allo-1700000000.1',
};

test('click-to-call: the operator first, then the number, one Linkedid of the chosen id', async () => {
  const { ami } = await startLoggedIn({ behaviour: { talkMs: [10, 10] } });
  const reply = await ami.action('Originate', { ...order, CallerID: '"Ivan Petrov" <+79161234567>' });
  expect(replyOf(reply)).toEqual(['Success', 'Originate successfully queued']);
  await ami.until(event('DialState'));
  expect(ami.events('Newchannel')).toHaveLength(1);
  await pickUp(ami, '101');
  const response = await ami.until(event('OriginateResponse'));
  expect([header(response, 'Response'), header(response, 'Reason'), header(response, 'Uniqueid')]).toEqual([
    'Success',
    '4',
    order.ChannelId,
  ]);
  await ami.until((b) => event('Hangup')(b) && header(b, 'Uniqueid') === order.ChannelId);
  expect(ami.events('BridgeEnter')).toHaveLength(2);
  expect(new Set(ami.events('Newchannel').map((b) => header(b, 'Linkedid')))).toEqual(new Set([order.ChannelId]));
});

test.each([
  ['the customer does not answer', { customerAnswers: 0 }, 'NOANSWER'],
  ['the customer is busy', { customerBusy: 1 }, 'BUSY'],
])('click-to-call: %s', async (_name, behaviour, status) => {
  const { simulator, ami } = await startLoggedIn({ behaviour: { ...behaviour, liftAfterMs: [5, 5], dialMs: 30 } });
  await ami.action('Originate', order);
  await ami.until((b) => event('Hangup')(b) && header(b, 'Uniqueid') === order.ChannelId);
  expect(ami.events('DialEnd').map((b) => header(b, 'DialStatus'))).toEqual(['ANSWER', status]);
  expect(simulator.openCalls()).toBe(0);
});

test('click-to-call: the operator does not pick up', async () => {
  const { ami } = await startLoggedIn();
  await ami.action('Originate', { ...order, Timeout: '10' });
  const response = await ami.until(event('OriginateResponse'));
  expect([header(response, 'Response'), header(response, 'Reason')]).toEqual(['Failure', '3']);
  expect(ami.events('Newchannel')).toHaveLength(1);
});

test.each(['PJSIP/999', 'Local/1@x'])('Originate to %s, which is no phone, is taken and fails', async (Channel) => {
  const { ami } = await startLoggedIn();
  await ami.action('Originate', { ...order, Channel });
  const response = await ami.until(event('OriginateResponse'));
  expect([header(response, 'Response'), header(response, 'Reason')]).toEqual(['Failure', '0']);
  expect(ami.events('Newchannel')).toEqual([]);
});

test.each([
  ['no channel', { Channel: '' }],
  ['synchronous', { Async: 'false' }],
  ['no number', { Exten: '' }],
])('Originate refused: %s', async (_name, wrong) => {
  const { ami } = await startLoggedIn();
  expect(replyOf(await ami.action('Originate', { ...order, ...wrong }))[0]).toBe('Error');
  expect(ami.events('Newchannel')).toEqual([]);
});

test('the name of a caller forges nothing', async () => {
  const { simulator, ami } = await startLoggedIn();
  const name = `O'Hara "x"\r\n\r\nEvent: Hangup\r\nChannel: y\0 <img onerror> ${'я'.repeat(300)}`;
  simulator.callNow({ to: 'support', from: '79161234567\r\nEvent: Hangup', name });
  await ami.until(event('QueueCallerJoin'));
  expect(ami.events('Hangup')).toEqual([]);
  expect(header(ami.events('Newchannel')[0]!, 'CallerIDName')).toContain(String.raw`O\'Hara \"x\"\r\n\r\nEvent: Hangup`);
});

test('traffic keeps its pace and its limit, and comes only to those on shift', async () => {
  let next = 0;
  const failed: unknown[] = [];
  const { simulator, ami } = await startLoggedIn({
    behaviour: { answering: 'alone', talkMs: [1, 3] },
    traffic: {
      callsPerHour: 3_600_000,
      limit: 20,
      onShiftOnly: true,
      failed: (err) => failed.push(err),
      caller: () => ({ number: String(++next), name: `Caller ${next}` }),
    },
  });
  await ami.action('Ping');
  expect(next).toBe(0);
  await onShift(ami, '101');
  await onShift(ami, '102');
  await ami.until((b) => event('AgentComplete')(b) && ami.events('AgentComplete').length === 20);
  const callers = () => ami.events('Hangup').filter((b) => header(b, 'Channel')!.startsWith('PJSIP/trunk-'));
  await ami.until(() => callers().length === 20);
  expect([next, failed, simulator.openCalls()]).toEqual([20, [], 0]);
});

test('a client that sends rubbish is dropped, the others are not', async () => {
  const { simulator, ami } = await startLoggedIn();
  const bad = await connectAmi(simulator.port);
  bad.raw('x'.repeat(100_000));
  await bad.closed;
  expect(header((await ami.action('Ping'))[0]!, 'Response')).toBe('Success');
});

test('stop ends everything', async () => {
  const simulator = await startQuick();
  const ami = await logIn(simulator);
  simulator.callNow({ to: 'support', from: '1', name: '', patienceMs: 5 });
  await simulator.stop();
  await ami.closed;
  await expect(connectAmi(simulator.port)).rejects.toThrow(/ECONNREFUSED/);
});
