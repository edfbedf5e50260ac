import { afterEach, expect, test, vi } from 'vitest';
import { createControl } from '../../cti/ami/control.ts';
import type { ConnectionState } from '../../cti/ami/timing.ts';
import { eventually, FAST, keepingLog, SECRET } from '../support/cti.ts';
import { startFakeAmi } from '../support/fake-ami.ts';
import type { FakeAmiOptions } from '../support/fake-ami.ts';

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
  vi.restoreAllMocks();
});

async function start(options: FakeAmiOptions = {}, secret = SECRET) {
  const ami = await startFakeAmi({ secret: SECRET, ...options });
  const states: ConnectionState[] = [];
  const log = keepingLog();
  const peer = { host: '127.0.0.1', port: ami.port, user: 'allo', secret };
  const control = createControl({ peer, log, timing: FAST, onState: (state) => states.push(state) });
  closers.push(ami.close, control.stop);
  const connected = (times = 1) => eventually(() => states.filter((s) => s.connected).length >= times);
  return { ami, control, states, log, connected };
}

test('logs in, switches the events off, and sends actions', async () => {
  const { ami, control, connected } = await start();
  await connected();
  const [client] = ami.clients;
  expect(client!.actions.slice(0, 2)).toMatchObject([
    { Action: 'login', Username: 'allo' },
    { Action: 'Events', Eventmask: 'off' },
  ]);
  await expect(control.send('Hangup', { Channel: 'PJSIP/201-00000001', Cause: 16 })).resolves.toBe('done');
  expect(await client!.asked('Hangup')).toMatchObject({ Channel: 'PJSIP/201-00000001', Cause: '16' });
});

test('names and Cyrillic go over as they are; repeated keys as lines of their own', async () => {
  const { ami, control, connected } = await start();
  await connected();
  await control.send('Originate', { CallerID: '"Иван: Ё" <+7>', ActionID: 'own-1', Variable: { A: '1', 'B(x,y)': '2=3' } });
  expect(await ami.clients[0]!.asked('Originate')).toMatchObject({
    Callerid: '"Иван: Ё" <+7>',
    ActionID: 'own-1',
    Variable: 'A=1,B(x,y)=2=3',
  });
});

test.each([
  ['CR LF in a value', { Channel: 'PJSIP/201\r\nAction: Originate' }],
  ['LF alone', { Channel: 'a\nb' }],
  ['CR alone', { Channel: 'a\rb' }],
  ['NUL', { Channel: 'a\0b' }],
  ['CR LF in a variable', { Variable: { A: 'x\r\n\r\nAction: Command' } }],
  ['CR LF in the name of a variable', { Variable: { 'A\r\nB': 'x' } }],
  ['CR LF in a name', { 'Channel: x\r\nAction': 'Command' }],
])('%s is refused and nothing is sent', async (_, fields) => {
  const { ami, control, connected } = await start();
  await connected();
  const before = ami.clients[0]!.actions.filter((a) => a.Action !== 'Ping').length;
  await expect(control.send('Hangup', fields as Record<string, string>)).rejects.toMatchObject({ code: 'invalid' });
  await control.send('Hangup', { Channel: 'good' });
  expect(ami.clients[0]!.actions.filter((a) => a.Action !== 'Ping')).toHaveLength(before + 1);
});

test('a refusal is told in Asterisk’s words', async () => {
  const { control, connected } = await start({
    answer: (action, client) => {
      if (action.Action !== 'Hangup') return false;
      client.send('Response: Error', `ActionID: ${action.ActionID}`, 'Message: No such channel');
      return true;
    },
  });
  await connected();
  await expect(control.send('Hangup', { Channel: 'x' })).rejects.toMatchObject({ code: 'refused', message: 'No such channel' });
});

test('answers are matched by ActionID, in whatever order they come', async () => {
  const asked: string[] = [];
  const { control, connected } = await start({
    answer: (action, client) => {
      if (action.Action !== 'Hangup') return false;
      asked.push(action.ActionID!);
      if (asked.length === 2)
        for (const id of [...asked].reverse()) client.send('Response: Success', `ActionID: ${id}`, `Message: ${asked.indexOf(id)}`);
      return true;
    },
  });
  await connected();
  expect(await Promise.all([control.send('Hangup', { Channel: 'a' }), control.send('Hangup', { Channel: 'b' })])).toEqual(['0', '1']);
});

test('a response in pieces, with LF line ends, is an answer', async () => {
  const { control, connected } = await start({
    answer: (action, client) => {
      if (action.Action !== 'Hangup') return false;
      const bytes = Buffer.from(`Response: Success\nActionID: ${action.ActionID}\nMessage: в кусках\n\n`);
      for (let i = 0; i < bytes.length; i += 3) setTimeout(() => client.raw(bytes.subarray(i, i + 3)), i / 3);
      return true;
    },
  });
  await connected();
  await expect(control.send('Hangup', { Channel: 'a' })).resolves.toBe('в кусках');
});

test('no answer is a time-out, and a late answer harms nobody', async () => {
  const late: (() => void)[] = [];
  const { control, connected } = await start({
    answer: (action, client) => {
      if (action.Action !== 'Hangup' || action.Channel !== 'slow') return false;
      late.push(() => client.send('Response: Success', `ActionID: ${action.ActionID}`));
      return true;
    },
  });
  await connected();
  await expect(control.send('Hangup', { Channel: 'slow' })).rejects.toMatchObject({ code: 'timeout' });
  late.forEach((answer) => answer());
  await expect(control.send('Hangup', { Channel: 'quick' })).resolves.toBe('done');
});

test('a lost connection fails what waits, at once; then it comes back by itself with nothing of the old', async () => {
  const { ami, control, connected } = await start({ answer: (action) => action.Action === 'Hangup' && action.Channel === 'never' });
  await connected();
  const waiting = control.send('Hangup', { Channel: 'never' });
  const client = await ami.client(0);
  await client.asked('Hangup');
  client.raw('Response: Success\r\nActionID: half of a mess');
  client.drop();
  await expect(waiting).rejects.toMatchObject({ code: 'offline' });
  await expect(control.send('Hangup', { Channel: 'x' })).rejects.toMatchObject({ code: 'offline' });
  await connected(2);
  await expect(control.send('Hangup', { Channel: 'x' })).resolves.toBe('done');
  expect((await ami.client(1)).actions.filter((a) => a.Channel === 'never')).toEqual([]);
});

test('a refused login is told, without the secret', async () => {
  const { states, log } = await start({}, 'wrong-secret');
  const state = await eventually(() => states.find((s) => s.reason?.includes('login refused')));
  expect(state).toEqual({ connected: false, reason: 'login refused: Authentication failed' });
  expect(JSON.stringify([states, log.lines])).not.toContain('wrong-secret');
});

test('a server that never answers the login is left', async () => {
  const { ami, states } = await start({ answer: () => true });
  expect((await eventually(() => states[0])).reason).toBe('no answer to the login');
  await ami.client(1);
});

test('a server that falls silent is found out by the ping', async () => {
  let silent = false;
  const { ami, states, connected } = await start({ answer: () => silent });
  await connected();
  silent = true;
  await eventually(() => states.find((s) => s.reason?.startsWith('ping:')));
  silent = false;
  await ami.client(1);
  await connected(2);
});

test('nothing goes to the console, and nobody listening is told as such', async () => {
  const spies = (['log', 'info', 'warn', 'error'] as const).map((name) => vi.spyOn(console, name));
  const { ami, states, connected } = await start();
  await connected();
  await ami.close();
  await eventually(() => states.find((s) => s.reason?.includes('ECONNREFUSED')));
  for (const spy of spies) expect(spy).not.toHaveBeenCalled();
});
