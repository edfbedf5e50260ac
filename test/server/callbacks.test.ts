import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createDialler } from '../../cti/index.ts';
import type { DialOrder, Fact } from '../../cti/index.ts';
import { startSimulator } from '../../cti/simulator/index.ts';
import { turns } from '../../cti/dialler/turns.ts';
import { callBackStore } from '../../server/callbacks/store.ts';
import { giveUp } from '../../server/callbacks/settle.ts';
import { noteAgain } from '../../server/calls/again.ts';
import { settleCalls } from '../../server/calls/settle.ts';
import { queuesConf } from '../../server/queues/conf.ts';
import { listQueues } from '../../server/queues/queries.ts';
import { rebuild } from '../../server/reports/rollup.ts';
import { reportSources } from '../../server/report-sources.ts';
import { startCallCentre, until } from '../support/call-centre.ts';
import { eachDatabase } from '../support/db.ts';
import { Story } from '../support/facts.ts';
import { startServer } from '../support/server.ts';

describe('whose turn it is', () => {
  const line = (...since: number[]) => since.map((at) => ({ since: at }));
  const at = (one: { since: number }) => one.since;
  test.each([
    ['nobody serves the queue', { present: 0, idle: 0, waiting: [], line: line(1) }, []],
    ['an operator is free', { idle: 1, waiting: [], line: line(1, 2) }, [1]],
    ['two are', { idle: 2, waiting: [], line: line(1, 2, 3) }, [1, 2]],
    ['one of them is for whoever came earlier', { idle: 2, waiting: [1], line: line(2, 3) }, [2]],
    ['both are', { idle: 2, waiting: [1, 2], line: line(3) }, []],
    ['a call is on its way to the free one', { idle: 1, pending: 1, waiting: [], line: line(1) }, []],
    ['nobody is free, and nobody would overtake', { idle: 0, waiting: [], line: line(1) }, []],
    ['nobody is free, and the next operator would be a later caller’s', { idle: 0, waiting: [5], line: line(1, 2) }, [1]],
    ['nobody is free, and an earlier caller waits', { idle: 0, waiting: [0, 5], line: line(1) }, []],
    ['nobody is free, and one is being called already', { idle: 0, pending: 1, waiting: [5], line: line(2) }, []],
  ])('%s', (_, given, expected) => {
    expect(turns({ present: 3, pending: 0, ...given }).map(at)).toEqual(expected);
  });
});

test('as the demonstration has it: a simulated caller presses the key, is called over AMI, and talks', async () => {
  const simulator = await startSimulator({
    port: 0,
    user: 'allo',
    secret: 'secret',
    queues: [{ name: 'support', number: '7000', strategy: 'rrmemory', ringMs: 5_000, retryMs: 100, callBack: true }],
    extensions: [{ extension: '101', name: 'Anna' }],
    behaviour: { answering: 'alone', answerShare: 1, answerAfterMs: [20, 20], talkMs: [50, 50], customerAnswers: 1, customerBusy: 0, customerRingsMs: [20, 20], callBackShare: 1, callBackAfterMs: [50, 50] }, // prettier-ignore
  });
  const server = await startServer({ env: { PBX: `main=ami://allo:secret@127.0.0.1:${simulator.port}` } });
  try {
    const rule = { offered: true, key: '1', attempts: 3, minutes: 5, hours: { workdays: { from: 0, to: 1440 }, freeDays: { from: 0, to: 1440 } }, sound: '' }; // prettier-ignore
    await server.db('queues').insert({ pbx: 'main', name: 'support', label: '', call_back: JSON.stringify(rule) });
    await until(
      () => server.app.pbxStatus()[0]?.state,
      (state) => state === 'connected',
    );
    const linkedid = simulator.callNow({ to: 'support', from: '79161234567', name: 'Ivan' });
    const callBack = (state: string) =>
      until(
        () => server.db('callbacks').where({ linkedid }).first(),
        (row) => row?.state === state,
        10_000,
      );
    await callBack('waiting');
    await server.app.deps.pbx('main').queueAdd({ queue: 'support', extension: '101', name: 'Anna' });
    expect(await callBack('reached')).toMatchObject({ number: '+79161234567', tries: 1, closed_how: 'talked' });
    const calls = await until(
      () => server.db('calls').orderBy('started_at'),
      (rows) => rows.every(({ ended_at }: { ended_at: number | null }) => ended_at !== null),
    );
    expect(calls).toMatchObject([
      { linkedid, answered_at: null },
      { direction: 'out', end_reason: 'completed', callback_of: calls[0].id },
    ]);
  } finally {
    await server.close();
    await simulator.stop();
  }
});

/** Anna (101) serves support, whose callers may press 1: two attempts, five minutes apart. */
eachDatabase((_, engine) => {
  let centre: Awaited<ReturnType<typeof startCallCentre>>;
  let vera: typeof centre.anna;
  let queueId: number;
  let serial = 0;
  let clock = Date.now();
  const always = { workdays: { from: 0, to: 1440 }, freeDays: { from: 0, to: 1440 } };
  const RULE = { offered: true, key: '1', attempts: 2, minutes: 5, hours: always, sound: 'custom/back' };
  const T = Date.now() - 600_000;

  beforeAll(async () => {
    centre = await startCallCentre(engine);
    vera = await centre.signIn('supervisor', { name: 'Vera' });
    queueId = (await centre.admin.post('/api/queues', { pbx: centre.app.deps.config.pbxs[0]?.name ?? 'main', name: 'support' })).body?.queue?.id; // prettier-ignore
    if (!queueId) {
      await centre.db('queues').insert({ pbx: 'main', name: 'support', label: '' });
      queueId = (await centre.db('queues').first()).id;
    }
    await centre.db('queue_members').insert({ pbx: 'main', queue: 'support', user_id: centre.anna.userId, penalty: 0 });
    const saved = await centre.admin.patch(`/api/queues/${queueId}`, { callBack: RULE });
    expect(saved.body.queue.callBack).toEqual(RULE);
  });
  beforeEach(async () => {
    serial += 1;
    clock = Date.now();
    for (const table of [
      'callbacks',
      'callback_attempts',
      'missed',
      'missed_tries',
      'calls',
      'call_segments',
      'call_operators',
      'timeline',
    ])
      await centre.db(table).delete();
  });
  afterAll(() => centre.close());

  const key = (n: number) => `17906${serial}.${n}`;
  const number = (n: number) => `+7916123${4500 + n}`;
  /** Waits for a minute, presses 1 and hears the thanks. */
  const asks = (n: number, at = T, from = number(n)) =>
    new Story({ key: key(n), from }, at).queued(0, 'support').end(60_000, 'queue', 'call-back').hangup(62_000, 'no-answer');
  const write = (...stories: Story[]) => centre.write(stories.flatMap((story) => story.facts));
  const row = (n = 1) => centre.db('callbacks').where({ linkedid: key(n) }).first(); // prettier-ignore
  const missed = async () => (await vera.get('/api/missed')).body.items;

  const bridge = (crash: () => 'before' | 'after' | null = () => null) => {
    const placed: DialOrder[] = [];
    const deps = { ...centre.app.deps, now: () => clock };
    const dialler = createDialler({
      store: { campaigns: async () => [], claim: async () => [], unplaced: async () => {}, stalled: async () => {} },
      callBacks: callBackStore(deps, 'main'),
      now: () => clock,
      log: deps.log,
      everyMs: 0,
      dial: async (order) => {
        const died = crash();
        // killed with the row written: the call was placed or was not, and nobody is there to hear of it
        if (died !== 'before') placed.push(order);
        if (died) throw Object.assign(new Error('killed'), { code: 'timeout' });
      },
    });
    const hear = (...facts: Fact[]) => facts.forEach(dialler.hear);
    hear({ kind: 'pbx.status', pbx: 'main', at: clock, status: { name: 'main', state: 'connected', since: 0, reason: null, clockOffsetMs: 0 } }); // prettier-ignore
    const operators = (...free: string[]) => {
      for (const agent of free)
        hear(
          { kind: 'queue.member', pbx: 'main', at: clock, queue: 'support', agent, present: true, paused: false, reason: '' },
          { kind: 'agent.state', pbx: 'main', at: clock, agent, state: 'idle' },
        );
    };
    return { placed, hear, operators, tick: () => ((clock += 1_000), dialler.tick()) };
  };
  /** What became of a call that was placed. */
  const back = (order: DialOrder, at = clock) => new Story({ key: order.id, direction: 'out', from: '', to: order.number }, at);
  const talks = (order: DialOrder) =>
    back(order).queued(5_000, 'support').end(6_000, 'queue', 'answered').begin(6_000, 'talk', '101').end(30_000, 'talk', 'customer').hangup(30_000, 'completed'); // prettier-ignore
  const rings = (order: DialOrder) => back(order).hangup(30_000, 'no-answer', 19);

  test('from the key to the talk: the place is kept, shown, called in its turn; one call in the log, the card and the figures', async () => {
    await write(asks(1, T, '+79161234567'));
    expect(await row()).toMatchObject({ state: 'waiting', entered_at: T, asked_at: T + 60_000, queue: 'support', number: '+79161234567' });
    expect(await missed()).toEqual([]);
    expect(JSON.parse((await centre.db('timeline').where('kind', 'call').first()).data).callBack).toMatchObject({ attempts: 0 });
    const seen = await until(
      async () => (await vera.get('/api/floor')).body,
      (floor) => floor.calls[0]?.clients?.length === 1,
    );
    expect(seen.calls).toMatchObject([{ ref: `main:${key(1)}`, waitingSince: T, queue: 'main:support', callBack: { dialling: false, attempts: 0 } }]); // prettier-ignore
    expect(seen.queues).toMatchObject([{ ref: 'main:support', waiting: 0, callBacks: 1, oldest: null }]);
    expect((await vera.get('/api/dispatch')).body.items).toMatchObject([{ kind: 'queued', number: '+79161234567', client: { id: centre.ivan }, dueAt: T }]); // prettier-ignore

    const { placed, operators, tick } = bridge();
    await tick();
    expect(placed).toEqual([]);
    operators('101');
    await tick();
    await tick();
    expect(placed).toMatchObject([{ number: '+79161234567', queue: 'support', campaign: null, name: 'Ivan Petrov' }]);
    expect(await row()).toMatchObject({ state: 'dialling', tries: 1 });
    const story = talks(placed[0]!);
    await write(story);
    await write(story, asks(1, T, '+79161234567'));
    await settleCalls(centre.app.deps, 'main', [{ call: story.call, linkedids: [story.call.key] }], 0);
    expect(await row()).toMatchObject({ state: 'reached', closed_how: 'talked', closed_ref: placed[0]!.id, open_number: null });
    expect(await centre.db('callback_attempts').select()).toMatchObject([{ n: 1, state: 'settled', result: 'talked' }]);
    expect(await missed()).toEqual([]);

    const ref = `main:${placed[0]!.id}`;
    const { call } = (await centre.anna.get(`/api/calls/${encodeURIComponent(ref)}`)).body;
    expect(call.callBack).toMatchObject({ state: 'reached', how: 'talked', by: null, attempts: [{ result: 'talked' }] });
    expect(call.parts).toMatchObject([
      { ref: `main:${key(1)}`, direction: 'in', operators: [], segments: [{ kind: 'queue', endReason: 'call-back' }] },
      { ref, direction: 'out', operators: [{ id: centre.anna.userId }], segments: [{ kind: 'queue' }, { kind: 'talk' }] },
    ]);
    const mine = (await centre.anna.get('/api/calls/mine')).body.items;
    expect(mine).toMatchObject([{ ref, parts: [{ ref: `main:${key(1)}` }, { ref }] }]);
    const timeline = await centre.db('timeline').where('kind', 'call');
    expect(timeline).toMatchObject([{ ref: `main:${key(1)}`, client_id: centre.ivan, user_id: centre.anna.userId }]);
    expect(JSON.parse(timeline[0].data).callBack).toMatchObject({ attempts: 1, talkMs: 24_000 });

    await rebuild({ db: centre.db, now: () => clock, ...reportSources(centre.db, () => clock) }, T, clock + 60_000);
    const period = `from=${T - 3_600_000}&until=${clock + 3_600_000}`;
    const { rows } = (await vera.get(`/api/reports/queues?${period}&by=queue`)).body;
    expect(rows).toMatchObject([{ figures: { offered: 1, answered: 0, abandoned: 0, flowed: 1, callBacks: 1, callBacksReached: 1, waiting: 0 } }]); // prettier-ignore
    for (const kind of ['call-backs', 'flowed', 'visits'])
      expect((await vera.get(`/api/calls/log?${period}&kind=${kind}`)).body.items).toMatchObject([{ call: { ref: `main:${key(1)}` } }]);
    expect((await vera.get(`/api/calls/log?${period}&kind=answered`)).body.items).toEqual([]);
    expect((await vera.get(`/api/calls/log?${period}&kind=handled`)).body.items).toMatchObject([{ call: { ref } }]);
  });

  test('who is not reached is called again after the minutes, and falls into the missed list after the last attempt', async () => {
    await write(asks(1));
    const { placed, operators, tick } = bridge();
    operators('101');
    await tick();
    await write(rings(placed[0]!));
    expect(await row()).toMatchObject({ state: 'waiting', attempts: 1 });
    await tick();
    expect(placed).toHaveLength(1);
    clock += 300_000;
    // a new bridge has the PBX: what the old one held in memory does not matter
    const next = bridge();
    next.operators('101');
    await next.tick();
    expect(next.placed.map((order) => order.id)).not.toEqual(placed.map((order) => order.id));
    expect(await missed()).toEqual([]);
    await write(rings(next.placed[0]!));
    expect(await row()).toMatchObject({ state: 'failed', closed_how: 'attempts', attempts: 2, open_number: null });
    expect(await missed()).toMatchObject([{ number: number(1), kind: 'flow-out', queues: ['support'], tries: 1 }]);
    // the same of the log again changes nothing
    await write(asks(1), rings(next.placed[0]!), rings(placed[0]!));
    expect(await missed()).toMatchObject([{ tries: 1 }]);
    expect(await row()).toMatchObject({ state: 'failed', attempts: 2 });
  });

  test('a trunk that is down is no attempt; an order that the PBX refuses neither', async () => {
    await write(asks(1));
    const { placed, operators, tick } = bridge();
    operators('101');
    await tick();
    await write(back(placed[0]!).hangup(100, 'failed', 34));
    expect(await row()).toMatchObject({ state: 'waiting', attempts: 0, tries: 1 });
    const refusing = callBackStore({ ...centre.app.deps, now: () => clock + 3_600_000 }, 'main');
    const one = await refusing.claim((await row()).id);
    await refusing.unplaced(one!.attemptId);
    expect(await row()).toMatchObject({ state: 'waiting', attempts: 0, tries: 2 });
    expect(await centre.db('callback_attempts').orderBy('n').pluck('state')).toEqual(['refused', 'refused']);
  });

  test('whoever calls in again is not called; asking again they have the place of the first time', async () => {
    await write(asks(1));
    const again = new Story({ key: key(2), from: number(1) }, T + 120_000).queued(0, 'support');
    await write(again);
    expect(await row()).toMatchObject({ state: 'cancelled', closed_how: 'called-in', closed_ref: key(2) });
    await write(again.end(10_000, 'queue', 'call-back').hangup(12_000, 'no-answer'));
    expect(await row(2)).toMatchObject({ state: 'waiting', entered_at: T, asked_at: T + 130_000 });
    // and whoever was spoken with meanwhile, whoever called whom
    await write(new Story({ key: key(3), direction: 'out', from: '101', to: number(1), initiator: '101' }, T + 200_000).begin(0, 'talk', '101')); // prettier-ignore
    expect(await row(2)).toMatchObject({ state: 'cancelled', closed_how: 'spoken' });
    expect(await missed()).toEqual([]);
  });

  test('not offered, or nobody to call: the caller is among the missed ones', async () => {
    await centre.admin.patch(`/api/queues/${queueId}`, { callBack: { ...RULE, offered: false } });
    await write(asks(1));
    await centre.admin.patch(`/api/queues/${queueId}`, { callBack: RULE });
    // withheld, no number, one that costs whoever calls it, and the police: caller ids can be forged
    await write(asks(2, T, ''), asks(3, T, 'anonymous'), asks(4, T, '+449098790000'), asks(5, T, '102'));
    expect(await centre.db('callbacks').select()).toEqual([]);
    expect((await missed()).map(({ number: is }: { number: string }) => is).sort()).toEqual(
      ['', number(1), 'anonymous', '+449098790000', '102'].sort(),
    );
  });

  test('outside the hours they wait for the morning', async () => {
    await centre.admin.patch(`/api/queues/${queueId}`, { callBack: { ...RULE, hours: { workdays: { from: 0, to: 0 }, freeDays: { from: 0, to: 0 } } } }); // prettier-ignore
    await write(asks(1));
    const { placed, operators, tick } = bridge();
    operators('101');
    await tick();
    const { timeZone } = await centre.app.deps.calendars.of(null);
    const minute = (at: number) => new Intl.DateTimeFormat('en-GB', { timeZone, hour: '2-digit', minute: '2-digit' }).format(at);
    expect(await row()).toMatchObject({ state: 'waiting', tries: 0 });
    const [from, to] = [480, 481];
    clock += 86_400_000 - (clock % 86_400_000);
    await centre.admin.patch(`/api/queues/${queueId}`, {
      callBack: { ...RULE, hours: { workdays: { from, to }, freeDays: { from, to } } },
    });
    await tick();
    expect(minute((await row()).next_at)).toBe('08:00');
    expect(placed).toEqual([]);
    clock = (await row()).next_at;
    await tick();
    expect(placed).toHaveLength(1);
    await centre.admin.patch(`/api/queues/${queueId}`, { callBack: RULE });
  });

  test('bridges that die at any moment, and two at once: nobody is dialled twice, and nobody is forgotten', async () => {
    const PEOPLE = 12;
    await write(...Array.from({ length: PEOPLE }, (_x, i) => asks(i + 1, T + i * 1_000)));
    let seed = serial * 7919 + 17;
    const random = () => (seed = (seed * 1103515245 + 12345) % 2 ** 31) / 2 ** 31;
    const all: DialOrder[] = [];
    for (let round = 0; round < 30; round += 1) {
      const two = [0, 1].map(() => bridge(() => (random() < 0.3 ? 'before' : random() < 0.4 ? 'after' : null)));
      for (const one of two) one.operators('101', '102');
      await Promise.all(two.map((one) => one.tick()));
      const placed = two.flatMap((one) => one.placed);
      all.push(...placed);
      // each attempt is one call, of one row that was there first
      expect(new Set(all.map((order) => order.id)).size).toBe(all.length);
      const open = await centre.db('callback_attempts').where({ state: 'open' }).pluck('callback_id');
      expect(new Set(open).size).toBe(open.length);
      for (const order of placed) if (random() < 0.8) await write(random() < 0.5 ? talks(order) : rings(order));
      clock += 301_000;
    }
    const deps = { ...centre.app.deps, now: () => clock };
    await centre.db.transaction(async (trx) => void (await noteAgain(deps, trx, await giveUp(trx, clock, (ref) => deps.isCallUp(trx, ref))))); // prettier-ignore
    const rows = await centre.db('callbacks').select();
    expect(rows).toHaveLength(PEOPLE);
    for (const { id, state, number: of } of rows) {
      const calls = all.filter((order) => order.number === of);
      expect(calls.length, `${state} ${of}`).toBeLessThanOrEqual(2);
      expect(['reached', 'failed']).toContain(state);
      const attempts = await centre.db('callback_attempts').where({ callback_id: id });
      expect(attempts.every((attempt: { state: string }) => attempt.state !== 'open')).toBe(true);
    }
    const failed = rows.filter(({ state }: { state: string }) => state === 'failed').map((each: { number: string }) => each.number);
    expect((await missed()).map((item: { number: string }) => item.number).sort()).toEqual(failed.sort());
    expect(failed.length).toBeGreaterThan(0);
    expect(failed.length).toBeLessThan(PEOPLE);
  });

  test('a supervisor withdraws one, or gives it to somebody; an operator may not, and what is dialled is not touched', async () => {
    await write(asks(1), asks(2, T + 1_000), asks(3, T + 2_000));
    const { id } = await row(1);
    expect((await centre.anna.post(`/api/callbacks/${id}/withdraw`)).status).toBe(403);
    expect((await vera.post('/api/callbacks/999999/withdraw')).status).toBe(404);
    expect((await vera.post(`/api/callbacks/${id}/withdraw`)).status).toBe(204);
    expect((await vera.post(`/api/callbacks/${id}/withdraw`)).body.error.data.reason).toBe('closed');
    expect(await row(1)).toMatchObject({ state: 'cancelled', closed_how: 'withdrawn', closed_by: vera.userId });
    const { call } = (await vera.get(`/api/calls/${encodeURIComponent(`main:${key(1)}`)}`)).body;
    expect(call.callBack).toMatchObject({ state: 'cancelled', how: 'withdrawn', by: 'Vera', attempts: [] });
    expect(await centre.db('audit').where('what', 'callback.withdrawn')).toHaveLength(1);

    const second = await row(2);
    const given = await vera.post(`/api/dispatch/queued/${second.id}/give`, { version: second.version, userId: centre.anna.userId, text: 'Call back' }); // prettier-ignore
    expect(given.status).toBe(200);
    expect(await row(2)).toMatchObject({ state: 'cancelled', closed_how: 'given' });
    expect(await centre.db('tasks').where({ owner_id: centre.anna.userId, phone: number(2) })).toHaveLength(1);

    const { placed, operators, tick } = bridge();
    operators('101');
    await tick();
    expect(placed).toMatchObject([{ number: number(3) }]);
    expect((await vera.post(`/api/callbacks/${(await row(3)).id}/withdraw`)).status).toBe(409);
  });

  test('queues.conf has the key and what offers it', async () => {
    const text = queuesConf(await listQueues(centre.db));
    expect(text).toContain('context = allo-press-1\nperiodic-announce = custom/back\nperiodic-announce-frequency = 60');
    const wrong = [{ attempts: 0 }, { key: 'x' }, { sound: 'a b' }, { hours: { ...always, workdays: { from: 600, to: 500 } } }];
    for (const change of wrong)
      expect((await centre.admin.patch(`/api/queues/${queueId}`, { callBack: { ...RULE, ...change } })).status).toBe(400);
    expect((await vera.patch(`/api/queues/${queueId}`, { callBack: RULE })).status).toBe(403);
  });
});
