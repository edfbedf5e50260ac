import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Pattern } from '../../server/calendars/contract.ts';
import { intervalsOf } from '../../server/calendars/hours.ts';
import { fittest } from '../../server/schedules/deputies.ts';
import { daysFrom, patternOf } from '../../server/schedules/lookup.ts';
import { NONE } from '../../server/schedules/queries.ts';
import { startCallCentre } from '../support/call-centre.ts';
import { engines } from '../support/db.ts';

const nine = [{ from: 540, to: 1080 }];
const early = [{ from: 360, to: 840 }];
const company: Pattern = {
  timeZone: 'Europe/Moscow',
  week: [nine, nine, nine, nine, nine, [], []],
  days: [
    { date: '2030-01-07', kind: 'closed', intervals: [], name: 'Christmas' },
    { date: '2030-01-12', kind: 'hours', intervals: nine, name: 'A worked Saturday' },
  ],
};
const on = (pattern: Pattern, date: string) => {
  const [year, month, day] = date.split('-').map(Number) as [number, number, number];
  return intervalsOf(pattern, { year, month, day, hour: 0, minute: 0 });
};

test('calendar, then what is one’s own, then absences', () => {
  const own = { ...NONE, kind: 'week' as const, week: [early, early, early, early, early, [], []], days: [{ date: '2030-01-09', kind: 'hours' as const, intervals: nine, name: '' }] }; // prettier-ignore
  const pattern = patternOf(company, own, [{ from: '2030-01-09', to: '2030-01-10' }]);
  expect(['2030-01-07', '2030-01-08', '2030-01-09', '2030-01-10', '2030-01-11', '2030-01-12'].map((date) => on(pattern, date))).toEqual([[], early, [], [], early, nine]); // prettier-ignore
  expect(on(patternOf(company, own, []), '2030-01-09')).toEqual(nine);
  expect(on(patternOf(company, { ...own, holidays: false }, []), '2030-01-07')).toEqual(early);
  // of a cycle a holiday may be taken, but nobody comes to the office's worked Saturday
  const cycle = { ...NONE, kind: 'cycle' as const, cycle: { anchor: '2030-01-06', days: [early, []] } };
  expect(['2030-01-06', '2030-01-07', '2030-01-08', '2030-01-12', '2030-01-13'].map((date) => on(patternOf(company, { ...cycle, holidays: false }, []), date).length)).toEqual([1, 0, 1, 1, 0]); // prettier-ignore
  expect(on(patternOf(company, cycle, []), '2030-01-12')).toEqual(early);
  expect(daysFrom('2028-02-28', '2028-03-01')).toEqual(['2028-02-28', '2028-02-29', '2028-03-01']);
});

test('whom to propose', () => {
  const one = (id: number, more: object = {}) => ({
    id,
    role: 'operator',
    departmentId: 1,
    away: false,
    standsIn: 0,
    worksMs: 10,
    ...more,
  });
  const order = (...all: ReturnType<typeof one>[]) => fittest({ id: 9, role: 'operator', departmentId: 1 }, all).map(({ id }) => id);
  expect(order(one(1, { away: true }), one(2, { departmentId: 2 }), one(3, { standsIn: 1 }), one(4), one(5, { worksMs: 20 }), one(9), one(6, { role: 'supervisor' }))).toEqual([5, 4, 3, 6, 2, 1]); // prettier-ignore
});

describe.each(engines)('%s', (engine) => {
  let centre: Awaited<ReturnType<typeof startCallCentre>>;
  type Person = typeof centre.anna;
  let sales = 0;
  let vera: Person;
  let igor: Person;
  let olga: Person;
  beforeAll(async () => {
    centre = await startCallCentre(engine);
    sales = (await centre.admin.post('/api/rights/departments', { name: 'sales' })).body.department.id;
    vera = await centre.signIn('supervisor', { name: 'Vera', departmentId: sales });
    igor = await centre.signIn('operator', { name: 'Igor', departmentId: sales });
    olga = await centre.signIn('operator', { name: 'Olga', departmentId: sales });
  });
  afterAll(() => centre?.close());

  const codeOf = (reply: { body: { error?: { data?: { issues?: { code: string }[]; reason?: string } } } }) => reply.body.error?.data?.issues?.[0]?.code ?? reply.body.error?.data?.reason; // prettier-ignore
  const day = (n: number) => new Date(Date.now() + 3 * 3_600_000 + n * 86_400_000).toISOString().slice(0, 10);

  test('a schedule: the calendar’s first, then shifts of their own, by whoever leads them', async () => {
    const mine = (await igor.get('/api/schedules/mine')).body.schedule;
    expect(mine).toMatchObject({ kind: 'calendar', version: 0, zone: 'Europe/Moscow', never: false, can: { edit: false, absent: true } });
    const path = `/api/schedules/${igor.userId}`;
    const shifts = { version: 0, kind: 'cycle', timeZone: 'Asia/Novosibirsk', holidays: false, cycle: { anchor: '2030-01-01', days: [[{ from: 1200, to: 1920 }], [], []] } }; // prettier-ignore
    expect((await igor.put(path, shifts)).status).toBe(403);
    expect((await centre.anna.put(path, shifts)).status).toBe(403);
    const set = await vera.put(path, shifts);
    expect(set.body.schedule, JSON.stringify(set.body)).toMatchObject({ kind: 'cycle', version: 1, zone: 'Asia/Novosibirsk' });
    expect((await vera.put(path, shifts)).status).toBe(409);
    const month = (await igor.get(`/api/schedules/month?month=2030-01&departmentId=${sales}`)).body;
    expect(month.people.map(({ user }: { user: { name: string } }) => user.name)).toEqual(['Igor', 'Olga', 'Vera']);
    const [shown, office] = month.people;
    expect(shown.days).toHaveLength(31);
    expect(shown.days.slice(0, 4).map(({ intervals }: { intervals: object[] }) => intervals.length)).toEqual([1, 0, 0, 1]);
    // the last night of the month runs into February: eleven shifts, four hours of one of them in February's part
    expect(shown.minutes).toBe(11 * 720 - 480);
    expect(office.days[0].intervals).toHaveLength(1);
    for (const [body, code] of [
      [{ version: 1, kind: 'week' }, 'no_working_day'],
      [{ version: 1, kind: 'cycle', cycle: { anchor: '2030-01-01', days: [[], []] } }, 'no_working_day'],
      [{ version: 1, kind: 'cycle' }, 'required'],
      [{ version: 1, kind: 'week', timeZone: 'Mars/Olympus' }, undefined],
      [{ version: 1, kind: 'cycle', cycle: { anchor: '2030-02-30', days: [nine] } }, undefined],
    ] as const) {
      const refused = await vera.put(path, body);
      expect(refused.status).toBe(400);
      if (code) expect(JSON.stringify(refused.body)).toContain(code);
    }
    expect((await vera.get(path)).body.schedule.version).toBe(1);
    // every day taken away by exceptions: said, and soon
    const never = await vera.put(path, { version: 1, kind: 'week', week: [nine, [], [], [], [], [], []], days: [] });
    expect(never.body.schedule.never).toBe(false);
  });

  test('away: what is due goes to the deputy by itself, and comes back', async () => {
    const task = (await igor.post('/api/tasks', { text: 'Позвонить', kind: 'call-back', dueAt: Date.now() - 1 })).body.task.id as number;
    const due = async (who: Person) => (await who.get('/api/tasks')).body.items.map(({ id }: { id: number }) => id);
    expect(await due(olga)).not.toContain(task);
    const proposed = (await igor.get(`/api/schedules/proposal?from=${day(0)}&to=${day(2)}`)).body.items;
    expect(proposed.map(({ user }: { user: { name: string } }) => user.name)).toEqual(['Olga', 'Vera']);
    const draft = { kind: 'sick', from: day(0), to: day(2), note: 'flu', deputyId: proposed[0].user.id };
    const away = await igor.post('/api/schedules/absences', draft);
    expect(away.status, JSON.stringify(away.body)).toBe(201);
    expect(away.body.absence).toMatchObject({ kind: 'sick', deputy: { name: 'Olga' }, can: { end: true } });
    await expect.poll(() => due(olga), { timeout: 20_000 }).toContain(task);
    expect((await olga.get(`/api/tasks/${task}`)).status).toBe(200);
    // whoever does not lead them knows that they are away, and not why
    const seen = (await olga.get(`/api/schedules/${igor.userId}`)).body.schedule;
    expect(seen).toMatchObject({ workingNow: false, absences: [{ kind: null, note: '', can: { end: false } }] });
    expect((await vera.get(`/api/schedules/${igor.userId}`)).body.schedule.absences).toMatchObject([{ kind: 'sick', note: 'flu' }]);
    const month = (await olga.get(`/api/schedules/month?month=${day(0).slice(0, 7)}&departmentId=${sales}`)).body.people;
    const cell = month[0].days.find(({ date }: { date: string }) => date === day(0));
    expect(cell).toMatchObject({ away: true, absence: null, intervals: [] });
    expect(codeOf(await igor.post('/api/schedules/absences', { ...draft, from: day(2), to: day(5) }))).toBe('overlaps');
    // Igor is away himself: no deputy for anybody
    expect(codeOf(await olga.post('/api/schedules/absences', { ...draft, to: day(1), deputyId: igor.userId }))).toBe('away');
    expect((await centre.anna.post(`/api/schedules/absences/${away.body.absence.id}/end`)).status).toBe(404);
    expect((await vera.post(`/api/schedules/absences/${away.body.absence.id}/end`)).status).toBe(200);
    await expect.poll(() => due(olga), { timeout: 20_000 }).not.toContain(task);
    expect((await igor.get('/api/schedules/mine')).body.schedule.absences).toEqual([]);
    expect((await vera.post(`/api/schedules/absences/${away.body.absence.id}/end`)).status).toBe(404);
  });

  test('what cannot be is said, and changes nothing', async () => {
    const draft = { kind: 'vacation', from: day(10), to: day(12), deputyId: null };
    for (const [who, body, status, code] of [
      [igor, { ...draft, to: day(9) }, 400, 'before_start'],
      [igor, { ...draft, from: day(-9), to: day(-5) }, 400, 'past'],
      [igor, { ...draft, to: day(500) }, 400, 'too_long'],
      [igor, { ...draft, deputyId: igor.userId }, 400, 'themselves'],
      [igor, { ...draft, deputyId: centre.anna.userId }, 400, 'other_department'],
      [igor, { ...draft, deputyId: 999_999 }, 400, 'unknown_user'],
      [igor, { ...draft, userId: olga.userId }, 403, undefined],
      [vera, { ...draft, userId: centre.anna.userId }, 403, undefined],
      [igor, { ...draft, from: '2030-02-30' }, 400, undefined],
    ] as const) {
      const refused = await who.post('/api/schedules/absences', body);
      expect([refused.status, code && codeOf(refused)], JSON.stringify(refused.body)).toEqual([status, code]);
    }
    expect((await igor.get('/api/schedules/mine')).body.schedule.absences).toEqual([]);
    const two = await Promise.all([1, 2].map(() => igor.post('/api/schedules/absences', draft)));
    expect(two.map(({ status }) => status).sort()).toEqual([201, 409]);
  });
});
