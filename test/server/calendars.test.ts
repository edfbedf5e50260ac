import { afterAll, beforeAll, expect, test } from 'vitest';
import { eachDatabase } from '../support/db.ts';
import { startServer } from '../support/server.ts';

eachDatabase((_, engine) => {
  let server: Awaited<ReturnType<typeof startServer>>;
  let admin: Awaited<ReturnType<typeof server.signIn>>;
  let supervisor: typeof admin;
  let department: number;
  beforeAll(async () => {
    server = await startServer({ engine });
    admin = await server.signIn('administrator');
    supervisor = await server.signIn('supervisor');
    [department] = (await server.db('departments').insert({ name: 'Far East', created_at: 0 })) as [number];
  });
  afterAll(() => server.close());
  const list = async () => (await supervisor.get('/api/calendars')).body;
  const MONDAY_10_MSK = Date.parse('2026-11-30T07:00:00Z');

  test('ships with the production calendars of 2026 and 2027', async () => {
    const { items, can } = await list();
    expect(can.edit).toBe(false);
    expect(items).toMatchObject([{ isDefault: true, timeZone: 'Europe/Moscow', departments: [], version: 1 }]);
    const [{ days }] = items;
    expect(days.find((day: { date: string }) => day.date === '2026-12-31')).toMatchObject({ kind: 'closed' });
    const { calendars } = server.app.deps;
    const company = await calendars.of(null);
    const year = (from: string, to: string) => company.workingMs(Date.parse(from), Date.parse(to)) / 3_600_000;
    // nine hours a day here: 247 working days in 2026, four of them an hour shorter
    expect(year('2025-12-31T21:00:00Z', '2026-12-31T21:00:00Z')).toBe(247 * 9 - 4);
    expect(company.isOpen(MONDAY_10_MSK)).toBe(true);
    expect(company.addWorking(Date.parse('2026-12-30T14:00:00Z'), 2 * 3_600_000)).toBe(Date.parse('2027-01-11T07:00:00Z'));
  });

  test('another one for a department; a department has one', async () => {
    const made = (await admin.post('/api/calendars', { name: 'Хабаровск' })).body.calendar;
    expect(made).toMatchObject({ isDefault: false, version: 1 });
    expect(made.days.length).toBeGreaterThan(30);
    const edit = { version: 1, timeZone: 'Asia/Vladivostok', departments: [department], week: [...Array(6).fill([{ from: 600, to: 1320 }]), []] }; // prettier-ignore
    const edited = await admin.patch(`/api/calendars/${made.id}`, edit);
    expect(edited.body.calendar).toMatchObject({ version: 2, timeZone: 'Asia/Vladivostok', departments: [department] });
    const { calendars } = server.app.deps;
    expect((await calendars.of(department)).timeZone).toBe('Asia/Vladivostok');
    expect((await calendars.of(department + 1)).timeZone).toBe('Europe/Moscow');
    const first = (await list()).items[0];
    await admin.patch(`/api/calendars/${first.id}`, { version: first.version, departments: [department] });
    expect((await calendars.of(department)).id).toBe(first.id);
    expect((await list()).items[1].departments).toEqual([]);
    // an edit of what somebody else has changed
    expect((await admin.patch(`/api/calendars/${made.id}`, { ...edit, version: 1 })).status).toBe(409);
    expect((await server.db('audit').where({ what: 'calendar.edited' })).length).toBe(2);
  });

  test('the company’s can be handed on and is not deleted', async () => {
    const [first, second] = (await list()).items;
    expect((await admin.delete(`/api/calendars/${first.id}`)).status).toBe(409);
    const handed = await admin.patch(`/api/calendars/${second.id}`, { version: second.version, isDefault: true });
    expect(handed.body.calendar.isDefault).toBe(true);
    expect((await list()).items.map((one: { isDefault: boolean }) => one.isDefault)).toEqual([false, true]);
    expect((await server.app.deps.calendars.of(null)).timeZone).toBe('Asia/Vladivostok');
    expect((await admin.delete(`/api/calendars/${first.id}`)).status).toBe(204);
    expect((await server.app.deps.calendars.of(department)).id).toBe(second.id);
  });

  test('a file is looked at first, then taken', async () => {
    const [calendar] = (await list()).items;
    const text = '2028-01-03;closed;Holiday\nrubbish 1\n2028-01-03;short';
    const dry = await admin.post(`/api/calendars/${calendar.id}/import`, { version: calendar.version, text, dryRun: true });
    expect(dry.body).toMatchObject({ days: 2, rejected: [{ line: 2, text: 'rubbish 1' }], calendar: { version: calendar.version } });
    const taken = await admin.post(`/api/calendars/${calendar.id}/import`, { version: calendar.version, text });
    expect(taken.body.calendar.version).toBe(calendar.version + 1);
    expect(taken.body.calendar.days.filter((day: { date: string }) => day.date === '2028-01-03')).toMatchObject([{ kind: 'short' }]);
  });

  test('bad input changes nothing', async () => {
    const before = await list();
    const [{ id, version }] = before.items;
    const wrong = [
      { timeZone: 'Mars/Olympus' },
      { week: [[]] },
      { week: Array(7).fill([{ from: 600, to: 600 }]) },
      { week: Array(7).fill([{ from: 0, to: 1441 }]) },
      { days: [{ date: '2027-02-29', kind: 'closed' }] },
      { days: [{ date: '2027-02-28', kind: 'open' }] },
      { days: [{ date: '2027-02-28', kind: 'closed', name: 'a\u0000b' }] },
      { departments: [987654] },
      { name: ' ' },
      { isDefault: false },
    ];
    for (const change of wrong) {
      const answer = await admin.patch(`/api/calendars/${id}`, { version, ...change });
      expect(answer.status, JSON.stringify(change)).toBe(400);
    }
    expect((await admin.post(`/api/calendars/${id}/import`, { version, text: '' })).status).toBe(400);
    expect((await supervisor.patch(`/api/calendars/${id}`, { version, name: 'x' })).status).toBe(403);
    expect((await admin.patch('/api/calendars/999', { version: 1, name: 'x' })).status).toBe(404);
    const shown = ({ items }: { items: { nextAt: number | null; openNow: boolean }[] }) => items.map((one) => ({ ...one, nextAt: null, openNow: null })); // prettier-ignore
    expect(shown(await list())).toEqual(shown(before));
  });
});
