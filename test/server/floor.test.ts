import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import type { Fact } from '../../cti/index.ts';
import { TICK_MS, createChannel } from '../../server/floor/channel.ts';
import { Floor, FloorFrame } from '../../server/floor/contract.ts';
import { createFloor } from '../../server/floor/floor.ts';
import { withClients } from '../../server/floor/reader.ts';
import { createTally, figuresOf, visitsOf } from '../../server/floor/tally.ts';
import { createLog } from '../../server/core/log.ts';
import { createDifference, peopleIn } from '../../server/floor/view.ts';
import { createCells } from '../../server/reports/cells.ts';
import { queueFigures } from '../../server/reports/figures.ts';
import { measured } from '../support/figures.ts';
import { applied } from '../../web/floor/store.ts';
import { startCallCentre, until } from '../support/call-centre.ts';
import { eachDatabase } from '../support/db.ts';
import { Story, answered, synced } from '../support/facts.ts';

const T = 1_790_000_040_000;
const ruleOf = () => ({ target: 20, short: 5 });

test('whoever may not see a client is not told of their stage and complaints either', () => {
  const call = (ids: number[]) => ({ clients: ids.map((id) => ({ id })), standing: { stage: null, complaints: 2 } });
  const picture = { calls: [call([1]), call([1, 2]), call([2, 1])] } as unknown as Floor;
  expect(withClients(picture, new Set([2])).calls.map(({ standing }) => standing?.complaints ?? null)).toEqual([null, null, 2]);
});

describe('figures', () => {
  const ends = ['answered', 'abandoned', 'timeout', 'transferred', 'lost', null] as const;
  test('of random visits they are those of the reports, to the letter, whatever was told before', () => {
    let seed = 7;
    const random = (n: number) => (seed = (seed * 48271) % 2147483647) % n;
    const tally = createTally(ruleOf);
    const hour = Math.ceil(T / 3_600_000) * 3_600_000;
    const cells = createCells(hour, hour + 3_600_000);
    for (let i = 0; i < 500; i++) {
      const from = hour + random(3_600_000);
      const end = ends[random(ends.length)]!;
      const to = end === null ? null : from + random(40_000);
      const segment = { kind: 'queue', userId: null, queue: 'support', from, to, endReason: end };
      tally.set(`main:${i}`, visitsOf('main', [{ ...segment, to: null, endReason: null }]));
      tally.set(`main:${i}`, visitsOf('main', [segment]));
      cells.add({
        pbx: 'main',
        direction: 'in',
        startedAt: from,
        endedAt: to,
        outcome: null,
        segments: [segment],
        isCallBack: false,
        calledBack: false,
      });
    }
    const { offered, answered: took, abandoned, abandonedShort, slShort, asa } = queueFigures(measured(cells.visits()[0]!));
    expect(figuresOf(tally.counts('main:support', hour), 0)).toMatchObject({
      offered,
      answered: took,
      abandoned,
      abandonedShort,
      serviceLevel: slShort,
      asa,
    });
    expect(offered).toBe(500);
  });
  test('no calls: no data; who waits longer than T is a failure; what entered before the window is not in it; forgotten days', () => {
    const tally = createTally(ruleOf);
    expect(figuresOf(tally.counts('main:support', 0), 0)).toMatchObject({ serviceLevel: null, asa: null });
    expect(figuresOf(tally.counts('main:support', 0), 1).serviceLevel).toBe(0);
    tally.set('a', [{ queue: 'q', from: T, to: T + 1000, end: 'answered' }]);
    tally.set('b', [{ queue: 'q', from: T + 60_000, to: T + 62_000, end: 'answered' }]);
    expect(figuresOf(tally.counts('q', T), 1).serviceLevel).toBe(2 / 3);
    expect(tally.counts('q', T + 60_000).offered).toBe(1);
    tally.forget(T + 30_000);
    expect(tally.counts('q', 0).offered).toBe(1);
    expect(tally.counts('q', 0).quick).toBe(1);
    tally.setRules(() => ({ target: 1, short: 5 }));
    expect(tally.counts('q', 0)).toMatchObject({ offered: 1, answered: 1, quick: 0, waits: 2000 });
  });
});

test('who is in a call: rung, talking, holding, asking', () => {
  const story = new Story({ key: '1.1' }, T).queued(0, 'support').begin(1, 'offer', '101').begin(1, 'offer', '102');
  const at = () => Object.fromEntries(peopleIn(story.call));
  expect(at()).toEqual({ 101: 'ringing', 102: 'ringing' });
  story.end(2, 'offer', 'answered', '101').end(2, 'offer', 'elsewhere', '102').begin(2, 'talk', '101').begin(3, 'hold', '101');
  expect(at()).toEqual({ 101: 'hold' });
  expect(Object.fromEntries(peopleIn(new Story({ key: '2.1', direction: 'out', initiator: '101' }, T).call))).toEqual({ 101: 'dialling' });
});

describe('what goes wrong around it', () => {
  const MINUTES = 5 * 60_000;
  const BRIEF = { label: 'Support desk', target: { seconds: 10, percent: 90 } } as const;
  const floorWith = (offset: number, now: () => number, clients: { id: number }[] = []) =>
    createFloor(
      { log: createLog('silent'), now, clientsByNumber: async () => clients as never, config: { defaultCountry: 'RU' } as never },
      { offsetOf: () => offset, standingOf: async (id) => ({ stage: { ru: 'Ключевой', en: 'Key' }, complaints: id }) },
    );
  test.each([-MINUTES, 0, MINUTES])(
    'the clock of Asterisk is %i ms off ours: waits, window and failures are those of our clock',
    (offset) => {
      let now = T + 1000;
      const floor = floorWith(offset, () => now);
      floor.setQueues(new Map([['main:support', BRIEF]]));
      for (const fact of new Story({ key: '1.1' }, T + offset).queued(0, 'support').facts) floor.hear(fact);
      const queue = () => floor.view(T - MINUTES).queues[0]!;
      expect(floor.view(T - MINUTES).calls[0]).toMatchObject({ startedAt: T, waitingSince: T });
      now = T + 9000;
      expect(queue()).toMatchObject({ waiting: 1, oldest: T, target: 10, goal: 90, live: { offered: 1, of: 0 } });
      now = T + 11_000; // longer than its own target
      expect(queue().live).toMatchObject({ serviceLevel: 0, of: 1 });
      now = T + 32 * 60_000; // has left the window, and still waits
      expect(queue()).toMatchObject({ waiting: 1, live: { offered: 0 }, today: { offered: 1 } });
    },
  );
  test('a queue that is renamed, or gone with callers in it: they are shown on, counted by its target, then by the usual one', () => {
    const now = T + 60_000;
    const floor = floorWith(0, () => now);
    floor.setQueues(new Map([['main:support', BRIEF]]));
    const story = new Story({ key: '1.1' }, T).queued(0, 'support').begin(0, 'offer', '101').end(15_000, 'offer', 'answered', '101');
    for (const fact of story.end(15_000, 'queue', 'answered').begin(15_000, 'talk', '101').facts) floor.hear(fact);
    for (const fact of new Story({ key: '1.2' }, T + 30_000).queued(0, 'support').facts) floor.hear(fact);
    const queue = () => floor.view(T - MINUTES).queues;
    expect(queue()).toMatchObject([{ label: 'Support desk', waiting: 1, live: { good: 0, of: 2 } }]);
    floor.setQueues(new Map([['main:support', { ...BRIEF, label: 'Help' }]]));
    expect(queue()).toMatchObject([{ label: 'Help', waiting: 1, live: { good: 0, of: 2 } }]);
    floor.setQueues(new Map());
    expect(queue()).toMatchObject([{ ref: 'main:support', label: 'support', target: 20, goal: 80, waiting: 1, live: { good: 1, of: 2 } }]);
    expect(floor.view(T - MINUTES).calls.map(({ queue: of }) => of)).toEqual(['main:support', 'main:support']);
  });
  test('a phone that rings for ever: its caller waits on, is a failure after T, and both go when Asterisk says so', async () => {
    let now = T;
    const floor = floorWith(0, () => now, [{ id: 3 }]);
    const story = new Story({ key: '1.1' }, T).queued(0, 'support').begin(0, 'offer', '101');
    for (const fact of story.facts) floor.hear(fact);
    now = T + 3_600_000;
    const view = () => floor.view(T - MINUTES);
    expect(view()).toMatchObject({ calls: [{ waitingSince: T, people: [{ extension: '101', at: 'ringing' }] }], queues: [{ waiting: 1, oldest: T }] }); // prettier-ignore
    expect(view().queues[0]!.today).toMatchObject({ serviceLevel: 0, of: 1 });
    await until(() => view().calls[0]!.standing, (standing) => standing?.complaints === 3); // prettier-ignore
    floor.hear(synced(now, []));
    expect(view()).toMatchObject({ calls: [], queues: [{ waiting: 0, today: { offered: 1, answered: 0, abandoned: 0 } }] });
  });
});

describe('one picture after the other', () => {
  const empty: Floor = { at: T, todaySince: 0, windowMinutes: 30, short: 5, queues: [], calls: [], up: 0, operators: [] };
  const operator = { userId: 1, name: 'Anna', pbx: 'main', extension: '101', state: 'available', reason: null, label: null, limitMinutes: 0, since: T, queues: [], call: null } as const; // prettier-ignore
  const withAnna = (change: object = {}): Floor => ({ ...empty, operators: [{ ...operator, queues: [], ...change }] });
  test('only what changed is told, and who is gone', () => {
    const differ = createDifference(empty);
    expect(differ({ ...empty, at: T + 1 })).toBeNull();
    expect(differ(withAnna())?.operators).toHaveLength(1);
    expect(differ(withAnna())).toBeNull();
    expect(differ(withAnna({ state: 'break' }))?.operators[0]!.state).toBe('break');
    expect(differ(empty)?.gone.operators).toEqual([1]);
  });
  test('a browser that reads too slowly gets nothing meanwhile, then the whole; at midnight all get it', () => {
    let now = withAnna();
    let clock = 0;
    const channel = createChannel(() => now, () => clock); // prettier-ignore
    const tick = () => {
      clock += TICK_MS;
      channel.tick();
    };
    const browser = (buffered: number) => {
      const sent: FloorFrame[] = [];
      return { sent, ws: { OPEN: 1 as const, readyState: 1 as const, bufferedAmount: buffered, send: (text: Buffer) => void sent.push(JSON.parse(text.toString()) as FloorFrame) } }; // prettier-ignore
    };
    const [quick, slow] = [browser(0), browser(10_000_000)];
    const join = (ws: object) => channel.join(ws as Parameters<typeof channel.join>[0]);
    join(quick.ws);
    const leave = join(slow.ws);
    for (const state of ['ringing', 'talking', 'wrap-up']) {
      now = withAnna({ state });
      tick();
    }
    expect(quick.sent).toHaveLength(4);
    expect(slow.sent).toHaveLength(1);
    slow.ws.bufferedAmount = 0;
    tick();
    expect(slow.sent).toEqual([expect.anything(), { floor: now }]);
    now = { ...now, todaySince: T };
    tick();
    expect(quick.sent.at(-1)).toEqual({ floor: now });
    leave();
    expect(channel.size()).toBe(1);
  });
  test('whenever a browser joins: at most four updates in any second, and in the end it shows what is', () => {
    let clock = 0;
    let now = withAnna();
    const channel = createChannel(() => now, () => clock); // prettier-ignore
    const browsers = Array.from({ length: 28 }, (_, n) => ({ joinsAt: n * 10, times: [] as number[], shown: empty }));
    for (; clock < 4000; clock += 10) {
      for (const browser of browsers.filter(({ joinsAt }) => joinsAt === clock)) {
        const send = (text: Buffer) => {
          const frame = JSON.parse(text.toString()) as FloorFrame;
          browser.times.push(clock);
          browser.shown = 'floor' in frame ? frame.floor : applied(browser.shown, frame.change);
        };
        channel.join({ OPEN: 1, readyState: 1, bufferedAmount: 0, send } as unknown as Parameters<typeof channel.join>[0]);
      }
      now = withAnna({ since: T + clock });
      if (clock % TICK_MS === 0) channel.tick();
    }
    for (const { times, shown } of browsers) {
      for (const [i, at] of times.entries()) expect((times[i + 4] ?? Infinity) - at).toBeGreaterThan(1000);
      expect(times.length).toBeGreaterThan(12);
      expect(shown.operators[0]!.since).toBe(T + Math.floor(3990 / TICK_MS) * TICK_MS);
    }
  });
});

eachDatabase((_, engine) => {
  let centre: Awaited<ReturnType<typeof startCallCentre>>;
  let boss: Awaited<ReturnType<typeof centre.signIn>>;
  const start = Date.now() - 60_000;
  beforeAll(async () => {
    centre = await startCallCentre(engine);
    boss = await centre.signIn('supervisor', { name: 'Boss' });
    await centre.db('queues').insert({ pbx: 'main', name: 'support', label: 'Support desk' });
  });
  afterAll(() => centre.close());
  const tell = (facts: readonly Fact[]) => facts.forEach((fact) => centre.bus.emit('cti.fact', fact));
  const floor = async (): Promise<Floor> => Floor.parse((await boss.get('/api/floor')).body);

  const watch = async (who: { cookie(): string }) => {
    const ws = new WebSocket(`${centre.url.replace('http', 'ws')}/live/floor`, { headers: { cookie: who.cookie(), origin: centre.url } });
    const frames: FloorFrame[] = [];
    const closed = new Promise<number>((resolve) => ws.on('close', resolve));
    ws.on('message', (data: Buffer) => frames.push(FloorFrame.parse(JSON.parse(data.toString()))));
    ws.on('error', () => {});
    return { ws, frames, closed };
  };

  test('a caller waits, is answered, goes: the picture, the changes, the figures', async () => {
    const { ws, frames } = await watch(boss);
    await until(
      () => frames.length,
      (n) => n > 0,
    );
    expect(frames[0]).toHaveProperty('floor');
    await centre.anna.post('/api/agents/shift', { on: true });
    tell([synced(start)]); // the queues are read again
    const story = new Story({ key: '5.1' }, start).queued(10, 'support');
    tell(story.facts);
    const waiting = await until(floor, (f) => f.calls[0]?.clients?.length === 1 && f.operators.length === 1);
    expect(waiting.calls[0]).toMatchObject({ ref: 'main:5.1', queue: 'main:support', number: '+79161234567', waitingSince: start + 10 });
    expect(waiting.calls[0]!.clients![0]).toMatchObject({ id: centre.ivan });
    const queueOf = (f: Floor) => f.queues.find((q) => q.ref === 'main:support')!;
    // A minute already: longer than T.
    expect(queueOf(waiting)).toMatchObject({
      label: 'Support desk',
      waiting: 1,
      oldest: start + 10,
      live: { serviceLevel: 0, offered: 1 },
    });
    expect(waiting.operators[0]).toMatchObject({ name: 'Anna', extension: '101', state: 'available', call: null });

    // how the relationship stands, and that somebody complains meanwhile
    const standing = async () => (await floor()).calls[0]?.standing;
    expect(await until(standing, (known) => known != null)).toEqual({ stage: { ru: 'Новый', en: 'New' }, complaints: 0 });
    const { categories } = (await boss.get('/api/complaints/setup')).body;
    const category = categories.find((one: { kind: string }) => one.kind === 'category').id;
    expect((await boss.post('/api/complaints', { categoryId: category, subject: 'Rude', clientId: centre.ivan })).status).toBe(201);
    await until(standing, (known) => known?.complaints === 1);

    const before = story.facts.length;
    story.begin(1000, 'offer', '101', 'support').end(4000, 'offer', 'answered', '101').end(4000, 'queue', 'answered').begin(4000, 'talk', '101'); // prettier-ignore
    tell(story.facts.slice(before));
    const talking = await until(floor, (f) => f.calls[0]?.people[0]?.at === 'talking');
    expect(queueOf(talking)).toMatchObject({ waiting: 0, oldest: null, live: { serviceLevel: 1, answered: 1, asa: 3990 } });
    expect(talking.calls[0]).toMatchObject({
      waitingSince: null,
      people: [{ extension: '101', userId: centre.anna.userId, name: 'Anna' }],
    });
    expect(talking.operators[0]!.call).toBe('main:5.1');

    /** What the browser makes of what it was sent. */
    const seen = () => frames.reduce<Floor | null>((shown, frame) => ('floor' in frame ? frame.floor : shown && applied(shown, frame.change)), null); // prettier-ignore
    await until(seen, (shown) => shown?.calls[0]?.people[0]?.at === 'talking');
    story.end(9000, 'talk', 'customer').hangup(9000, 'completed');
    tell(story.facts.slice(-2));
    const over = await until(floor, (f) => f.calls.length === 0);
    expect(queueOf(over).live).toMatchObject({ answered: 1, offered: 1 });
    await until(seen, (shown) => shown?.calls.length === 0);
    expect(frames.some((frame) => 'change' in frame && frame.change.gone.calls.includes('main:5.1'))).toBe(true);
    ws.close();
    await centre.anna.post('/api/agents/shift', { on: false });
    await until(floor, (f) => f.operators.length === 0);
  });

  test('a call that the bridge no longer has is gone; two that became one are one; what only the log knows is counted after a start', async () => {
    const lost = new Story({ key: '6.1' }, start).queued(10, 'sales');
    const [one, two] = [new Story({ key: '6.2' }, start).queued(10, 'sales'), new Story({ key: '6.3' }, start).queued(20, 'sales')];
    tell([...lost.facts, ...one.facts, ...two.facts]);
    await until(floor, (f) => f.calls.length === 3);
    one.merge(30, two.call);
    tell(one.facts.slice(-1));
    tell([synced(start + 50, ['6.2'])]);
    const left = await until(floor, (f) => f.calls.length === 1);
    expect(left.calls[0]!.ref).toBe('main:6.2');
    expect(left.queues.find((q) => q.ref === 'main:sales')!.live.offered).toBe(3);
    tell([synced(start + 60, [])]);

    await centre.write(answered('7.1', '101', start).facts);
    const second = await startCallCentre(engine);
    try {
      await second.write(answered('7.1', '101', start).facts);
      const chief = await second.signIn('supervisor', { name: 'Chief' });
      // The log is read at the start and after a synced PBX; this call was written behind its back.
      const read = async () => Floor.parse((await chief.get('/api/floor')).body).queues.find((q) => q.ref === 'main:support')?.live.answered; // prettier-ignore
      second.bus.emit('cti.fact', synced(start, []));
      await until(read, (n) => n === 1);
    } finally {
      await second.close();
    }
  });

  test('for supervisors and administrators alone', async () => {
    expect((await centre.anna.get('/api/floor')).status).toBe(403);
    expect((await centre.admin.get('/api/floor')).status).toBe(200);
    expect(await (await watch(centre.anna)).closed).toBe(4403);
    expect(await (await watch({ cookie: () => 'allo=none' })).closed).toBe(4401);
    const talker = await watch(boss);
    await until(
      () => talker.frames.length,
      (n) => n > 0,
    );
    talker.ws.send('hello');
    expect(await talker.closed).toBe(1008);
  });

  test('thresholds: mine, for all queues and for one; bad ones change nothing', async () => {
    const all = { queue: '', waitSeconds: 30, serviceLevel: null };
    const one = { queue: 'main:support', waitSeconds: 10, serviceLevel: 90 };
    expect((await boss.get('/api/floor/thresholds')).body.items).toEqual([{ queue: '', waitSeconds: 60, serviceLevel: null }]);
    await boss.put('/api/floor/thresholds', all);
    expect((await boss.put('/api/floor/thresholds', one)).body.items).toEqual([all, one]);
    for (const bad of [
      { ...one, queue: 'main:none' },
      { ...one, waitSeconds: 0 },
      { ...one, serviceLevel: 101 },
      { ...one, queue: 'nonsense' },
    ])
      expect((await boss.put('/api/floor/thresholds', bad)).status, JSON.stringify(bad)).toBeGreaterThanOrEqual(400);
    expect((await boss.get('/api/floor/thresholds')).body.items).toEqual([all, one]);
    expect((await centre.admin.get('/api/floor/thresholds')).body.items).toHaveLength(1);
    expect((await centre.anna.put('/api/floor/thresholds', one)).status).toBe(403);
  });
});
