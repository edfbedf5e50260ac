import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ClientAction } from '../../server/rights/contract.ts';
import { eachDatabase } from '../support/db.ts';
import type { Engine } from '../support/db.ts';
import { startServer } from '../support/server.ts';
import type { TestServer } from '../support/server.ts';

/** Nobody is called so by chance: wherever it turns up, somebody was told of a client who is not theirs to see. */
const SECRET = 'Запретнов';
const PHONE = '+79160009911';
const MAIL = 'zapretnov@secret.example';
const COMPANY = 'Тайнастрой';

type Person = Awaited<ReturnType<TestServer['signIn']>>;

eachDatabase((_open, engine: Engine) => {
  let server: TestServer;
  let departments: { sales: number; branch: number; support: number };
  let root: Person;
  beforeAll(async () => {
    server = await startServer({ engine });
    root = await server.signIn('administrator');
    const made = async (name: string, parentId: number | null = null) =>
      (await root.post('/api/rights/departments', { name, parentId })).body.department.id as number;
    const sales = await made('sales');
    departments = { sales, branch: await made('branch', sales), support: await made('support') };
  });
  afterAll(() => server.close());

  const clientIn = async (departmentId: number | null, ownerId: number | null = null, name = SECRET): Promise<number> => {
    const draft = { name: `${name} ${Math.random().toString(36).slice(2)}`, company: COMPANY, phones: [{ raw: PHONE }], emails: [{ address: MAIL }] }; // prettier-ignore
    const { body } = await root.post('/api/clients', draft);
    await server.db('clients').where({ id: body.client.id }).update({ department_id: departmentId, owner_id: ownerId });
    return body.client.id as number;
  };
  const setLevel = async (role: string, action: string, level: string) =>
    expect((await root.put(`/api/rights/${role}/${action}`, { level })).status).toBe(204);
  const sees = async (person: Person, id: number): Promise<boolean> => {
    const read = (await person.get(`/api/clients/${id}`)).status === 200;
    const found = async (path: string) => ((await person.get(path)).body.items as { id: number }[]).some((each) => each.id === id);
    expect(await found('/api/clients?limit=100'), 'the list').toBe(read);
    expect(await found(`/api/clients?limit=100&q=${encodeURIComponent(SECRET)}`), 'the search').toBe(read);
    expect(await found(`/api/clients?limit=100&q=${encodeURIComponent(PHONE)}`), 'the number').toBe(read);
    return read;
  };

  test.each([
    ['own', [true, false, false, false, false]],
    ['department', [true, true, true, false, false]],
    ['tree', [true, true, true, true, false]],
    ['all', [true, true, true, true, true]],
    ['none', [false, false, false, false, false]],
  ] as const)('%s: list, search, number and card agree', async (level, expected) => {
    await setLevel('operator', 'view', level);
    const anna = await server.signIn('operator', { departmentId: departments.sales });
    const ids = [
      await clientIn(departments.support, anna.userId),
      await clientIn(null),
      await clientIn(departments.sales),
      await clientIn(departments.branch),
      await clientIn(departments.support),
    ];
    const seen: boolean[] = [];
    for (const id of ids) seen.push(await sees(anna, id));
    expect(seen).toEqual(expected);
    await server.db('clients').whereIn('id', ids).update({ archived_at: 1 });
    await server.db('search_words').whereIn('client_id', ids).delete();
    await setLevel('operator', 'view', 'department');
  });

  test('who sees only their own can open what they have just made', async () => {
    await setLevel('operator', 'view', 'own');
    const anna = await server.signIn('operator', { departmentId: departments.sales });
    const made = await anna.post('/api/clients', { name: 'Своя Клиентка' });
    expect(made.status).toBe(201);
    expect((await anna.get(`/api/clients/${made.body.client.id}`)).status).toBe(200);
    await setLevel('operator', 'view', 'department');
  });

  describe('a client of another department, by every way there is', () => {
    let hidden: number;
    let operator: Person;
    beforeAll(async () => {
      hidden = await clientIn(departments.support);
      operator = await server.signIn('operator', { departmentId: departments.sales });
      const at = Date.now();
      await server.db('missed').insert({ number: PHONE, open_key: PHONE, first_at: at, last_at: at, tries: 1 });
      await server.db('tasks').insert({ kind: 'call-back', text: 'перезвонить', due_at: at, owner_id: operator.userId, author_id: root.userId, client_id: hidden, phone: '', done_note: '', version: 1, created_at: at }); // prettier-ignore
    });

    const told = (body: unknown): boolean => {
      const text = JSON.stringify(body) ?? '';
      return [SECRET, COMPANY, MAIL].some((word) => text.includes(word));
    };

    test('every list, card, search, count, graph and export of the program keeps silent', async () => {
      const routes = server.app.features.flatMap((feature) => feature.routes ?? []).filter(({ method }) => method === 'get');
      const queries = ['', `q=${encodeURIComponent(SECRET)}`, `q=${encodeURIComponent(PHONE)}`, `number=${encodeURIComponent(PHONE)}`];
      let answered = 0;
      for (const { path } of routes)
        for (const query of path.includes('export') ? ['format=csv', ...queries] : queries) {
          const answer = await operator.get(`/api${path.replace(/:\w+/g, String(hidden))}${query && `?${query}`}`);
          if (answer.status < 300) answered++;
          expect(told(answer.body), `GET ${path}?${query}`).toBe(false);
        }
      expect(answered).toBeGreaterThan(20);
    });

    test('and the walk is one that could tell: to an administrator the same routes do', async () => {
      expect(told((await root.get(`/api/clients?q=${encodeURIComponent(SECRET)}`)).body)).toBe(true);
      expect(told((await root.get(`/api/search?q=${encodeURIComponent(SECRET)}`)).body)).toBe(true);
      expect(told((await root.get(`/api/clients/${hidden}`)).body)).toBe(true);
    });

    test('nothing about the client can be changed either', async () => {
      const version = { version: 1 };
      for (const [method, path, body] of [
        ['PATCH', `/api/clients/${hidden}`, { ...version, name: 'x' }],
        ['POST', `/api/clients/${hidden}/archive`, version],
      ] as const)
        expect((await operator.request(method, path, body)).status, path).toBe(403);
      expect((await server.db('clients').where({ id: hidden }).first('version')) as object).toEqual({ version: 1 });
    });

    test('the live channel carries ids alone', async () => {
      const pushed: unknown[] = [];
      const stop = server.bus.on('live.push', (event) => void pushed.push(event));
      await root.patch(`/api/clients/${hidden}`, { version: 1, position: 'директор' });
      stop();
      expect(told(pushed)).toBe(false);
    });
  });

  test('each action has a reach of its own', async () => {
    const vera = await server.signIn('supervisor', { departmentId: departments.support });
    const id = await clientIn(departments.sales);
    await setLevel('supervisor', 'edit', 'department');
    const card = await vera.get(`/api/clients/${id}`);
    expect(card.body.can).toMatchObject({ edit: false, archive: true });
    expect((await vera.patch(`/api/clients/${id}`, { version: 1, name: 'x' })).status).toBe(403);
    await setLevel('supervisor', 'edit', 'all');
    expect((await vera.get(`/api/clients/${id}`)).body.can).toMatchObject({ edit: true });
  });

  test('what a role may is its own: the others keep theirs', async () => {
    const before = (await root.get('/api/rights')).body.levels;
    await setLevel('supervisor', 'export', 'none');
    expect((await root.get('/api/rights')).body.levels).toEqual({ ...before, supervisor: { ...before.supervisor, export: 'none' } });
    await setLevel('supervisor', 'export', 'all');
  });

  test('only administrators change rights; a department is never below itself', async () => {
    const vera = await server.signIn('manager');
    expect((await vera.put('/api/rights/operator/view', { level: 'all' })).status).toBe(403);
    expect((await root.put('/api/rights/operator/view', { level: 'everything' })).status).toBe(400);
    expect((await root.put('/api/rights/hacker/view', { level: 'all' })).status).toBe(400);
    const { sales, branch } = departments;
    const circle = await root.put(`/api/rights/departments/${sales}`, { name: 'sales', parentId: branch });
    expect(circle).toMatchObject({ status: 400, body: { error: { data: { issues: [{ code: 'circle' }] } } } });
    expect((await root.put(`/api/rights/departments/${sales}`, { name: 'sales', parentId: sales })).status).toBe(400);
    expect((await root.put(`/api/rights/departments/${sales}`, { name: 'support', parentId: null })).status).toBe(400);
    const { body } = await vera.get('/api/rights');
    expect(body.can.edit).toBe(false);
    expect(Object.keys(body.levels.operator).sort()).toEqual([...ClientAction.options].sort());
  });
});
