import { afterEach, expect, test } from 'vitest';
import { createEvents } from '../../cti/ami/events.ts';
import type { AmiMessage } from '../../cti/ami/message.ts';
import type { ConnectionState } from '../../cti/ami/timing.ts';
import { eventually, FAST, keepingLog, SECRET } from '../support/cti.ts';
import { answerAsUsual, startFakeAmi } from '../support/fake-ami.ts';
import type { FakeAmiOptions } from '../support/fake-ami.ts';

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function start(options: FakeAmiOptions = {}, secret = SECRET, onEvent: (event: AmiMessage) => void = () => {}) {
  const ami = await startFakeAmi({ secret: SECRET, ...options });
  const states: ConnectionState[] = [];
  const offsets: number[] = [];
  /** What was handed on, in order: "snapshot 2" with the channels' number, or "Hangup 1700000000.1". */
  const heard: string[] = [];
  const times: number[] = [];
  const log = keepingLog();
  const events = createEvents({
    peer: { host: '127.0.0.1', port: ami.port, user: 'allo', secret },
    log,
    wanted: new Set(['Newchannel', 'Hangup']),
    timing: FAST,
    onState: (state) => states.push(state),
    onClockOffset: (offset) => offsets.push(offset),
    onSnapshot: (lists) => heard.push(`snapshot ${lists.channels.length}`),
    onEvent: (event, at) => {
      heard.push(`${event.event} ${event.get('Uniqueid')}`);
      times.push(at);
      onEvent(event);
    },
  });
  closers.push(ami.close, events.stop);
  const connected = (times = 1) => eventually(() => states.filter((s) => s.connected).length >= times);
  return { ami, states, offsets, heard, times, log, connected };
}

test('no event before the snapshot; what came while the lists came follows it, in order', async () => {
  const { heard, connected, ami } = await start({
    answer: (action, client) => {
      const id = `ActionID: ${action.ActionID}`;
      if (action.Action === 'Login') {
        answerAsUsual(action, client, SECRET);
        client.send('Event: Newchannel', 'Uniqueid: 1.1');
        return true;
      }
      if (action.Action !== 'CoreShowChannels') return false;
      client.send('Response: Success', id, 'EventList: start');
      client.send('Event: CoreShowChannel', id, 'Uniqueid: 1.0');
      client.send('Event: Hangup', 'Uniqueid: 1.1');
      client.send('Event: CoreShowChannel', id, 'Uniqueid: 1.2');
      client.send('Event: CoreShowChannel', 'ActionID: of another', 'Uniqueid: 1.3');
      client.send('Event: CoreShowChannelsComplete', id, 'EventList: Complete', 'ListItems: 2');
      client.send('Event: Newchannel', 'Uniqueid: 1.4');
      return true;
    },
  });
  await connected();
  ami.clients[0]!.send('Event: Hangup', 'Uniqueid: 1.4');
  await eventually(() => heard.includes('Hangup 1.4'));
  expect(heard).toEqual(['snapshot 2', 'Newchannel 1.1', 'Hangup 1.1', 'Newchannel 1.4', 'Hangup 1.4']);
});

test('the lists are asked for after FullyBooted; without the right to hear it, after a while', async () => {
  const { ami, connected } = await start({
    answer: (action, client) => {
      if (action.Action !== 'Login') return false;
      client.send('Response: Success', `ActionID: ${action.ActionID}`);
      return true;
    },
  });
  await connected();
  const asked = ami.clients[0]!.actions.map((a) => a.Action).filter((a) => a !== 'Ping');
  expect(asked).toEqual(['Login', 'DeviceStateList', 'QueueStatus', 'CoreShowChannels']);
});

test('a FullyBooted that comes late brings a second snapshot', async () => {
  const { ami, heard, connected } = await start();
  await connected();
  ami.clients[0]!.send('Event: FullyBooted', 'Status: Fully Booted');
  await connected(2);
  expect(heard).toEqual(['snapshot 0', 'snapshot 0']);
});

test('without app_queue or the right to device states it works; without the channels it says why not', async () => {
  const refuse = (...names: string[]) => ({
    answer: ((action, client) => {
      if (!names.includes(action.Action!)) return false;
      client.send('Response: Error', `ActionID: ${action.ActionID}`, 'Message: Permission denied');
      return true;
    }) satisfies FakeAmiOptions['answer'],
  });
  const { connected } = await start(refuse('QueueStatus', 'DeviceStateList'));
  await connected();
  const { states } = await start(refuse('CoreShowChannels'));
  await eventually(() => states.find((s) => s.reason === 'CoreShowChannels refused: Permission denied'));
});

test('events in pieces of any size, LF line ends, unwanted ones among them', async () => {
  const { ami, heard, connected } = await start();
  await connected();
  const bytes = Buffer.from(
    'Event: VarSet\r\nUniqueid: 9.9\r\n\r\nEvent: Newchannel\nUniqueid: 2.1\n\nEvent: Hangup\r\nUniqueid: 2.1\r\n\r\n',
  );
  for (const byte of bytes) ami.clients[0]!.raw(Buffer.from([byte]));
  await eventually(() => heard.includes('Hangup 2.1'));
  expect(heard).toEqual(['snapshot 0', 'Newchannel 2.1', 'Hangup 2.1']);
});

test('the time of an event is Asterisk’s; without one it is now, by Asterisk’s clock', async () => {
  const hourAhead = 3_600_000;
  const { ami, times, offsets, connected } = await start({
    answer: (action, client) => {
      if (action.Action !== 'Ping') return false;
      client.send('Response: Success', `ActionID: ${action.ActionID}`, 'Ping: Pong', `Timestamp: ${(Date.now() + hourAhead) / 1000}`);
      return true;
    },
  });
  await connected();
  await eventually(() => offsets[0]);
  expect(Math.abs(offsets[0]! - hourAhead)).toBeLessThan(5_000);
  ami.clients[0]!.send('Event: Hangup', 'Timestamp: 1700000000.123456', 'Uniqueid: 1.1');
  ami.clients[0]!.send('Event: Hangup', 'Uniqueid: 1.2');
  await eventually(() => times[1]);
  expect(times[0]).toBe(1_700_000_000_123);
  expect(Math.abs(times[1]! - Date.now() - hourAhead)).toBeLessThan(5_000);
});

test('a refused login is told, without the secret', async () => {
  const { states, log } = await start({}, 'wrong-secret');
  const state = await eventually(() => states[0]);
  expect(state).toEqual({ connected: false, reason: 'login refused: Authentication failed' });
  expect(JSON.stringify([states, log.lines])).not.toContain('wrong-secret');
});

test('a connection cut in the middle of a block comes back, with a new snapshot and nothing of the old block', async () => {
  const { ami, heard, connected } = await start();
  await connected();
  ami.clients[0]!.raw('Event: Hangup\r\nUniqueid: 3.1\r\nCau');
  ami.clients[0]!.drop();
  await connected(2);
  ami.clients[1]!.send('Event: Hangup', 'Uniqueid: 3.2');
  await eventually(() => heard.includes('Hangup 3.2'));
  expect(heard).toEqual(['snapshot 0', 'snapshot 0', 'Hangup 3.2']);
});

test.each([
  ['at the greeting', () => true, 'no answer to the login'],
  ['in the middle of a list', (action: Record<string, string>) => action.Action === 'QueueStatus', 'no answer to the snapshot'],
])('a server that falls silent %s is left', async (_, silent, reason) => {
  const { states, ami } = await start({ answer: silent });
  expect((await eventually(() => states[0])).reason).toBe(reason);
  await ami.client(1);
});

test('a server that falls silent later is left, and taken again', async () => {
  let silent = false;
  const { states, connected } = await start({ answer: () => silent });
  await connected();
  silent = true;
  await eventually(() => states.find((s) => s.reason?.startsWith('silent')));
  silent = false;
  await connected(2);
});

test('what is no AMI server is said to be none', async () => {
  const { states } = await start({
    answer: (_, client) => {
      client.raw('HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n');
      return true;
    },
  });
  expect((await eventually(() => states[0])).reason).toBe('no answer to the login');
});

test('an event that our own code chokes on is logged, and the next one is heard', async () => {
  const { ami, heard, log, connected } = await start({}, SECRET, (event) => {
    if (event.event === 'Newchannel') throw new Error('a bug');
  });
  await connected();
  ami.clients[0]!.send('Event: Newchannel', 'Uniqueid: 4.1');
  ami.clients[0]!.send('Event: Hangup', 'Uniqueid: 4.1');
  await eventually(() => heard.includes('Hangup 4.1'));
  expect(log.lines.filter((line) => line.startsWith('error') && line.includes('a bug'))).toHaveLength(1);
});
