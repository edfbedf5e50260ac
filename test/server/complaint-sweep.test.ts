import { afterAll, beforeAll, expect, test } from 'vitest';
import { concerned } from '../../server/complaints/escalate.ts';
import { sweepComplaints } from '../../server/complaints/jobs.ts';
import { openPage } from '../support/browser.ts';
import { startCallCentre, until } from '../support/call-centre.ts';
import { eachDatabase } from '../support/db.ts';

test('whom a step concerns', () => {
  const person = (id: number, role: 'operator' | 'supervisor' | 'manager' | 'complaints' | 'administrator', departmentId: number | null = null) => ({ id, name: '', role, departmentId }); // prettier-ignore
  const staff = [
    person(1, 'operator', 7),
    person(2, 'supervisor', 7),
    person(3, 'supervisor', 8),
    person(4, 'complaints'),
    person(5, 'manager'),
    person(6, 'administrator'),
  ];
  const of = (owner_id: number | null, department_id: number | null) => ({ owner_id, department_id });
  expect(concerned(staff, of(1, 7), 'breach')).toEqual([1]);
  expect(concerned(staff, of(null, 7), 'warn')).toEqual([4]);
  expect(concerned(staff, of(99, 7), 'warn')).toEqual([4]);
  expect(concerned(staff, of(1, 8), 'chief')).toEqual([3]);
  expect(concerned(staff, of(1, null), 'chief')).toEqual([2, 3]);
  expect(concerned(staff, of(1, 7), 'director')).toEqual([5]);
  expect(concerned([person(6, 'administrator')], of(null, null), 'warn')).toEqual([6]);
});

eachDatabase((_, engine) => {
  const HOUR = 3_600_000;
  let centre: Awaited<ReturnType<typeof startCallCentre>>;
  let vera: typeof centre.anna;
  let olga: typeof centre.anna;
  let boss: typeof centre.anna;
  let category = 0;
  beforeAll(async () => {
    centre = await startCallCentre(engine, { SMTP_URL: 'smtp://127.0.0.1:9', MAIL_FROM: 'care@shop.example' });
    vera = await centre.signIn('supervisor', { name: 'Vera' });
    olga = await centre.signIn('complaints', { name: 'Olga' });
    boss = await centre.signIn('manager', { name: 'Boss' });
    // open round the clock: the hours of a calendar are tested apart
    const week = JSON.stringify(Array.from({ length: 7 }, () => [{ from: 0, to: 1440 }]));
    await centre.db('calendars').update({ week, days: '[]' });
    centre.bus.emit('calendar.changed', {});
    category = (await olga.get('/api/complaints/setup')).body.categories.find((c: { kind: string }) => c.kind === 'category').id;
  });
  afterAll(() => centre.close());

  const register = async () =>
    (await olga.post('/api/complaints', { categoryId: category, subject: 'Rude', clientId: centre.ivan })).body.id as number;
  const alarms = (id: number) => centre.db('complaint_alarms').where('complaint_id', id).orderBy(['clock', 'id']).select('clock', 'step');
  const tasksOf = async (who: typeof vera) => ((await centre.db('tasks').where('owner_id', who.userId).pluck('text')) as string[]).length;
  /** The program at a later time. */
  const at = (ms: number) => ({ ...centre.app.deps, now: () => Date.now() + ms });

  test('warned, breached, up to chief and director: each once, whoever sweeps how often', async () => {
    const id = await register();
    await sweepComplaints(at(50 * 60_000));
    expect(await alarms(id)).toEqual([{ clock: 'acknowledge', step: 'warn' }]);
    expect(await tasksOf(olga)).toBe(0);
    await Promise.all([sweepComplaints(at(61 * 60_000)), sweepComplaints(at(61 * 60_000))]);
    expect((await alarms(id)).map(({ step }) => step)).toEqual(['warn', 'breach', 'chief']);
    expect([await tasksOf(olga), await tasksOf(vera), await tasksOf(boss)]).toEqual([1, 1, 0]);
    // away for two days: all that was due meanwhile, in order
    await sweepComplaints(at(48 * HOUR));
    await sweepComplaints(at(49 * HOUR));
    const all = await alarms(id);
    for (const clock of ['acknowledge', 'first-answer', 'resolve'])
      expect(all.filter((one) => one.clock === clock).map(({ step }) => step)).toEqual(['warn', 'breach', 'chief', 'director']);
    expect([await tasksOf(olga), await tasksOf(vera), await tasksOf(boss)]).toEqual([3, 3, 3]);
    const { complaint } = (await olga.get(`/api/complaints/${id}`)).body;
    expect(complaint.moves.filter(({ kind }: { kind: string }) => kind === 'alarm')).toHaveLength(12);
    // being told changes nothing that two people could have changed at once
    expect(complaint.version).toBe(1);
  });

  test('letters at each step: to its addresses, once each, whoever sweeps how often and however it dies', async () => {
    const letters = async () => ((await centre.db('mail_outbox').where('effect', 'like', 'complaint:%:alarm:%').orderBy('id')) as { effect: string; to_address: string; subject: string; text: string; state: string }[]); // prettier-ignore
    const { settings } = (await centre.admin.get('/api/complaints/setup')).body;
    const alarmMail = { breach: [], chief: ['chief@shop.example', 'deputy@shop.example'], director: ['boss@shop.example'] };
    expect((await centre.admin.put('/api/complaints/settings', { ...settings, alarmMail: { ...alarmMail, chief: ['no address'] } })).status).toBe(400); // prettier-ignore
    expect((await olga.put('/api/complaints/settings', { ...settings, alarmMail })).status).toBe(403);
    expect((await centre.admin.put('/api/complaints/settings', { ...settings, alarmMail })).status).toBe(204);
    const id = await register();
    // dies after the letters were written and before the tasks were
    const dying = { ...at(61 * 60_000), planTask: () => Promise.reject(new Error('killed')) };
    await expect(sweepComplaints(dying)).rejects.toThrow('killed');
    expect(await letters()).toEqual([]);
    await Promise.all([sweepComplaints(at(61 * 60_000)), sweepComplaints(at(61 * 60_000))]);
    await sweepComplaints(at(62 * 60_000));
    const first = await letters();
    expect(first.map(({ to_address }) => to_address).sort()).toEqual(['chief@shop.example', 'deputy@shop.example']);
    expect(first[0]).toMatchObject({ state: 'queued' });
    const { number } = (await olga.get(`/api/complaints/${id}`)).body.complaint;
    expect(first[0]!.subject).toContain(number);
    expect(first[0]!.text).toContain(`/complaints/${id}`);
    await sweepComplaints(at(49 * HOUR));
    const all = (await letters()).map(({ effect }) => effect);
    expect(all).toHaveLength(9);
    expect(new Set(all).size).toBe(9);
    // the row of an alarm that was lost, and only it: the letter is known by what it is the effect of
    await centre.db('complaint_alarms').where({ complaint_id: id, clock: 'acknowledge', step: 'chief' }).delete();
    await centre.db('complaint_clocks').where({ complaint_id: id, kind: 'acknowledge' }).update({ alarm_at: 1, alarm: 'chief' });
    await sweepComplaints(at(49 * HOUR));
    expect(await letters()).toHaveLength(9);
    expect((await centre.admin.put('/api/complaints/settings', settings)).status).toBe(204);
  });

  test('dies in the middle: nothing is told, and the next sweep tells it once', async () => {
    const id = await register();
    const dying = { ...at(61 * 60_000), planTask: () => Promise.reject(new Error('killed')) };
    await expect(sweepComplaints(dying)).rejects.toThrow('killed');
    expect(await alarms(id)).toEqual([]);
    const before = await tasksOf(vera);
    await sweepComplaints(at(61 * 60_000));
    expect((await alarms(id)).map(({ step }) => step)).toEqual(['warn', 'breach', 'chief']);
    expect(await tasksOf(vera)).toBe(before + 1);
  });

  test('a policy that changes counts anew what is open, and says so', async () => {
    const id = await register();
    const before = (await olga.get(`/api/complaints/${id}`)).body.complaint;
    const { items } = (await centre.admin.get('/api/complaints/policies')).body;
    const { id: policy, ...rest } = items.find((one: { severity: string | null }) => one.severity === null);
    expect((await olga.put(`/api/complaints/policies/${policy}`, { ...rest, acknowledgeMs: 2 * HOUR })).status).toBe(403);
    expect((await centre.admin.put(`/api/complaints/policies/${policy}`, { ...rest, acknowledgeMs: 2 * HOUR })).status).toBe(204);
    await sweepComplaints(at(0));
    const after = (await olga.get(`/api/complaints/${id}`)).body.complaint;
    expect(after.dueAt).toBe(before.dueAt + HOUR);
    expect(after.moves.at(-1)).toMatchObject({ kind: 'clocks', from: String(before.dueAt), to: String(after.dueAt) });
  });

  test('a broken promise and a hand-over that nobody answers go up', async () => {
    const id = await register();
    const [department] = (await centre.db('departments').insert({ name: 'Works', created_at: 0 })) as [number];
    const soon = Date.now() + 60_000;
    const say = async (what: string, body: object) => {
      const { version } = (await olga.get(`/api/complaints/${id}`)).body.complaint;
      const answer = await olga.post(`/api/complaints/${id}/${what}`, { version, ...body });
      expect(answer.status, JSON.stringify(answer.body)).toBe(200);
    };
    await say('tasks', { kind: 'call-back', text: 'kept', dueAt: soon });
    await say('tasks', { kind: 'call-back', text: 'broken', dueAt: soon, untilAt: soon + 60_000 });
    await say('handovers', { departmentId: department, reason: 'x', deadlineAt: soon });
    const kept = (await centre.db('tasks').where('text', 'like', '%kept').first('id')) as { id: number };
    await olga.post(`/api/tasks/${kept.id}/done`, { note: 'done' });
    await sweepComplaints(at(30 * 60_000));
    await sweepComplaints(at(31 * 60_000));
    expect((await alarms(id)).filter(({ clock }) => clock !== 'acknowledge')).toEqual([
      { clock: 'call-back', step: 'chief' },
      { clock: 'handover', step: 'chief' },
    ]);
    expect(((await centre.db('complaint_tasks').where('complaint_id', id).whereNull('settled_at')) as object[]).length).toBe(0);
  });

  test('the hour of a promised call: whoever promised is told once, unless they have called', async () => {
    const id = await register();
    const soon = Date.now() + 60_000;
    for (const text of ['called already', 'still to call']) {
      const { version } = (await olga.get(`/api/complaints/${id}`)).body.complaint;
      expect((await olga.post(`/api/complaints/${id}/tasks`, { version, kind: 'call-back', text, ownerId: vera.userId, dueAt: soon, untilAt: soon + HOUR })).status).toBe(200); // prettier-ignore
    }
    const called = (await centre.db('tasks').where('text', 'like', '%called already').first('id')) as { id: number };
    await vera.post(`/api/tasks/${called.id}/done`, { note: 'done' });
    const [hers, others] = [await openPage(centre.url, vera.cookie()), await openPage(centre.url, olga.cookie())];
    const ofCalls = (page: typeof hers) => page.messages('complaint-alarm').filter(({ clock }) => clock === 'call-back');
    await sweepComplaints(at(0));
    expect(ofCalls(hers)).toEqual([]);
    await sweepComplaints(at(2 * 60_000));
    await sweepComplaints(at(3 * 60_000));
    await until(() => ofCalls(hers), (all) => all.length > 0); // prettier-ignore
    const [task] = (await centre.db('complaint_tasks').where({ complaint_id: id, text: 'still to call' }).pluck('id')) as [number];
    expect(ofCalls(hers)).toMatchObject([{ id, round: task, step: 'warn' }]);
    expect(ofCalls(others)).toEqual([]);
    expect((await alarms(id)).filter(({ clock }) => clock === 'call-back')).toEqual([{ clock: 'call-back', step: 'warn' }]);
    hers.ws.close();
    others.ws.close();
  });
});
