import { expect, test } from 'vitest';
import { createCodec } from '../../cti/ami/codec.ts';
import { AmiMessage } from '../../cti/ami/message.ts';
import type { Call, Fact } from '../../cti/facts.ts';
import { calls, traces } from '../support/replay.ts';
import { blocks, createModel, dice, hand, listen, renumber, rowsOf, run, timeOf, viaCodec } from '../support/streams.ts';

/** What must hold for every recorded call, however its events come; what is random has a seed, so that a failure comes again. */

/** Those that begin before the recording are told by their snapshot, not by events. */
const NAMES = traces().filter((name) => !name.startsWith('adopted'));
const EMPTY = { calls: 0, channels: 0, bridges: 0 };
const endOf = (events: readonly string[]) => timeOf(new AmiMessage(events.at(-1)!));

/** No row is wrong in itself, whatever was said. */
function expectSane(all: readonly Call[]): void {
  for (const call of all) {
    expect(call.endedAt).toBeGreaterThanOrEqual(call.startedAt);
    const ids = call.segments.map((s) => s.id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const s of call.segments) expect(s.to).toBeGreaterThanOrEqual(s.from);
  }
}

test.each(NAMES)('%s, every event twice: the same rows', (name) => {
  const events = blocks(name);
  expect(run(events.flatMap((event) => [event, event])).rows).toEqual(run(events).rows);
});

test.each(NAMES)('%s, replayed whole a second time: the same rows by their keys', (name) => {
  const events = blocks(name);
  const twice = run([...events, ...events]);
  expect(twice.rows).toEqual(run(events).rows);
  expect(twice.tracker.size()).toEqual(EMPTY);
});

test.each(NAMES)('%s, cut at any byte: the same rows', (name) => {
  const events = blocks(name);
  const bytes = Buffer.from(`${events.join('\r\n\r\n')}\r\n\r\n`);
  const roll = dice(name.length);
  function* pieces() {
    for (let at = 0; at < bytes.length;) yield bytes.subarray(at, (at += 1 + roll(roll(2) ? 5 : 3_000)));
  }
  expect(viaCodec(pieces()).rows).toEqual(run(events).rows);
});

test.each(NAMES)('%s, with VarSet, Newexten and what else an unfiltered account hears: the same rows', (name) => {
  const events = blocks(name);
  const roll = dice(name.length);
  const noise = (like: string) => {
    const party = /^(Channel|ChannelState|Uniqueid|Linkedid|Timestamp): .*$/gm;
    const lines = (like.match(party) ?? []).join('\r\n');
    return [
      `Event: VarSet\r\nPrivilege: dialplan,all\r\n${lines}\r\nVariable: QUEUESTATUS\r\nValue: TIMEOUT`,
      `Event: Newexten\r\nPrivilege: dialplan,all\r\n${lines}\r\nApplication: Queue\r\nAppData: support`,
      `Event: UserEvent\r\nPrivilege: user,all\r\n${lines}\r\nUserEvent: Else\r\nStatus: KEY`,
      `Event: TestEvent\r\nType: StateChange\r\n${lines}`,
    ][roll(4)]!;
  };
  expect(run(events.flatMap((event) => (roll(3) === 0 ? [event] : [noise(event), event, noise(event)]))).rows).toEqual(run(events).rows);
});

test('all of them at once, mixed at random: the same rows as each alone', () => {
  for (const seed of [1, 2, 3]) {
    const roll = dice(seed);
    const copies = NAMES.map((name, n) => blocks(name).map((block) => renumber(block, n + 1)));
    const alone = copies.flatMap((events) => run(events).rows).sort();
    const waiting = copies.map((events) => [...events]);
    const mixed: string[] = [];
    while (waiting.length > 0) {
      const n = roll(waiting.length);
      const next = waiting[n]!.shift();
      if (next === undefined) waiting.splice(n, 1);
      else mixed.push(next);
    }
    const all = run(mixed);
    expect(all.rows).toEqual(alone);
    expect(all.tracker.size()).toEqual(EMPTY);
  }
});

test.each(NAMES)('%s, connection lost and back at once, anywhere: nothing is lost, nobody is added', (name) => {
  const events = blocks(name);
  const whole = run(events);
  for (let cut = 0; cut <= events.length; cut += 3) {
    const { tracker, facts } = listen();
    const model = createModel();
    for (const [n, event] of events.entries()) {
      if (n === cut) model.snapshot(tracker, timeOf(new AmiMessage(event)));
      hand(tracker, event);
      model.see(event);
    }
    const keys = (all: readonly Call[]) => all.map((call) => call.key).sort();
    const talks = (all: readonly Call[]) =>
      all.flatMap((call) => call.segments.filter((s) => s.kind === 'talk').map((s) => `${call.key} ${s.agent}`));
    expect(keys(calls(facts)), `cut at ${cut}`).toEqual(keys(calls(whole.facts)));
    expect(new Set(talks(calls(facts))), `cut at ${cut}`).toEqual(new Set(talks(calls(whole.facts))));
    expect(tracker.size()).toEqual(EMPTY);
  }
});

test.each(NAMES)('%s, the bridge killed anywhere and another begun: the same calls by their keys, all of them ended', (name) => {
  const events = blocks(name);
  const keys = new Set(run(events).facts.flatMap((f) => ('key' in f ? [f.key] : [])));
  for (let cut = 1; cut < events.length; cut += 4) {
    const [first, second] = [listen(), listen()];
    const model = createModel();
    for (const event of events.slice(0, cut)) {
      hand(first.tracker, event);
      model.see(event);
    }
    model.snapshot(second.tracker, timeOf(new AmiMessage(events[cut]!)));
    for (const event of events.slice(cut)) hand(second.tracker, event);
    const told = calls(second.facts);
    for (const call of told) expect(keys, `cut at ${cut}`).toContain(call.key);
    expectSane(told);
    // what the first left open the second tells, or does not call live: the receiver then ends it as lost
    const open = first.tracker.calls().map((call) => call.key);
    const ends = new Set(second.facts.flatMap((f) => (f.kind === 'call.ended' ? [f.key] : f.kind === 'call.merged' ? [f.merged] : [])));
    const live = second.facts.flatMap((f) => (f.kind === 'pbx.synced' ? f.live : []));
    for (const key of open) if (live.includes(key)) expect(ends, `cut at ${cut}`).toContain(key);
    expect(second.tracker.size()).toEqual(EMPTY);
  }
});

/** That the mobile stands in for the operator only the dialling tells. */
const TOLD_ONCE = ['follow-me'];

test.each(NAMES)('%s, the connection away for a while, anywhere: every call is told to its end, who talks last is who talked', (name) => {
  const events = blocks(name);
  const ever = new Set(events.map((event) => new AmiMessage(event).get('Linkedid')));
  const lastTalk = (facts: readonly Fact[]) =>
    facts.flatMap((f) => (f.kind === 'segment.ended' && f.segment.kind === 'talk' ? [{ at: f.at, agent: f.segment.agent }] : [])).at(-1);
  const wanted = lastTalk(run(events).facts);
  for (let cut = 1; cut < events.length; cut += 5)
    for (const gap of [3, 10, 30]) {
      const { tracker, facts } = listen();
      const model = createModel();
      for (const [n, event] of events.entries()) {
        if (n === cut + gap) model.snapshot(tracker, timeOf(new AmiMessage(event)));
        if (n < cut || n >= cut + gap) hand(tracker, event);
        model.see(event);
      }
      if (cut + gap >= events.length) tracker.signal({ kind: 'snapshot', at: endOf(events), channels: [], entries: [] });
      const where = `${gap} events lost at ${cut}`;
      for (const call of calls(facts)) expect(ever, where).toContain(call.key);
      expectSane(calls(facts));
      expect(tracker.size(), where).toEqual(EMPTY);
      const back = timeOf(new AmiMessage(events[Math.min(cut + gap, events.length - 1)]!));
      if (wanted && wanted.at > back && !TOLD_ONCE.includes(name)) expect(lastTalk(facts)?.agent, where).toBe(wanted.agent);
    }
});

test('events lost, out of order, of strangers, keys repeated: no crash, no row that is wrong in itself, nothing left', () => {
  const roll = dice(11);
  for (const name of NAMES) {
    const events = blocks(name).flatMap((event) => {
      switch (roll(8)) {
        case 0:
          return [];
        case 1:
          return [event.slice(0, roll(event.length))];
        case 2:
          return [event.replace(/^(Linkedid: .*)$/m, '$1\r\nLinkedid: 1.1\r\nChanVariable: a=1\r\nChanVariable: b')];
        case 3:
          return [event.replaceAll(/^(\w*[uU]niqueid): .*$/gm, '$1: 9.9')];
        case 4:
          return [event.replaceAll('\r\n', '\n')];
        default:
          return [event];
      }
    });
    for (let n = 0; n + 1 < events.length; n += 1 + roll(4)) [events[n], events[n + 1]] = [events[n + 1]!, events[n]!];
    const { tracker, facts } = run(events);
    tracker.signal({ kind: 'snapshot', at: endOf(blocks(name)), channels: [], entries: [] });
    expect(tracker.size(), name).toEqual(EMPTY);
    expectSane(calls(facts));
  }
});

test('a clock set back or forth by an hour in the middle ends no call before it began, and is counted', () => {
  for (const name of NAMES) {
    const events = blocks(name);
    if (run(events).facts.length === 0) continue;
    for (const step of [-3_600, 3_600]) {
      const half = Math.floor(events.length / 2);
      const shift = (event: string) => event.replace(/^Timestamp: (\d+)/m, (_, s: string) => `Timestamp: ${Number(s) + step}`);
      const { tracker, facts } = run(events.map((event, n) => (n < half ? event : shift(event))));
      expect(tracker.stats().backwards).toBe(step < 0 ? 1 : 0);
      expect(calls(facts).map((c) => c.key)).toEqual(calls(run(events).facts).map((c) => c.key));
      expectSane(calls(facts));
      expect(tracker.size()).toEqual(EMPTY);
    }
  }
});

test('Asterisk restarted unseen, its ids come again: the old channels are lost, the new call is one of its own', () => {
  const events = blocks('direct-answered');
  const half = events.slice(
    0,
    events.findIndex((e) => e.startsWith('Event: BridgeLeave')),
  );
  const again = events.map((event) =>
    event.replaceAll(/-([0-9a-f]{7})[0-9a-f]$/gm, '-$1f').replaceAll(/-([0-9a-f]{7})[0-9a-f]\r/g, '-$1f\r'),
  );
  const { tracker, facts } = run([...half, ...again]);
  expect(tracker.stats()).toMatchObject({ reborn: 1, lost: 2 });
  expect(tracker.size()).toEqual(EMPTY);
  expect(facts.filter((f) => f.kind === 'call.ended').map((f) => f.kind === 'call.ended' && f.call.endReason)).toEqual([
    'lost',
    'completed',
  ]);
});

test('what belongs to nobody we know is counted and passed over', () => {
  const { tracker, facts } = run(blocks('direct-answered').filter((event) => !event.startsWith('Event: Newchannel')));
  expect(facts).toEqual([]);
  expect(tracker.stats().strangers).toBeGreaterThanOrEqual(tracker.stats().signals);
});

test('random bytes between the events: what is whole is heard, the rest is counted', () => {
  const roll = dice(5);
  const events = blocks('queue-answered');
  const rubbish = () => Buffer.from(Array.from({ length: roll(200) }, () => roll(256)).filter((byte) => byte !== 10 && byte !== 13));
  const blank = Buffer.from('\r\n\r\n');
  let heard = 0;
  const codec = createCodec({ wanted: null, onMessage: () => heard++ });
  for (const event of events) for (const part of [rubbish(), blank, Buffer.from(event), blank]) codec.push(part);
  expect(heard).toBe(events.length);
  expect(codec.stats.malformed).toBeGreaterThan(events.length / 2);
});

test('a block of 100 MB is skipped and counted, the call after it is heard', { timeout: 60_000 }, () => {
  const events = blocks('queue-answered');
  const { tracker, facts } = listen();
  const codec = createCodec({ wanted: null, onMessage: (m) => tracker.event(m, timeOf(m)) });
  codec.push(Buffer.from('Event: Newchannel\r\nChannel: '));
  const megabyte = Buffer.alloc(1_000_000, 'x');
  for (let n = 0; n < 100; n++) codec.push(megabyte);
  codec.push(Buffer.from(`\r\n\r\n${events.join('\r\n\r\n')}\r\n\r\n`));
  expect(codec.stats).toMatchObject({ oversized: 1, messages: events.length });
  expect(rowsOf(facts)).toEqual(run(events).rows);
});
