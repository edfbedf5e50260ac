import { afterAll, beforeAll, expect, test } from 'vitest';
import { count } from '../../server/clients/figures.ts';
import { applyRules, warnOfUntouched } from '../../server/clients/stages/jobs.ts';
import { around } from '../../server/relations/graph.ts';
import type { Relation } from '../../server/relations/contract.ts';
import { eachDatabase } from '../support/db.ts';
import { startServer } from '../support/server.ts';
import type { TestServer } from '../support/server.ts';

const DAY = 86_400_000;

test('a walk of three steps ends in circles, passes by nobody who may not be seen, and stops at the most', async () => {
  const edge = (id: number, fromId: number, toId: number): Relation => ({ id, fromId, toId, kind: 'holding', position: '', share: null, since: null, until: null, note: '' }); // prettier-ignore
  const all = [edge(1, 1, 2), edge(2, 2, 3), edge(3, 3, 1), edge(4, 3, 4), edge(5, 4, 5), edge(6, 5, 6), edge(7, 1, 9), edge(8, 9, 10)];
  const of = async (ids: readonly number[]) => all.filter(({ fromId, toId }) => ids.includes(fromId) || ids.includes(toId));
  const walk = (hidden: number[], most = 200) =>
    around(1, { steps: 3, most }, of, async (ids) => new Set(ids.filter((id) => !hidden.includes(id))));
  const open = await walk([]);
  expect(open.nodes).toEqual([{ id: 1, step: 0 }, { id: 2, step: 1 }, { id: 3, step: 1 }, { id: 9, step: 1 }, { id: 4, step: 2 }, { id: 10, step: 2 }, { id: 5, step: 3 }]); // prettier-ignore
  expect(open.edges.map(({ id }) => id)).toEqual([1, 3, 7, 2, 4, 8, 5]);
  const closed = await walk([9]);
  expect(closed.nodes.map(({ id }) => id)).not.toContain(10);
  expect((await walk([], 3)).more).toBe(true);
});

test('figures count contacts by month and kind, and the time to answer', () => {
  const months = [{ month: '2026-01', from: 100 }, { month: '2026-02', from: 200 }]; // prettier-ignore
  const call = (data: object) => JSON.stringify({ direction: 'in', endReason: 'completed', ...data });
  const rows = [
    { at: 50, kind: 'call', data: call({ talkMs: 1 }) },
    { at: 110, kind: 'call', data: call({ talkMs: 5, waitMs: 10 }) },
    { at: 210, kind: 'call', data: call({ talkMs: 5, waitMs: 30 }) },
    { at: 220, kind: 'call', data: call({ talkMs: 0, endReason: 'abandoned' }) },
    { at: 230, kind: 'edited', data: '{}' },
    { at: 240, kind: 'note', data: '{}' },
  ];
  expect(count(rows, months)).toEqual({
    months: [{ month: '2026-01', from: 100, counts: { call: 1 } }, { month: '2026-02', from: 200, counts: { call: 2, note: 1 } }],
    totals: { call: 3, note: 1 },
    lastContactAt: 220,
    meanAnswerMs: 20,
    missed: 1,
  }); // prettier-ignore
});

eachDatabase((_, engine) => {
  let server: TestServer;
  let admin: Awaited<ReturnType<TestServer['signIn']>>;
  let anna: typeof admin;
  let department: number;
  beforeAll(async () => {
    server = await startServer({ engine });
    admin = await server.signIn('administrator');
    anna = await server.signIn('operator', { name: 'Anna' });
    [department] = (await server.db('departments').insert({ name: 'other', created_at: 0 })) as [number];
  });
  afterAll(() => server.close());

  const card = async (draft: object = {}): Promise<number> => (await anna.post('/api/clients', { name: 'Ivan', ...draft })).body.client.id;
  const hide = (id: number) => server.db('clients').where({ id }).update({ department_id: department });
  const read = async (id: number) => (await anna.get(`/api/clients/${id}`)).body.client;
  const timeline = async (
    id: number,
    query = '',
  ): Promise<{ kind: string; data: Record<string, unknown>; id: number; pinned: boolean }[]> =>
    (await anna.get(`/api/clients/${id}/timeline${query}`)).body.items;

  test('a move by hand has its date, its author, before and after; a loss needs a reason', async () => {
    const id = await card();
    expect((await anna.post(`/api/clients/${id}/stage`, { to: 'active', version: 1 })).body.client).toMatchObject({
      stage: 'active',
      version: 2,
    });
    expect((await anna.post(`/api/clients/${id}/stage`, { to: 'lost', version: 2 })).status).toBe(400);
    expect((await anna.post(`/api/clients/${id}/stage`, { to: 'lost', reason: 'Price', version: 1 })).status).toBe(409);
    expect((await anna.post(`/api/clients/${id}/stage`, { to: 'nowhere', version: 2 })).status).toBe(400);
    expect((await anna.post(`/api/clients/${id}/stage`, { to: 'lost', reason: 'Price', version: 2 })).status).toBe(200);
    expect((await timeline(id, '?kinds=stage')).map((e) => e.data)).toEqual([{ from: 'active', to: 'lost', reason: 'Price' }, { from: 'new', to: 'active', reason: '' }]); // prettier-ignore
    const period = `from=0&until=${Date.now() + DAY}`;
    expect((await anna.get(`/api/clients/stages/migrations?${period}`)).status).toBe(403);
    const { items, reasons } = (await admin.get(`/api/clients/stages/migrations?${period}`)).body;
    expect(items).toEqual([{ from: 'active', to: 'lost', byHand: 1, byRule: 0 }, { from: 'new', to: 'active', byHand: 1, byRule: 0 }]); // prettier-ignore
    expect(reasons).toEqual([{ reason: 'Price', count: 1 }]);
    expect((await anna.get('/api/clients/stages')).body).toMatchObject({ reasons: ['Price'], rules: [], can: { edit: false } });
  });

  test('rules move by facts, once, and say which one did', async () => {
    const [quiet, fresh, tagged] = [await card(), await card(), await card({ custom: { tags: ['vip'] } })];
    const old = Date.now() - 40 * DAY;
    await server.db('clients').whereIn('id', [quiet, tagged]).update({ stage: 'active', created_at: old, contact_at: old });
    await server.db('clients').where({ id: fresh }).update({ stage: 'active', created_at: old, contact_at: Date.now() });
    const rule = { name: 'Silent a month', from: ['active'], to: 'at_risk', conditions: [{ fact: 'contact', days: 30 }, { fact: 'field', key: 'tags', op: 'not-in', value: ['vip'] }] }; // prettier-ignore
    expect((await admin.post('/api/clients/stages/rules/try', rule)).body).toEqual({ count: 1, more: false });
    const made = await admin.post('/api/clients/stages/rules', rule);
    expect(made.status).toBe(201);
    expect(await applyRules(server.app.deps)).toBe(1);
    expect(await applyRules(server.app.deps)).toBe(0);
    expect((await read(quiet)).stage).toBe('at_risk');
    expect([(await read(fresh)).stage, (await read(tagged)).stage]).toEqual(['active', 'active']);
    expect((await timeline(quiet, '?kinds=stage'))[0]!.data).toMatchObject({ from: 'active', to: 'at_risk', rule: 'Silent a month' });
    expect((await server.app.deps.fieldUses('tags')).map(({ what }) => what)).toEqual(['rule']);
    for (const bad of [
      { ...rule, to: 'nowhere' },
      { ...rule, conditions: [{ fact: 'field', key: 'nothing', op: 'eq', value: 1 }] },
      { ...rule, conditions: [{ fact: 'field', key: 'tags', op: 'lt', value: 1 }] },
      { ...rule, conditions: [] },
    ])
      expect((await admin.post('/api/clients/stages/rules', bad)).status, JSON.stringify(bad)).toBe(400);
    expect((await anna.post('/api/clients/stages/rules', rule)).status).toBe(403);
    expect((await admin.delete(`/api/clients/stages/rules/${made.body.rule.id}`)).status).toBe(204);
  });

  test('whom nobody has spoken with in time is listed, and their responsible is given a call-back once', async () => {
    const id = await card({ phones: [{ raw: '+7 912 000-00-77' }] });
    const other = await card({ phones: [{ raw: '+7 912 000-00-78' }] });
    await hide(other);
    await admin.patch('/api/clients/stages/lead', { touchMinutes: 15 });
    await server
      .db('clients')
      .whereIn('id', [id, other])
      .update({ stage: 'lead', stage_at: Date.now() - 20 * 60_000, owner_id: anna.userId });
    await server.db('clients').where({ id: other }).update({ owner_id: admin.userId }); // one's own are always within reach
    const { items } = (await anna.get('/api/clients/untouched')).body;
    expect(items.map((i: { client: { id: number } }) => i.client.id)).toEqual([id]);
    expect(await warnOfUntouched(server.app.deps)).toBe(2);
    expect(await warnOfUntouched(server.app.deps)).toBe(0);
    const tasks = await server.db('tasks').where({ client_id: id });
    expect(tasks.length).toBe(1);
    await server.db('clients').where({ id }).update({ contact_at: Date.now() });
    expect((await anna.get('/api/clients/untouched')).body.items).toEqual([]);
  });

  test('the history is filtered, searched and pinned; a page goes on where the last one ended', async () => {
    const id = await card();
    for (let i = 0; i < 7; i++) await anna.post(`/api/clients/${id}/notes`, { text: i % 2 ? `Ёлка номер ${i}` : `Сосна ${i}` });
    const [first] = await timeline(id, '?kinds=note&limit=1');
    expect((await anna.put(`/api/clients/${id}/timeline/${first!.id}/pin`, { pinned: true })).status).toBe(204);
    expect((await anna.get(`/api/clients/${id}/timeline`)).body.pinned.map((e: { id: number }) => e.id)).toEqual([first!.id]);
    expect((await timeline(id, `?q=${encodeURIComponent('елка')}`)).length).toBe(3);
    expect((await timeline(id, `?q=${encodeURIComponent('ном 3')}`)).length).toBe(1);
    expect((await timeline(id, `?q=${encodeURIComponent('лка')}`)).length).toBe(0);
    const seen: number[] = [];
    for (let before = '', more = true; more;) {
      const { items, next } = (await anna.get(`/api/clients/${id}/timeline?q=${encodeURIComponent('сосна')}&limit=2${before}`)).body;
      seen.push(...items.map((e: { id: number }) => e.id));
      before = `&before=${next}`;
      more = next !== null;
    }
    expect(new Set(seen).size).toBe(4);
    expect(seen.length).toBe(4);
    expect(await timeline(id, `?from=${Date.now() + DAY}`)).toEqual([]);
    expect(await timeline(id, `?userId=${admin.userId}`)).toEqual([]);
    const foreign = (await timeline(await card()))[0]!.id;
    expect((await anna.put(`/api/clients/${id}/timeline/${foreign}/pin`, { pinned: true })).status).toBe(404);
    expect((await anna.get(`/api/clients/${id}/timeline?kinds=call,nothing`)).status).toBe(400);
    expect((await anna.get(`/api/clients/${id}/figures`)).body).toMatchObject({ totals: { note: 7 }, meanAnswerMs: null });
  });

  test('relations from both ends, in a circle; proposals are confirmed or refused; nobody hidden is among them', async () => {
    const [mother, daughter, hidden] = [await card({ name: 'Mother', kind: 'company' }), await card({ name: 'Daughter', kind: 'company' }), await card({ name: 'Hidden' })]; // prettier-ignore
    await hide(hidden);
    const relate = (from: number, to: number, body: object = {}) =>
      anna.post(`/api/clients/${from}/relations`, { toId: to, kind: 'holding', ...body });
    expect((await relate(mother, daughter, { share: 5100, since: '2020-01-01' })).status).toBe(201);
    expect((await relate(mother, daughter)).status).toBe(409);
    expect((await relate(daughter, mother)).status).toBe(201);
    expect((await relate(mother, mother)).status).toBe(400);
    expect((await relate(mother, hidden)).status).toBe(400);
    expect((await relate(mother, daughter, { kind: 'agent', since: '2020-02-01', until: '2020-01-01' })).status).toBe(400);
    await admin.post(`/api/clients/${mother}/relations`, { toId: hidden, kind: 'director', reverse: true });
    const list = (await anna.get(`/api/clients/${mother}/relations`)).body.items;
    expect(list.map((r: { other: { name: string }; share: number | null }) => [r.other.name, r.share])).toEqual([['Daughter', 5100], ['Daughter', null]]); // prettier-ignore
    const graph = (await anna.get(`/api/clients/${mother}/graph`)).body;
    expect(graph.nodes.map((n: { id: number }) => n.id)).toEqual([mother, daughter]);
    expect((await admin.get(`/api/clients/${mother}/graph`)).body.nodes.length).toBe(3);

    const phones = [{ raw: '+7 912 000-01-01' }];
    const [a, b, c] = [await card({ name: 'A', phones, emails: [{ address: 'x@firm.test' }] }), await card({ name: 'B', phones }), await card({ name: 'C', emails: [{ address: 'Y@FIRM.test' }], phones })]; // prettier-ignore
    await hide(b);
    const proposed = async (as: typeof anna) => (await as.get(`/api/clients/${a}/proposals`)).body.items as { client: { id: number }; reasons: { why: string }[] }[]; // prettier-ignore
    expect((await proposed(anna)).map(({ client, reasons }) => [client.id, reasons.map(({ why }) => why)])).toEqual([[c, ['phone', 'email_domain']]]); // prettier-ignore
    expect((await proposed(admin)).length).toBe(2);
    expect((await anna.post(`/api/clients/${a}/proposals/refuse`, { otherId: c })).status).toBe(204);
    expect(await proposed(anna)).toEqual([]);
    const id = list[0].id as number;
    expect((await anna.patch(`/api/clients/${a}/relations/${id}`, { archived: true })).status).toBe(404);
    expect((await anna.patch(`/api/clients/${daughter}/relations/${id}`, { archived: true })).status).toBe(204);
    expect((await anna.get(`/api/clients/${mother}/relations`)).body.items.length).toBe(1);
  });

  test('the dossier keeps what was learnt, freshest first, each with its source', async () => {
    const id = await card();
    await anna.post(`/api/clients/${id}/dossier`, { kind: 'need', text: 'Delivery by Friday', source: 'call' });
    const { id: entry } = (await anna.post(`/api/clients/${id}/dossier`, { kind: 'objection', text: 'Too dear' })).body;
    expect((await anna.patch(`/api/clients/${id}/dossier/${entry}`, { answer: 'In parts' })).status).toBe(204);
    const { items } = (await anna.get(`/api/clients/${id}/dossier`)).body;
    expect(items).toMatchObject([
      { kind: 'objection', answer: 'In parts', user: { name: 'Anna' } },
      { kind: 'need', source: 'call' },
    ]);
    const other = await card();
    expect((await anna.patch(`/api/clients/${other}/dossier/${entry}`, { text: 'x' })).status).toBe(404);
    expect((await anna.post(`/api/clients/${id}/dossier`, { kind: 'secret', text: 'x' })).status).toBe(400);
    await hide(id);
    for (const path of ['dossier', 'relations', 'graph', 'proposals', 'figures', 'changes', 'timeline'])
      expect((await anna.get(`/api/clients/${id}/${path}`)).status, path).toBe(403);
  });
});
