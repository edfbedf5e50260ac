import { afterAll, beforeAll, expect, test } from 'vitest';
import { countOn, createSightings, dayOf, mostOf } from '../../server/oversight/counting.ts';
import { chiefsOf } from '../../server/oversight/policy.ts';
import { openPage } from '../support/browser.ts';
import { startCallCentre, until } from '../support/call-centre.ts';
import { eachDatabase } from '../support/db.ts';

test('from where on it is unusual, and who is told', () => {
  expect(mostOf({ factor: 3, floor: 100 }, 10)).toBe(100);
  expect(mostOf({ factor: 3, floor: 100 }, 200)).toBe(600);
  expect(mostOf({ factor: 3, floor: 100 }, null)).toBe(300); // nothing is known of a new person
  const person = (id: number, role: 'operator' | 'supervisor' | 'manager' | 'administrator', departmentId: number | null = null) => ({ id, role, departmentId }); // prettier-ignore
  const staff = [person(1, 'operator', 7), person(2, 'supervisor', 7), person(3, 'supervisor', 8), person(5, 'manager'), person(6, 'administrator')]; // prettier-ignore
  expect(chiefsOf(staff, staff[0]!)).toEqual([2]);
  expect(chiefsOf(staff, person(9, 'operator', 9))).toEqual([5]);
  expect(chiefsOf(staff, staff[1]!)).toEqual([5]);
  expect(chiefsOf(staff, staff[3]!)).toEqual([6]);
  expect(chiefsOf([person(6, 'administrator')], person(6, 'administrator'))).toEqual([]);
});

eachDatabase((_, engine) => {
  let centre: Awaited<ReturnType<typeof startCallCentre>>;
  type Person = typeof centre.anna;
  let [vera, other, lena]: Person[] = [];
  let today = '';
  beforeAll(async () => {
    centre = await startCallCentre(engine);
    const { id: sales } = (await centre.admin.post('/api/rights/departments', { name: 'sales' })).body.department;
    vera = await centre.signIn('supervisor', { name: 'Vera', departmentId: sales });
    other = await centre.signIn('supervisor', { name: 'Other' });
    lena = await centre.signIn('operator', { name: 'Lena', departmentId: sales });
    today = await dayOf(centre.app.deps, Date.now());
    const rules = await centre.admin.put('/api/oversight/rules', { items: [{ kind: 'cards', factor: 2, floor: 3 }, { kind: 'listed', factor: 2, floor: 2_000 }] }); // prettier-ignore
    expect(rules.status, JSON.stringify(rules.body)).toBe(200);
  });
  afterAll(() => centre.close());
  const counts = async (who: Person, of: Person) =>
    ((await who.get('/api/oversight/day')).body.items.find((one: { user: { id: number } }) => one.user.id === of.userId)?.counts ?? []) as { kind: string; n: number; usual: number }[]; // prettier-ignore

  test('what somebody opens, lists and takes away is counted by day; a card that is loaded again is still the same look', async () => {
    for (let i = 0; i < 3; i++) await lena!.get(`/api/clients/${centre.ivan}`);
    await lena!.get('/api/clients?q=Ivan');
    const exported = await vera!.post('/api/segments/export', { filter: { join: 'all', not: false, items: [] }, columns: ['name'], format: 'csv', language: 'ru' }); // prettier-ignore
    expect(exported.status, JSON.stringify(exported.body)).toBe(200);
    expect(await counts(vera!, lena!)).toMatchObject([{ kind: 'cards', n: 1 }, { kind: 'listed', n: 1 }, { kind: 'exported', n: 0 }, { kind: 'heard', n: 0 }]); // prettier-ignore
    expect(await counts(centre.admin, vera!)).toMatchObject([{}, {}, { kind: 'exported', n: 1 }, {}]);
    // the export itself is on record, for those above
    const records = (await centre.admin.get('/api/oversight/records')).body.items;
    expect(records[0]).toMatchObject({ what: 'clients.exported', user: { id: vera!.userId }, format: 'csv', rows: 1, columns: ['name'] });
    expect((await vera!.get('/api/oversight/records')).body.items).toEqual([]); // a supervisor is not of those whom they watch over
    expect((await other!.get('/api/oversight/day')).body.items).toEqual([]);
    expect((await lena!.get('/api/oversight/day')).status).toBe(403);
    expect((await vera!.put('/api/oversight/rules', { items: [] })).status).toBe(403);
  });

  test('far more than usual is told to the chief, once; whoever has looked into it says so', async () => {
    // usually five cards a day: unusual is more than ten
    for (const day of ['2026-11-02', '2026-11-03']) {
      const before = new Date(Date.parse(today) - (day.endsWith('2') ? 1 : 2) * 86_400_000).toISOString().slice(0, 10);
      await countOn(centre.db, { userId: lena!.userId, kind: 'cards', day: before, n: 5 });
    }
    const page = await openPage(centre.url, vera!.cookie());
    const { deps } = centre.app;
    // two processes count at once
    const nodes = [createSightings(deps), createSightings(deps)];
    for (const node of nodes) node.sighted(lena!.userId, 'cards', 4);
    await Promise.all(nodes.map((node) => node.flush()));
    expect((await vera!.get('/api/oversight/alerts')).body).toMatchObject({ items: [], unseen: 0 }); // nine
    for (const node of nodes) node.sighted(lena!.userId, 'cards', 2);
    await Promise.all(nodes.map((node) => node.flush()));
    await until(() => page.messages('oversight').length, (n) => n > 0); // prettier-ignore
    nodes[0]!.sighted(lena!.userId, 'cards', 50);
    await nodes[0]!.flush();
    expect(page.messages('oversight')).toHaveLength(1);
    page.ws.close();
    const { items, unseen } = (await vera!.get('/api/oversight/alerts')).body;
    expect(unseen).toBe(1);
    expect(items).toMatchObject([
      { user: { id: lena!.userId }, kind: 'cards', day: today, usual: 5, most: 10, seenAt: null, can: { see: true } },
    ]);
    expect((await other!.post(`/api/oversight/alerts/${items[0].id}/seen`)).status).toBe(404);
    expect((await vera!.post(`/api/oversight/alerts/${items[0].id}/seen`)).status).toBe(204);
    expect((await vera!.post(`/api/oversight/alerts/${items[0].id}/seen`)).status).toBe(409);
    expect((await vera!.get('/api/oversight/alerts')).body).toMatchObject({ unseen: 0, items: [{ seenBy: { id: vera!.userId } }] });
    expect(await counts(vera!, lena!)).toMatchObject([{ kind: 'cards', n: 63, usual: 5 }, {}, {}, {}]);
  });
});
