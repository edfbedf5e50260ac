import { afterAll, beforeAll, expect, test } from 'vitest';
import { eachDatabase } from '../support/db.ts';
import { startRig } from './clients-rig.ts';

eachDatabase((open) => {
  let rig: Awaited<ReturnType<typeof startRig>>;
  beforeAll(async () => {
    rig = await startRig(await open());
  });
  afterAll(() => rig?.close());
  const history = async (id: number, query = '') => (await rig.ask('root', 'GET', `/clients/${id}/timeline${query}`)).body;
  const refs = async (id: number): Promise<string[]> => (await history(id)).items.map((entry: { ref: string }) => entry.ref);
  const call = (clientId: number, ref: string, at: number, data = {}) => ({ clientId, at, kind: 'call', ref, userId: null, data });
  const contactAt = async (id: number) => (await rig.db('clients').where({ id }).first('contact_at')).contact_at as number | null;

  test('the same entry twice is one entry, brought up to date', async () => {
    const id = await rig.create('root', { name: 'Twice' });
    await rig.deps.addTimeline(rig.db, call(id, 'p:1', 10, { end: null }));
    await rig.deps.addTimeline(rig.db, call(id, 'p:1', 10, { end: 'completed' }));
    expect((await history(id)).items.filter((e: { kind: string }) => e.kind === 'call')).toMatchObject([
      { at: 10, ref: 'p:1', data: { end: 'completed' } },
    ]);
  });

  test('of one kind only, page by page; another word for a kind is refused', async () => {
    const id = await rig.create('root', { name: 'Filtered' });
    for (let i = 0; i < 3; i++) await rig.deps.addTimeline(rig.db, call(id, `p:f${i}`, 10 + i));
    const first = await history(id, '?kind=call&limit=2');
    expect(first.items.map((e: { ref: string }) => e.ref)).toEqual(['p:f2', 'p:f1']);
    expect((await history(id, `?kind=call&before=${first.next}`)).items.map((e: { ref: string }) => e.ref)).toEqual(['p:f0']);
    expect((await rig.ask('root', 'GET', `/clients/${id}/timeline?kind=gossip`)).status).toBe(400);
  });

  test('a kind that nobody knows is refused', async () => {
    const id = await rig.create('root', { name: 'Kinds' });
    await expect(rig.deps.addTimeline(rig.db, { ...call(id, 'x', 1), kind: 'gossip' })).rejects.toThrow();
    expect(await refs(id)).toEqual(['created']);
  });

  test('an entry moves to another client, back, and away; and moving again changes nothing', async () => {
    const [a, b] = [await rig.create('root', { name: 'A' }), await rig.create('root', { name: 'B' })];
    await rig.deps.addTimeline(rig.db, call(a, 'p:2', 10));
    await rig.deps.addTimeline(rig.db, call(a, 'p:3', 20));
    for (let twice = 0; twice < 2; twice++) {
      await rig.deps.moveTimeline(rig.db, 'call', 'p:3', b);
      expect([await refs(a), await refs(b)]).toEqual([
        ['created', 'p:2'],
        ['created', 'p:3'],
      ]);
      expect([await contactAt(a), await contactAt(b)]).toEqual([10, 20]);
    }
    await rig.deps.moveTimeline(rig.db, 'call', 'p:3', null);
    expect([await refs(b), await contactAt(b)]).toEqual([['created'], null]);
    await rig.deps.moveTimeline(rig.db, 'call', 'p:never', a);
    expect(await refs(a)).toEqual(['created', 'p:2']);
  });

  test('an entry that two clients have moves to one of them', async () => {
    const [a, b] = [await rig.create('root', { name: 'A' }), await rig.create('root', { name: 'B' })];
    await rig.deps.addTimeline(rig.db, call(a, 'p:4', 10));
    await rig.deps.addTimeline(rig.db, call(b, 'p:4', 10));
    await rig.deps.moveTimeline(rig.db, 'call', 'p:4', b);
    expect([await refs(a), await refs(b)]).toEqual([['created'], ['created', 'p:4']]);
  });

  test('pages hold every entry once, newest first, though many happened in one millisecond', async () => {
    const id = await rig.create('root', { name: 'Busy' });
    for (let i = 0; i < 25; i++) await rig.deps.addTimeline(rig.db, call(id, `p:b${i}`, 100 + Math.floor(i / 10)));
    const seen: { at: number; ref: string }[] = [];
    let before: string | null = '';
    while (before !== null) {
      const page: { items: { at: number; ref: string }[]; next: string | null } = await history(
        id,
        `?limit=4${before && `&before=${before}`}`,
      );
      seen.push(...page.items);
      before = page.next;
    }
    expect(seen.length).toBe(26);
    expect(new Set(seen.map((entry) => entry.ref)).size).toBe(26);
    expect(seen.map((entry) => entry.at)).toEqual(seen.map((entry) => entry.at).sort((x, y) => y - x));
  });
});
