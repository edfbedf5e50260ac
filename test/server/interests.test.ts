import { afterAll, beforeAll, expect, test } from 'vitest';
import { standing, untilChanges } from '../../server/interests/standing.ts';
import type { Said } from '../../server/interests/standing.ts';
import { startCallCentre } from '../support/call-centre.ts';
import { eachDatabase } from '../support/db.ts';
import { Story } from '../support/facts.ts';

const said = (...rows: [at: number, strength: number, until?: number | null][]): Said[] =>
  rows.map(([at, strength, until = null], i) => ({ id: i + 1, at, strength, until_at: until }));

test('what was said last stands, since its yes or no began', () => {
  expect(standing(said([10, 1], [20, 3], [30, 2]))).toMatchObject({ last: { strength: 2 }, since: 10 });
  expect(standing(said([10, 1], [20, 0], [30, 2]))).toMatchObject({ last: { strength: 2 }, since: 30 });
  expect(standing(said([30, 0], [10, 2], [20, 0]))).toMatchObject({ last: { at: 30 }, since: 20 });
  expect(standing(said([10, 2], [10, 3])).last.id).toBe(2);
});

test('each saying ends where the next begins, in whatever order they came', () => {
  expect(untilChanges(said([10, 1, 20], [20, 2]))).toEqual(new Map());
  expect(untilChanges(said([30, 1], [10, 2], [20, 2, 15]))).toEqual(new Map([[2, 20], [3, 30]])); // prettier-ignore
  expect(untilChanges(said([10, 1, 20]))).toEqual(new Map([[1, null]]));
});

eachDatabase((_, engine) => {
  let centre: Awaited<ReturnType<typeof startCallCentre>>;
  let vera: Awaited<ReturnType<typeof centre.signIn>>;
  beforeAll(async () => {
    centre = await startCallCentre(engine);
    vera = await centre.signIn('supervisor');
  });
  afterAll(() => centre.close());

  const make = async (label: string, heading = ''): Promise<number> =>
    (await centre.admin.post('/api/interests/topics', { label, heading })).body.topic.id;
  const client = async (name: string): Promise<number> => (await centre.admin.post('/api/clients', { name })).body.client.id;
  const of = async (id: number) => (await centre.anna.get(`/api/interests?client=${id}`)).body.items;
  const history = async (id: number) =>
    (await centre.anna.get(`/api/clients/${id}/timeline?kind=interest`)).body.items.map((e: { data: object }) => e.data);
  let calls = 0;
  const talked = async (): Promise<string> => {
    const story = new Story({ key: `${++calls}.88` }, Date.now() - 60_000);
    await centre.write(story.begin(20, 'offer', '101').end(30, 'offer', 'answered', '101').begin(30, 'talk', '101').hangup(50, 'completed').facts); // prettier-ignore
    return `main:${calls}.88`;
  };

  test('said in a call, said more strongly, taken back: what was known before stands again, and the history tells each', async () => {
    const [fibre, id] = [await make('Fibre'), await client('Olga')];
    const put = (body: object) => centre.anna.put(`/api/interests/${id}/${fibre}`, body);
    expect(await of(id)).toEqual([]);
    expect((await put({ strength: 1 })).status).toBe(204);
    const byHand = (await of(id))[0];
    expect(byHand).toMatchObject({ topicId: fibre, strength: 1, source: 'hand', call: null, user: { name: 'Anna' } });

    const call = await talked();
    expect((await put({ strength: 2, call })).status).toBe(204);
    expect((await put({ strength: 3, call })).status).toBe(204);
    expect(await of(id)).toMatchObject([{ strength: 3, source: 'call', call, since: byHand.since }]);
    expect(await history(id)).toEqual([
      { topic: 'Fibre', strength: 3, source: 'call' },
      { topic: 'Fibre', strength: 1, source: 'hand' },
    ]);
    const rows = await centre.db('interests').where({ client_id: id }).orderBy('id');
    expect(rows.map((row) => [row.strength, row.until_at === null])).toEqual([[1, false], [3, true]]); // prettier-ignore

    const back = (query: string) => centre.anna.delete(`/api/interests/${id}/${fibre}${query}`);
    expect((await back(`?call=${encodeURIComponent(call)}`)).status).toBe(204);
    expect(await of(id)).toEqual([byHand]);
    expect(await history(id)).toEqual([{ topic: 'Fibre', strength: 1, source: 'hand' }]);
    expect((await back(`?call=${encodeURIComponent(call)}`)).status).toBe(404);
    expect((await back('')).status).toBe(204);
    expect(await of(id)).toEqual([]);
    const audit = await centre.db('audit').where({ table_name: 'clients', row_id: String(id) }).andWhere('what', 'like', 'interest%').pluck('what'); // prettier-ignore
    expect(audit).toEqual([...Array(3).fill('interest.set'), 'interest.taken back', 'interest.taken back']);
  });

  test('"not interested" is known too, and since when', async () => {
    const [topic, id] = [await make('Television'), await client('Pavel')];
    await centre.anna.put(`/api/interests/${id}/${topic}`, { strength: 2 });
    const call = await talked();
    await centre.anna.put(`/api/interests/${id}/${topic}`, { strength: 0, call });
    const [no] = await of(id);
    expect(no).toMatchObject({ strength: 0, call });
    expect(no.since).toBe(no.at);
  });

  test('a call that turns out to be of another client takes along what was said in it, and nothing else', async () => {
    const [topic, other] = [await make('Mobile'), await make('Cloud')];
    const [wrong, right] = [await client('Wrong'), await client('Right')];
    const call = await talked();
    await centre.anna.post(`/api/calls/${call}/attach`, { clientId: wrong });
    await centre.anna.put(`/api/interests/${wrong}/${topic}`, { strength: 1 });
    await centre.anna.put(`/api/interests/${wrong}/${topic}`, { strength: 3, call });
    await centre.anna.put(`/api/interests/${wrong}/${other}`, { strength: 2 });
    expect((await centre.anna.post(`/api/calls/${call}/attach`, { clientId: right })).status).toBe(204);
    expect(await of(right)).toMatchObject([{ topicId: topic, strength: 3, call }]);
    expect((await of(wrong)).map((i: { strength: number; source: string }) => [i.strength, i.source])).toEqual([[1, 'hand'], [2, 'hand']]); // prettier-ignore
    expect(await history(right)).toEqual([{ topic: 'Mobile', strength: 3, source: 'call' }]);
    expect(await history(wrong)).toHaveLength(2);
    await centre.anna.post(`/api/calls/${call}/attach`, { clientId: right });
    expect(await of(right)).toHaveLength(1);
  });

  test("the catalogue: the administrator's order, retired and not deleted where clients have it", async () => {
    const ids = async () => (await centre.anna.get('/api/interests/topics')).body.items.map((topic: { id: number }) => topic.id);
    const [first, second, never] = [await make('First', 'Group'), await make('Second', 'Group'), await make('Never')];
    expect((await centre.admin.post(`/api/interests/topics/${second}/move`, { by: -1 })).status).toBe(204);
    expect((await ids()).slice(-3)).toEqual([second, first, never]);
    const id = await client('Rita');
    await centre.anna.put(`/api/interests/${id}/${first}`, { strength: 2 });
    expect(await centre.admin.delete(`/api/interests/topics/${first}`)).toMatchObject({ status: 409, body: { error: { data: { reason: 'used' } } } }); // prettier-ignore
    expect((await centre.admin.patch(`/api/interests/topics/${first}`, { retired: true, label: ' Once ' })).body.topic).toMatchObject({
      label: 'Once',
      heading: 'Group',
      used: true,
      retiredAt: expect.any(Number),
    });
    expect(await of(id)).toHaveLength(1);
    expect((await centre.anna.put(`/api/interests/${id}/${first}`, { strength: 3 })).status).toBe(409);
    expect((await centre.anna.delete(`/api/interests/${id}/${first}`)).status).toBe(204);
    expect((await centre.admin.patch(`/api/interests/topics/${first}`, { retired: false })).body.topic.retiredAt).toBeNull();
    expect((await centre.admin.delete(`/api/interests/topics/${never}`)).status).toBe(204);
    expect(await ids()).not.toContain(never);
  });

  test('bad input, other people and clients of another department change nothing', async () => {
    const topic = await make('Roaming');
    const [{ id: department }] = [{ id: ((await centre.db('departments').insert({ name: `D ${engine}`, created_at: 1 })) as number[])[0] }];
    const [open, hidden] = [await client('Open'), await client('Hidden')];
    await centre.db('clients').where({ id: hidden }).update({ department_id: department });
    const strangers = await talked();
    await centre.db('call_operators').where({ call_id: (await centre.db('calls').where('linkedid', strangers.slice(5)).first()).id }).delete(); // prettier-ignore
    const before = [await centre.db('interests').orderBy('id'), await centre.db('interest_topics').orderBy('id')];
    for (const [method, path, body, status] of [
      ['PUT', `/api/interests/${open}/${topic}`, { strength: 4 }, 400],
      ['PUT', `/api/interests/${open}/${topic}`, { strength: '2' }, 400],
      ['PUT', `/api/interests/${open}/${topic}`, {}, 400],
      ['PUT', `/api/interests/${open}/${topic}`, { strength: 2, call: strangers }, 400],
      ['PUT', `/api/interests/${open}/${topic}`, { strength: 2, call: "main:1' or 1=1" }, 400],
      ['PUT', `/api/interests/${open}/${topic}`, { strength: 2, call: `main:${'1'.repeat(121)}` }, 400],
      ['PUT', `/api/interests/${open}/999999`, { strength: 2 }, 404],
      ['PUT', `/api/interests/999999/${topic}`, { strength: 2 }, 404],
      ['PUT', `/api/interests/${hidden}/${topic}`, { strength: 2 }, 403],
      ['GET', `/api/interests?client=${hidden}`, undefined, 403],
      ['GET', '/api/interests?client=x', undefined, 400],
      ['DELETE', `/api/interests/${open}/${topic}`, undefined, 404],
      ['POST', '/api/interests/topics', { label: 'x' }, 403],
      ['PATCH', `/api/interests/topics/${topic}`, { label: 'x' }, 403],
    ] as const)
      expect((await centre.anna.request(method, path, body)).status, `${method} ${path} ${JSON.stringify(body)}`).toBe(status);
    for (const draft of [{ label: ' ' }, { label: 'x'.repeat(201) }, { label: 'a\u0000b' }, { heading: 'x' }])
      expect((await centre.admin.post('/api/interests/topics', draft)).status).toBe(400);
    expect((await vera.post('/api/interests/topics', { label: 'x' })).status).toBe(403);
    expect([await centre.db('interests').orderBy('id'), await centre.db('interest_topics').orderBy('id')]).toEqual(before);
  });
});
