import { expect, test } from 'vitest';
import { CASES } from '../support/cases.ts';
import { areKept, calls, comparable, expected, replay, replayBytes, story, traceBytes, traces } from '../support/replay.ts';

/** Recorded from a real Asterisk 22; beside each trace stands what happened. Seconds since the first fact. */
const STORIES: Record<string, string[]> = {
  'adopted-queue-ringing': [
    '+0.0 call.adopted in 79000000001>7000',
    '+0.0 segment.started queue support',
    '+0.0 segment.started offer 201 support',
    '+0.0 segment.ended offer 201 support answered',
    '+0.0 segment.ended queue support answered',
    '+0.0 segment.started talk 201 support',
    '+1.5 segment.ended talk 201 support customer',
    '+1.5 call.ended in 79000000001>7000 completed',
  ],
  'adopted-queue-talking': [
    '+0.0 call.adopted in 79000000001>7000',
    '+0.0 segment.started talk 201 support',
    '+0.0 segment.ended talk 201 support customer',
    '+0.0 call.ended in 79000000001>7000 completed',
  ],
  'adopted-queue-waiting': [
    '+0.0 call.adopted in 79000000001>7000',
    '+0.0 segment.started queue support',
    '+0.0 segment.ended queue support abandoned',
    '+0.0 call.ended in 79000000001>7000 abandoned',
  ],
  'agent-shift': [],
  'attended-transfer': [
    '+0.0 call.started in 79000000001>7000',
    '+0.5 segment.started queue support',
    '+0.5 call.queued support',
    '+0.5 segment.started offer 201 support',
    '+0.8 segment.ended offer 201 support answered',
    '+0.8 segment.ended queue support answered',
    '+0.8 segment.started talk 201 support',
    '+2.1 segment.started hold 201',
    '+2.2 segment.started offer 202',
    '+2.7 segment.ended offer 202 answered',
    '+2.7 segment.started consult 202',
    '+2.2 segment.ended talk 201 support agent',
    '+2.7 segment.started consult 201 support',
    '+5.8 segment.ended consult 202 transferred',
    '+5.8 segment.started talk 202',
    '+5.8 segment.ended hold 201 transferred',
    '+5.8 segment.ended consult 201 support transferred',
    '+8.0 segment.ended talk 202 customer',
    '+8.0 call.ended in 79000000001>7000 completed',
  ],
  'blind-transfer': [
    '+0.0 call.started in 79000000001>7000',
    '+0.5 segment.started queue support',
    '+0.5 call.queued support',
    '+0.5 segment.started offer 201 support',
    '+0.8 segment.ended offer 201 support answered',
    '+0.8 segment.ended queue support answered',
    '+0.8 segment.started talk 201 support',
    '+1.8 segment.ended talk 201 support transferred',
    '+1.8 segment.started offer 202',
    '+2.5 segment.ended offer 202 answered',
    '+2.5 segment.started talk 202',
    '+4.5 segment.ended talk 202 customer',
    '+4.5 call.ended in 79000000001>7000 completed',
  ],
  'click-to-call-answered': [
    '+0.0 call.started out 201>79000000002',
    '+0.0 segment.started offer 201',
    '+0.5 segment.ended offer 201 answered',
    '+1.5 segment.started talk 201',
    '+3.5 segment.ended talk 201 customer',
    '+3.5 call.ended out 201>79000000002 completed',
  ],
  'click-to-call-customer-busy': [
    '+0.0 call.started out 201>79000000002',
    '+0.0 segment.started offer 201',
    '+0.3 segment.ended offer 201 answered',
    '+0.8 call.changed out 201>79000000002 cause 17',
    '+0.8 call.ended out 201>79000000002 busy cause 17',
  ],
  'click-to-call-customer-no-answer': [
    '+0.0 call.started out 201>79000000002',
    '+0.0 segment.started offer 201',
    '+0.3 segment.ended offer 201 answered',
    '+3.3 call.changed out 201>79000000002 cause 16',
    '+3.3 call.ended out 201>79000000002 abandoned cause 16',
  ],
  'click-to-call-operator-no-answer': [
    '+0.0 call.started out 201>79000000002',
    '+0.0 segment.started offer 201',
    '+3.0 segment.ended offer 201 no-answer',
    '+3.0 call.ended out 201>79000000002 abandoned',
  ],
  'command-hangup-click-to-call-dialling': [
    '+0.0 call.started out 201>79000000002',
    '+0.0 segment.started offer 201',
    '+0.2 segment.ended offer 201 answered',
    '+0.7 call.changed out 201>79000000002 cause 16',
    '+0.7 call.ended out 201>79000000002 abandoned cause 16',
  ],
  'command-hangup-click-to-call-ringing': [
    '+0.0 call.started out 201>79000000002',
    '+0.0 segment.started offer 201',
    '+0.5 segment.ended offer 201 no-answer',
    '+0.5 call.ended out 201>79000000002 abandoned',
  ],
  'command-hangup-click-to-call-talking': [
    '+0.0 call.started out 201>79000000002',
    '+0.0 segment.started offer 201',
    '+0.2 segment.ended offer 201 answered',
    '+0.4 segment.started talk 201',
    '+1.2 segment.ended talk 201 agent',
    '+1.2 call.ended out 201>79000000002 completed',
  ],
  'command-hangup-direct': [
    '+0.0 call.started in 79000000001>201',
    '+0.0 segment.started offer 201',
    '+0.3 segment.ended offer 201 answered',
    '+0.3 segment.started talk 201',
    '+1.1 segment.ended talk 201 agent',
    '+1.1 call.ended in 79000000001>201 completed',
  ],
  'command-hangup-direct-ringing': [
    '+0.0 call.started in 79000000001>201',
    '+0.0 segment.started offer 201',
    '+0.8 segment.ended offer 201 no-answer',
    '+0.8 call.ended in 79000000001>201 no-answer',
  ],
  'command-hangup-queue': [
    '+0.0 call.started in 79000000001>7000',
    '+0.5 segment.started queue support',
    '+0.5 call.queued support',
    '+0.5 segment.started offer 201 support',
    '+0.8 segment.ended offer 201 support answered',
    '+0.8 segment.ended queue support answered',
    '+0.8 segment.started talk 201 support',
    '+1.6 segment.ended talk 201 support agent',
    '+1.6 call.ended in 79000000001>7000 completed',
  ],
  'command-hangup-queue-ringing': [
    '+0.0 call.started in 79000000001>7000',
    '+0.5 segment.started queue support',
    '+0.5 call.queued support',
    '+0.5 segment.started offer 201 support',
    '+1.0 segment.ended offer 201 support no-answer',
    '+1.0 segment.started offer 202 support',
    '+1.3 segment.ended offer 202 support answered',
    '+1.3 segment.ended queue support answered',
    '+1.3 segment.started talk 202 support',
    '+4.0 segment.ended talk 202 support customer',
    '+4.0 call.ended in 79000000001>7000 completed',
  ],
  'direct-answered': [
    '+0.0 call.started in 79000000001>201',
    '+0.0 segment.started offer 201',
    '+1.0 segment.ended offer 201 answered',
    '+1.0 segment.started talk 201',
    '+3.0 segment.ended talk 201 customer',
    '+3.0 call.ended in 79000000001>201 completed',
  ],
  'direct-busy': [
    '+0.0 call.started in 79000000001>201',
    '+0.0 segment.started offer 201',
    '+0.3 segment.ended offer 201 busy',
    '+0.3 call.ended in 79000000001>201 busy',
  ],
  'direct-caller-gives-up': [
    '+0.0 call.started in 79000000001>201',
    '+0.0 segment.started offer 201',
    '+1.4 segment.ended offer 201 cancelled',
    '+1.4 call.ended in 79000000001>201 abandoned',
  ],
  'direct-no-answer': [
    '+0.0 call.started in 79000000001>201',
    '+0.0 segment.started offer 201',
    '+3.0 segment.ended offer 201 no-answer',
    '+3.0 call.ended in 79000000001>201 no-answer',
  ],
  'hold-resume': [
    '+0.0 call.started in 79000000001>7000',
    '+0.5 segment.started queue support',
    '+0.5 call.queued support',
    '+0.5 segment.started offer 201 support',
    '+0.8 segment.ended offer 201 support answered',
    '+0.8 segment.ended queue support answered',
    '+0.8 segment.started talk 201 support',
    '+1.8 segment.started hold 201',
    '+3.3 segment.ended hold 201 agent',
    '+4.5 segment.ended talk 201 support customer',
    '+4.5 call.ended in 79000000001>7000 completed',
  ],
  'hostile-caller-name': [
    '+0.0 call.started in 79000000001>7000',
    '+0.5 segment.started queue support',
    '+0.5 call.queued support',
    '+1.0 segment.ended queue support abandoned',
    '+1.0 call.ended in 79000000001>7000 abandoned',
  ],
  'internal-answered': [
    '+0.0 call.started internal 201>202',
    '+0.0 segment.started offer 202',
    '+0.5 segment.ended offer 202 answered',
    '+0.5 segment.started talk 201',
    '+0.5 segment.started talk 202',
    '+2.0 segment.ended talk 201 agent',
    '+2.0 segment.ended talk 202 customer',
    '+2.0 call.ended internal 201>202 completed',
  ],
  'outbound-by-phone': [
    '+0.0 call.started out 201>79000000002',
    '+0.7 segment.started talk 201',
    '+2.2 segment.ended talk 201 customer',
    '+2.2 call.ended out 201>79000000002 completed',
  ],
  'queue-abandoned-ringing': [
    '+0.0 call.started in 79000000001>7000',
    '+0.5 segment.started queue support',
    '+0.5 call.queued support',
    '+0.5 segment.started offer 201 support',
    '+2.0 segment.ended offer 201 support cancelled',
    '+2.0 segment.ended queue support abandoned',
    '+2.0 call.ended in 79000000001>7000 abandoned',
  ],
  'queue-abandoned': [
    '+0.0 call.started in 79000000001>7000',
    '+0.5 segment.started queue support',
    '+0.5 call.queued support',
    '+2.0 segment.ended queue support abandoned',
    '+2.0 call.ended in 79000000001>7000 abandoned',
  ],
  'queue-answered-agent-hangs-up': [
    '+0.0 call.started in 79000000001>7000',
    '+0.5 segment.started queue support',
    '+0.5 call.queued support',
    '+0.5 segment.started offer 201 support',
    '+1.3 segment.ended offer 201 support answered',
    '+1.3 segment.ended queue support answered',
    '+1.3 segment.started talk 201 support',
    '+3.3 segment.ended talk 201 support agent',
    '+3.3 call.ended in 79000000001>7000 completed',
  ],
  'queue-answered': [
    '+0.0 call.started in 79000000001>7000',
    '+0.5 segment.started queue support',
    '+0.5 call.queued support',
    '+0.5 segment.started offer 201 support',
    '+1.5 segment.ended offer 201 support answered',
    '+1.5 segment.ended queue support answered',
    '+1.5 segment.started talk 201 support',
    '+3.0 segment.ended talk 201 support customer',
    '+3.0 call.ended in 79000000001>7000 completed',
  ],
  'queue-member-busy': [
    '+0.0 call.started in 79000000001>7000',
    '+0.5 segment.started queue support',
    '+0.5 call.queued support',
    '+0.5 segment.started offer 201 support',
    '+1.0 segment.ended offer 201 support busy',
    '+1.0 segment.started offer 202 support',
    '+1.5 segment.ended offer 202 support answered',
    '+1.5 segment.ended queue support answered',
    '+1.5 segment.started talk 202 support',
    '+4.0 segment.ended talk 202 support customer',
    '+4.0 call.ended in 79000000001>7000 completed',
  ],
  'queue-nobody-answers': [
    '+0.0 call.started in 79000000001>7002',
    '+0.5 segment.started queue support',
    '+0.5 call.queued support',
    '+0.5 segment.started offer 201 support',
    '+3.5 segment.ended offer 201 support no-answer',
    '+4.5 segment.ended queue support timeout',
    '+4.5 call.ended in 79000000001>7002 no-answer',
  ],
  'queue-ring-all-one-answers': [
    '+0.0 call.started in 79000000001>7001',
    '+0.5 segment.started queue sales',
    '+0.5 call.queued sales',
    '+0.5 segment.started offer 201 sales',
    '+0.5 segment.started offer 202 sales',
    '+0.5 segment.started offer 203 sales',
    '+1.5 segment.ended offer 202 sales answered',
    '+1.5 segment.ended offer 201 sales elsewhere',
    '+1.5 segment.ended offer 203 sales elsewhere',
    '+1.5 segment.ended queue sales answered',
    '+1.5 segment.started talk 202 sales',
    '+2.5 segment.ended talk 202 sales customer',
    '+2.5 call.ended in 79000000001>7001 completed',
  ],
  'queue-ring-no-answer-then-answered': [
    '+0.0 call.started in 79000000001>7000',
    '+0.5 segment.started queue support',
    '+0.5 call.queued support',
    '+0.5 segment.started offer 201 support',
    '+3.5 segment.ended offer 201 support no-answer',
    '+4.5 segment.started offer 202 support',
    '+5.0 segment.ended offer 202 support answered',
    '+5.0 segment.ended queue support answered',
    '+5.0 segment.started talk 202 support',
    '+6.5 segment.ended talk 202 support agent',
    '+6.5 call.ended in 79000000001>7000 completed',
  ],
};

const CLICK_TO_CALL = { agent: '201', number: '79000000002' };
const orderOf = (name: string) => (name.includes('click-to-call') ? CLICK_TO_CALL : undefined);

test.each(Object.entries(STORIES))('%s', (name, lines) => {
  const told = story(replay(name, orderOf(name)));
  expect(comparable(told)).toEqual(expected(name, lines, told));
});

test('every trace has its story, here or in cases.test.ts', () => {
  expect([...Object.keys(STORIES), ...Object.keys(CASES)].sort()).toEqual(traces().sort());
});

test.each(traces())('%s, cut anywhere, says the same', (name) => {
  const bytes = traceBytes(name);
  const whole = replayBytes(bytes, bytes.length, orderOf(name));
  for (const size of [1, 7, 64, 1000, 4096]) expect(replayBytes(bytes, size, orderOf(name)), `pieces of ${size}`).toEqual(whole);
});

test.each(traces())('%s leaves nothing behind', (name) => {
  expect(replayBytes(traceBytes(name), undefined, orderOf(name)).left).toEqual({ calls: 0, channels: 0, bridges: 0 });
});

test.each(traces())('%s: every segment has begun once and ended once, and none outlives its call', (name) => {
  const facts = replay(name, orderOf(name));
  for (const call of calls(facts)) {
    expect(call.endedAt).not.toBeNull();
    const ids = call.segments.map((segment) => segment.id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const segment of call.segments) {
      expect(segment.from).toBeLessThanOrEqual(segment.to!);
      expect(segment.to).toBeLessThanOrEqual(call.endedAt!);
    }
    const merged = facts.filter((f) => f.kind === 'call.merged' && f.key === call.key).map((f) => f.kind === 'call.merged' && f.merged);
    const said = (kind: string) =>
      facts.flatMap((f) => (f.kind === kind && 'segment' in f && [call.key, ...merged].includes(f.key) ? f.segment.id : []));
    expect(said('segment.started').sort()).toEqual(ids.filter((id) => said('segment.started').includes(id)).sort());
    expect(said('segment.ended').sort()).toEqual(ids.sort());
  }
});

test('a trace replayed twice names the same calls and segments', () => {
  for (const name of traces()) expect(replay(name, orderOf(name))).toEqual(replay(name, orderOf(name)));
});

test.each(['queue-answered', 'direct-answered'])('%s: with VarSet and Newexten the facts are the same', (name) => {
  // another recording of the same call: ids and milliseconds differ
  const shape = (trace: string) => story(replay(trace)).map((line) => line.replace(/^\+\S+ /, ''));
  expect(shape(`${name}.unfiltered`)).toEqual(shape(name));
});

test('an operator who was called first, then the customer: the call is named by the id we chose, and is the operator’s', () => {
  const [call] = calls(replay('click-to-call-answered', CLICK_TO_CALL));
  expect(call).toMatchObject({
    key: expect.stringMatching(/^allo-/) as string,
    direction: 'out',
    initiator: '201',
    from: '201',
    to: '79000000002',
  });
});

test('the same when nobody told us of the order: another program has dialled', () => {
  const [call] = calls(replay('click-to-call-answered'));
  expect(call).toMatchObject({ direction: 'out', initiator: '201', to: '79000000002', endReason: 'completed' });
  expect(replay('click-to-call-operator-no-answer').filter((f) => 'call' in f)).toEqual([]);
});

test('a hostile name is the text that it is', () => {
  const [call] = calls(replay('hostile-caller-name'));
  expect(call!.fromName).toContain('<img src=x onerror=alert(1)>');
  expect(call!.fromName).toContain(`\\"quoted\\" 'single' 😀 Пётр; Event: Hangup`);
  expect(call!.fromName).not.toMatch(/[\r\n]/);
});

test.runIf(areKept)('talk and wait are those of the recorder', () => {
  const [call] = calls(replay('queue-answered'));
  const length = (kind: string) => {
    const segment = call!.segments.find((s) => s.kind === kind)!;
    return Math.round((segment.to! - segment.from) / 100) / 10;
  };
  expect([length('queue'), length('offer'), length('talk')]).toEqual([1, 1, 1.5]);
});

test.each(['queue-full', 'queue-join-empty'])('%s: the dialplan tells which queue did not let the caller in', (name) => {
  const [call] = calls(replay(name)).filter(({ segments }) => segments.length === 0);
  expect(call).toMatchObject({ queue: name === 'queue-full' ? 'narrow' : 'shut', endReason: 'no-answer' });
});

test('a parked call names its space while it is in it', () => {
  const spaces = replay('park-fetch').flatMap((fact) => ('call' in fact ? [fact.call.space] : []));
  const first = spaces.indexOf('701');
  expect(first).toBeGreaterThan(0);
  expect(spaces.slice(0, first).every((space) => space === undefined)).toBe(true);
  expect(spaces.at(-1)).toBe(undefined);
});
