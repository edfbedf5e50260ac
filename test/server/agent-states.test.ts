import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Fact } from '../../cti/index.ts';
import { activitiesOf, createActivities } from '../../server/agents/activity.ts';
import { createStateClock } from '../../server/agents/clock.ts';
import { stateOf } from '../../server/agents/state.ts';
import { startCallCentre, until } from '../support/call-centre.ts';
import { eachDatabase } from '../support/db.ts';
import { Story, answered, synced } from '../support/facts.ts';

const T = 1_790_000_000_000;

describe('what a phone is at', () => {
  const story = () => new Story({ key: '1.1' }, T).queued(0, 'support').begin(1, 'offer', '101', 'support');
  const at = (call: ReturnType<typeof story>) => Object.fromEntries(activitiesOf(call.call));
  test('rung, talking, hold, asking a colleague, gone', () => {
    const s = story();
    expect(at(s)).toEqual({ 101: 'ringing' });
    s.end(2, 'offer', 'answered', '101').begin(2, 'talk', '101');
    expect(at(s)).toEqual({ 101: 'talking' });
    s.begin(3, 'hold', '101');
    expect(at(s)).toEqual({ 101: 'hold' });
    s.begin(4, 'consult', '101');
    expect(at(s)).toEqual({ 101: 'talking' });
    s.end(5, 'consult', 'agent', '101').end(6, 'hold', 'agent', '101').end(7, 'talk', 'agent', '101');
    expect(at(s)).toEqual({});
  });
  test('who makes a call dials until it is answered', () => {
    const s = new Story({ key: '2.1', direction: 'out', initiator: '101' }, T);
    expect(at(s)).toEqual({ 101: 'dialling' });
    s.begin(1, 'talk', '101');
    expect(at(s)).toEqual({ 101: 'talking' });
  });
  test('of two calls the one that is talked in; merged and forgotten ones count no more', () => {
    const activities = createActivities();
    const [one, two] = [answered('1.1'), new Story({ key: '1.2' }, T).begin(0, 'offer', '101')];
    const talks = one.facts.filter((f) => !('call' in f) || f.call.endedAt === null).slice(0, -1);
    for (const fact of [...talks, ...two.facts]) activities.hear(fact);
    expect(activities.of('main', '101')).toEqual({ activity: 'talking', call: 'main:1.1' });
    expect(activities.hear(synced(T, ['1.2']))).toEqual(['101']);
    expect(activities.of('main', '101')).toEqual({ activity: 'ringing', call: 'main:1.2' });
    activities.hear(synced(T, []));
    expect(activities.of('main', '101')).toEqual({ activity: null, call: 'main:1.1' });
    expect(activities.of('other', '101')).toEqual({ activity: null, call: null });
  });
});

test.each([
  [false, 'talking', [], 'offline'],
  [true, 'talking', ['break', 'unreachable'], 'talking'],
  [true, null, ['break', 'wrap-up', 'unreachable'], 'unreachable'],
  [true, null, ['break', 'wrap-up'], 'wrap-up'],
  [true, null, ['break'], 'break'],
  [true, null, [], 'available'],
] as const)('on shift %s, at %s, paused for %s: %s', (onShift, activity, reasons, state) => {
  const pauses = reasons.map((reason) => ({ reason, detail: reason === 'break' ? 'lunch' : null }));
  expect(stateOf({ onShift, doing: { activity, call: 'main:1' }, pauses }).state).toBe(state);
});

eachDatabase((_, engine) => {
  let centre: Awaited<ReturnType<typeof startCallCentre>>;
  let clock: ReturnType<typeof createStateClock>;
  beforeAll(async () => {
    centre = await startCallCentre(engine);
    clock = createStateClock(centre.app.deps);
    clock.hear(synced(T));
  });
  beforeEach(async () => {
    for (const table of ['agent_states', 'agent_pauses', 'shifts', 'shift_queues']) await centre.db(table).delete();
  });
  afterAll(async () => {
    await clock.close();
    await centre.close();
  });
  const rows = () => centre.db('agent_states').where('user_id', centre.anna.userId).orderBy('id');
  const now = async () => (await rows()).at(-1)?.state;
  const hear = (facts: readonly Fact[]) => facts.forEach((fact) => clock.hear(fact));
  const shift = (on: boolean, who = centre.anna) => who.post('/api/agents/shift', { on });

  test('a call: rung, talking, available, with the call it was', async () => {
    await shift(true);
    hear(answered('1.1').facts);
    await until(rows, (all) => all.length >= 4);
    expect((await rows()).map((r) => [r.state, r.call_ref])).toEqual([
      ['available', null],
      ['ringing', 'main:1.1'],
      ['talking', 'main:1.1'],
      ['available', null],
    ]);
  });

  test('a break in a call begins after it, and is lifted by the end of the shift', async () => {
    await shift(true);
    const facts = answered('2.1').facts;
    hear(facts.slice(0, -2));
    await until(now, (state) => state === 'talking');
    const { status, body } = await centre.anna.post('/api/agents/break', { reason: 'lunch' });
    expect(status).toBe(200);
    expect(body.break).toEqual({ reason: 'lunch', since: null, limitMinutes: 60 });
    expect(await now()).toBe('talking');
    hear(facts.slice(-2));
    await until(now, (state) => state === 'break');
    const began = (await rows()).at(-1);
    expect(began).toMatchObject({ reason: 'lunch', ended_at: null });
    expect((await centre.anna.get('/api/agents/me')).body.break.since).toBe(began.started_at);
    await shift(false);
    expect(await now()).toBe('offline');
    await shift(true);
    expect((await centre.anna.get('/api/agents/me')).body.break).toBeNull();
    expect(await now()).toBe('available');
  });

  test('not on shift, unknown reasons, not for others', async () => {
    expect(await centre.anna.post('/api/agents/break', { reason: 'lunch' })).toMatchObject({ status: 409 });
    await shift(true);
    expect(await centre.anna.post('/api/agents/break', { reason: 'beach' })).toMatchObject({ status: 400 });
    expect((await centre.boris.post(`/api/agents/${centre.anna.userId}/break`, { reason: 'lunch' })).status).toBe(403);
    expect((await centre.admin.post(`/api/agents/${centre.anna.userId}/break`, { reason: 'rest' })).status).toBe(204);
    await until(now, (state) => state === 'break');
    expect((await centre.anna.post('/api/agents/break', { reason: null })).body.break).toBeNull();
    await until(now, (state) => state === 'available');
    expect((await centre.anna.get('/api/agents/break-reasons')).body.items.map((r: { code: string }) => r.code)).toContain('lunch');
  });

  test('what is said again, and what the sweep finds, adds nothing; a PBX that is away says nothing', async () => {
    await shift(true);
    const facts = answered('3.1').facts;
    const up = facts.slice(0, -2);
    hear([...up, up.at(-1)!, up.at(-1)!]);
    await until(now, (state) => state === 'talking');
    const before = (await rows()).length;
    clock.hear(synced(T, ['3.1']));
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect((await rows()).length).toBe(before);
    clock.hear({
      kind: 'pbx.status',
      pbx: 'main',
      at: T,
      status: { name: 'main', state: 'offline', since: T, reason: 'gone', clockOffsetMs: null },
    });
    hear(facts.slice(-2));
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(await now()).toBe('talking');
    clock.hear(synced(T));
    await until(now, (state) => state === 'available');
  });

  const away = () => {
    const status = { name: 'main', state: 'offline' as const, since: T, reason: 'gone', clockOffsetMs: null };
    clock.hear({ kind: 'pbx.status', pbx: 'main', at: T, status });
  };

  const lose = async (is: boolean) => {
    // of the phone in a browser; of a device that the PBX has not named nothing is known, and nothing is changed by itself
    await centre.db('shifts').where('user_id', centre.anna.userId).update({ mode: 'softphone' });
    const { pauses } = centre.app.deps;
    await centre.db.transaction((trx) => (is ? pauses.hold : pauses.lift)(trx, centre.anna.userId, 'unreachable'));
  };

  test('a phone that is lost, and a break, are in the table although the PBX is away from before they begin until after they end', async () => {
    const { anna } = centre;
    await shift(true);
    const past = async () => (await rows()).map((row) => [row.state, row.reason, row.ended_at === null]);
    away();
    await anna.post('/api/agents/break', { reason: 'lunch' });
    await anna.post('/api/agents/break', { reason: null });
    await lose(true);
    await lose(false);
    const all = [
      ['available', null, false],
      ['break', 'lunch', false],
      ['available', null, false],
      ['unreachable', null, false],
      ['available', null, true],
    ];
    expect(await past()).toEqual(all);
    clock.hear(synced(T));
    await shift(true);
    expect(await past()).toEqual(all);
    const each = await rows();
    for (const [i, row] of each.slice(1).entries()) expect(each[i]!.ended_at).toBe(row.started_at);
  });

  test('a phone that is lost in a call: the call is what they are at, also when the PBX comes back; then the lost phone', async () => {
    await shift(true);
    const facts = answered('4.1').facts;
    hear(facts.slice(0, -2));
    await until(now, (state) => state === 'talking');
    await lose(true);
    expect(await now()).toBe('talking');
    away();
    clock.hear(synced(T, []));
    await until(now, (state) => state === 'unreachable');
    await lose(false);
    expect(await now()).toBe('available');
  });

  test('random days: every moment of the shift is in one state, without a gap or an overlap', async () => {
    let seed = 11;
    const next = () => (seed = (seed * 1_664_525 + 1_013_904_223) % 2 ** 32) / 2 ** 32;
    await shift(true);
    for (let i = 0; i < 40; i += 1) {
      const pick = next();
      if (pick < 0.6) hear(answered(`9.${i}`).facts.slice(0, next() < 0.3 ? -2 : undefined));
      else if (pick < 0.75) await centre.anna.post('/api/agents/break', { reason: next() < 0.5 ? 'lunch' : null });
      else if (pick < 0.85) await shift(next() < 0.5);
      else clock.hear(synced(T));
      if (next() < 0.3) await new Promise((resolve) => setTimeout(resolve, 5));
    }
    await shift(false);
    clock.hear(synced(T));
    await until(now, (state) => state === 'offline');
    const all = await rows();
    expect(all.length).toBeGreaterThan(3);
    for (const [i, row] of all.slice(1).entries()) expect(all[i]!.ended_at).toBe(row.started_at);
    expect(all.filter((row) => row.ended_at === null)).toHaveLength(1);
    expect(all.every((row) => row.ended_at === null || row.ended_at >= row.started_at)).toBe(true);
  });
});
