import { expect, test } from 'vitest';
import { createCodec } from '../../cti/ami/codec.ts';
import type { CodecOptions } from '../../cti/ami/codec.ts';
import type { AmiMessage } from '../../cti/ami/message.ts';

const STREAM = Buffer.from(
  [
    'Asterisk Call Manager/9.0.0\r\n',
    'Response: Success\r\nActionID: login\r\nMessage: Authentication accepted\r\n\r\n',
    'Event: FullyBooted\r\nPrivilege: system,all\r\nUptime: 12\r\n\r\n',
    'Event: VarSet\r\nPrivilege: dialplan,all\r\nVariable: SIPCALLID\r\nValue: secret\r\n\r\n',
    'Event: Newchannel\nChannel: PJSIP/101-0000000a\nCallerIDName: Иван Петров\nChanVariable: A=1\nChanVariable: B=x: y\nEmpty: \n\n',
    'Event: Hangup\r\nUniqueid: 1700000000.1\r\nCause: 16\r\n\r\n',
    'Event: Cut\r\nKey:no-space\nMixed: yes\r\n\n',
    'Response: Error\r\nActionID: x\r\nMessage: no\r\n\r\n',
  ].join(''),
);

const KEYS = ['Channel', 'CallerIDName', 'Empty', 'Cause', 'Key', 'Mixed', 'Message', 'ActionID', 'Uniqueid'];
const show = (m: AmiMessage) => ({
  event: m.event,
  variables: m.all('ChanVariable'),
  ...Object.fromEntries(KEYS.map((key) => [key, m.get(key)]).filter(([, value]) => value !== '')),
});

function parse(bytes: Buffer, size = bytes.length, options: Partial<CodecOptions> = {}) {
  const messages: ReturnType<typeof show>[] = [];
  const codec = createCodec({ wanted: null, onMessage: (m) => messages.push(show(m)), ...options });
  for (let i = 0; i < bytes.length; i += size) codec.push(bytes.subarray(i, i + size));
  return { messages, stats: codec.stats };
}

test('messages come out in order, with CRLF, LF and mixed line ends, repeated keys and Cyrillic', () => {
  const { messages, stats } = parse(STREAM);
  expect(messages).toEqual([
    { event: '', variables: [], Message: 'Authentication accepted', ActionID: 'login' },
    { event: 'FullyBooted', variables: [] },
    { event: 'VarSet', variables: [] },
    { event: 'Newchannel', variables: ['A=1', 'B=x: y'], Channel: 'PJSIP/101-0000000a', CallerIDName: 'Иван Петров' },
    { event: 'Hangup', variables: [], Uniqueid: '1700000000.1', Cause: '16' },
    { event: 'Cut', variables: [], Key: 'no-space', Mixed: 'yes' },
    { event: '', variables: [], Message: 'no', ActionID: 'x' },
  ]);
  expect(stats).toEqual({ bytes: STREAM.length, messages: 7, skipped: 0, malformed: 0, oversized: 0 });
});

test('every size of the pieces gives the same messages', () => {
  const whole = parse(STREAM);
  for (let size = 1; size <= STREAM.length; size++) expect(parse(STREAM, size), `pieces of ${size}`).toEqual(whole);
});

test('events that nobody wants are skipped, responses never', () => {
  for (const size of [1, 3, STREAM.length]) {
    const { messages, stats } = parse(STREAM, size, { wanted: new Set(['Hangup', 'Newchannel']) });
    expect(messages.map((m) => m.event)).toEqual(['', 'Newchannel', 'Hangup', '']);
    expect(stats.skipped).toBe(3);
  }
});

test('bytes that are not UTF-8 are replaced, and end nothing', () => {
  const bad = Buffer.concat([Buffer.from('Event: X\r\nChannel: a'), Buffer.from([0xff, 0x00, 0xc3]), Buffer.from('b\r\n\r\n')]);
  expect(parse(bad).messages).toEqual([{ event: 'X', variables: [], Channel: 'a\ufffd\0\ufffdb' }]);
});

test('blocks that are no messages are counted, and the next message is whole', () => {
  const { messages, stats } = parse(Buffer.from('rubbish\r\n\r\n\r\n\r\n: :\n\nEvent: \r\n\r\nEvent: Hangup\r\nCause: 1\r\n\r\n'), 5);
  expect(messages).toEqual([{ event: 'Hangup', variables: [], Cause: '1' }]);
  expect(stats.malformed).toBe(3);
});

test('random bytes make no message and no error', () => {
  let seed = 42;
  const next = () => (seed = (Math.imul(seed, 1103515245) + 12345) >>> 0) >>> 24;
  const bytes = Buffer.from(Array.from({ length: 200_000 }, next));
  const { messages } = parse(bytes, 1000);
  expect(messages).toEqual([]);
  expect(parse(Buffer.concat([bytes, Buffer.from('\r\n\r\n'), STREAM]), 777).messages).toHaveLength(7);
});

test('a block above the limit is thrown away, and what follows it is whole', () => {
  const huge = Buffer.from(`Event: Huge\r\nOutput: ${'x'.repeat(5000)}\r\n\r\n`);
  const bytes = Buffer.concat([huge, STREAM, huge, huge, Buffer.from('Event: Last\r\n\r\n')]);
  for (const size of [1, 7, 999, 4096, bytes.length]) {
    const { messages, stats } = parse(bytes, size, { maxMessageBytes: 1000 });
    expect(
      messages.map((m) => m.event),
      `pieces of ${size}`,
    ).toEqual(['', 'FullyBooted', 'VarSet', 'Newchannel', 'Hangup', 'Cut', '', 'Last']);
    expect(stats.oversized).toBe(3);
  }
});

test('a long output in small pieces is searched once', () => {
  const lines = 40_000;
  const huge = Buffer.from(`Response: Success\r\nActionID: o\r\n${'Output: some line of a command\r\n'.repeat(lines)}\r\n`);
  let outputs = 0;
  const codec = createCodec({ wanted: null, onMessage: (m) => (outputs = m.all('Output').length) });
  // one byte at a time: a codec that begins anew with every piece would need 10^12 steps and run into the time-out
  for (let i = 0; i < huge.length; i++) codec.push(huge.subarray(i, i + 1));
  expect(outputs).toBe(lines);
});

test('what it hands on does not change when the buffer is used again', () => {
  const messages: AmiMessage[] = [];
  const codec = createCodec({ wanted: null, onMessage: (m) => messages.push(m) });
  const chunk = Buffer.from('Event: A\r\nChannel: first\r\n\r\nEvent: B\r\nCha');
  codec.push(chunk);
  chunk.fill(0x41);
  codec.push(Buffer.from('nnel: second\r\n\r\n'));
  expect(messages.map((m) => [m.event, m.get('Channel')])).toEqual([
    ['A', 'first'],
    ['B', 'second'],
  ]);
});
