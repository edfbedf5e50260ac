import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openPage } from '../support/browser.ts';
import { startCallCentre, until } from '../support/call-centre.ts';
import { eachDatabase } from '../support/db.ts';
import { Story } from '../support/facts.ts';
import { policyFor } from '../../server/complaints/settings.ts';
import type { ClockPolicy, Severity } from '../../server/complaints/contract.ts';

describe('the most particular policy holds', () => {
  const policy = (id: number, of: Partial<ClockPolicy>): ClockPolicy => ({ id, name: '', categoryId: null, severity: null, clientStage: null, departmentId: null, calendarId: null, acknowledgeMs: null, firstAnswerMs: null, nextAnswerMs: null, resolveMs: null, warnPercent: 75, chiefAfterMs: 0, directorAfterMs: 0, ...of }); // prettier-ignore
  const all = [
    policy(1, {}),
    policy(2, { severity: 'critical' }),
    policy(3, { categoryId: 10 }),
    policy(4, { categoryId: 11 }),
    policy(5, { categoryId: 10, severity: 'high', departmentId: 7 }),
    policy(6, { clientStage: 'vip' }),
  ];
  const matter = { categoryPath: [12, 11, 10], severity: 'normal' as const, departmentId: null, clientStage: null };
  test.each([
    ['the nearest category', {}, 4],
    ['a category weighs more than severity', { severity: 'critical' as const }, 4],
    ['another department', { categoryPath: [10], severity: 'high' as const, departmentId: 8 }, 3],
    ['all of it', { categoryPath: [10], severity: 'high' as const, departmentId: 7 }, 5],
    ['severity before stage', { categoryPath: [99], severity: 'critical' as const, clientStage: 'vip' }, 2],
    ['stage', { categoryPath: [99], clientStage: 'vip' }, 6],
    ['whatever', { categoryPath: [99] }, 1],
  ])('%s', (_, change, id) => expect(policyFor(all, { ...matter, ...change })?.id).toBe(id));
  test('none fits', () => expect(policyFor([all[1]!], matter)).toBe(null));
});

/** Anna (101) of support, Boris (102) of sales, an officer Olga, a supervisor Vera, a second one Viktor, the administrator. */
eachDatabase((_, engine) => {
  let centre: Awaited<ReturnType<typeof startCallCentre>>;
  let olga: typeof centre.anna;
  let vera: typeof centre.anna;
  let viktor: typeof centre.anna;
  let support = 0;
  let sales = 0;
  let category = 0;
  let cause = 0;
  beforeAll(async () => {
    centre = await startCallCentre(engine);
    [support] = (await centre.db('departments').insert({ name: 'Support', created_at: 0 })) as [number];
    [sales] = (await centre.db('departments').insert({ name: 'Sales', created_at: 0 })) as [number];
    for (const [who, department_id] of [
      [centre.anna, support],
      [centre.boris, sales],
    ] as const) {
      // prettier-ignore
      await centre.db('users').where('id', who.userId).update({ department_id });
      centre.bus.emit('user.changed', { id: who.userId });
    }
    olga = await centre.signIn('complaints', { name: 'Olga' });
    vera = await centre.signIn('supervisor', { name: 'Vera' });
    viktor = await centre.signIn('supervisor', { name: 'Viktor' });
    const setup = (await olga.get('/api/complaints/setup')).body;
    category = setup.categories.find((c: { code: string }) => c.code === 'delivery').id;
    cause = setup.categories.find((c: { code: string; kind: string }) => c.kind === 'cause' && c.code === 'mistake').id;
    // whose card other departments do not see
    await centre.db('clients').where('id', centre.ivan).update({ department_id: support });
  });
  afterAll(() => centre.close());

  const register = async (who = centre.anna, draft: object = {}) => {
    const made = await who.post('/api/complaints', { categoryId: category, subject: 'Late again', ...draft });
    expect(made.status, JSON.stringify(made.body)).toBe(201);
    return made.body as { id: number; number: string; joined: boolean };
  };
  const read = async (id: number, who = olga) => (await who.get(`/api/complaints/${id}`)).body.complaint;
  const act = async (id: number, what: string, body: object, who = olga) => {
    const { version } = await read(id);
    return who.post(`/api/complaints/${id}/${what}`, { version, ...body });
  };
  const done = async (id: number, what: string, body: object, who = olga) => {
    const answer = await act(id, what, body, who);
    expect(answer.status, JSON.stringify(answer.body)).toBe(200);
    return answer.body.complaint;
  };

  test('registered in a call: the call, the client, the queue and the moment; on the client’s card at once', async () => {
    const T = Date.now() - 600_000;
    const call = new Story({ key: '1.1', from: '+79161234567' }, T)
      .queued(0, 'support')
      .end(1_000, 'queue', 'answered')
      .begin(1_000, 'talk', '101');
    await centre.write(call.facts);
    const page = await openPage(centre.url, olga.cookie());
    const made = await register(centre.anna, { callRef: 'main:1.1', text: 'The parcel\r\nnever came', wish: 'My money back' });
    expect(made.number).toMatch(/^C-\d{4}-000001$/);
    const complaint = await read(made.id);
    expect(complaint).toMatchObject({ status: 'new', channel: 'phone', queue: 'support', contactPhone: '+79161234567', wish: 'My money back', client: { id: centre.ivan }, departmentId: support }); // prettier-ignore
    expect(complaint.entries).toMatchObject([{ kind: 'in', text: 'The parcel\nnever came' }]);
    expect(complaint.calls).toMatchObject([{ ref: 'main:1.1' }]);
    expect(complaint.calls[0].momentAt).toBeGreaterThan(T + 500_000);
    expect(complaint.clocks.map(({ kind }: { kind: string }) => kind).sort()).toEqual(['acknowledge', 'first-answer', 'resolve']);
    await until(() => page.messages('complaints').at(-1), (m) => m?.id === made.id && m.clientId === centre.ivan); // prettier-ignore
    page.ws.close();
    const timeline = (await centre.anna.get(`/api/clients/${centre.ivan}/timeline?kind=complaint`)).body.items;
    expect(timeline).toMatchObject([{ kind: 'complaint', ref: String(made.id), data: { number: made.number, status: 'new' } }]);
    // somebody else's call cannot be attached by an operator who was not in it
    expect((await centre.boris.post('/api/complaints', { categoryId: category, subject: 'x', callRef: 'main:1.1' })).status).toBe(400);
  });

  test('numbers: each once, none left out, however many register at once and some fail', async () => {
    const before = await centre.db('complaints').count({ n: '*' });
    const answers = await Promise.all(
      Array.from({ length: 30 }, (_, i) =>
        centre.anna.post('/api/complaints', {
          categoryId: i % 3 === 0 ? 999_999 : category,
          subject: `at once ${i}`,
          onceKey: `burst-${engine}-${i % 15}`,
        }),
      ),
    );
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201, 400]));
    const numbers = (await centre.db('complaints').orderBy('id').pluck('number')) as string[];
    expect(new Set(numbers).size).toBe(numbers.length);
    expect(numbers.length).toBe(Number(before[0]!.n) + 10);
    const serial = numbers.map((number) => Number(number.slice(7))).sort((a, b) => a - b);
    expect(serial).toEqual(serial.map((_, i) => i + 1));
  });

  test('who sees and does what', async () => {
    const { id } = await register(centre.anna, { clientId: centre.ivan });
    expect((await centre.boris.get(`/api/complaints/${id}`)).status).toBe(404);
    expect((await centre.guest.get(`/api/complaints/${id}`)).status).toBe(401);
    expect((await centre.boris.get('/api/complaints?scope=all')).status).toBe(403);
    expect((await centre.boris.get(`/api/complaints?scope=client&clientId=${centre.ivan}`)).status).toBe(403);
    expect((await act(id, 'assign', { ownerId: centre.anna.userId }, centre.anna)).status).toBe(200);
    expect((await act(id, 'assign', { ownerId: olga.userId }, centre.anna)).status).toBe(403);
    expect((await act(id, 'assign', { ownerId: 999_999 })).status).toBe(400);
    expect((await act(id, 'entries', { kind: 'note', text: 'looked' }, centre.boris)).status).toBe(404);
    const mine = (await centre.anna.get('/api/complaints?scope=mine')).body.items;
    expect(mine.map((one: { id: number }) => one.id)).toContain(id);
    for (const path of ['/api/complaints/settings', '/api/complaints/transitions']) expect((await olga.put(path, {})).status).toBe(403);
  });

  test('two at once: the second is told what the first has done, and nothing of theirs is written', async () => {
    const { id } = await register();
    const { version } = await read(id);
    const first = await olga.post(`/api/complaints/${id}/entries`, { version, kind: 'out', channel: 'phone', text: 'We are on it' });
    expect(first.status).toBe(200);
    const second = await vera.post(`/api/complaints/${id}/entries`, { version, kind: 'out', channel: 'phone', text: 'Who cares' });
    expect(second).toMatchObject({ status: 409, body: { error: { code: 'conflict', data: { version: version + 1 } } } });
    expect(second.body.error.data.meanwhile).toEqual(
      expect.arrayContaining([expect.objectContaining({ kind: 'out', to: 'We are on it', userId: olga.userId })]),
    );
    expect((await read(id)).entries.map(({ text }: { text: string }) => text)).toEqual(['We are on it']);
    expect((await read(id)).status).toBe('acknowledged');
  });

  test('statuses go by the table; nothing is closed silently', async () => {
    const { id } = await register();
    const reason = async (body: object) => (await act(id, 'status', body)).body.error?.data?.reason;
    expect(await reason({ status: 'closed' })).toBe('no_transition');
    expect(await reason({ status: 'waiting-department' })).toBe('use_handover');
    expect(await reason({ status: 'resolved' })).toBe('cause_missing');
    expect(await reason({ status: 'resolved', causeId: cause })).toBe('done_missing');
    expect((await read(id)).causeId).toBe(null);
    await done(id, 'status', { status: 'resolved', causeId: cause, doneText: 'Sent again' });
    expect(await reason({ status: 'closed' })).toBe('told_missing');
    expect(await reason({ status: 'closed', told: false })).toBe('told_missing');
    const closed = await done(id, 'status', { status: 'closed', told: false, notToldReason: 'No address' });
    expect(closed).toMatchObject({ status: 'closed', dueAt: null, told: false });
    expect(closed.clocks.every((clock: { stoppedAt: number }) => clock.stoppedAt !== null)).toBe(true);
    const again = await done(id, 'status', { status: 'reopened' });
    expect(again).toMatchObject({ closedAt: null, told: null });
    expect(again.clocks.filter((clock: { stoppedAt: number | null }) => clock.stoppedAt === null)).toHaveLength(2);
    const ways = (await olga.get('/api/complaints/setup')).body.transitions;
    const admin = centre.admin;
    expect((await admin.put('/api/complaints/transitions', { items: [...ways, ways[0]] })).status).toBe(400);
    expect((await admin.put('/api/complaints/transitions', { items: [{ from: 'new', to: 'merged' }] })).status).toBe(400);
    expect((await admin.put('/api/complaints/transitions', { items: [...ways, { from: 'new', to: 'reopened' }] })).status).toBe(204);
    expect((await admin.put('/api/complaints/transitions', { items: ways })).status).toBe(204);
  });

  test('settings: what somebody else has changed meanwhile is not overwritten by whoever says what they saw', async () => {
    const { admin } = centre;
    const setup = async () => (await admin.get('/api/complaints/setup')).body;
    const { settings, transitions, categories, severities } = await setup();
    const [{ id: policy, ...clocks }] = (await admin.get('/api/complaints/policies')).body.items;
    const text = { language: 'en', name: 'Sorry', subject: '', text: 'We are sorry' };
    const template = (await admin.post('/api/complaints/templates', text)).body.id;
    const { id: group, label, parentId, retired } = categories[0];
    const orders: [string, 'put' | 'patch', object, object][] = [
      ['settings', 'put', { ...settings, repeatDays: 31 }, settings],
      ['transitions', 'put', { items: transitions.slice(1) }, transitions],
      ['severities', 'put', { items: [...severities].reverse() }, severities],
      [`policies/${policy}`, 'put', { ...clocks, warnPercent: 60 }, clocks],
      [`templates/${template}`, 'put', { ...text, text: 'So sorry' }, text],
      [`categories/${group}`, 'patch', { label: 'Renamed' }, { label, parentId, retired }],
    ];
    for (const [path, method, change, seen] of orders) {
      const send = (body: object) => admin[method](`/api/complaints/${path}`, body);
      const audited = async () => (await centre.db('audit').count({ n: '*' }))[0]!.n;
      const before = await audited();
      expect((await send({ ...change, seen })).status, path).toBe(204);
      expect(await audited(), path).toBe(Number(before) + 1);
      expect(await send({ ...change, seen }), path).toMatchObject({ status: 409, body: { error: { data: { reason: 'changed' } } } });
      expect(await audited(), path).toBe(Number(before) + 1);
      expect((await send({ ...change, seen: 'anything' })).status, path).toBe(400);
      const back = path === 'transitions' || path === 'severities' ? { items: seen } : path.startsWith('categories') ? { label } : seen;
      expect((await send(back)).status, path).toBe(204);
    }
    expect(await setup()).toMatchObject({ settings, transitions, categories, severities });
    await admin.delete(`/api/complaints/templates/${template}`);
  });

  test('severities: one more, renamed, in another order, retired: complaints keep theirs, nobody gives it any longer', async () => {
    const { admin } = centre;
    const shown = async () => (await admin.get('/api/complaints/setup')).body.severities as Severity[];
    const put = (items: object[]) => admin.put('/api/complaints/severities', { items });
    const before = await shown();
    expect(before.map(({ code }) => code)).toEqual(['low', 'normal', 'high', 'critical']);
    const press = { code: null, label: { ru: 'В прессе', en: 'In the press' }, tone: 'accent', retired: false };
    const [low, normal, high, critical] = before as [Severity, Severity, Severity, Severity];
    expect((await put([normal, low, { ...high, label: { ru: 'Тяжело', en: 'Grave' } }, critical, press])).status).toBe(204);
    const now = await shown();
    expect(now).toEqual([normal, low, { ...high, label: { ru: 'Тяжело', en: 'Grave' } }, critical, { ...press, code: 's1' }]);

    const { id } = await register(olga, { severity: 's1', subject: 'On television' });
    await register(olga, { severity: 'low', subject: 'On paper' });
    const { items: policies } = (await admin.get('/api/complaints/policies')).body;
    const { id: _, ...clocks } = policies[0];
    const policy = (await admin.post('/api/complaints/policies', { ...clocks, severity: 's1', acknowledgeMs: 60_000 })).body.id;
    expect((await admin.post('/api/complaints/policies', { ...clocks, severity: 's9' })).status).toBe(400);
    const listed = (await olga.get('/api/complaints?scope=all&severity=s1')).body.items;
    expect(listed.map((one: { id: number }) => one.id)).toEqual([id]);
    const span = `from=${Date.now() - 86_400_000}&until=${Date.now() + 1000}`;
    const report = (await olga.get(`/api/complaints/report?by=severity&${span}`)).body;
    expect(report.rows.find(({ key }: { key: { code: string } }) => key.code === 's1').figures.all).toBe(1);
    expect((await olga.get(`/api/complaints/report?by=weeks&severity=s1&${span}`)).body.total.all).toBe(1);
    const behind = (await olga.get(`/api/complaints/report/tickets?by=severity&row=s1&figure=all&${span}`)).body.items;
    expect(behind.map((one: { id: number }) => one.id)).toEqual([id]);

    const retired = [...now.slice(0, 4), { ...now[4]!, retired: true }];
    expect((await put(retired)).status).toBe(204);
    expect(await read(id)).toMatchObject({ severity: 's1' });
    expect((await olga.post('/api/complaints', { categoryId: category, subject: 'x', severity: 's1' })).status).toBe(400);
    const { version } = await read(id);
    expect((await olga.patch(`/api/complaints/${id}`, { version, severity: 'none' })).status).toBe(400);
    // the common one stays, none is left out, none is there twice, none is made up
    for (const wrong of [
      retired.map((one) => (one.code === 'normal' ? { ...one, retired: true } : one)),
      retired.slice(1),
      retired.slice(0, 4),
      [...retired, low],
      [...retired, { ...low, code: 'new' }],
      [{ ...normal, tone: 'pink' }],
      [{ ...normal, label: { ru: 'Без', en: ' ' } }],
    ])
      expect((await put(wrong)).status, JSON.stringify(wrong)).toBe(400);
    expect(await shown()).toEqual(retired);
    expect((await olga.put('/api/complaints/severities', { items: before })).status).toBe(403);
    await admin.delete(`/api/complaints/policies/${policy}`);
    expect((await put([...before, retired[4]!])).status).toBe(204);
  });

  test('the client’s word wakes what waited for them, and opens what was done', async () => {
    const { id } = await register();
    const waiting = await done(id, 'status', { status: 'waiting-client' });
    expect(waiting.dueAt).toBe(null);
    expect(waiting.clocks.find((clock: { kind: string }) => clock.kind === 'resolve')).toMatchObject({ dueAt: null });
    expect(await done(id, 'entries', { kind: 'in', text: 'Here it is' })).toMatchObject({ status: 'in-work' });
    await done(id, 'status', { status: 'resolved', causeId: cause, doneText: 'Sent' });
    expect(await done(id, 'entries', { kind: 'in', text: 'It broke again' })).toMatchObject({ status: 'reopened' });
  });

  test('a repetition is recognised; the same matter is joined; a merged one goes on elsewhere', async () => {
    const mine = (await centre.anna.post('/api/clients', { name: 'Rita Repeat' })).body.client.id as number;
    const first = await register(centre.anna, { clientId: mine });
    const similar = await centre.anna.get(`/api/complaints/similar?clientId=${mine}&categoryId=${category}`);
    expect(similar.body.items.map(({ id }: { id: number }) => id)).toEqual([first.id]);
    const second = await register(centre.anna, { clientId: mine });
    expect(await read(second.id)).toMatchObject({ repeatOf: { id: first.id }, links: [{ kind: 'repeat', complaint: { id: first.id } }] });
    const joined = await register(centre.anna, { clientId: mine, join: first.id, text: 'And once more' });
    expect(joined).toMatchObject({ id: first.id, joined: true });
    expect((await read(first.id)).entries.at(-1)).toMatchObject({ text: 'And once more', kind: 'in' });
    const merged = await done(second.id, 'links', { otherId: first.id, kind: 'merged' });
    expect(merged).toMatchObject({ status: 'merged', mergedInto: { id: first.id } });
    expect(await act(second.id, 'entries', { kind: 'out', channel: 'phone', text: 'hello' })).toMatchObject({ status: 409, body: { error: { data: { reason: 'merged', into: first.id } } } }); // prettier-ignore
    expect((await act(first.id, 'links', { otherId: first.id, kind: 'merged' })).status).toBe(400);
    const open = (await centre.anna.get(`/api/complaints?scope=client&clientId=${mine}`)).body.items;
    expect(open.map(({ id }: { id: number }) => id)).toEqual([first.id]);
  });

  test('the same key again is the same complaint', async () => {
    const once = { onceKey: `api-key-${engine}` };
    const [one, two] = [await register(olga, once), await register(olga, once)];
    expect(two).toEqual({ ...one, joined: true });
  });

  test('money above the limit needs somebody else', async () => {
    const { id } = await register();
    expect((await done(id, 'compensations', { kind: 'money', amount: 100_000, currency: 'RUB' })).compensations).toMatchObject([
      { state: 'approved' },
    ]);
    expect((await done(id, 'compensations', { kind: 'apology' })).compensations.at(-1)).toMatchObject({ state: 'approved', amount: 0 });
    const asked = (await done(id, 'compensations', { kind: 'money', amount: 900_000, currency: 'RUB' }, vera)).compensations.at(-1);
    expect(asked.state).toBe('asked');
    expect((await done(id, 'compensations', { kind: 'gift', amount: 10, currency: 'USD' }, vera)).compensations.at(-1).state).toBe('asked');
    expect((await act(id, 'status', { status: 'resolved', causeId: cause, doneText: 'x' })).body.error.data.reason).toBe(
      'compensation_waiting',
    );
    const decide = `compensations/${asked.id}/decide`;
    expect((await act(id, decide, { approve: true }, olga)).status).toBe(403);
    expect((await act(id, decide, { approve: true }, vera)).status).toBe(403);
    expect((await done(id, decide, { approve: true }, viktor)).compensations.find((c: { id: number }) => c.id === asked.id)).toMatchObject({ state: 'approved', decidedBy: { id: viktor.userId } }); // prettier-ignore
    expect((await act(id, decide, { approve: false }, viktor)).status).toBe(409);
    for (const bad of [
      { kind: 'money', amount: 0 },
      { kind: 'money', amount: 1.5 },
      { kind: 'money', amount: -5 },
      { kind: 'money', amount: 5, currency: 'rub' },
    ])
      expect((await act(id, 'compensations', bad)).status).toBe(400);
  });

  test('a hand-over is taken or refused, its list is done before the end', async () => {
    const { id } = await register();
    const deadlineAt = Date.now() + 3_600_000;
    const draft = { departmentId: sales, reason: 'They sold it', checklist: ['Ask the courier'], deadlineAt };
    expect((await act(id, 'handovers', { ...draft, departmentId: support })).status).toBe(400);
    expect((await act(id, 'handovers', { ...draft, deadlineAt: 5 })).status).toBe(400);
    const given = await done(id, 'handovers', draft, centre.anna);
    expect(given).toMatchObject({ status: 'waiting-department', departmentId: support });
    const answer = `handovers/${given.handovers[0].id}/answer`;
    expect((await act(id, answer, { accept: true }, centre.anna)).status).toBe(403);
    expect((await act(id, answer, { accept: false }, centre.boris)).status).toBe(400);
    expect((await act(id, 'handovers', draft)).body.error.data.reason).toBe('handover_waiting');
    await centre.boris.get(`/api/complaints/${id}`);
    const { version } = await read(id);
    const refused = await centre.boris.post(`/api/complaints/${id}/${answer}`, { version, accept: false, note: 'Not ours' });
    expect(refused.status, JSON.stringify(refused.body)).toBe(200);
    expect(await read(id)).toMatchObject({
      status: 'in-work',
      departmentId: support,
      handovers: [{ state: 'refused', answer: 'Not ours' }],
    });
    const again = await done(id, 'handovers', draft, centre.anna);
    const taken = await done(id, `handovers/${again.handovers[1].id}/answer`, { accept: true }, centre.boris);
    expect(taken).toMatchObject({ status: 'in-work', departmentId: sales, owner: { id: centre.boris.userId } });
    const over = { status: 'resolved', causeId: cause, doneText: 'x' };
    expect((await act(id, 'status', over)).body.error.data.reason).toBe('checklist_open');
    await done(id, `handovers/${again.handovers[1].id}/check`, { item: 0, done: true }, centre.boris);
    expect((await act(id, `handovers/${again.handovers[1].id}/check`, { item: 3, done: true })).status).toBe(400);
    expect(await done(id, 'status', over, centre.boris)).toMatchObject({ status: 'resolved' });
  });

  test('a promise to call back is a task of whoever promised, with the client', async () => {
    const { id } = await register(centre.anna, { clientId: centre.ivan, contactPhone: '+79161234567' });
    const dueAt = Date.now() + 3_600_000;
    const planned = await done(
      id,
      'tasks',
      { kind: 'call-back', text: 'Tell about the parcel', dueAt, untilAt: dueAt + 60_000 },
      centre.anna,
    );
    expect(planned.tasks).toMatchObject([{ kind: 'call-back', user: { id: centre.anna.userId }, doneAt: null }]);
    const tasks = (await centre.anna.get('/api/tasks')).body.items;
    expect(tasks).toMatchObject([{ kind: 'call-back', phone: '+79161234567', dueAt, client: { id: centre.ivan } }]);
    await centre.anna.post(`/api/tasks/${tasks[0].id}/done`, { note: 'done' });
    expect((await read(id)).tasks[0].doneAt).not.toBe(null);
    expect((await act(id, 'tasks', { kind: 'corrective', text: 'x', dueAt: 1 })).status).toBe(400);
  });

  test('corrective actions: seen of all complaints by owner and department, done with what came of it, on the ticket or as a task', async () => {
    const { db } = centre;
    const ids = [(await register()).id, (await register(centre.boris)).id];
    await db('complaints').where('id', ids[0]!).update({ department_id: support });
    await db('complaints').where('id', ids[1]!).update({ department_id: sales });
    const dueAt = Date.now() + 3_600_000;
    const plan = (id: number, text: string, ownerId: number, after = 0) => done(id, 'tasks', { kind: 'corrective', text, dueAt: dueAt + after, ownerId }); // prettier-ignore
    await plan(ids[0]!, 'New boxes', centre.anna.userId);
    await plan(ids[0]!, 'Train the couriers', centre.boris.userId, 1);
    await plan(ids[1]!, 'Mend the site', centre.boris.userId, 2);
    await db('complaint_tasks')
      .where('text', 'Mend the site')
      .update({ due_at: Date.now() - 1000 });
    const list = async (query = '') => (await olga.get(`/api/complaints/actions?${query}`)).body;
    const texts = async (query = '') => (await list(query)).items.map(({ text }: { text: string }) => text);
    expect(await texts()).toEqual(['Mend the site', 'New boxes', 'Train the couriers']);
    expect(await texts('state=overdue')).toEqual(['Mend the site']);
    expect(await texts(`owner=${centre.boris.userId}`)).toEqual(['Mend the site', 'Train the couriers']);
    expect(await texts(`department=${support}`)).toEqual(['New boxes', 'Train the couriers']);
    expect(await texts('cause=0')).toHaveLength(3);
    expect(await texts(`cause=${cause}`)).toEqual([]);
    const first = await list('limit=2');
    expect(await texts(`limit=2&after=${first.next}`)).toEqual(['Train the couriers']);
    expect((await olga.get('/api/complaints/actions?after=x')).status).toBe(400);
    const counts = (await olga.get('/api/complaints/actions/counts')).body;
    expect(counts.owners).toMatchObject([{ owner: { id: centre.boris.userId }, open: 2, overdue: 1 }, { owner: { id: centre.anna.userId }, open: 1, overdue: 0 }]); // prettier-ignore
    expect(counts.departments).toEqual([{ id: sales, open: 1, overdue: 1 }, { id: support, open: 2, overdue: 0 }]); // prettier-ignore
    expect((await centre.anna.get('/api/complaints/actions')).status).toBe(403);

    // on the ticket, by whoever it is on, though they do not work on the complaint
    const action = (await read(ids[0]!)).tasks.find(({ text }: { text: string }) => text === 'New boxes');
    expect((await act(ids[0]!, `tasks/${action.id}/done`, { result: ' ' }, centre.anna)).status).toBe(400);
    expect((await act(ids[1]!, `tasks/${action.id}/done`, { result: 'x' })).status).toBe(404);
    const after = await done(ids[0]!, `tasks/${action.id}/done`, { result: 'Ordered from another maker' }, centre.anna);
    expect(after.tasks.find(({ id }: { id: number }) => id === action.id)).toMatchObject({ result: 'Ordered from another maker' });
    expect(after.tasks.find(({ id }: { id: number }) => id === action.id).doneAt).not.toBe(null);
    expect((await act(ids[0]!, `tasks/${action.id}/done`, { result: 'again' })).status).toBe(409);
    expect(after.moves.at(-1)).toMatchObject({ kind: 'corrective-done', user: { id: centre.anna.userId } });
    expect((await centre.anna.get('/api/tasks?scope=mine')).body.items.filter(({ text }: { text: string }) => text.includes('New boxes'))).toEqual([]); // prettier-ignore
    // in the list of tasks
    const { task_id } = await db('complaint_tasks').where('text', 'Train the couriers').first();
    expect((await centre.boris.post(`/api/tasks/${task_id}/done`, { note: 'All of them' })).status).toBe(200);
    await until(() => texts(), (left) => left.length === 1); // prettier-ignore
    expect((await texts('state=done')).sort()).toEqual(['New boxes', 'Train the couriers']);
    expect((await list('state=done')).items.find(({ text }: { text: string }) => text === 'New boxes')).toMatchObject({ result: 'Ordered from another maker', complaint: { id: ids[0] } }); // prettier-ignore
  });

  test('severity and category count the clocks anew, and it is recorded', async () => {
    const { id } = await register();
    const before = await read(id);
    const { version } = before;
    const after = (await olga.patch(`/api/complaints/${id}`, { version, severity: 'critical' })).body.complaint;
    expect(after.dueAt).toBeLessThan(before.dueAt);
    expect(after.moves).toEqual(expect.arrayContaining([expect.objectContaining({ kind: 'severity', from: 'normal', to: 'critical' })]));
    expect((await olga.patch(`/api/complaints/${id}`, { version: version + 1, categoryId: cause })).status).toBe(400);
  });

  test('by time left, page by page; closed ones newest first; by number', async () => {
    const all: { id: number; dueAt: number | null }[] = [];
    for (let after = ''; after !== null;) {
      const page = (await olga.get(`/api/complaints?scope=all&limit=7${after && `&after=${after}`}`)).body;
      all.push(...page.items);
      after = page.next;
    }
    const open = (await centre.db('complaints').where('is_open', 1).count({ n: '*' })) as { n: number }[];
    expect(all.length).toBe(open[0]!.n);
    expect(new Set(all.map(({ id }) => id)).size).toBe(all.length);
    const dues = all.map(({ dueAt }) => dueAt ?? Infinity);
    expect(dues).toEqual([...dues].sort((a, b) => a - b));
    const closed = (await olga.get('/api/complaints?scope=all&open=false')).body.items as { closedAt: number }[];
    expect(closed.map(({ closedAt }) => closedAt)).toEqual(closed.map(({ closedAt }) => closedAt).sort((a, b) => b - a));
    expect((await olga.get('/api/complaints?number=1')).body.items).toMatchObject([{ number: expect.stringMatching(/-000001$/) }]);
    for (const query of ['after=1;drop', 'limit=0', 'status=lost', 'scope=client'])
      expect((await olga.get(`/api/complaints?${query}`)).status).toBe(400);
  });
});
