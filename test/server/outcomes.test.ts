import { afterAll, beforeAll, expect, test } from 'vitest';
import { startCallCentre } from '../support/call-centre.ts';
import { eachDatabase } from '../support/db.ts';
import { Story } from '../support/facts.ts';
import { choicesIn, pathTo } from '../../web/calls/choices.ts';

const after = (queue: string | null, answered: boolean | null = null, given: string | null = null) => ({ queue, answered, given });

eachDatabase((_, engine) => {
  let centre: Awaited<ReturnType<typeof startCallCentre>>;
  let vera: Awaited<ReturnType<typeof centre.signIn>>;
  beforeAll(async () => {
    centre = await startCallCentre(engine);
    vera = await centre.signIn('supervisor');
    await centre.db('queues').insert({ pbx: 'main', name: 'support', label: '' });
  });
  afterAll(() => centre.close());

  const make = async (draft: object): Promise<string> => (await centre.admin.post('/api/outcomes', draft)).body.outcome.code;
  const offered = async () => (await centre.anna.get('/api/outcomes')).body;
  const tree = async (): Promise<{ code: string; used: boolean; retiredAt: number | null; label: string | null }[]> =>
    (await vera.get('/api/outcomes/tree')).body.items;
  let calls = 0;
  const talked = async (queue: string | null = 'support'): Promise<string> => {
    const story = new Story({ key: `${++calls}.77` }, Date.now() - 60_000);
    if (queue !== null) story.queued(10, queue);
    await centre.write(story.begin(20, 'offer', '101', queue).end(30, 'offer', 'answered', '101').begin(30, 'talk', '101', queue).hangup(50, 'completed').facts); // prettier-ignore
    return `main:${calls}.77`;
  };
  const file = (ref: string, body: object) => centre.anna.put(`/api/calls/${ref}/outcome`, body);

  test('a group is opened, not chosen; what stands in it is', async () => {
    const group = await make({ label: 'Договор' });
    const below = await make({ label: 'Продлён', parent: group, flags: ['human', 'sale'] });
    const ref = await talked();
    expect((await file(ref, { outcome: group })).status).toBe(400);
    expect((await file(ref, { outcome: below })).status).toBe(204);
    const call = await centre.db('calls').where('linkedid', ref.slice(5)).first();
    expect(JSON.parse(call.outcome_flags)).toEqual(['human', 'sale']);
    const list = await offered();
    expect(choicesIn(list, after(null), null).map((o) => o.code)).toContain(group);
    expect(choicesIn(list, after(null), group).map((o) => o.code)).toEqual([below]);
    expect(pathTo(list.items, below)).toEqual([group]);
    expect(list.labels).toMatchObject({ [below]: 'Продлён' });
  });

  test('an outcome that calls have is retired and keeps its words; one that none has may be deleted', async () => {
    const [had, never] = [await make({ label: 'Had' }), await make({ label: 'Never' })];
    const ref = await talked();
    await file(ref, { outcome: had });
    expect(await centre.admin.delete(`/api/outcomes/${had}`)).toMatchObject({ status: 409, body: { error: { data: { reason: 'used' } } } });
    expect((await centre.admin.delete('/api/outcomes/sale')).status).toBe(409);
    expect((await centre.admin.patch(`/api/outcomes/${had}`, { retired: true })).status).toBe(200);
    expect((await offered()).items.map((o: { code: string }) => o.code)).not.toContain(had);
    expect((await offered()).labels[had]).toBe('Had');
    expect((await file(await talked(), { outcome: had })).status).toBe(400);
    expect((await centre.anna.get(`/api/calls/${ref}`)).body.call.outcome).toBe(had);
    expect((await tree()).find((o) => o.code === had)).toMatchObject({ used: true, retiredAt: expect.any(Number) });
    expect((await centre.admin.patch(`/api/outcomes/${had}`, { retired: false })).body.outcome.retiredAt).toBeNull();
    expect((await centre.admin.delete(`/api/outcomes/${never}`)).status).toBe(204);
    expect((await centre.admin.delete(`/api/outcomes/${never}`)).status).toBe(404);
  });

  test('with a retired group goes what stands in it', async () => {
    const group = await make({ label: 'Season' });
    const below = await make({ label: 'Gift', parent: group });
    await centre.admin.patch(`/api/outcomes/${group}`, { retired: true });
    expect((await offered()).items.map((o: { code: string }) => o.code)).not.toContain(below);
    expect((await file(await talked(), { outcome: below })).status).toBe(400);
  });

  test('an outcome may ask for a note and for a next step', async () => {
    const strict = await make({ label: 'Strict', needsNote: true, nextStep: 'required' });
    const ref = await talked();
    const next = { dueAt: Date.now() + 3_600_000, text: 'Call' };
    expect((await file(ref, { outcome: strict })).body.error.data.issues).toEqual([{ path: 'body.note', code: 'required' }]);
    expect((await file(ref, { outcome: strict, note: ' ' })).status).toBe(400);
    expect((await file(ref, { outcome: strict, note: 'x' })).body.error.data.issues).toEqual([{ path: 'body.next', code: 'required' }]);
    expect((await centre.anna.get(`/api/calls/${ref}`)).body.call.outcome).toBeNull();
    expect((await file(ref, { outcome: strict, note: 'x', next })).status).toBe(204);
    expect((await file(await talked(), { outcome: 'call-back' })).status).toBe(204);
  });

  test('a queue offers its own set, of groups as well; another call is not bound by it', async () => {
    const group = await make({ label: 'Repair' });
    const below = await make({ label: 'Mended', parent: group });
    const { body } = await centre.admin.get('/api/queues');
    const path = `/api/queues/${body.items[0].id}`;
    expect((await centre.admin.patch(path, { outcomes: ['no-such'] })).status).toBe(400);
    expect((await centre.admin.patch(path, { outcomes: [group, 'other', 'other'] })).status).toBe(200);
    const list = await offered();
    expect(list.only).toEqual({ 'main:support': [group, 'other'].sort() });
    expect(choicesIn(list, after('main:support'), null).map((o) => o.code)).toEqual(['other', group]);
    expect(choicesIn(list, after('main:sales'), null).map((o) => o.code)).toContain('sale');
    const ref = await talked();
    expect((await file(ref, { outcome: 'sale' })).status).toBe(400);
    expect((await file(ref, { outcome: below })).status).toBe(204);
    expect((await file(await talked(null), { outcome: 'sale' })).status).toBe(204);
    await centre.admin.patch(path, { outcomes: [] });
    expect((await offered()).only).toEqual({});
  });

  test('some are offered after a talk only, some where nobody answered; a group goes for what stands in it, and the administrator changes it', async () => {
    const group = await make({ label: 'Meeting', offered: 'answered' });
    const below = await make({ label: 'Agreed', parent: group });
    const codes = async (answered: boolean | null, given?: string) =>
      choicesIn(await offered(), after(null, answered, given), null).map((o) => o.code);
    const [talk, none, any] = [await codes(true), await codes(false), await codes(null)];
    expect(talk).toEqual(expect.arrayContaining(['resolved', 'sale', 'call-back', group]));
    for (const code of ['no-answer', 'busy']) expect(talk).not.toContain(code);
    expect(none).toEqual(expect.arrayContaining(['no-answer', 'busy', 'call-back', 'wrong-number', 'voicemail', 'other']));
    for (const code of ['resolved', 'sale', 'dropped', group]) expect(none).not.toContain(code);
    expect(any).toEqual(expect.arrayContaining([...talk, ...none]));
    expect(await codes(true, 'busy')).toContain('busy');
    expect(choicesIn(await offered(), after(null, false), group)).toEqual([]);
    expect(choicesIn(await offered(), after(null, true), group).map((o) => o.code)).toEqual([below]);

    expect((await centre.admin.patch(`/api/outcomes/${group}`, { offered: 'sometimes' })).status).toBe(400);
    expect((await centre.admin.patch('/api/outcomes/busy', { offered: 'always' })).body.outcome.offered).toBe('always');
    expect(await codes(true)).toContain('busy');
    expect((await centre.admin.patch('/api/outcomes/busy', { offered: 'unanswered' })).status).toBe(200);
  });

  test("the order is the administrator's", async () => {
    const before = (await offered()).items.map((o: { code: string }) => o.code);
    const [first, second] = before;
    expect((await centre.admin.post(`/api/outcomes/${second}/move`, { by: -1 })).status).toBe(204);
    const after = (await offered()).items.map((o: { code: string }) => o.code);
    expect(after.slice(0, 2)).toEqual([second, first]);
    expect(after.slice(2)).toEqual(before.slice(2));
    expect((await centre.admin.post(`/api/outcomes/${second}/move`, { by: -1 })).status).toBe(204);
    expect((await offered()).items.map((o: { code: string }) => o.code)).toEqual(after);
    await centre.admin.post(`/api/outcomes/${first}/move`, { by: -1 });
  });

  test('bad input, circles and other people change nothing', async () => {
    const [a, b] = [await make({ label: 'A' }), await make({ label: 'B' })];
    await centre.admin.patch(`/api/outcomes/${b}`, { parent: a });
    const before = await tree();
    for (const [method, path, body, status] of [
      ['PATCH', `/api/outcomes/${a}`, { parent: b }, 400],
      ['PATCH', `/api/outcomes/${a}`, { parent: a }, 400],
      ['PATCH', `/api/outcomes/${a}`, { label: null }, 400],
      ['PATCH', `/api/outcomes/${a}`, { flags: ['rich'] }, 400],
      ['PATCH', '/api/outcomes/none-such', { label: 'x' }, 404],
      ['PATCH', '/api/outcomes/fax', { label: 'x' }, 404],
      ['POST', '/api/outcomes', { label: '' }, 400],
      ['POST', '/api/outcomes', { label: 'x', parent: 'none-such' }, 400],
      ['POST', '/api/outcomes', { label: 'x\u0000y' }, 400],
      ['POST', `/api/outcomes/${a}/move`, { by: 2 }, 400],
      ['DELETE', `/api/outcomes/${a}`, undefined, 409],
    ] as const)
      expect((await centre.admin.request(method, path, body)).status, `${method} ${path} ${JSON.stringify(body)}`).toBe(status);
    expect((await vera.post('/api/outcomes', { label: 'x' })).status).toBe(403);
    expect((await vera.patch(`/api/outcomes/${a}`, { label: 'x' })).status).toBe(403);
    expect((await centre.anna.get('/api/outcomes/tree')).status).toBe(403);
    expect(await tree()).toEqual(before);
  });
});
