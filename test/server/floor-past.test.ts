import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Fact } from '../../cti/index.ts';
import type { Floor } from '../../server/floor/contract.ts';
import { standAt } from '../../server/callbacks/past.ts';
import type { AttemptRow } from '../../server/callbacks/rows.ts';
import { callBackStore } from '../../server/callbacks/store.ts';
import { callAt, tallyAt } from '../../server/floor/past.ts';
import { createTally, visitsOf } from '../../server/floor/tally.ts';
import { startCallCentre, until } from '../support/call-centre.ts';
import { eachDatabase } from '../support/db.ts';
import { Story, synced } from '../support/facts.ts';

const T = 1_790_000_040_000;
const RULE = { target: 20, short: 5 };
/** Each queue has a target of its own. */
const ruleOf = (queue: string) => ({ ...RULE, target: queue.endsWith('1') ? 45 : 20 });

test('a call as it was told at each moment of its life is what its end still says of that moment', () => {
  const story = new Story({ key: '1.1' }, T).queued(1000, 'support').begin(2000, 'offer', '101');
  story.end(5000, 'offer', 'answered', '101').end(5000, 'queue', 'answered').begin(5000, 'talk', '101');
  story.begin(7000, 'hold', '101').end(8000, 'hold', 'agent', '101').end(9000, 'talk', 'customer').hangup(9000, 'completed');
  const last = story.facts.at(-1)!.at;
  for (let at = T - 500; at < T + 10_000; at += 250) {
    const told = story.facts.filter((fact) => fact.at <= at).at(-1);
    const live = told && 'call' in told && told.at < last ? told.call : null;
    expect(callAt(story.call, at), String(at - T)).toEqual(live);
  }
});

test('counts of random visits at random moments are those that were counted then', () => {
  let seed = 11;
  const random = (n: number) => (seed = (seed * 48271) % 2147483647) % n;
  const ends = ['answered', 'abandoned', 'timeout', 'transferred'];
  const visits = Array.from({ length: 300 }, () => {
    const from = T + random(1_800_000);
    return { queue: `main:q${random(3)}`, from, to: from + random(60_000), end: ends[random(4)]! };
  });
  const byQueue = new Map([0, 1, 2].map((n) => [`main:q${n}`, visits.filter(({ queue }) => queue === `main:q${n}`)]));
  for (let i = 0; i < 40; i++) {
    const at = T + random(1_900_000);
    const live = createTally(ruleOf);
    for (const [n, { queue, from, to, end }] of visits.entries())
      if (from <= at) live.set(`main:${n}`, visitsOf('main', [{ kind: 'queue', queue: queue.slice(5), from, to: to <= at ? to : null, endReason: to <= at ? end : null }])); // prettier-ignore
    const past = tallyAt(byQueue, () => at, ruleOf);
    for (const queue of byQueue.keys())
      for (const since of [T, at - 600_000]) expect(past.counts(queue, since)).toEqual(live.counts(queue, since));
  }
});

test.each([0, 300_000, -300_000])('whose turn it was, by our clock, with the clock of the PBX %i ms off', (offset) => {
  const attempt = (n: number, more: Partial<AttemptRow>) =>
    ({ id: n, callback_id: 1, n, pbx: 'main', channel_id: `allo-cb1_${n}`, answered_at: null, cause: null, ...more }) as AttemptRow;
  const attempts = [
    attempt(1, { state: 'settled', placed_at: T + 10_000, ended_at: T + 40_000 + offset, result: 'no-answer', next_at: T + 100_000 }),
    attempt(2, { state: 'open', placed_at: T + 110_000, answered_at: T + 120_000 + offset, ended_at: null, result: null, next_at: null }),
  ];
  const at = (ms: number) => standAt({ created_at: T }, attempts, T + ms, offset);
  const stand = { answered: false, dialling: false, attempts: 0, nextAt: T };
  expect(at(5_000)).toEqual(stand);
  expect(at(39_000)).toEqual({ ...stand, dialling: true });
  expect(at(41_000)).toEqual({ ...stand, attempts: 1, nextAt: T + 100_000 });
  expect(at(115_000)).toEqual({ ...stand, dialling: true, attempts: 1, nextAt: T + 100_000 });
  expect(at(121_000)).toEqual({ ...stand, answered: true, attempts: 1, nextAt: T + 100_000 });

  // The queue closed before the first attempt, and again after it.
  const putOffs = [2_000, 60_000].map((ms) => ({ callback_id: 1, at: T + ms, next_at: T + ms + 7_000 }));
  const nextAt = (ms: number) => standAt({ created_at: T }, attempts, T + ms, offset, putOffs).nextAt - T;
  expect([1_000, 3_000, 39_000, 41_000, 59_000, 61_000].map(nextAt)).toEqual([0, 9_000, 9_000, 100_000, 100_000, 67_000]);
});

eachDatabase((_, engine) => {
  let centre: Awaited<ReturnType<typeof startCallCentre>>;
  let boss: Awaited<ReturnType<typeof centre.signIn>>;
  beforeAll(async () => {
    centre = await startCallCentre(engine);
    boss = await centre.signIn('supervisor', { name: 'Boss' });
    await centre.db('queues').insert(['support', 'sales'].map((name) => ({ pbx: 'main', name, label: `${name} desk` })));
    centre.bus.emit('cti.fact', synced(Date.now()));
  });
  afterAll(() => centre.close());

  /** How far a client had come then, and what they complained of, is not kept. */
  const withoutStanding = (floor: Floor): Floor => ({ ...floor, calls: floor.calls.map((call) => ({ ...call, standing: null })) });
  const sorted = ({ queues, calls, operators, ...rest }: Floor) => ({
    ...rest,
    queues,
    calls: [...calls].sort((a, b) => (a.ref < b.ref ? -1 : 1)),
    operators: [...operators].sort((a, b) => a.userId - b.userId),
  });

  test('the picture made of the log for a moment is the one that was live then', async () => {
    const { anna, boris } = centre;
    const live = async (): Promise<Floor> => (await boss.get('/api/floor')).body;
    const kept: Floor[] = [];
    const told = new Map<Story, number>();
    /** Facts happen now; the picture is kept when the floor has them. */
    const step = async (stories: readonly Story[], shows: (floor: Floor) => boolean) => {
      for (const story of stories) {
        const news: Fact[] = story.facts.slice(told.get(story) ?? 0);
        told.set(story, story.facts.length);
        news.forEach((fact) => centre.bus.emit('cti.fact', fact));
        await centre.write(news);
      }
      kept.push(await until(live, shows));
      await new Promise((resolve) => setTimeout(resolve, 20));
    };
    const start = { at: 0 };
    const now = () => Date.now() - start.at;
    const callOf = (floor: Floor, key: string) => floor.calls.find(({ ref }) => ref === `main:${key}`);

    await step([], (floor) => floor.queues.length === 2);
    await anna.post('/api/agents/shift', { on: true });
    await boris.post('/api/agents/shift', { on: true });
    await step([], ({ operators }) => operators.length === 2);
    start.at = Date.now();
    const one = new Story({ key: '11.1' }, start.at).queued(now(), 'support');
    const two = new Story({ key: '12.1', from: '84951112233' }, start.at).queued(now(), 'sales');
    await step([one, two], (floor) => callOf(floor, '11.1')?.clients?.length === 1 && callOf(floor, '12.1')?.clients?.length === 0);
    one.begin(now(), 'offer', '101');
    await step([one], (floor) => callOf(floor, '11.1')?.people[0]?.at === 'ringing');
    one.end(now(), 'offer', 'answered', '101').end(now(), 'queue', 'answered').begin(now(), 'talk', '101');
    await step([one], (floor) => callOf(floor, '11.1')?.people[0]?.at === 'talking');
    await boris.post('/api/agents/break', { reason: 'lunch' });
    await step([], ({ operators }) => operators.some(({ state }) => state === 'break'));
    two.end(now(), 'queue', 'abandoned').hangup(now(), 'abandoned');
    await step([two], (floor) => !callOf(floor, '12.1'));
    const out = new Story({ key: '13.1', direction: 'out', from: '102', to: '89161234567', initiator: '102' }, Date.now());
    await step([out], (floor) => callOf(floor, '13.1')?.people[0]?.at === 'dialling' && callOf(floor, '13.1')?.clients?.length === 1);
    one.end(now(), 'talk', 'customer').hangup(now(), 'completed');
    await step([one], (floor) => !callOf(floor, '11.1'));
    await anna.post('/api/agents/shift', { on: false });
    await step([], ({ operators }) => operators.length === 1);
    out.hangup(Date.now() - out.call.startedAt, 'no-answer');
    await step([out], ({ calls }) => calls.length === 0);

    expect(kept.length).toBe(11);
    for (const [i, picture] of kept.entries()) {
      const rebuilt = await boss.get(`/api/floor/at?at=${picture.at}`);
      expect(rebuilt.status).toBe(200);
      expect(sorted(rebuilt.body as Floor), `picture ${i}`).toEqual(sorted(withoutStanding(picture)));
    }
    expect(kept[4]!.operators.every(({ queues }) => Array.isArray(queues))).toBe(true);
  });

  test('who kept a place in a queue is in it: before the key, waiting, being called, refused, in vain', async () => {
    const { db, app, admin } = centre;
    const always = { workdays: { from: 0, to: 1440 }, freeDays: { from: 0, to: 1440 } };
    const rule = { offered: true, key: '1', attempts: 3, minutes: 1, hours: always, sound: '' };
    const { id: queueId } = (await db('queues').where({ name: 'sales' }).first('id')) as { id: number };
    expect((await admin.patch(`/api/queues/${queueId}`, { callBack: rule })).status).toBe(200);
    const kept: Floor[] = [];
    const keep = async (shows: (floor: Floor) => boolean) => {
      const whole = (floor: Floor) => floor.calls.every(({ clients }) => clients !== null) && shows(floor);
      kept.push(await until(async () => (await boss.get('/api/floor')).body as Floor, whole));
      await new Promise((resolve) => setTimeout(resolve, 20));
    };
    const check = async () => {
      for (const [i, picture] of kept.splice(0).entries()) {
        const rebuilt = await boss.get(`/api/floor/at?at=${picture.at}`);
        expect(sorted(rebuilt.body as Floor), `picture ${i}`).toEqual(sorted(withoutStanding(picture)));
      }
    };
    const told = new Map<Story, number>();
    const tell = async (...stories: Story[]) => {
      for (const story of stories) {
        const news: Fact[] = story.facts.slice(told.get(story) ?? 0);
        told.set(story, story.facts.length);
        news.forEach((fact) => centre.bus.emit('cti.fact', fact));
        await centre.write(news);
      }
    };
    const find = (floor: Floor, key: string) => floor.calls.find(({ ref }) => ref === `main:${key}`);
    const isKept = (dialling: boolean, attempts: number) => (floor: Floor) => {
      const place = find(floor, '21.1')?.callBack;
      return place?.dialling === dialling && place.attempts === attempts;
    };
    const start = Date.now() - 3_000;
    const [one, two] = [new Story({ key: '21.1', from: '89161234567' }, start), new Story({ key: '22.1', from: '84951112255' }, start)];
    await tell(one.queued(0, 'sales'), two.queued(0, 'sales'));
    await keep((floor) => floor.calls.length === 2);
    for (const story of [one, two]) story.end(Date.now() - start, 'queue', 'call-back').hangup(Date.now() - start, 'no-answer');
    await tell(one, two);
    await keep((floor) => floor.calls.length === 2 && floor.calls.every(({ callBack }) => callBack !== null));

    const rowOf = async (key: string) => (await db('callbacks').where({ linkedid: key }).first('id')) as { id: number };
    const place = async () => {
      const { id } = await rowOf('21.1');
      // the minute until it is tried again has passed
      await db('callbacks').where({ id }).where('tries', '>', 0).update({ next_at: start });
      await db('callback_attempts').where({ callback_id: id }).update({ next_at: start });
      const placed = (await callBackStore(app.deps, 'main').claim(id))!;
      return { ...placed, story: () => new Story({ key: placed.channelId, direction: 'out', from: '', to: placed.number }, Date.now()) };
    };
    const since = (story: Story) => Date.now() - story.call.startedAt;

    await check();
    const refused = await place();
    await keep(isKept(true, 0));
    await callBackStore(app.deps, 'main').unplaced(refused.attemptId);
    await keep(isKept(false, 0));

    await check();
    const second = await place();
    await keep(isKept(true, 0));
    const inVain = second.story();
    await tell(inVain);
    await keep((floor) => floor.calls.length === 3);
    inVain.hangup(since(inVain), 'no-answer', 19);
    await tell(inVain);
    await keep(isKept(false, 1));
    await check();

    // its queue closes, and puts it off
    const { timeZone } = await app.deps.calendars.of(null);
    const [hour, minute] = new Intl.DateTimeFormat('en-GB', { timeZone, hour: '2-digit', minute: '2-digit' }).format(Date.now()).split(':').map(Number) as [number, number]; // prettier-ignore
    const from = (hour * 60 + minute + 600) % 1_439;
    const later = { from, to: from + 1 };
    expect((await admin.patch(`/api/queues/${queueId}`, { callBack: { ...rule, hours: { workdays: later, freeDays: later } } })).status).toBe(200); // prettier-ignore
    const { id: oneId } = await rowOf('21.1');
    await db('callbacks').where({ id: oneId }).update({ next_at: start });
    await db('callback_attempts').where({ callback_id: oneId }).update({ next_at: start });
    await callBackStore(app.deps, 'main').due();
    await keep((floor) => (find(floor, '21.1')?.callBack?.nextAt ?? 0) > Date.now() + 3_600_000);
    await check();
    await db('callback_put_offs').where({ callback_id: oneId }).update({ next_at: start });
    expect((await admin.patch(`/api/queues/${queueId}`, { callBack: rule })).status).toBe(200);

    // reached: their visit is the one in which they asked, in both pictures
    const third = await place();
    const reached = third.story();
    reached.queued(since(reached), 'sales');
    await tell(reached);
    await keep((floor) => find(floor, third.channelId)?.waitingSince != null);
    reached.end(since(reached), 'queue', 'answered').begin(since(reached), 'talk', '101', 'sales');
    await tell(reached);
    await keep((floor) => find(floor, third.channelId)?.people.length === 1);
    await check();
  });

  test('a moment that is not yet, that is none, somebody who may not, a day before anything', async () => {
    for (const at of [Date.now() + 60_000, 'x', -1, '']) expect((await boss.get(`/api/floor/at?at=${at}`)).status).toBe(400);
    expect((await centre.anna.get(`/api/floor/at?at=${T}`)).status).toBe(403);
    const { body } = await boss.get(`/api/floor/at?at=${T}`);
    expect(body).toMatchObject({ calls: [], operators: [], at: T });
    expect(body.queues.map(({ today }: { today: { offered: number } }) => today.offered)).toEqual([0, 0]);
  });
});
