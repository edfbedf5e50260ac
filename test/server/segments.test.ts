import { unzipSync, strFromU8 } from 'fflate';
import iconv from 'iconv-lite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { FilterGroup } from '../../server/segments/contract.ts';
import { eachDatabase } from '../support/db.ts';
import type { Engine } from '../support/db.ts';
import { startServer } from '../support/server.ts';
import type { TestServer } from '../support/server.ts';

type Person = Awaited<ReturnType<TestServer['signIn']>>;
const all = (...items: FilterGroup['items']): FilterGroup => ({ join: 'all', not: false, items });
const any = (...items: FilterGroup['items']): FilterGroup => ({ join: 'any', not: false, items });
const not = (group: FilterGroup): FilterGroup => ({ ...group, not: true });
const ask = (field: string, op: string, value: unknown = null, args: Record<string, string | number> = {}) => ({ field, op, value, args }) as FilterGroup['items'][number]; // prettier-ignore

const DAY = 86_400_000;

eachDatabase((_open, engine: Engine) => {
  let server: TestServer;
  let root: Person;
  let operator: Person;
  const id: Record<string, number> = {};
  beforeAll(async () => {
    server = await startServer({ engine });
    root = await server.signIn('administrator', { name: 'Корнева' });
    const sales = (await root.post('/api/rights/departments', { name: 'sales' })).body.department.id as number;
    operator = await server.signIn('operator', { departmentId: sales });
    const field = await root.post('/api/fields', { type: 'number', label: { ru: 'Станков', en: 'Machines' }, key: 'machines' });
    expect(field.status, JSON.stringify(field.body)).toBe(201);
    const make = async (name: string, draft: object, columns: object = {}) => {
      const made = await root.post('/api/clients', { name, ...draft });
      expect(made.status, JSON.stringify(made.body)).toBe(201);
      id[name] = made.body.client.id as number;
      await server.db('clients').where({ id: id[name] }).update(columns);
    };
    await make(
      'Анна',
      { company: 'Рога', phones: [{ raw: '8 342 211-22-33' }], custom: { machines: 5 } },
      { owner_id: root.userId, stage: 'lead', contact_at: 50 },
    );
    await make(
      'Борис',
      { company: '=cmd|calc', phones: [{ raw: '+7 916 111-22-33' }], custom: { machines: 12 } },
      { stage: 'lost', contact_at: 10 },
    );
    await make('Вера', { company: 'Копыта', emails: [{ address: 'vera@example.org' }] }, { department_id: sales, stage: 'lead' });
    await make('Глеб', { note: 'перм' }, { department_id: sales });
    await make('Дом', { kind: 'company' }, { owner_id: operator.userId, contact_at: 30 });
    const call = (n: number, name: string, daysAgo: number, outcome: string | null) => ({
      pbx: 'main', linkedid: `l${n}`, direction: 'in', client_id: id[name], started_at: Date.now() - daysAgo * DAY, ended_at: Date.now() - daysAgo * DAY, outcome,
    }); // prettier-ignore
    await server.db('calls').insert([call(1, 'Анна', 1, null), call(2, 'Анна', 5, null), call(3, 'Анна', 90, null), call(4, 'Борис', 2, null), call(5, 'Вера', 1, 'sale'), call(6, 'Вера', 2, 'sale')]); // prettier-ignore
  });
  afterAll(() => server.close());

  const rows = async (as: Person, filter: FilterGroup, more: object = {}) => {
    const { status, body } = await as.post('/api/segments/rows', { filter, ...more });
    expect(status, JSON.stringify(body)).toBe(200);
    return (body.items as { name: string }[]).map(({ name }) => name);
  };
  const count = async (as: Person, filter: FilterGroup) => (await as.post('/api/segments/count', { filter })).body.count as number;

  test.each<[string, FilterGroup, string[]]>([
    ['everybody', all(), ['Анна', 'Борис', 'Вера', 'Глеб', 'Дом']],
    ['and', all(ask('stage', 'in', ['lead']), ask('company', 'contains', 'Ро')), ['Анна']],
    ['or', any(ask('stage', 'in', ['lost']), ask('kind', 'in', ['company'])), ['Борис', 'Дом']],
    ['nested', all(ask('stage', 'in', ['lead', 'lost']), any(ask('emails', 'filled'), ask('phones', 'begins', '7342'))), ['Анна', 'Вера']],
    ['a denial keeps those of whom nothing is known', not(all(ask('contact_at', 'gt', 20))), ['Борис', 'Вера', 'Глеб']],
    ['a denied or', not(any(ask('stage', 'in', ['lead']), ask('kind', 'in', ['company']))), ['Борис', 'Глеб']],
    ['an empty group asks nothing', all(any(), ask('stage', 'in', ['lost'])), ['Борис']],
    ['a typed field', all(ask('machines', 'between', [4, 6])), ['Анна']],
    ['a typed field that is empty', all(ask('machines', 'empty')), ['Вера', 'Глеб', 'Дом']],
    ['called twice, no outcome, in 30 days, in Perm', all(ask('calls.count', 'ge', 2, { days: 30, outcome: 'none' }), ask('phones', 'begins', '7342')), ['Анна']], // prettier-ignore
    ['never called', all(ask('calls.count', 'empty')), ['Глеб', 'Дом']],
    ['called once', all(ask('calls.count', 'eq', 1)), ['Борис']],
    ['fewer than two', all(ask('calls.count', 'lt', 2)), ['Борис', 'Глеб', 'Дом']],
    ['nought or one, by between', all(ask('calls.count', 'between', [0, 1])), ['Борис', 'Глеб', 'Дом']],
    ['three', all(ask('calls.count', 'gt', 2)), ['Анна']],
  ])('%s', async (_what, filter, expected) => {
    expect(await rows(root, filter)).toEqual(expected);
    expect(await count(root, filter)).toBe(expected.length);
  });

  test.each(['name', 'created_at', 'updated_at', 'contact_at'])('pages by %s hold everybody once, in both directions', async (sort) => {
    const walk = async (direction: string): Promise<string[]> => {
      const seen: string[] = [];
      for (let after: string | undefined; ;) {
        const { body } = await root.post('/api/segments/rows', { filter: all(), sort, direction, limit: 2, ...(after ? { after } : {}) });
        seen.push(...(body.items as { name: string }[]).map(({ name }) => name));
        if (body.next === null) return seen;
        after = body.next as string;
      }
    };
    const up = await walk('asc');
    expect([...up].sort()).toEqual(['Анна', 'Борис', 'Вера', 'Глеб', 'Дом']);
    expect(await walk('desc')).toEqual([...up].reverse());
  });

  test('cells come in the reader’s language', async () => {
    const { body } = await root.post('/api/segments/rows', { filter: all(ask('name', 'eq', 'Анна')), columns: ['stage', 'owner', 'phones', 'machines', 'contact_at'], language: 'en' }); // prettier-ignore
    expect(body.items[0].cells).toMatchObject({ stage: 'Lead', owner: 'Корнева', phones: '+73422112233', machines: '5', contact_at: '1970-01-01 03:00' }); // prettier-ignore
  });

  test('a filter shows to nobody more than they reach', async () => {
    const hidden = (await root.post('/api/clients', { name: 'Чужой' })).body.client.id as number;
    const other = (await root.post('/api/rights/departments', { name: 'other' })).body.department.id as number;
    await server.db('clients').where({ id: hidden }).update({ department_id: other });
    expect(await rows(operator, all())).not.toContain('Чужой');
    expect(await rows(operator, not(all(ask('name', 'eq', 'Анна'))))).not.toContain('Чужой');
    expect(await count(operator, all())).toBe(5);
    expect(await rows(root, all(ask('name', 'eq', 'Чужой')))).toEqual(['Чужой']);
    for (const path of ['bulk', 'export'])
      expect((await operator.post(`/api/segments/${path}`, { filter: all(), columns: ['name'], format: 'csv', set: { stage: 'lost' }, expected: 5 })).status, path).toBe(403); // prettier-ignore
    await server.db('clients').where({ id: hidden }).update({ archived_at: 1 });
  });

  test('what does not fit is refused', async () => {
    const refused = async (filter: unknown) => (await root.post('/api/segments/count', { filter })).status;
    expect(await refused(all(ask('name', 'gt', 5)))).toBe(400);
    expect(await refused(all(ask('calls.count', 'begins', 'x')))).toBe(400);
    expect(await refused(all(ask('calls.count', 'ge', 'x')))).toBe(400);
    expect(await refused(all(ask('calls.count', 'ge', 1, { days: -5 })))).toBe(400);
    expect(await refused(all(ask('calls.count', 'ge', 1, { direction: 'sideways' })))).toBe(400);
    expect(await refused(all(ask('no_such', 'eq', 1)))).toBe(409);
    expect(await refused(Array.from({ length: 9 }).reduce<FilterGroup>((inner) => all(inner), all()))).toBe(400);
    expect(await refused(all(...Array.from({ length: 60 }, () => all(ask('name', 'eq', 'x')))))).toBe(400);
    expect((await root.post('/api/segments/rows', { filter: all(), after: 'rubbish' })).status).toBe(400);
  });

  describe('saved filters', () => {
    test('are one’s own until they are shared with a role; a version is changed once', async () => {
      const made = await root.post('/api/segments', { name: 'Лиды', filter: all(ask('stage', 'in', ['lead'])), columns: ['stage'] });
      expect(made.status).toBe(201);
      const { id: saved, version } = made.body.segment as { id: number; version: number };
      const names = async (as: Person) => ((await as.get('/api/segments')).body.items as { name: string }[]).map(({ name }) => name);
      expect(await names(operator)).toEqual([]);
      expect((await root.patch(`/api/segments/${saved}`, { version, sharedRoles: ['operator'] })).status).toBe(200);
      expect(await names(operator)).toEqual(['Лиды']);
      expect((await operator.patch(`/api/segments/${saved}`, { version: 2, name: 'x' })).status).toBe(403);
      expect((await root.patch(`/api/segments/${saved}`, { version, name: 'x' })).status).toBe(409);
      expect((await operator.put('/api/segments/default', { id: saved })).status).toBe(204);
      expect((await operator.get('/api/segments')).body.defaultId).toBe(saved);
      const reader = (await server.app.deps.directory.actorOf(root.userId))!;
      const ids = await server.app.deps.segmentClients(server.db, reader, saved, 0, 1);
      expect(ids).toEqual([id['Анна']]);
      expect(await server.app.deps.segmentClients(server.db, reader, saved, ids[0]!, 10)).toEqual([id['Вера']]);
      expect((await root.delete(`/api/segments/${saved}`)).status).toBe(204);
      expect((await operator.get('/api/segments')).body).toMatchObject({ items: [], defaultId: null });
      await expect(server.app.deps.segmentClients(server.db, reader, saved, 0, 1)).rejects.toMatchObject({ code: 'not_found' });
    });

    test('operators share nothing', async () => {
      expect((await operator.post('/api/segments', { name: 'x', filter: all(), sharedRoles: ['manager'] })).status).toBe(403);
    });

    test('a field that is taken away while a filter asks for it: the filter says so, and is not taken for everybody', async () => {
      await root.post('/api/fields', { type: 'text', label: { ru: 'Цвет', en: 'Colour' }, key: 'colour' });
      const filter = all(ask('colour', 'eq', 'red'));
      const { body } = await root.post('/api/segments', { name: 'Красные', filter });
      const archived = await root.post('/api/fields/colour/archive', { archived: true, force: true });
      expect(archived.status, JSON.stringify(archived.body)).toBeLessThan(300);
      const listed = (await root.get('/api/segments')).body.items as { id: number; broken: string[] }[];
      expect(listed.find((each) => each.id === body.segment.id)?.broken).toEqual(['colour']);
      expect(await root.post('/api/segments/count', { filter })).toMatchObject({ status: 409, body: { error: { data: { reason: 'field_gone', fields: ['colour'] } } } }); // prettier-ignore
      const reader = (await server.app.deps.directory.actorOf(root.userId))!;
      await expect(server.app.deps.segmentClients(server.db, reader, body.segment.id as number, 0, 1)).rejects.toMatchObject({
        code: 'conflict',
      });
    });
  });

  test('a bulk change is undone as a whole; what somebody has changed since stays', async () => {
    const filter = all(ask('stage', 'in', ['lead']));
    const set = { stage: 'active', ownerId: operator.userId, custom: { machines: 99 } };
    expect((await root.post('/api/segments/bulk', { filter, set, expected: 3 })).status).toBe(409);
    expect((await root.post('/api/segments/bulk', { filter, set: { stage: 'nowhere' }, expected: 2 })).status).toBe(400);
    const done = await root.post('/api/segments/bulk', { filter, set, expected: 2 });
    expect(done.body).toMatchObject({ changed: 2, refused: [] });
    expect(await rows(root, all(ask('owner', 'in', [operator.userId]), ask('machines', 'eq', 99)))).toEqual(['Анна', 'Вера']);
    const { version } = (await root.get(`/api/clients/${id['Вера']}`)).body.client as { version: number };
    await root.patch(`/api/clients/${id['Вера']}`, { version, custom: { machines: 7 } });
    const undo = `/api/segments/batches/${done.body.batch}/undo`;
    expect((await operator.post(undo)).status).toBe(403);
    expect((await root.post(undo)).body).toEqual({ restored: 2, kept: 1 });
    expect((await root.post(undo)).status).toBe(409);
    expect(await rows(root, filter)).toEqual(['Анна', 'Вера']);
    const anna = (await root.get(`/api/clients/${id['Анна']}`)).body.client;
    expect(anna).toMatchObject({ stage: 'lead', owner: { id: root.userId }, custom: { machines: 5 } });
    expect((await root.get(`/api/clients/${id['Вера']}`)).body.client).toMatchObject({ owner: null, custom: { machines: 7 } });
  });

  describe('export', () => {
    const columns = ['name', 'company', 'phones', 'machines'];
    const file = async (format: string): Promise<Buffer> => {
      const res = await fetch(`${server.url}/api/segments/export`, {
        method: 'POST',
        headers: { cookie: root.cookie(), 'content-type': 'application/json' },
        body: JSON.stringify({ filter: all(ask('name', 'in', ['Анна'])), columns, format }),
      });
      return Buffer.from(await res.arrayBuffer());
    };
    const exported = async (format: string, filter: FilterGroup = any(ask('stage', 'in', ['lost']), ask('name', 'eq', 'Анна'))) => {
      const res = await fetch(`${server.url}/api/segments/export`, {
        method: 'POST',
        headers: { cookie: root.cookie(), 'content-type': 'application/json' },
        body: JSON.stringify({ filter, columns, format }),
      });
      expect(res.status).toBe(200);
      return Buffer.from(await res.arrayBuffer());
    };

    test('csv: formulas are text, numbers stay numbers', async () => {
      const text = (await exported('csv')).toString('utf8');
      expect(text).toContain("Борис;'=cmd|calc;+79161112233;12");
      expect(text.startsWith('\ufeffИмя;Компания;Телефоны;Станков\r\n')).toBe(true);
    });
    test('xlsx: every cell is text', async () => {
      const parts = unzipSync(new Uint8Array(await exported('xlsx')));
      const sheet = strFromU8(parts['xl/worksheets/sheet1.xml']!);
      expect(sheet).toContain('<t xml:space="preserve">=cmd|calc</t>');
      expect(sheet).not.toContain('<f>');
      expect(sheet.match(/<row>/g)).toHaveLength(3);
    });
    test('dbf in cp866', async () => {
      const dbf = await exported('dbf');
      expect([dbf[0], dbf[29], dbf.readUInt32LE(4)]).toEqual([3, 0x65, 2]);
      expect(iconv.decode(dbf, 'cp866')).toContain('Борис');
    });
    test('xml and vcard', async () => {
      expect((await exported('xml')).toString('utf8')).toContain('<field key="name" label="Имя">Борис</field>');
      expect((await exported('vcf')).toString('utf8')).toContain('TEL;TYPE=VOICE:+73422112233');
    });
    test('stands in the audit, and an unknown column is refused', async () => {
      const before = Number(((await server.db('audit').where({ what: 'clients.exported' }).count({ n: '*' })) as { n: number }[])[0]!.n);
      await file('csv');
      expect(Number(((await server.db('audit').where({ what: 'clients.exported' }).count({ n: '*' })) as { n: number }[])[0]!.n)).toBe(
        before,
      ); // refused: no such operator
      await exported('csv');
      expect(Number(((await server.db('audit').where({ what: 'clients.exported' }).count({ n: '*' })) as { n: number }[])[0]!.n)).toBe(
        before + 1,
      );
      expect((await root.post('/api/segments/export', { filter: all(), columns: ['no_such'], format: 'csv' })).status).toBe(400);
    });
  });
});
