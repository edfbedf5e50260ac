import { describe, expect, test } from 'vitest';
import { Core } from 'sip.js';
import { FakePhone } from '../../softphone/fake-phone.ts';
import { cleanNumber, dialable } from '../../softphone/number.ts';
import { backoffMs } from '../../softphone/sip/backoff.ts';
import { problemOfMicrophone } from '../../softphone/devices/microphone.ts';
import { readStats } from '../../softphone/sip/media.ts';
import { mendNames } from '../../softphone/sip/mend.ts';
import { answeredElsewhere, problemOfStatus } from '../../softphone/sip/outcome.ts';
import { linkedId, shownName, shownNumber, unescaped } from '../../softphone/sip/untrusted.ts';
import { duration } from '../../softphone/ui/clock.ts';
import { langOf, strings } from '../../softphone/ui/strings.ts';
import { ringbackSamples, ringSamples } from '../../softphone/ui/tones.ts';

test.each([
  ['8 (916) 123-45-67', '89161234567'],
  ['tel:+7 916 123 45 67', '+79161234567'],
  ['+7\u00a0916\u2011123–45.67', '+79161234567'],
  ['７０００', '7000'],
  ['*72#', '*72#'],
])('%j is dialled as %s', (typed, number) => expect(dialable(typed)).toBe(number));

test.each(['', '+', '++7', '7+', 'abc', '12a', '600@evil', '600;x=1', '1\r\n2x', '%31', '1'.repeat(33)])('%j is not dialled', (typed) =>
  expect(() => dialable(typed)).toThrow('bad-number'),
);

test('what cannot be dialled is still shown as it was typed', () => expect(cleanNumber(' 12 ab')).toBe('12ab'));

describe('what a peer calls itself', () => {
  test.each([
    [undefined, ''],
    ['  Ivan\r\nPetrov\t\u0000 ', 'Ivan Petrov'],
    ['<b>x</b>', '<b>x</b>'],
    ['evil\u202egnp.exe', 'evil gnp.exe'],
    ['a\ud83d', 'a\ufffd'],
    ['😀'.repeat(79) + '😀', '😀'.repeat(80)],
    ['😀'.repeat(81), '😀'.repeat(79) + '…'],
  ])('%j is shown as %j', (raw, shown) => expect(shownName(raw)).toBe(shown));

  test('a number is decoded where it can be, and cut', () => {
    expect(shownNumber('%2B7916')).toBe('+7916');
    expect(shownNumber('100%')).toBe('100%');
    expect(shownNumber('%0d%0a1')).toBe('1');
    expect(shownNumber('1'.repeat(100))).toHaveLength(40);
  });

  test.each([
    ['1732350000.17', '1732350000.17'],
    [' pbx-1732350000.17 ', 'pbx-1732350000.17'],
    ['', null],
    [undefined, null],
    ['1;drop', null],
    ['1'.repeat(200), null],
  ])('X-Allo-Call %j is the Linkedid %j', (header, id) => expect(linkedId(header)).toBe(id));
});

describe('a name that SIP.js cannot parse', () => {
  const quiet = { error() {}, warn() {}, log() {}, debug() {} };
  const parse = (name: string, mend: (text: string) => string) =>
    Core.Parser.parseMessage(
      mend(
        `INVITE sip:x SIP/2.0\r\nVia: SIP/2.0/WS a;branch=z9hG4bK1\r\nFrom: ${name}<sip:anonymous@x>;tag=1\r\nTo: <sip:x@y>\r\n` +
          'CSeq: 1 INVITE\r\nCall-ID: 1\r\nContent-Length: 12\r\n\r\nb=From: a\u0001"',
      ),
      quiet as unknown as Core.Logger,
    );

  test.each([
    ['"a\u0001b\u0000c" ', 'a b c'],
    ['"a\rb\nc" ', 'a b c'],
    ['"un\\" ', 'un"'],
    ['Иван ', 'Иван'],
    ['"x" "y" ', 'x" "y'],
  ])('%j is dropped as it is, and rings as %j when mended', (name, shown) => {
    expect(parse(name, (text) => text)?.from).toBeUndefined();
    expect(unescaped(parse(name, mendNames)?.from.displayName)).toBe(shown);
  });

  test.each(['"Иван \\"Грозный\\"" ', '', 'Anna ', '"two\r\n lines" ', '"<sip:evil@x>;tag=2" '])('%j is understood as before', (name) => {
    const tidy = (text?: string) => text?.replace(/\s+/g, ' ');
    expect(tidy(parse(name, mendNames)?.from.displayName)).toBe(tidy(parse(name, (text) => text)?.from.displayName));
    expect(parse(name, mendNames)?.fromTag).toBe('1');
  });

  test('the body is left alone', () => expect(parse('"a\u0001" ', mendNames)?.body).toBe('b=From: a\u0001"'));

  test('what is no message is left alone', () => expect(mendNames('\r\n')).toBe('\r\n'));
});

test.each([
  [486, 'busy'],
  [600, 'busy'],
  [408, 'no-answer'],
  [480, 'no-answer'],
  [404, 'not-found'],
  [484, 'not-found'],
  [488, 'media-failed'],
  [403, 'refused'],
  [603, 'refused'],
  [503, 'refused'],
])('the answer %i is told as %s', (status, problem) => expect(problemOfStatus(status)).toBe(problem));

test.each([
  ['SIP;cause=200;text="Call completed elsewhere"', true],
  ['Q.850;cause=26', true],
  ['Q.850;cause=16', false],
  ['SIP;cause=2000', false],
  [undefined, false],
])('a CANCEL because of %j: answered elsewhere is %s', (reason, elsewhere) => expect(answeredElsewhere(reason)).toBe(elsewhere));

test('waiting doubles up to a cap, and is scattered over its upper half', () => {
  expect([0, 1, 2, 5, 50].map((attempt) => backoffMs(attempt, () => 0))).toEqual([500, 1000, 2000, 15_000, 15_000]);
  expect(backoffMs(50, () => 0.999)).toBeGreaterThan(7_500);
});

test.each([
  ['NotAllowedError', 'microphone-refused'],
  ['NotFoundError', 'microphone-missing'],
  ['NotReadableError', 'media-failed'],
])('%s of the browser is told as %s', (name, problem) => expect(problemOfMicrophone(new DOMException('', name))).toBe(problem));

test('an error that is not about the microphone is not hidden', () => {
  expect(() => problemOfMicrophone(new RangeError('a bug'))).toThrow('a bug');
});

test('statistics are read from the report of WebRTC; without packets they are nought', () => {
  const report: [string, { type: string; [key: string]: unknown }][] = [
    ['c', { type: 'codec', mimeType: 'audio/opus' }],
    ['v', { type: 'outbound-rtp', kind: 'video', packetsSent: 7 }],
    ['o', { type: 'outbound-rtp', kind: 'audio', packetsSent: 5, bytesSent: 50, codecId: 'c' }],
    ['i', { type: 'inbound-rtp', kind: 'audio', packetsReceived: 4, bytesReceived: 40, jitter: 0.002, packetsLost: 1 }],
    ['r', { type: 'remote-inbound-rtp', kind: 'audio', roundTripTime: 0.03 }],
  ];
  expect(readStats(report)).toEqual({
    packetsSent: 5,
    packetsReceived: 4,
    bytesSent: 50,
    bytesReceived: 40,
    codec: 'audio/opus',
    jitterMs: 2,
    lost: 1,
    roundTripMs: 30,
  });
  expect(readStats([])).toMatchObject({ packetsSent: 0, packetsReceived: 0, codec: null, jitterMs: 0, lost: 0, roundTripMs: null });
});

test.each([ringSamples, ringbackSamples])('%o sounds for one second in five, without clipping or clicks', (make) => {
  const rate = 8000;
  const wave = make(rate);
  expect(wave).toHaveLength(5 * rate);
  expect(wave.every((sample) => Math.abs(sample) <= 1)).toBe(true);
  expect(wave.subarray(rate).every((sample) => sample === 0)).toBe(true);
  const loud = wave.subarray(0, rate).reduce((sum, sample) => sum + sample * sample, 0) / rate;
  expect(Math.sqrt(loud)).toBeGreaterThan(0.1);
  expect(Math.abs(wave[0]!)).toBeLessThan(0.01);
  expect(Math.abs(wave[rate - 1]!)).toBeLessThan(0.05);
});

test.each([
  [0, '0:00'],
  [-5000, '0:00'],
  [65_999, '1:05'],
  [3_729_000, '1:02:09'],
])('%i ms are shown as %s', (ms, text) => expect(duration(ms)).toBe(text));

test.each([
  ['ru', 'ru'],
  ['ru-RU', 'ru'],
  ['en', 'en'],
  ['', 'en'],
  ['rus', 'en'],
])('the language %j gets %s', (lang, chosen) => expect(langOf(lang)).toBe(chosen));

test('no text is left untranslated', () => {
  const words = (value: unknown): string[] => (typeof value === 'object' ? Object.values(value as object).flatMap(words) : [String(value)]);
  const russian = words(strings.ru).filter((text) => !text.includes('=>'));
  expect(russian.filter((text) => !/[а-я]/i.test(text))).toEqual([]);
});

describe('the fake phone keeps the rules of the port', () => {
  const phone = () => {
    const fake = new FakePhone();
    fake.start();
    return fake;
  };

  test('two calls at a time, of which one is held; none without registration', async () => {
    const fake = phone();
    await fake.call('100');
    await expect(fake.call('101')).rejects.toThrow('line-busy');
    fake.remoteAnswers();
    await fake.call('101');
    expect(fake.state.calls).toMatchObject([{ number: '100', held: true }, { state: 'calling' }]);
    fake.remoteHangsUp();
    fake.remoteHangsUp();
    await fake.call('100');
    fake.remoteHangsUp('failed', 'busy');
    expect(fake.state.calls).toMatchObject([{ state: 'ended', problem: 'busy' }]);
    fake.setRegistration('lost');
    await expect(fake.call('101')).rejects.toThrow('not-registered');
  });

  test('what has ended does not change any more', async () => {
    const fake = phone();
    const id = fake.ring({ number: '1' });
    fake.remoteHangsUp('elsewhere');
    await fake.answer(id);
    fake.mute(id, true);
    await fake.hangup(id);
    expect(fake.state.calls).toMatchObject([{ state: 'ended', endReason: 'elsewhere', muted: false }]);
  });

  test('listeners hear until they leave', () => {
    const fake = phone();
    const heard: string[] = [];
    const leave = fake.subscribe((state) => heard.push(state.registration));
    fake.setRegistration('lost');
    leave();
    fake.setRegistration('registered');
    expect(heard).toEqual(['lost']);
  });
});
