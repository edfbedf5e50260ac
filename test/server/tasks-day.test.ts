import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { capacityOf, scoreOf, takenOf, urgencyOf } from '../../server/tasks/day.ts';
import { startCallCentre } from '../support/call-centre.ts';
import { engines } from '../support/db.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

test('value x urgency', () => {
  const task = (priority: 'low' | 'normal' | 'high', kind: 'task' | 'call-back', hours: number) => ({
    priority,
    kind,
    dueAt: hours * HOUR,
  });
  // a promise to an active client at three hours left goes before a plain task that is an hour late
  expect(scoreOf(task('high', 'call-back', 3), 'active', 0)).toBeGreaterThan(scoreOf(task('normal', 'task', -1), null, 0));
  expect(scoreOf(task('normal', 'task', -1), null, 0)).toBeGreaterThan(scoreOf(task('normal', 'task', 1), null, 0));
  expect(urgencyOf(0, 0)).toBe(4);
  let before = Infinity;
  for (let left = -200; left <= 200; left += 0.5) {
    const urgency = urgencyOf(left * HOUR, 0);
    expect(urgency).toBeLessThanOrEqual(before);
    expect(urgency).toBeGreaterThan(0);
    expect(urgency).toBeLessThanOrEqual(8);
    before = urgency;
  }
});

test('what a day holds', () => {
  const span = (from: number, to: number) => ({ from: from * HOUR, to: to * HOUR });
  const work = [span(9, 13), span(14, 18)];
  expect(takenOf(work, [span(8, 10), span(9.5, 11), span(12.5, 14.5), span(17, 20)])).toBe(4 * HOUR);
  expect(capacityOf(work, [span(9, 11)], 0.5, 200)).toEqual({ work: 480, meetings: 120, calls: 180, planned: 200, free: -20 });
  expect(capacityOf([], [span(9, 11)], 3, 10)).toEqual({ work: 0, meetings: 0, calls: 0, planned: 10, free: -10 });
});

describe.each(engines)('%s', (engine) => {
  let centre: Awaited<ReturnType<typeof startCallCentre>>;
  beforeAll(async () => {
    centre = await startCallCentre(engine);
  });
  afterAll(() => centre?.close());

  test('the day by score, its capacity, a task too much and the day that is proposed', async () => {
    const sales = (await centre.admin.post('/api/rights/departments', { name: 'sales' })).body.department.id as number;
    const igor = await centre.signIn('operator', { name: 'Igor', departmentId: sales });
    const vera = await centre.signIn('supervisor', { name: 'Vera', departmentId: sales });
    // works round the clock, whatever hour and holiday this runs on
    const always = Array.from({ length: 7 }, () => [{ from: 0, to: 1440 }]);
    expect((await vera.put(`/api/schedules/${igor.userId}`, { version: 0, kind: 'week', week: always, holidays: false })).status).toBe(200);
    const now = Date.now();
    const make = async (text: string, draft: object) => (await igor.post('/api/tasks', { text, ...draft })).body.task.id as number;
    const late = await make('late', { dueAt: now - HOUR });
    const promise = await make('promise', { dueAt: now + 20 * 60_000, kind: 'call-back', priority: 'high', clientId: centre.ivan });
    const whenever = await make('whenever', { dueAt: now + 22 * 60_000, priority: 'low' });
    const day = (await igor.get('/api/tasks/day')).body;
    expect(day.items.map(({ task }: { task: { id: number } }) => task.id)).toEqual([promise, late, whenever]);
    expect(day.days).toHaveLength(2);
    // in two days, so that today's end is far: 24 hours of work, two of meetings, twelve planned
    const at = Math.ceil(now / DAY) * DAY + 2 * DAY + 9 * HOUR;
    const start = new Date(at).toISOString().slice(0, 16);
    expect((await igor.post('/api/meetings', { title: 'Two hours', start, minutes: 120, timeZone: 'UTC' })).status).toBe(201);
    await make('long', { dueAt: at, estimate: 720 });
    const ask = async (query: string, who = igor) => who.get(`/api/tasks/capacity?dueAt=${at}&${query}`);
    expect((await ask('kind=call-back')).body).toMatchObject({ fits: true, needed: 10, proposal: null, day: { work: 1440, meetings: 120, calls: 0, planned: 720, free: 600 } }); // prettier-ignore
    const over = (await ask('minutes=601')).body;
    expect(over).toMatchObject({ fits: false, needed: 601, day: { free: 600 } });
    expect(over.proposal - at).toBe(DAY);
    // half of the time goes on calls
    await centre.db('agent_states').insert(Array.from({ length: 28 }, (_, i) => ({ user_id: igor.userId, state: 'talking', reason: null, started_at: now - (i + 1) * DAY, ended_at: now - (i + 1) * DAY + 12 * HOUR }))); // prettier-ignore
    expect((await ask('kind=task')).body.day).toMatchObject({ calls: 660, free: -60 });
    expect((await ask('minutes=1440')).body).toMatchObject({ fits: false, proposal: null });
    expect((await ask(`ownerId=${igor.userId}`, centre.anna)).status).toBe(403);
    expect((await ask(`ownerId=${igor.userId}`, vera)).status).toBe(200);

    // the shift began at midnight; nobody has looked, until somebody does
    const unopened = async (query = 'minutes=0') => (await vera.get(`/api/tasks/day/unopened?${query}`)).body.items.map(({ user }: { user: { name: string } }) => user.name); // prettier-ignore
    expect(await unopened()).toEqual(['Igor']);
    expect((await igor.get('/api/tasks/day/unopened')).status).toBe(403);
    for (let i = 0; i < 2; i += 1) expect((await igor.post('/api/tasks/day/open')).status).toBe(200);
    expect(await unopened()).toEqual([]);
    await centre.db('day_openings').delete();
    await igor.post('/api/schedules/absences', { kind: 'sick', from: new Date(now + 3 * HOUR).toISOString().slice(0, 10), to: new Date(now + 3 * HOUR).toISOString().slice(0, 10), deputyId: null }); // prettier-ignore
    expect(await unopened()).toEqual([]);
  });

  test('no lead without a next dated step: the list of those who have none', async () => {
    const boss = await centre.signIn('manager', { name: 'Boss' });
    const names = async (query = '') => (await boss.get(`/api/tasks/unplanned?${query}`)).body.items.map(({ client }: { client: { name: string } }) => client.name); // prettier-ignore
    const lead = async (name: string) => {
      const id = (await boss.post('/api/clients', { name })).body.client.id as number;
      await centre.db('clients').where({ id }).update({ stage: 'lead' });
      return id;
    };
    const [one, two, three] = [await lead('Lead One'), await lead('Lead Two'), await lead('Lead Three')];
    expect(await names()).toEqual(['Lead Three', 'Lead Two', 'Lead One']);
    const first = (await boss.get('/api/tasks/unplanned?limit=2')).body;
    expect((await boss.get(`/api/tasks/unplanned?limit=2&after=${first.next}`)).body).toMatchObject({
      items: [{ client: { id: one } }],
      next: null,
    });
    const task = (await boss.post('/api/tasks', { text: 'Call', dueAt: Date.now() + DAY, clientId: two })).body.task.id as number;
    expect(
      (await boss.post('/api/meetings', { title: 'Demo', start: '2030-01-07T10:00', minutes: 30, timeZone: 'UTC', clientId: three }))
        .status,
    ).toBe(201);
    expect(await names()).toEqual(['Lead One']);
    await boss.post(`/api/tasks/${task}/done`, { note: 'called' });
    expect(await names()).toEqual(['Lead Two', 'Lead One']);
    await centre.db('clients').where({ id: one }).update({ stage: 'active' });
    expect(await names()).toEqual(['Lead Two']);
    expect(await names(`ownerId=${centre.anna.userId}`)).toEqual([]);
    expect((await boss.get('/api/tasks/unplanned?after=x')).status).toBe(400);
  });
});
