import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runHandover } from '../../server/handover/run.ts';
import type { HandoverDeps } from '../../server/handover/run.ts';
import { whose } from '../../server/handover/plan.ts';
import { clientHolding, clientPlaces } from '../../server/clients/holding.ts';
import { taskHolding } from '../../server/tasks/holding.ts';
import { openPage } from '../support/browser.ts';
import { startCallCentre, until } from '../support/call-centre.ts';
import { eachDatabase } from '../support/db.ts';

const client = (place: Partial<Parameters<typeof whose>[1] & object>) => ({
  ownerId: 1,
  departmentId: null,
  stage: 'new',
  address: '',
  ...place,
});

test('whose it becomes', () => {
  const evenly = { kind: 'evenly', to: [2, 3] } as const;
  expect([0, 1, 2, 3].map((turn) => whose({ ...evenly, to: [2, 3] }, client({}), turn).to)).toEqual([2, 3, 2, 3]);
  expect(whose({ ...evenly, to: [2, 3] }, client({ ownerId: 3 }), 0)).toEqual({ to: 3, dealt: false }); // goes with its client
  const by = (by: 'department' | 'stage' | 'city', value: string) => ({ kind: 'by' as const, by, cases: [{ value, to: 2 }], otherwise: 9 });
  expect(whose(by('stage', 'active'), client({ stage: 'active' }), 0).to).toBe(2);
  expect(whose(by('department', '7'), client({ departmentId: 7 }), 0).to).toBe(2);
  expect(whose(by('city', 'Нижний Новгород'), client({ address: 'россия, нижний новгород, ул. ленина, 1' }), 0).to).toBe(2);
  expect(whose(by('city', 'Пермь'), client({ address: 'пермский край, чайковский' }), 0).to).toBe(9);
  expect(whose(by('city', 'Пермь'), null, 0).to).toBe(9);
}); // prettier-ignore

eachDatabase((_, engine) => {
  let centre: Awaited<ReturnType<typeof startCallCentre>>;
  type Person = typeof centre.anna;
  let sales = 0;
  let vera: Person;
  let category = 0;
  beforeAll(async () => {
    centre = await startCallCentre(engine);
    sales = (await centre.admin.post('/api/rights/departments', { name: 'sales' })).body.department.id;
    vera = await centre.signIn('supervisor', { name: 'Vera', departmentId: sales });
    category = (await centre.admin.get('/api/complaints/setup')).body.categories.find((c: { kind: string }) => c.kind === 'category').id;
    for (const action of ['view', 'edit']) await centre.admin.put(`/api/rights/operator/${action}`, { level: 'own' });
  });
  afterAll(() => centre.close());

  let n = 0;
  const operator = () => centre.signIn('operator', { name: `Operator ${++n}`, departmentId: sales });
  const clientOf = async (owner: Person, set: object = {}): Promise<number> => {
    const { body } = await centre.admin.post('/api/clients', { name: `Клиент ${++n}` });
    await centre
      .db('clients')
      .where({ id: body.client.id })
      .update({ owner_id: owner.userId, ...set });
    return body.client.id as number;
  };
  const taskOf = async (owner: Person, clientId: number | null = null): Promise<number> => {
    const made = await centre.admin.post('/api/tasks', { text: 'позвонить', kind: 'call-back', dueAt: 1, ownerId: owner.userId, clientId });
    expect(made.status, JSON.stringify(made.body)).toBe(201);
    return made.body.task.id as number;
  };
  const ownerOf = async (table: string, id: number, column = 'owner_id') => (await centre.db(table).where({ id }).first(column))[column];
  const settled = async (who: Person, id: number, state: string) =>
    until(
      async () => (await who.get(`/api/handover/${id}`)).body.handover,
      (job) => job.state === state,
    ) as Promise<{ items: { kind: string; kept: number; to: { user: { id: number }; n: number }[] }[] }>;
  const all = ['clients', 'tasks', 'meetings', 'missed', 'complaints', 'campaign_contacts', 'campaigns', 'segments'];
  const totals = (items: { kind: string; kept: number; to: { user: { id: number }; n: number }[] }[]) =>
    Object.fromEntries(items.map(({ kind, to, kept }) => [kind, [to.map((one) => [one.user.id, one.n]), kept]]));

  test('everything of a person, evenly, as the preview said; what is about a client goes with the client; undone as a whole', async () => {
    const [lena, oleg, zoya] = [await operator(), await operator(), await operator()];
    const clients = [await clientOf(lena), await clientOf(lena), await clientOf(lena), await clientOf(lena)];
    const about = await taskOf(lena, clients[1]);
    const loose = await taskOf(lena);
    const done = await taskOf(lena);
    await centre.admin.post(`/api/tasks/${done}/done`, { note: 'done' });
    const complaint = (await centre.admin.post('/api/complaints', { categoryId: category, subject: 'Rude', clientId: clients[0] })).body.id as number; // prettier-ignore
    await centre.db('complaints').where({ id: complaint }).update({ owner_id: lena.userId });
    const [missed] = (await centre.db('missed').insert({ number: '+79160000077', open_key: '+79160000077', first_at: 1, last_at: 1, tries: 1, owner_id: lena.userId })) as [number]; // prettier-ignore
    const [campaign] = (await centre.db('campaigns').insert({ name: 'C', owner_id: lena.userId, pbx: 'main', queue: 'support', mode: 'preview', profile: 'RU', purpose: 'service', settings: '{}', created_at: 1 })) as [number]; // prettier-ignore
    const [contact] = (await centre.db('campaign_contacts').insert({ campaign_id: campaign, client_id: clients[3], number: '+79160000078', operator_id: lena.userId })) as [number]; // prettier-ignore
    const segment = (await lena.post('/api/segments', { name: 'Мои', filter: { join: 'all', not: false, items: [] } })).body.segment
      .id as number;

    const { meeting } = (await lena.post('/api/meetings', { title: 'Review', start: '2040-01-10T10:00', minutes: 60, timeZone: 'Europe/Moscow' })).body; // prettier-ignore
    const draft = { fromId: lena.userId, kinds: all, rule: { kind: 'evenly', to: [oleg.userId, zoya.userId] } };
    const held = (await vera.get(`/api/handover/people/${lena.userId}`)).body.held as { kind: string; n: number }[];
    expect(Object.fromEntries(held.map(({ kind, n: count }) => [kind, count]))).toEqual({ clients: 4, tasks: 2, meetings: 1, missed: 1, complaints: 1, campaign_contacts: 1, campaigns: 1, segments: 1 }); // prettier-ignore
    const preview = await vera.post('/api/handover/preview', draft);
    expect(preview.status, JSON.stringify(preview.body)).toBe(200);
    expect(await ownerOf('clients', clients[0]!)).toBe(lena.userId);
    const made = await vera.post('/api/handover', draft);
    expect(made.status, JSON.stringify(made.body)).toBe(201);
    const { id } = made.body.handover;
    const over = await settled(vera, id, 'done');
    expect(totals(over.items)).toEqual(totals(preview.body.items));
    expect(totals(over.items).clients).toEqual([[[oleg.userId, 2], [zoya.userId, 2]], 0]); // prettier-ignore
    const owners = await Promise.all(clients.map((one) => ownerOf('clients', one)));
    expect(owners).toEqual([oleg.userId, zoya.userId, oleg.userId, zoya.userId]);
    expect([await ownerOf('tasks', about), await ownerOf('complaints', complaint), await ownerOf('campaign_contacts', contact, 'operator_id')]).toEqual([owners[1], owners[0], owners[3]]); // prettier-ignore
    for (const [table, one] of [
      ['tasks', loose],
      ['meetings', meeting.id],
      ['missed', missed],
      ['campaigns', campaign],
      ['segments', segment],
    ] as const)
      // prettier-ignore
      expect([oleg.userId, zoya.userId], table).toContain(await ownerOf(table, one));
    expect(await ownerOf('tasks', done)).toBe(lena.userId); // who did it has done it
    expect((await vera.get(`/api/handover/people/${lena.userId}`)).body.held.every((one: { n: number }) => one.n === 0)).toBe(true);
    const history = (await centre.admin.get(`/api/clients/${clients[0]}/timeline`)).body.items;
    expect(history[0]).toMatchObject({ kind: 'edited', data: { changes: [{ field: 'owner', before: lena.userId, after: oleg.userId }] } });
    expect((await centre.admin.get(`/api/complaints/${complaint}`)).body.complaint.moves.at(-1)).toMatchObject({ kind: 'owner' });
    expect((await oleg.get('/api/tasks')).body.items).toHaveLength(await centre.db('tasks').where({ owner_id: oleg.userId }).then((rows: unknown[]) => rows.length)); // prettier-ignore

    // meanwhile: one client went on to somebody else, one task was done
    await centre.db('clients').where({ id: clients[2] }).update({ owner_id: vera.userId });
    await centre.admin.post(`/api/tasks/${loose}/done`, { note: 'done' });
    // what another handed over may be beyond her own reach
    const other = await centre.signIn('supervisor', { departmentId: sales });
    expect((await other.post(`/api/handover/${id}/undo`)).status).toBe(403);
    expect((await vera.post(`/api/handover/${id}/undo`)).status).toBe(200);
    const back = await settled(vera, id, 'undone');
    expect(totals(back.items)).toMatchObject({ clients: [[[lena.userId, 3]], 1], tasks: [[[lena.userId, 1]], 1], complaints: [[[lena.userId, 1]], 0], segments: [[[lena.userId, 1]], 0] }); // prettier-ignore
    expect(await ownerOf('clients', clients[2]!)).toBe(vera.userId);
    expect([await ownerOf('clients', clients[0]!), await ownerOf('tasks', about), await ownerOf('campaign_contacts', contact, 'operator_id')]).toEqual([lena.userId, lena.userId, lena.userId]); // prettier-ignore
    expect(await vera.post(`/api/handover/${id}/undo`)).toMatchObject({ status: 409, body: { error: { data: { reason: 'undone' } } } });
  });

  test('killed on its way it goes on behind the last step: each has gone once, and the turns are as if nothing had been', async () => {
    const [lena, oleg, zoya] = [await operator(), await operator(), await operator()];
    const at = Date.now();
    const rows = Array.from({ length: 450 }, (_, i) => ({ kind: 'task', text: `${i}`, due_at: 1, owner_id: lena.userId, author_id: lena.userId, phone: '', done_note: '', version: 1, created_at: at })); // prettier-ignore
    for (let from = 0; from < rows.length; from += 150) await centre.db('tasks').insert(rows.slice(from, from + 150));
    const job = { from_id: lena.userId, actor_id: vera.userId, rule: JSON.stringify({ kind: 'evenly', to: [oleg.userId, zoya.userId] }), kinds: '["tasks"]', state: 'running', counts: '{}', created_at: at, alive_at: at }; // prettier-ignore
    const [id] = (await centre.db('handovers').insert(job)) as [number];
    const tasks = taskHolding(centre.app.deps);
    let steps = 0;
    const dying = { ...tasks, ready: async () => (++steps === 2 ? Promise.reject(new Error('killed')) : tasks.ready()) };
    const deps = (holding: typeof tasks) => ({ ...centre.app.deps, places: clientPlaces, holdings: { clients: clientHolding(centre.app.deps), tasks: holding } }) as unknown as HandoverDeps; // prettier-ignore
    await expect(runHandover(deps(dying), id)).rejects.toThrow('killed');
    expect(
      await centre
        .db('tasks')
        .where({ owner_id: lena.userId })
        .then((left: unknown[]) => left.length),
    ).toBe(250);
    await Promise.all([runHandover(deps(tasks), id), runHandover(deps(tasks), id)]);
    expect(totals((await settled(vera, id, 'done')).items)).toEqual({ tasks: [[[oleg.userId, 225], [zoya.userId, 225]], 0] }); // prettier-ignore
    expect((await centre.db('changes').where({ batch: `handover:${id}` })) as unknown[]).toHaveLength(450);
  });

  test('a rule that makes no sense, and what is not theirs to give, change nothing', async () => {
    const [lena, oleg] = [await operator(), await operator()];
    const elsewhere = await centre.signIn('supervisor', { departmentId: null });
    const draft = { fromId: lena.userId, kinds: ['clients'], rule: { kind: 'one', to: oleg.userId } };
    expect((await oleg.post('/api/handover', draft)).status).toBe(403);
    expect((await elsewhere.post('/api/handover', draft)).status).toBe(404);
    expect((await vera.post('/api/handover', { ...draft, rule: { kind: 'one', to: lena.userId } })).status).toBe(400);
    expect((await vera.post('/api/handover', { ...draft, rule: { kind: 'evenly', to: [oleg.userId, 999_999] } })).status).toBe(400);
    expect((await vera.post('/api/handover', { ...draft, rule: { kind: 'evenly', to: [] } })).status).toBe(400);
    // a client of another department is out of this supervisor's reach
    const { id: other } = (await centre.admin.post('/api/rights/departments', { name: 'other' })).body.department;
    const [mine, theirs] = [await clientOf(lena), await clientOf(lena, { department_id: other })];
    await centre.admin.put('/api/rights/supervisor/bulk', { level: 'department' });
    const preview = (await vera.post('/api/handover/preview', draft)).body.items;
    expect(totals(preview)).toEqual({ clients: [[[oleg.userId, 1]], 1] });
    const over = await settled(vera, (await vera.post('/api/handover', draft)).body.handover.id, 'done');
    expect(totals(over.items)).toEqual(totals(preview));
    expect([await ownerOf('clients', mine), await ownerOf('clients', theirs)]).toEqual([oleg.userId, lena.userId]);
    await centre.admin.put('/api/rights/supervisor/bulk', { level: 'all' });
  });

  describe('a deputy', () => {
    test('sees and gets what is due while somebody is away, and gives it back', async () => {
      const [lena, oleg] = [await operator(), await operator()];
      const theirs = await clientOf(lena);
      const task = await taskOf(lena, theirs);
      const complaint = (await centre.admin.post('/api/complaints', { categoryId: category, subject: 'Slow', clientId: theirs })).body.id as number; // prettier-ignore
      await centre.db('complaints').where({ id: complaint }).update({ owner_id: lena.userId });
      await centre.db('missed').insert({ number: '+79160000079', open_key: '+79160000079', first_at: 1, last_at: 1, tries: 1, owner_id: lena.userId }); // prettier-ignore
      const sees = async () => [
        (await oleg.get(`/api/clients/${theirs}`)).status === 200,
        (await oleg.get('/api/tasks')).body.items.some((one: { id: number }) => one.id === task),
        (await oleg.get('/api/complaints?scope=mine')).body.items.some((one: { id: number }) => one.id === complaint),
        (await oleg.get('/api/missed')).body.items.some((one: { number: string }) => one.number === '+79160000079'),
      ];
      expect(await sees()).toEqual([false, false, false, false]);
      const now = Date.now();
      const draft = { userId: lena.userId, deputyId: oleg.userId, startsAt: now - 1000, endsAt: now + 86_400_000, reason: 'отпуск' };
      const made = await vera.post('/api/handover/deputies', draft);
      expect(made.status, JSON.stringify(made.body)).toBe(201);
      expect(await sees()).toEqual([true, true, true, true]);
      expect((await oleg.get('/api/handover/deputies/mine')).body).toMatchObject({ forMe: [], byMe: [{ user: { id: lena.userId } }] });
      // what becomes due is told to both
      const page = await openPage(centre.url, oleg.cookie());
      await taskOf(lena);
      await until(() => page.messages('tasks').length > 0, Boolean); // prettier-ignore
      page.ws.close();
      expect((await oleg.post(`/api/tasks/${task}/done`, { note: 'done' })).status).toBe(200);
      expect((await vera.post('/api/handover/deputies', draft)).body.error.data).toEqual({ reason: 'overlaps' });
      expect((await vera.post(`/api/handover/deputies/${made.body.deputy.id}/end`)).status).toBe(200);
      expect((await sees()).some(Boolean)).toBe(false);
      expect((await vera.post(`/api/handover/deputies/${made.body.deputy.id}/end`)).status).toBe(409);
    });

    test('is somebody else who works here, for a time that is to come', async () => {
      const [lena, oleg] = [await operator(), await operator()];
      const now = Date.now();
      const draft = { userId: lena.userId, deputyId: oleg.userId, startsAt: now, endsAt: now + 1_000_000 };
      for (const wrong of [
        { deputyId: lena.userId },
        { deputyId: 999_999 },
        { endsAt: now - 1 },
        { startsAt: 5, endsAt: 10 },
        { endsAt: now + 400 * 86_400_000 },
      ])
        // prettier-ignore
        expect((await vera.post('/api/handover/deputies', { ...draft, ...wrong })).status, JSON.stringify(wrong)).toBe(400);
      expect((await oleg.post('/api/handover/deputies', draft)).status).toBe(403);
      const elsewhere = await centre.signIn('supervisor', { departmentId: null });
      expect((await elsewhere.post('/api/handover/deputies', draft)).status).toBe(403);
    });
  });

  test('who leaves is out at once: sessions, live page, phone and queues', async () => {
    const lena = await operator();
    const answer = await centre.admin.patch(`/api/users/${lena.userId}`, { extension: { pbx: 'main', extension: '277', secret: 'abc' } });
    expect(answer.status, JSON.stringify(answer.body)).toBe(200);
    await centre.db('queue_members').insert({ pbx: 'main', queue: 'support', user_id: lena.userId, penalty: 0 });
    expect((await lena.post('/api/agents/shift', { on: true })).status).toBe(200);
    const page = await openPage(centre.url, lena.cookie());
    const closed = new Promise<number>((resolve) => page.ws.once('close', (code: number) => resolve(code)));
    expect((await vera.post(`/api/handover/people/${lena.userId}/leave`)).status).toBe(403);
    expect((await centre.admin.post(`/api/handover/people/${lena.userId}/leave`)).status).toBe(204);
    expect(await closed).toBe(4401);
    expect((await lena.get('/api/auth/me')).status).toBe(401);
    expect(await centre.db('extensions').where({ user_id: lena.userId })).toEqual([]);
    expect(await centre.db('queue_members').where({ user_id: lena.userId })).toEqual([]);
    await until(() => centre.db('shifts').where({ user_id: lena.userId }).then((rows: unknown[]) => rows.length), (left) => left === 0); // prettier-ignore
    expect((await centre.admin.post(`/api/handover/people/${centre.admin.userId}/leave`)).status).toBe(409);
    // and what they had can still be handed over
    expect((await vera.get(`/api/handover/people/${lena.userId}`)).body).toMatchObject({ extension: null, can: { handOver: true, leave: false } }); // prettier-ignore
  });
});
