import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Fact } from '../../cti/index.ts';
import { createCallWriter } from '../../server/calls/writer.ts';
import { startCallCentre, until } from '../support/call-centre.ts';
import { eachDatabase } from '../support/db.ts';
import { Story, answered, synced } from '../support/facts.ts';
import { replay, traces } from '../support/replay.ts';

const T = 1_790_000_000_000;

eachDatabase((_, engine) => {
  let centre: Awaited<ReturnType<typeof startCallCentre>>;
  beforeAll(async () => {
    centre = await startCallCentre(engine);
  });
  beforeEach(async () => {
    await centre.db('calls').delete();
    await centre.db('timeline').where('kind', 'call').delete();
  });
  afterAll(() => centre.close());

  test('an answered queue call: row, segments, operator, client and timeline', async () => {
    await centre.write(answered('1790000000.1').facts);
    const { calls, segments, operators, timeline } = await centre.log();
    expect(calls).toMatchObject([
      {
        pbx: 'main',
        linkedid: '1790000000.1',
        direction: 'in',
        from_e164: '+79161234567',
        caller_name: 'Ivan Petrov',
        client_id: centre.ivan,
        queue: 'support',
        started_at: T,
        answered_at: T + 4000,
        ended_at: T + 14_000,
        end_reason: 'completed',
        wait_ms: 4000,
        talk_ms: 10_000,
        adopted: 0,
        source: 'live',
      },
    ]);
    expect(segments.map((s) => [s.kind, s.user_id, s.started_at - T, s.ended_at - T, s.end_reason])).toEqual([
      ['offer', centre.anna.userId, 1000, 4000, 'answered'],
      ['queue', null, 10, 4000, 'answered'],
      ['talk', centre.anna.userId, 4000, 14_000, 'customer'],
    ]);
    expect(operators).toMatchObject([{ user_id: centre.anna.userId, part: 'talked', started_at: T }]);
    expect(timeline).toMatchObject([{ client_id: centre.ivan, ref: 'main:1790000000.1', user_id: centre.anna.userId, at: T }]);
    expect(JSON.parse(timeline[0].data)).toMatchObject({ endReason: 'completed', talkMs: 10_000 });
  });

  test('facts twice, and the beginning of them once more: nothing changes', async () => {
    const { facts } = answered('1790000000.2');
    await centre.write(facts);
    const once = await centre.log();
    await centre.write(facts);
    await centre.write(facts.slice(0, 4));
    expect(await centre.log()).toEqual(once);
  });

  test.each(traces())('the recorded trace %s, one fact at a time or all at once, then once more', async (name) => {
    const facts = replay(name);
    for (const fact of facts) await centre.write([fact]);
    const slowly = await centre.log();
    expect(slowly.calls.length > 0).toBe(facts.some((fact) => 'call' in fact));
    for (const s of slowly.segments) if (s.ended_at !== null) expect(s.ended_at).toBeGreaterThanOrEqual(s.started_at);
    await centre.write(facts);
    expect(await centre.log()).toEqual(slowly);
  });

  test('a bridge that dies in the middle and finds the call again keeps its beginning', async () => {
    const { facts } = answered('1790000000.3');
    await centre.write(facts.slice(0, 4)); // waits and is rung; the answer is never seen
    const found = new Story({ key: '1790000000.3', adopted: true, startedAt: T + 9000, from: '', fromName: '', queue: null }, T + 9000);
    found.call = { ...found.call, answeredAt: T + 9000 };
    found.begin(0, 'talk', '101').end(5000, 'talk', 'agent').hangup(5000, 'completed');
    await centre.write([...found.facts.slice(0, 1), synced(T + 9001, ['1790000000.3']), ...found.facts.slice(1)]);
    const { calls, segments } = await centre.log();
    expect(calls).toMatchObject([
      {
        from_raw: '+79161234567',
        caller_name: 'Ivan Petrov',
        queue: 'support',
        started_at: T,
        ended_at: T + 14_000,
        end_reason: 'completed',
        talk_ms: 5000,
        adopted: 0,
      },
    ]);
    expect(segments.filter((s) => s.ended_at === null)).toEqual([]);
    expect(segments.filter((s) => s.end_reason === 'lost').map((s) => s.kind)).toEqual(['offer', 'queue']);
  });

  test('after a reconnect what is not live is closed as lost, of this PBX and from before only', async () => {
    const open = (key: string, pbx = 'main', start = T) => new Story({ key, pbx }, start).queued(10, 'support').facts;
    await centre.write([...open('1.1'), ...open('1.2'), ...open('1.3', 'other'), ...open('1.4', 'main', T + 60_000)]);
    await centre.write([synced(T + 30_000, ['1.2'])]);
    const { calls, segments } = await centre.log();
    expect(calls.map((c) => [c.linkedid, c.end_reason, c.ended_at])).toEqual([
      ['1.1', 'lost', T + 30_000],
      ['1.2', null, null],
      ['1.4', null, null],
      ['1.3', null, null],
    ]);
    const lost = calls[0].id;
    expect(segments.filter((s) => s.call_id === lost)).toMatchObject([{ ended_at: T + 30_000, end_reason: 'lost' }]);
  });

  test('a call that began while the snapshot was written is not lost', async () => {
    const fresh = new Story({ key: '2.2' }, T - 1000).queued(10, 'support').facts;
    centre.writer.hear(synced(T, []));
    await centre.write(fresh);
    expect((await centre.log()).calls).toMatchObject([{ linkedid: '2.2', ended_at: null }]);
  });

  test('two calls that become one: one row, with the operators, outcome and timeline of both', async () => {
    const first = new Story({ key: '3.1' }).queued(10, 'support').begin(1000, 'talk', '101');
    const second = new Story({ key: '3.2', from: '101', direction: 'internal', initiator: '101', to: '102' })
      .begin(500, 'offer', '102')
      .begin(900, 'consult', '102');
    await centre.write([...first.facts, ...second.facts]);
    const rows = (await centre.log()).calls;
    await centre.db('call_outcomes').insert({ call_id: rows[1].id, user_id: 1, outcome: 'sale', flags: '[]', note: 'n', at: T });
    await centre.db('calls').where('id', rows[1].id).update({ outcome: 'sale', outcome_flags: '["sale"]', note: 'n' });

    first.merge(2000, second.call);
    const merge = first.facts.slice(-1);
    await centre.write(merge);
    const { calls, segments, operators, timeline } = await centre.log();
    expect(calls).toMatchObject([{ linkedid: '3.1', outcome: 'sale', note: 'n', client_id: centre.ivan }]);
    expect(segments.length).toBe(4);
    expect(new Set(segments.map((s) => s.call_id))).toEqual(new Set([calls[0].id]));
    expect(operators.map((o) => o.user_id)).toEqual([centre.anna.userId, centre.boris.userId]);
    expect(timeline.map((t) => t.ref)).toEqual(['main:3.1']);
    expect(await centre.db('call_outcomes').where('call_id', calls[0].id)).toMatchObject([{ outcome: 'sale' }]);

    const late = second.end(2500, 'consult', 'transferred').facts.slice(-1);
    await centre.write([...merge, ...late]);
    expect((await centre.log()).calls.map((c) => c.linkedid)).toEqual(['3.1']);
  });

  test('a recording that a killed bridge left under the old name of its call goes with it; told again nothing changes', async () => {
    const first = new Story({ key: '5.1' }).queued(10, 'support').begin(1000, 'talk', '101');
    const second = new Story({ key: '5.2' }).begin(500, 'talk', '102');
    await centre.write([...first.facts, ...second.facts]);
    await centre.db('recordings').insert({ pbx: 'main', linkedid: '5.2', file: 'a.wav', started_at: T, state: 'recording', pauses: '[]' });
    first.merge(2000, second.call);
    for (const _ of [1, 2]) {
      await centre.write(first.facts.slice(-1));
      expect(await centre.db('recordings').select('linkedid')).toEqual([{ linkedid: '5.1' }]);
    }
    await centre.db('recordings').delete();
  });

  test('an id that comes again after its call ended (the clock set back, Asterisk restarted): two rows, each with its own', async () => {
    const story = (start: number) => new Story({ key: '6.1' }, start).queued(10, 'support').begin(1000, 'talk', '101');
    const first = story(T).end(2000, 'talk', 'customer').hangup(2000, 'completed').facts;
    await centre.write(first);
    const before = await centre.log();
    const again = story(T + 60_000)
      .end(3000, 'talk', 'agent')
      .hangup(3000, 'completed').facts;
    for (const _ of [1, 2]) {
      await centre.write(again);
      const { calls, segments, timeline } = await centre.log();
      expect(calls.sort((a, b) => a.id - b.id)).toMatchObject([
        { ...before.calls[0], linkedid: `6.1-${before.calls[0].id}` },
        { linkedid: '6.1', started_at: T + 60_000, ended_at: T + 63_000, client_id: centre.ivan },
      ]);
      expect(segments.filter((s) => s.call_id === before.calls[0].id)).toEqual(before.segments);
      expect(segments).toHaveLength(2 * before.segments.length);
      expect(timeline.map((row) => row.ref).sort()).toEqual(['main:6.1', `main:6.1-${before.calls[0].id}`]);
    }
  });

  test('ring-all: who let it ring is in the log, whom another one forestalled is not', async () => {
    const call = new Story({ key: '4.1' }).queued(10, 'sales').begin(500, 'offer', '101').begin(500, 'offer', '102');
    call
      .end(3000, 'offer', 'answered', '102')
      .end(3000, 'offer', 'elsewhere', '101')
      .begin(3000, 'talk', '102')
      .end(5000, 'talk', 'agent')
      .hangup(5000, 'completed');
    const nobody = new Story({ key: '4.2' })
      .begin(500, 'offer', '101')
      .end(9000, 'offer', 'no-answer', '101')
      .hangup(9000, 'no-answer', 19);
    await centre.write([...call.facts, ...nobody.facts]);
    const { calls, operators } = await centre.log();
    expect(operators.map((o) => [calls.find((c) => c.id === o.call_id)!.linkedid, o.user_id, o.part]).sort()).toEqual([
      ['4.1', centre.boris.userId, 'talked'],
      ['4.2', centre.anna.userId, 'offered'],
    ]);
    expect(calls[1]).toMatchObject({ end_reason: 'no-answer', wait_ms: 9000, talk_ms: 0, cause: 19 });
  });

  test('hostile texts are cut and kept as text', async () => {
    const fromName = `<img src=x onerror=alert(1)>"'\r\nAction: Hangup\0${'😀'.repeat(300)}\ud800`;
    const call = new Story({ key: '5.1', fromName, from: `+7'; DROP TABLE calls;--${'9'.repeat(400)}`, queue: 'q'.repeat(500) }).begin(
      10,
      'offer',
      '1'.repeat(90),
    ).facts;
    await centre.write(call);
    const { calls, segments } = await centre.log();
    expect([...calls[0].caller_name].length).toBe(200);
    expect(calls[0].caller_name).toMatch(/^<img src=x onerror=alert\(1\)>"' Action: Hangup 😀+$/u);
    expect(calls[0].from_raw.length).toBe(100);
    expect(calls[0].queue.length).toBe(100);
    expect(segments[0].extension.length).toBe(40);
    expect(centre.writer.stats().dropped).toBe(0);
  });

  test('a key that cannot be one is given up and counted; the others go on', async () => {
    const writer = createCallWriter(centre.app.deps);
    for (const fact of [...new Story({ key: 'a b\n' }).facts, ...new Story({ key: 'x'.repeat(200) }).facts, ...answered('6.1').facts])
      writer.hear(fact);
    expect(await writer.drain(10_000)).toBe(0);
    expect(writer.stats().dropped).toBe(2);
    expect((await centre.log()).calls.map((c) => c.linkedid)).toEqual(['6.1']);
  });

  test('a call that cannot be written holds up none of those that are written with it', async () => {
    const writer = createCallWriter(centre.app.deps, { retryMs: 1, gatherMs: 0 });
    const bad = new Story({ key: '9.3', startedAt: NaN });
    for (const story of [answered('9.1'), answered('9.2'), bad, answered('9.4'), answered('9.5')])
      story.facts.forEach((fact) => writer.hear(fact));
    expect(await writer.drain(10_000)).toBe(0);
    expect(writer.stats()).toMatchObject({ waiting: 0, lagMs: 0, written: 4, dropped: 1 });
    const { calls, segments } = await centre.log();
    expect(calls.map((c) => [c.linkedid, c.end_reason])).toEqual(['9.1', '9.2', '9.4', '9.5'].map((key) => [key, 'completed']));
    expect(segments.length).toBe(12);
  });

  test('a call that swallowed one and is swallowed itself, before any of it is written: one row', async () => {
    const third = new Story({ key: '13.3', from: '101', direction: 'internal', initiator: '101', to: '102' }).begin(900, 'consult', '102');
    await centre.write(third.facts);
    const second = new Story({ key: '13.2', from: '102', direction: 'internal', initiator: '102', to: '101' }).merge(1000, third.call);
    const first = new Story({ key: '13.1' }).queued(10, 'support').merge(2000, second.call);
    await centre.write([...second.facts, ...first.facts]);
    const { calls, segments } = await centre.log();
    expect(calls.map((c) => c.linkedid)).toEqual(['13.1']);
    expect(segments.map((s) => s.kind).sort()).toEqual(['consult', 'queue']);
  });

  test('the calls of one moment share a transaction', async () => {
    const writer = createCallWriter(centre.app.deps);
    for (let i = 0; i < 150; i += 1) answered(`7.${300 + i}`).facts.forEach((fact) => writer.hear(fact));
    expect(writer.stats()).toMatchObject({ waiting: 150, written: 0 });
    expect(await writer.drain(10_000)).toBe(0);
    expect(writer.stats()).toMatchObject({ waiting: 0, lagMs: 0, written: 150, batches: 1, dropped: 0 });
    expect((await centre.log()).calls.filter((c) => c.end_reason === 'completed').length).toBe(150);
  });

  test('of many calls at once each has all its segments in order', async () => {
    const stories = Array.from({ length: 60 }, (_, i) => answered(`7.${100 + i}`, i % 2 ? '101' : '102'));
    const longest = Math.max(...stories.map((s) => s.facts.length));
    const mixed: Fact[] = [];
    for (let step = 0; step < longest; step += 1) for (const story of stories) if (story.facts[step]) mixed.push(story.facts[step]!);
    await centre.write(mixed);
    const { calls, segments, operators } = await centre.log();
    expect(calls.filter((c) => c.end_reason === 'completed' && c.talk_ms === 10_000).length).toBe(60);
    expect(segments.length).toBe(180);
    expect(operators.length).toBe(60);
  });
});

describe('while the database is away', () => {
  test('facts wait within bounds, and are written when it is back', async () => {
    const centre = await startCallCentre('sqlite');
    try {
      await centre.db.schema.renameTable('calls', 'calls_away');
      const writer = createCallWriter(centre.app.deps, { retryMs: 20, maxWaiting: 2 });
      for (const key of ['8.1', '8.2', '8.3']) answered(key).facts.forEach((fact) => writer.hear(fact));
      await until(
        () => writer.stats(),
        (s) => s.dropped > 0,
      );
      await centre.db.schema.renameTable('calls_away', 'calls');
      expect(await writer.drain(10_000)).toBe(0);
      expect((await centre.log()).calls.map((c) => c.linkedid)).toEqual(['8.1', '8.2']);
    } finally {
      await centre.close();
    }
  });
});
