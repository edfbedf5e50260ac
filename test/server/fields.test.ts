import { afterAll, beforeAll, expect, test } from 'vitest';
import { whereField } from '../../server/clients/condition.ts';
import { catalogue } from '../../server/clients/catalogue.ts';
import { numberPlanOf } from '../../server/clients/number-plan.ts';
import { indexCards } from '../../server/clients/reindex.ts';
import type { FieldOperator } from '../../server/fields/contract.ts';
import { eachDatabase } from '../support/db.ts';
import { startServer } from '../support/server.ts';
import type { TestServer } from '../support/server.ts';

type Client = Awaited<ReturnType<TestServer['signIn']>>;

eachDatabase((_, engine) => {
  let server: TestServer;
  let admin: Client;
  let anna: Client;
  beforeAll(async () => {
    server = await startServer({ engine });
    admin = await server.signIn('administrator');
    anna = await server.signIn('operator', { name: 'Anna' });
  });
  afterAll(() => server.close());

  const add = async (draft: object): Promise<string> => {
    const answer = await admin.post('/api/fields', { label: { ru: 'Поле', en: 'Field' }, ...draft });
    expect(answer.status, JSON.stringify(answer.body)).toBe(201);
    return answer.body.field.key;
  };
  const card = async (draft: object) => (await anna.post('/api/clients', { name: 'Ivan', ...draft })).body.client;
  const issues = (answer: { body: { error: { data: { issues: { path: string; code: string }[] } } } }) =>
    Object.fromEntries(answer.body.error.data.issues.map(({ path, code }) => [path.replace('body.custom.', ''), code]));
  const found = async (key: string, op: FieldOperator, value?: unknown): Promise<number[]> => {
    const { deps } = server.app;
    const field = (await catalogue(deps, server.db, { role: 'administrator' })).find((each) => each.key === key)!;
    const ctx = { fields: deps.fields, plan: numberPlanOf('RU'), timeZone: 'Europe/Moscow' };
    return server.db('clients as c').where((q) => whereField(q, { field, op, value }, ctx)).orderBy('c.id').pluck('c.id'); // prettier-ignore
  };

  test('a field is added without a restart: on the card, in the history, the catalogue and the search', async () => {
    const limit = await add({ type: 'money', label: { ru: 'Кредитный лимит', en: 'Credit limit' } });
    const nick = await add({ type: 'text', label: { ru: 'Прозвище', en: 'Nickname' }, searchable: true });
    expect(limit).toBe('credit_limit');
    const made = await card({ name: 'Ivan Fields', custom: { [limit]: '1 200,50', [nick]: 'Zorro' } });
    expect(made.custom).toEqual({ [limit]: { amount: 120050, currency: 'RUB' }, [nick]: 'Zorro' });
    expect((await anna.get('/api/clients?q=zorr')).body.items.map((c: { id: number }) => c.id)).toEqual([made.id]);
    const edit = await anna.patch(`/api/clients/${made.id}`, { version: made.version, custom: { [limit]: '5', [nick]: null } });
    expect(edit.body.client.custom).toEqual({ [limit]: { amount: 500, currency: 'RUB' } });
    expect((await anna.get('/api/clients?q=zorr')).body.items).toEqual([]);
    const { items } = (await anna.get(`/api/clients/${made.id}/changes`)).body;
    expect(items.map((c: { field: string; before: unknown; after: unknown }) => [c.field, c.before, c.after])).toEqual([
      [nick, 'Zorro', null],
      [limit, { amount: 120050, currency: 'RUB' }, { amount: 500, currency: 'RUB' }],
    ]);
    const { items: fields } = (await anna.get('/api/clients/catalogue')).body;
    expect(fields.find((f: { key: string }) => f.key === limit)).toMatchObject({ type: 'money', own: false, writable: true, label: { en: 'Credit limit' } }); // prettier-ignore
    expect(await found(limit, 'between', ['1', '5,00'])).toEqual([made.id]);
    expect(await found(limit, 'gt', 5)).toEqual([]);
  });

  test('each value is checked by its type, all faults are named at once, and nothing is written', async () => {
    const list = await add({ type: 'list', settings: { options: [{ code: 'a', label: { ru: 'А', en: 'A' } }] } });
    const before = await server.db('clients').count({ n: '*' }).first();
    const answer = await anna.post('/api/clients', {
      name: 'X',
      custom: { inn: '7707083894', birthday: '30.02.2020', [list]: 'z', nothing: 1, kpp: '773601001', __proto__: 1, constructor: 1 },
    });
    expect(answer.status).toBe(400);
    expect(issues(answer)).toEqual({ inn: 'not_an_inn', birthday: 'not_a_date', [list]: 'no_such_option', nothing: 'no_such_field', kpp: 'not_of_this_kind', constructor: 'no_such_field' }); // prettier-ignore
    expect(await server.db('clients').count({ n: '*' }).first()).toEqual(before);
  });

  test('conditions find by every kind of field', async () => {
    const date = await add({ type: 'date' });
    const multi = await add({ type: 'multi-list', settings: { options: ['x', 'y', 'z'].map((code) => ({ code, label: { ru: code, en: code } })) } }); // prettier-ignore
    const tel = await add({ type: 'phone' });
    const one = await card({ name: 'Ольга Ёлкина', phones: [{ raw: '8 912 000-00-01' }], custom: { [date]: '1.3.2026', [multi]: 'x;y', [tel]: '89120000002', tags: ['ВИП'] } }); // prettier-ignore
    const two = await card({ name: 'Two', roles: ['supplier'], custom: { [date]: '2026-03-05', [multi]: ['z'] } });
    expect(await found(date, 'between', ['2026-03-01', '2026-03-04'])).toEqual([one.id]);
    expect(await found(multi, 'in', ['x', 'z'])).toEqual([one.id, two.id]);
    expect(await found(multi, 'all-of', ['x', 'y'])).toEqual([one.id]);
    expect(await found(tel, 'filled')).toEqual([one.id]);
    expect(await found('tags', 'in', ['вип'])).toEqual([one.id]);
    expect(await found('name', 'begins', 'ольга ел')).toEqual([one.id]);
    expect(await found('phones', 'begins', '8912')).toEqual([one.id]);
    expect(await found('roles', 'in', ['supplier'])).toEqual([two.id]);
    expect(await found('created_at', 'ge', '2000-01-01')).toContain(one.id);
    expect(await found(multi, 'not-in', ['x'])).not.toContain(one.id);
    expect(await found(multi, 'not-in', ['x'])).toContain(two.id);
    await expect(found(date, 'contains', 'x')).rejects.toMatchObject({ code: 'invalid' });
    await expect(found(date, 'eq', { a: 1 })).rejects.toMatchObject({ code: 'invalid' });
    await expect(found('stage', 'in', [{}])).rejects.toMatchObject({ code: 'invalid' });
  });

  test('a formula is computed on the card, tried before, and found by after all cards are read anew', async () => {
    const base = await add({ type: 'number' });
    const early = await card({ name: 'Early', custom: { [base]: 4 } });
    const trial = await admin.post('/api/fields/try', { expression: `${base} * 2`, values: { [base]: '21' } });
    expect(trial.body).toEqual({ value: 42, fault: null, reads: [base] });
    expect((await admin.post('/api/fields/try', { expression: `${base} *` })).body.fault).toMatchObject({ code: 'unfinished' });
    const twice = await add({ type: 'formula', settings: { expression: `${base} * 2` } });
    expect((await anna.get(`/api/clients/${early.id}`)).body.client.custom[twice]).toBe(8);
    await server.db('client_values').where({ field: twice }).delete();
    await server.db('field_defs').where({ field: twice }).update({ indexing_from: 0 });
    await indexCards(server.app.deps);
    expect(await found(twice, 'eq', 8)).toEqual([early.id]);
    expect(await server.app.deps.fields.toIndex(server.db)).toEqual([]);
    expect(issues(await anna.post('/api/clients', { name: 'X', custom: { [twice]: 1 } }))).toEqual({ [twice]: 'computed' });
    const used = await admin.post(`/api/fields/${base}/archive`, { archived: true });
    expect(used).toMatchObject({ status: 409, body: { error: { data: { reason: 'used', uses: [{ what: 'formula' }] } } } });
    expect((await admin.post(`/api/fields/${base}/archive`, { archived: true, force: true })).status).toBe(200);
    expect((await anna.get(`/api/clients/${early.id}`)).body.client.custom[base]).toBe(4);
  });

  test('required by kind and stage; what was missing before need not be mended by whoever changes something else', async () => {
    const key = await add({ type: 'text', required: [{ kind: 'company', stage: 'new' }] });
    expect(issues(await anna.post('/api/clients', { kind: 'company', name: 'X' }))).toEqual({ [key]: 'required' });
    expect((await anna.post('/api/clients', { kind: 'person', name: 'X' })).status).toBe(201);
    const made = await card({ kind: 'company', name: 'ромашка, ооо', custom: { [key]: 'y' } });
    expect(made.name).toBe('ООО «ромашка»');
    expect(issues(await anna.patch(`/api/clients/${made.id}`, { version: 1, custom: { [key]: '' } }))).toEqual({ [key]: 'required' });
    await server.db('clients').where('id', made.id).update({ custom: '{}' });
    expect((await anna.patch(`/api/clients/${made.id}`, { version: 1, note: 'n' })).status).toBe(200);
    const { completeness } = (await anna.get(`/api/clients/${made.id}`)).body;
    expect(completeness.missing[0]).toBe(key);
    await admin.post(`/api/fields/${key}/archive`, { archived: true });
  });

  test('who may not read a field finds it nowhere; who may not write it cannot', async () => {
    const secret = await add({ type: 'text', readRoles: ['manager'] });
    const fixed = await add({ type: 'text', writeRoles: ['manager'] });
    const made = (await admin.post('/api/clients', { name: 'S', custom: { [secret]: 'hush', [fixed]: 'f' } })).body.client;
    await admin.patch(`/api/clients/${made.id}`, { version: 1, custom: { [secret]: 'more' } });
    for (const path of ['/api/fields', '/api/clients/catalogue', `/api/clients/${made.id}`, `/api/clients/${made.id}/changes`, `/api/clients/${made.id}/timeline`]) {
      const { body } = await anna.get(path);
      expect(JSON.stringify(body), path).not.toContain('hush');
      expect(JSON.stringify(body), path).not.toContain(`"${secret}"`);
    } // prettier-ignore
    expect((await anna.get(`/api/clients/${made.id}`)).body.client.custom[fixed]).toBe('f');
    for (const key of [secret, fixed])
      expect(issues(await anna.patch(`/api/clients/${made.id}`, { version: 2, custom: { [key]: 'x' } }))).toEqual({ [key]: 'forbidden' });
  });

  test('bad fields and other people change nothing; the order is by kind', async () => {
    const before = (await admin.get('/api/fields')).body;
    const label = { ru: 'а', en: 'a' };
    for (const draft of [
      { type: 'list', label },
      { type: 'text', label, settings: { options: [] } },
      { type: 'formula', label, settings: { expression: 'no_such + 1' } },
      { type: 'formula', label, settings: { expression: 'process.exit()' } },
      { type: 'inn', label },
      { type: 'text', label: { ru: '', en: 'x' } },
      { type: 'text', label, key: 'Bad Key' },
      { type: 'text', label, settings: { anything: 1 } },
      { type: 'reference', label },
    ])
      expect((await admin.post('/api/fields', draft)).status, JSON.stringify(draft)).toBe(400);
    expect((await admin.post('/api/fields', { type: 'text', label, key: 'inn' })).status).toBe(409);
    expect((await anna.post('/api/fields', { type: 'text', label })).status).toBe(403);
    expect((await anna.put('/api/fields/layout', { kind: 'person', items: [] })).status).toBe(403);
    expect((await admin.get('/api/fields')).body).toEqual(before);
    const laid = await admin.put('/api/fields/layout', { kind: 'person', items: [{ key: 'sex', section: 'main' }, { key: 'birthday', section: 'Личное' }] }); // prettier-ignore
    const at = (key: string) => laid.body.items.find((f: { key: string }) => f.key === key);
    expect(at('sex').position.person).toBeLessThan(at('birthday').position.person);
    expect(at('birthday').section).toBe('Личное');
    expect(at('sex').position.company).toBe(before.items.find((f: { key: string }) => f.key === 'sex').position.company);
  });
});
