import { beforeEach, expect, test } from 'vitest';
import { createTracker } from '../../cti/calls/tracker.ts';
import type { Tracker } from '../../cti/calls/tracker.ts';
import type { ChannelInfo, FoundChannel, FoundEntry, Signal } from '../../cti/calls/signals.ts';
import type { Fact } from '../../cti/facts.ts';
import { calls, story } from '../support/replay.ts';

const T = 1_700_000_000_000;
const CALLER = '1700000000.0';

let facts: Fact[];
let tracker: Tracker;
let at: number;

beforeEach(() => {
  facts = [];
  tracker = createTracker({ pbx: 'main', onFact: (fact) => facts.push(fact) });
  at = T;
});

/** A signal with its time left out: one that is to come 100 ms after the one before. */
type Untimed = Signal extends infer S ? (S extends Signal ? Omit<S, 'at'> : never) : never;
function say(...signals: Untimed[]): string[] {
  const before = facts.length;
  for (const signal of signals) tracker.signal({ at: (at += 100), ...signal } as Signal);
  return story(facts.slice(before)).map((line) => line.replace(/^\S+ /, ''));
}

const touch = (id: string, linkedid = CALLER) => ({ id, linkedid });
const channel = (id: string, name: string, more: Partial<ChannelInfo> = {}): ChannelInfo => ({
  ...touch(id),
  name,
  calling: false,
  up: false,
  number: '',
  callerName: '',
  exten: 's',
  ...more,
});
const born = (id: string, name: string, more: Partial<ChannelInfo> = {}): Untimed => ({
  kind: 'channel.new',
  channel: channel(id, name, more),
});
const comesIn = (id = CALLER, exten = '7000'): Untimed =>
  born(id, `PJSIP/trunk-${id.slice(-1).padStart(8, '0')}`, {
    calling: true,
    number: '79161234567',
    callerName: 'Ivan',
    exten,
    linkedid: id,
  });
const dials = (from: string | null, dest: string, exten = '', linkedid = CALLER): Untimed => ({
  kind: 'dial.begin',
  from: from === null ? null : touch(from, linkedid),
  exten,
  dest: touch(dest, linkedid),
});
const answers = (dest: string, linkedid = CALLER, from = CALLER): Untimed => ({
  kind: 'dial.end',
  from: touch(from, linkedid),
  dest: touch(dest, linkedid),
  status: 'ANSWER',
});
const enters = (id: string, bridge = 'b1', linkedid = CALLER): Untimed => ({
  kind: 'bridge.enter',
  channel: touch(id, linkedid),
  bridge,
  holding: false,
});
const leaves = (id: string, bridge = 'b1', linkedid = CALLER): Untimed => ({ kind: 'bridge.leave', channel: touch(id, linkedid), bridge });
const gone = (id: string, linkedid = CALLER, cause = 16): Untimed => ({ kind: 'channel.gone', channel: touch(id, linkedid), cause });
const found = (id: string, name: string, more: Partial<FoundChannel> = {}): FoundChannel => ({
  ...channel(id, name, { up: true }),
  dialled: false,
  spying: false,
  bridge: '',
  ageMs: 5_000,
  queue: '',
  ...more,
});
const snapshot = (channels: FoundChannel[] = [], entries: FoundEntry[] = []): Untimed => ({ kind: 'snapshot', channels, entries });

const TALKING = [
  comesIn(),
  born('1700000000.1', 'PJSIP/201-00000001'),
  dials(CALLER, '1700000000.1'),
  answers('1700000000.1'),
  enters('1700000000.1'),
  enters(CALLER),
];
const TALKING_FOUND = [
  found(CALLER, 'PJSIP/trunk-00000000', { bridge: 'b1' }),
  found('1700000000.1', 'PJSIP/201-00000001', { bridge: 'b1', dialled: true }),
];

test('a call that is gone when we look again is lost, with all that was open', () => {
  say(...TALKING);
  expect(say(snapshot())).toEqual(['segment.ended talk 201 lost', 'call.ended in 79161234567>7000 lost']);
  expect(facts.at(-1)).toMatchObject({ kind: 'pbx.synced', live: [] });
  expect(tracker.size()).toEqual({ calls: 0, channels: 0, bridges: 0 });
});

test('a call that is as we knew it says nothing', () => {
  say(...TALKING);
  expect(say(snapshot(TALKING_FOUND))).toEqual([]);
  expect(facts.at(-1)).toMatchObject({ kind: 'pbx.synced', live: [CALLER] });
});

test('what a new bridge adopts has the names that the old one gave', () => {
  say(...TALKING);
  const old = calls(facts)[0]!;
  facts = [];
  tracker = createTracker({ pbx: 'main', onFact: (fact) => facts.push(fact) });
  expect(say(snapshot(TALKING_FOUND))).toEqual(['call.adopted in >s', 'segment.started talk 201']);
  const [adopted] = calls(facts);
  expect(adopted).toMatchObject({ key: old.key, adopted: true, startedAt: T });
  expect(old.segments.map((s) => s.id)).toContain(adopted!.segments[0]!.id);
});

test('while we were away the phone that rang has answered', () => {
  say(comesIn(), born('1700000000.1', 'PJSIP/201-00000001'), dials(CALLER, '1700000000.1'));
  expect(say(snapshot(TALKING_FOUND))).toEqual(['segment.ended offer 201 answered', 'segment.started talk 201']);
});

test('while we were away one operator has left the call and another talks', () => {
  say(...TALKING);
  const other = found('1700000007.9', 'PJSIP/202-00000009', { bridge: 'b1', dialled: true });
  expect(say(snapshot([TALKING_FOUND[0]!, other]))).toEqual(['segment.ended talk 201 lost', 'segment.started talk 202']);
});

test('events older than the snapshot change nothing', () => {
  say(snapshot(TALKING_FOUND));
  const stale = [...TALKING, { kind: 'channel.state', channel: touch('1700000000.1'), up: false } as Untimed];
  expect(say(...stale)).toEqual([]);
});

test('a caller who waits is adopted with his wait', () => {
  say(snapshot([found(CALLER, 'PJSIP/trunk-00000000', { queue: 'support' })], [{ id: CALLER, queue: 'support', waitMs: 12_000 }]));
  expect(calls(facts)[0]).toMatchObject({
    queue: 'support',
    segments: [{ kind: 'queue', queue: 'support', from: T + 100 - 12_000, to: null }],
  });
});

test('an operator’s own call is adopted as his', () => {
  const mine = found('1700000000.0', 'PJSIP/201-00000001', { bridge: 'b1', exten: '79161234567' });
  const theirs = found('1700000001.1', 'PJSIP/trunk-00000002', { bridge: 'b1', dialled: true });
  say(snapshot([theirs, mine]));
  expect(calls(facts)[0]).toMatchObject({ direction: 'out', initiator: '201', from: '201', to: '79161234567', answeredAt: T });
});

test('two calls become one when Asterisk says so: the older names it, the talk between operators was a consultation', () => {
  const [L2, A2, B] = ['1700000005.2', '1700000005.2', '1700000005.3'];
  say(...TALKING, { kind: 'hold', channel: touch('1700000000.1') });
  // 201 calls 202 on a second line
  expect(
    say(
      born(A2, 'PJSIP/201-00000002', { calling: true, exten: '202', linkedid: L2 }),
      born(B, 'PJSIP/202-00000003', { linkedid: L2 }),
      dials(A2, B, '202', L2),
      answers(B, L2, A2),
      enters(B, 'b2', L2),
      enters(A2, 'b2', L2),
    ),
  ).toEqual([
    'call.started internal 201>202',
    'segment.started offer 202',
    'segment.ended offer 202 answered',
    'segment.started talk 201',
    'segment.started talk 202',
  ]);
  // REFER with Replaces: B goes to the customer's bridge
  const joined = say(
    leaves(B, 'b2', L2),
    leaves('1700000000.1'),
    enters(B, 'b1', CALLER),
    { kind: 'transfer', channels: [touch('1700000000.1'), touch(A2, L2)] },
    leaves(A2, 'b2', L2),
    gone(A2, L2),
    gone('1700000000.1'),
  );
  expect(joined).toContain('call.merged in 79161234567>7000');
  expect(facts.find((f) => f.kind === 'call.merged')).toMatchObject({ key: CALLER, merged: L2 });
  expect(say(leaves(CALLER), leaves(B), gone(CALLER), gone(B))).toContain('call.ended in 79161234567>7000 completed');

  const all = calls(facts);
  expect(all.map((call) => call.key)).toEqual([CALLER]);
  expect(all[0]!.segments.map((s) => [s.kind, s.agent, s.endReason])).toEqual([
    ['offer', '201', 'answered'],
    ['talk', '201', 'transferred'],
    ['hold', '201', 'transferred'],
    ['offer', '202', 'answered'],
    ['consult', '201', expect.any(String)],
    ['consult', '202', 'transferred'],
    ['talk', '202', 'customer'],
  ]);
  expect(tracker.size()).toEqual({ calls: 0, channels: 0, bridges: 0 });
});

test('a Linkedid that nobody has seen names the call anew', () => {
  say(...TALKING);
  expect(say({ kind: 'channel.state', channel: touch(CALLER, '1699999999.7'), up: true })).toEqual(['call.merged in 79161234567>7000']);
  expect(facts.at(-1)).toMatchObject({ key: '1699999999.7', merged: CALLER });
  expect(calls(facts).map((c) => c.key)).toEqual(['1699999999.7']);
});

test('a member behind a Local channel is the operator behind it', () => {
  const [one, two, phone] = ['1700000001.1', '1700000001.2', '1700000001.3'];
  say(
    comesIn(),
    { kind: 'queue.join', channel: touch(CALLER), queue: 'support' },
    born(one, 'Local/201@from-queue-00000001;1'),
    born(two, 'Local/201@from-queue-00000001;2'),
    dials(CALLER, one),
    born(phone, 'PJSIP/201-00000001'),
    dials(two, phone),
    answers(phone),
    enters(phone, 'b2'),
    enters(two, 'b2'),
    answers(one),
    { kind: 'queue.leave', channel: touch(CALLER), queue: 'support' },
    enters(one, 'b1'),
    enters(CALLER, 'b1'),
  );
  // the Local channel is optimised away: the phone goes over to the caller's bridge, in any order
  expect(say(leaves(phone, 'b2'), enters(phone, 'b1'), leaves(one, 'b1'), leaves(two, 'b2'), gone(two), gone(one))).toEqual([]);
  say(leaves(CALLER), leaves(phone), gone(CALLER), gone(phone));
  expect(calls(facts)[0]!.segments.map((s) => [s.kind, s.agent, s.queue, s.endReason])).toEqual([
    ['queue', null, 'support', 'answered'],
    ['offer', '201', 'support', 'answered'],
    ['talk', '201', 'support', 'customer'],
  ]);
  expect(tracker.size()).toEqual({ calls: 0, channels: 0, bridges: 0 });
});

test('a supervisor who listens, channels of Asterisk’s own and a lone ring make no call', () => {
  say(...TALKING);
  const before = facts.length;
  const spy = '1700000009.1';
  say(
    born(spy, 'PJSIP/300-00000009', { linkedid: spy }),
    dials(null, spy, '', spy),
    { kind: 'channel.state', channel: touch(spy, spy), up: true },
    { kind: 'spy', channel: touch(spy, spy) },
    gone(spy, spy),
    born('1700000009.2', 'AMI/allo-00000001', { linkedid: '1700000009.2' }),
    born('1700000009.3', 'Message/ast_msg_queue', { linkedid: '1700000009.3' }),
  );
  say(snapshot([...TALKING_FOUND, found('1700000009.4', 'PJSIP/300-0000000a', { linkedid: '1700000009.4', spying: true })]));
  expect(facts.slice(before).filter((f) => 'call' in f)).toEqual([]);
});

test('a phone that changes its leg in the middle of the call goes on talking', () => {
  say(...TALKING);
  expect(say(leaves('1700000000.1'), enters('1700000000.1'))).toEqual([]);
  expect(say(leaves('1700000000.1'), gone('1700000000.1'))).toEqual(['segment.ended talk 201 agent']);
});

test('waiting music and parking are no talk', () => {
  say(comesIn(), born('1700000000.1', 'PJSIP/201-00000001'));
  const park = (id: string): Untimed => ({ kind: 'bridge.enter', channel: touch(id), bridge: 'p', holding: true });
  expect(say(park(CALLER), park('1700000000.1'))).toEqual([]);
});

test('an order that Asterisk cannot carry out ends at once', () => {
  const id = 'allo-main-1700000000.1000001';
  say({ kind: 'originate.ordered', id, agent: '201', number: '79161234567' });
  expect(say({ kind: 'originate.failed', id })).toEqual(['call.started out 201>79161234567', 'call.ended out 201>79161234567 failed']);
  expect(say({ kind: 'originate.failed', id })).toEqual([]);
  expect(tracker.size().calls).toBe(0);
});

test('an operator who refuses by command has rejected; one whose order failed has not', () => {
  const ringing = [comesIn(), born('1700000000.1', 'PJSIP/201-00000001'), dials(CALLER, '1700000000.1')];
  const refuse = (refused: boolean): Untimed => ({ kind: 'offer.refused', key: CALLER, agent: '201', refused });
  const rings = { kind: 'dial.end', from: touch(CALLER), dest: touch('1700000000.1'), status: 'NOANSWER' } as const;
  expect(say(...ringing, refuse(true), rings, gone('1700000000.1', CALLER, 0))).toContain('segment.ended offer 201 rejected');
  say(gone(CALLER));
  expect(say(...ringing, refuse(true), refuse(false), rings, gone('1700000000.1', CALLER, 0))).toContain(
    'segment.ended offer 201 no-answer',
  );
});

test('events for channels never seen, and the same event again, say nothing', () => {
  const strangers = ['x.1', 'x.2'];
  expect(say(...strangers.flatMap((id) => [enters(id), leaves(id), gone(id), dials(id, CALLER), answers(id)]))).toEqual([]);
  for (const signal of TALKING) {
    say(signal);
    expect(say(signal)).toEqual([]);
  }
});

test('a hundred calls at once do not mix', () => {
  const script = (n: number): Untimed[] => {
    const [caller, agent] = [`17000001${String(n).padStart(2, '0')}.0`, `17000001${String(n).padStart(2, '0')}.1`];
    return [
      comesIn(caller),
      born(agent, `PJSIP/${200 + n}-00000001`, { linkedid: caller }),
      { kind: 'dial.begin', from: touch(caller, caller), exten: '', dest: touch(agent, caller) },
      { kind: 'dial.end', from: touch(caller, caller), dest: touch(agent, caller), status: 'ANSWER' },
      enters(agent, `b${n}`, caller),
      enters(caller, `b${n}`, caller),
      leaves(caller, `b${n}`, caller),
      leaves(agent, `b${n}`, caller),
      gone(caller, caller),
      gone(agent, caller),
    ];
  };
  const scripts = Array.from({ length: 100 }, (_, n) => script(n));
  for (let step = 0; step < 10; step++) for (const lines of scripts) say(lines[step]!);
  expect(calls(facts)).toHaveLength(100);
  for (const [n, call] of calls(facts).entries()) {
    expect(call.segments.map((s) => `${s.kind} ${s.agent} ${s.endReason}`)).toEqual([
      `offer ${200 + n} answered`,
      `talk ${200 + n} customer`,
    ]);
  }
  expect(tracker.size()).toEqual({ calls: 0, channels: 0, bridges: 0 });
});

test('events in any order throw nothing, and a snapshot of an empty PBX clears everything', () => {
  let seed = 7;
  const pick = <V>(from: readonly V[]): V => from[((seed = (Math.imul(seed, 1103515245) + 12345) >>> 0) >>> 8) % from.length]!;
  const ids = ['1.1', '1.2', '1.3', '1.4', '1.5'];
  const names = ['PJSIP/trunk-00000001', 'PJSIP/201-00000001', 'PJSIP/202-00000001', 'Local/3@x-00000001;1', 'Local/3@x-00000001;2'];
  const links = ['1.1', '1.2', '0.9', ''];
  for (let i = 0; i < 20_000; i++) {
    const n = ids.indexOf(pick(ids));
    const [id, name, link] = [ids[n]!, names[n]!, pick(links)];
    say(
      pick<Untimed>([
        born(id, name, { linkedid: link, calling: pick([true, false]), exten: pick(['7000', '', '201']) }),
        dials(pick([null, ...ids]), pick(ids), '5', link),
        { kind: 'dial.end', from: touch(pick(ids), link), dest: touch(pick(ids), link), status: pick(['ANSWER', 'BUSY', 'CANCEL', '']) },
        { kind: 'queue.join', channel: touch(id, link), queue: 'q' },
        { kind: 'queue.leave', channel: touch(id, link), queue: 'q' },
        enters(id, pick(['b1', 'b2']), link),
        leaves(id, pick(['b1', 'b2']), link),
        { kind: 'hold', channel: touch(id, link) },
        { kind: 'unhold', channel: touch(id, link) },
        { kind: 'transfer', channels: [touch(id, link)] },
        gone(id, link, pick([0, 16, 17, 19, 21])),
        snapshot(pick([[], [found(id, name, { linkedid: link || id, bridge: pick(['', 'b1']) })]])),
      ]),
    );
  }
  say(snapshot());
  expect(tracker.size()).toEqual({ calls: 0, channels: 0, bridges: 0 });
  const ended = facts.filter((f) => f.kind === 'call.ended').length;
  expect(facts.filter((f) => f.kind === 'call.started' || f.kind === 'call.adopted').length).toBeGreaterThanOrEqual(ended);
  for (const call of calls(facts)) for (const segment of call.segments) expect(segment.to).not.toBeNull();
});

test('whoever withholds the number and types it, to be called back, is known by it; a number that was sent stays', () => {
  const asks = (number: string): Untimed[] => [
    { kind: 'queue.join', channel: touch(CALLER), queue: 'support' },
    { kind: 'queue.leave', channel: touch(CALLER), queue: 'support' },
    { kind: 'queue.result', channel: touch(CALLER), status: 'CALLBACK', queue: '', number },
  ];
  say(born(CALLER, 'PJSIP/trunk-00000000', { calling: true, number: 'anonymous', exten: '7000' }), ...asks('79161234567'));
  expect(calls(facts)[0]).toMatchObject({ from: '79161234567', segments: [{ kind: 'queue', endReason: 'call-back' }] });
  facts = [];
  tracker = createTracker({ pbx: 'main', onFact: (fact) => facts.push(fact) });
  say(comesIn(), ...asks('1'));
  expect(calls(facts)[0]).toMatchObject({ from: '79161234567', segments: [{ endReason: 'call-back' }] });
});
