import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import type { Fact } from '../../cti/index.ts';
import { createChannel } from '../../server/floor/channel.ts';
import { Floor, FloorFrame } from '../../server/floor/contract.ts';
import { createTally, figuresOf, visitsOf } from '../../server/floor/tally.ts';
import { createDifference, peopleIn } from '../../server/floor/view.ts';
import { createCells } from '../../server/reports/cells.ts';
import { queueFigures } from '../../server/reports/figures.ts';
import { measured } from '../support/figures.ts';
import { startCallCentre, until } from '../support/call-centre.ts';
import { eachDatabase } from '../support/db.ts';
import { Story, answered, synced } from '../support/facts.ts';

const T = 1_790_000_040_000;
const ruleOf = () => ({ target: 20, short: 5 });

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
    const channel = createChannel(() => now);
    const browser = (buffered: number) => {
      const sent: FloorFrame[] = [];
      return { sent, ws: { OPEN: 1 as const, readyState: 1 as const, bufferedAmount: buffered, send: (text: string) => void sent.push(JSON.parse(text) as FloorFrame) } }; // prettier-ignore
    };
    const [quick, slow] = [browser(0), browser(10_000_000)];
    const join = (ws: object) => channel.join(ws as Parameters<typeof channel.join>[0]);
    join(quick.ws);
    const leave = join(slow.ws);
    for (const state of ['ringing', 'talking', 'wrap-up']) {
      now = withAnna({ state });
      channel.tick();
    }
    expect(quick.sent).toHaveLength(4);
    expect(slow.sent).toHaveLength(1);
    slow.ws.bufferedAmount = 0;
    channel.tick();
    expect(slow.sent).toEqual([expect.anything(), { floor: now }]);
    now = { ...now, todaySince: T };
    channel.tick();
    expect(quick.sent.at(-1)).toEqual({ floor: now });
    leave();
    expect(channel.size()).toBe(1);
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

    const told = (isSo: (frame: FloorFrame) => boolean) =>
      until(
        () => frames,
        (all) => all.some(isSo),
      );
    await told((frame) => 'change' in frame && frame.change.calls.some((call) => call.people[0]?.at === 'talking'));
    story.end(9000, 'talk', 'customer').hangup(9000, 'completed');
    tell(story.facts.slice(-2));
    const over = await until(floor, (f) => f.calls.length === 0);
    expect(queueOf(over).live).toMatchObject({ answered: 1, offered: 1 });
    await told((frame) => 'change' in frame && frame.change.gone.calls.includes('main:5.1'));
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
