import { afterAll, beforeAll, expect, test } from 'vitest';
import { eachDatabase } from '../support/db.ts';
import { startRig } from './clients-rig.ts';

eachDatabase((open) => {
  let rig: Awaited<ReturnType<typeof startRig>>;
  beforeAll(async () => {
    rig = await startRig(await open());
  });
  afterAll(() => rig?.close());
  const counts = async () =>
    Object.fromEntries(
      await Promise.all(
        ['clients', 'phones', 'emails', 'search_words', 'timeline', 'audit'].map(async (table) => {
          const [row] = (await rig.db(table).count({ n: '*' })) as { n: number }[];
          return [table, Number(row!.n)];
        }),
      ),
    );
  const audits = async (id: number) =>
    (await rig
      .db('audit')
      .where({ row_id: String(id) })
      .orderBy('id')) as { what: string; details: string }[];

  test('a client is created in the department of its operator, with everything that was typed', async () => {
    rig.emitted.length = 0;
    const made = await rig.ask('anna', 'POST', '/clients', {
      name: ' Пётр Семёнов ',
      company: 'ООО «Ромашка»',
      phones: [{ raw: '8 (916) 123-45-67 доб. 12', purpose: 'work' }, { raw: '101' }],
      emails: [{ address: 'Petr@Example.com' }],
      note: 'a\nb',
    });
    expect(made.status).toBe(201);
    expect(made.body.can).toEqual({ edit: true, call: true, archive: false, merge: false });
    expect(made.body.client).toMatchObject({
      name: 'Пётр Семёнов',
      kind: 'person',
      roles: ['client'],
      stage: 'new',
      departmentId: rig.departments.sales,
      owner: null,
      version: 1,
      note: 'a\nb',
      archivedAt: null,
      phones: [
        { raw: '8 (916) 123-45-67 доб. 12', e164: '+79161234567', extension: '12', purpose: 'work' },
        { raw: '101', e164: null, extension: null, purpose: '' },
      ],
      emails: [{ address: 'Petr@Example.com' }],
    });
    expect(made.body.origins).toEqual({ '+79161234567': { country: 'RU', kind: 'mobile', region: null, timeZone: null } });
    const { id } = made.body.client;
    expect((await rig.ask('anna', 'GET', `/clients/${id}`)).body).toEqual(made.body);
    expect(rig.emitted).toEqual([{ name: 'client.changed', event: { id } }]);
    expect((await audits(id)).map((row) => row.what)).toEqual(['client.created']);
    const history = await rig.ask('anna', 'GET', `/clients/${id}/timeline`);
    expect(history.body.items).toMatchObject([{ kind: 'created', user: { name: 'anna', role: 'operator' } }]);
  });

  test('an edit changes what it names, and says so in the history and the audit', async () => {
    const id = await rig.create('anna', {
      name: 'Old',
      phones: [{ raw: '+7 495 111-22-33' }, { raw: '102' }],
      emails: [{ address: 'a@example.com' }],
    });
    const before = (await rig.ask('anna', 'GET', `/clients/${id}`)).body.client;
    const edited = await rig.ask('anna', 'PATCH', `/clients/${id}`, {
      version: 1,
      name: 'Новое Имя',
      phones: [{ raw: '103' }, { raw: '+7 495 111-22-33', purpose: 'home' }],
    });
    expect(edited.status).toBe(200);
    expect(edited.body.client).toMatchObject({ name: 'Новое Имя', version: 2, emails: before.emails, kind: 'person' });
    expect(edited.body.client.phones.map((p: { raw: string }) => p.raw)).toEqual(['103', '+7 495 111-22-33']);
    expect(edited.body.client.phones[1]).toEqual({ ...before.phones[0], purpose: 'home' });
    expect(await rig.search('anna', 'old')).toEqual([]);
    expect(await rig.search('anna', 'нов имя')).toEqual(['Новое Имя']);
    const history = (await rig.ask('anna', 'GET', `/clients/${id}/timeline`)).body.items;
    expect(history[0]).toMatchObject({ kind: 'edited', data: { fields: ['name', 'phones'] } });
    const [, audit] = await audits(id);
    expect(audit!.what).toBe('client.edited');
    expect(JSON.parse(audit!.details)).toMatchObject({ before: { name: 'Old', phones: [{ raw: '+7 495 111-22-33' }, { raw: '102' }] } });
  });

  test('an edit that changes nothing leaves no trace', async () => {
    const id = await rig.create('anna', { name: 'Same', phones: [{ raw: '104' }] });
    const had = await counts();
    const same = await rig.ask('anna', 'PATCH', `/clients/${id}`, { version: 1, name: ' Same ', phones: [{ raw: '104' }] });
    expect(same.body.client.version).toBe(1);
    expect(await counts()).toEqual(had);
  });

  test('of two edits of one version the second is told the version that stands, and changes nothing', async () => {
    const id = await rig.create('anna', { name: 'Two' });
    const both = await Promise.all([
      rig.ask('anna', 'PATCH', `/clients/${id}`, { version: 1, name: 'First', phones: [{ raw: '105' }] }),
      rig.ask('vera', 'PATCH', `/clients/${id}`, { version: 1, name: 'Second', phones: [{ raw: '106' }] }),
    ]);
    const won = both.find((r) => r.status === 200)!;
    expect(both.find((r) => r.status !== 200)).toEqual({ status: 409, body: { error: { code: 'conflict', data: { version: 2 } } } });
    const now = (await rig.ask('anna', 'GET', `/clients/${id}`)).body.client;
    expect(now).toEqual(won.body.client);
    expect((await rig.ask('vera', 'POST', `/clients/${id}/archive`, { version: 1 })).body.error).toEqual({
      code: 'conflict',
      data: { version: 2 },
    });
  });

  test('an archived client is in no list and no search, keeps its card, and is edited no more', async () => {
    const id = await rig.create('anna', { name: 'Archivable Zed', phones: [{ raw: '+7 495 999-00-11' }] });
    expect(await rig.search('vera', 'archivable')).toEqual(['Archivable Zed']);
    expect((await rig.ask('anna', 'POST', `/clients/${id}/archive`, { version: 1 })).status).toBe(403);
    const archived = await rig.ask('vera', 'POST', `/clients/${id}/archive`, { version: 1 });
    expect(archived.body).toMatchObject({
      client: { version: 2, archivedAt: expect.any(Number) },
      can: { edit: false, call: false, archive: false },
    });
    for (const q of ['archivable', '+7 495 999-00', '0011', '']) expect(await rig.search('vera', q)).not.toContain('Archivable Zed');
    expect(await rig.deps.clientsByNumber('84959990011')).toEqual([]);
    expect((await rig.ask('vera', 'PATCH', `/clients/${id}`, { version: 2, name: 'x' })).status).toBe(403);
    expect((await rig.ask('vera', 'POST', `/clients/${id}/archive`, { version: 2 })).status).toBe(403);
    expect((await rig.ask('anna', 'GET', `/clients/${id}`)).body.client.name).toBe('Archivable Zed');
  });

  test('a client of another department is nobody for an operator, until it is on their phone', async () => {
    const id = await rig.create('boris', { name: 'Supported Person', phones: [{ raw: '+7 495 777-00-11' }] });
    for (const [method, path, body] of [
      ['GET', `/clients/${id}`],
      ['GET', `/clients/${id}/timeline`],
      ['PATCH', `/clients/${id}`, { version: 1, name: 'x' }],
      ['POST', `/clients/${id}/archive`, { version: 1 }],
    ] as const)
      expect((await rig.ask('anna', method, path, body)).body.error?.code, `${method} ${path}`).toBe('forbidden');
    expect(await rig.search('anna', 'supported')).toEqual([]);
    expect(await rig.search('anna', '4957770011')).toEqual([]);
    expect(await rig.search('boris', 'supported')).toEqual(['Supported Person']);
    expect(await rig.deps.mayReadClient(rig.actors.anna, id)).toBe(false);
    expect(await rig.deps.mayReadClient(rig.actors.boris, id)).toBe(true);
    expect(await rig.deps.mayReadClient(rig.actors.root, 9_999_999)).toBe(false);

    rig.granted.add(`${rig.actors.anna.id}:${id}`);
    const seen = await rig.ask('anna', 'GET', `/clients/${id}`);
    expect(seen.body).toMatchObject({ client: { name: 'Supported Person' }, can: { edit: false, call: true, archive: false } });
    expect((await rig.ask('anna', 'PATCH', `/clients/${id}`, { version: 1, name: 'x' })).status).toBe(403);
    rig.granted.clear();
    expect((await rig.ask('anna', 'GET', `/clients/${id}`)).status).toBe(403);
  });

  test('a client without a department is everybody’s', async () => {
    await rig.create('root', { name: 'Everybodys Friend' });
    for (const who of ['anna', 'boris', 'free', 'vera'] as const)
      expect(await rig.search(who, 'everybodys'), who).toEqual(['Everybodys Friend']);
  });

  test('hostile names are stored as text and found', async () => {
    const long = 'Ж'.repeat(200);
    for (const name of [
      '<img src=x onerror=alert(1)>',
      `Robert'); DROP TABLE clients;--`,
      '"quoted" \\ back`tick`',
      '😀👩‍👩‍👧 emoji',
      '\u202eRTL עברית \u202c',
      '%_% like',
      long,
      '${name} {{x}}',
    ]) {
      const made = await rig.ask('anna', 'POST', '/clients', { name });
      expect(made.status, name).toBe(201);
      expect(made.body.client.name).toBe(name.trim());
      expect((await rig.ask('anna', 'GET', `/clients/${made.body.client.id}`)).body.client.name).toBe(name.trim());
    }
    expect(await rig.search('anna', 'onerror')).toEqual(['<img src=x onerror=alert(1)>']);
    expect(await rig.search('anna', `robert'); drop`)).toEqual([`Robert'); DROP TABLE clients;--`]);
    expect(await rig.search('anna', 'עברי')).toEqual(['\u202eRTL עברית \u202c']);
    expect(await rig.search('anna', long)).toEqual([long]);
    const nul = await rig.ask('anna', 'POST', '/clients', { name: 'a\u0000b\r\nc' });
    expect(nul.body.client.name).toBe('a b c');
  });

  test('bad input gets a 4xx in the one shape, and nothing is written', async () => {
    const id = await rig.create('anna', { name: 'Untouched' });
    const had = await counts();
    const bad: [string, string, unknown, number?][] = [
      ['POST', '/clients', {}],
      ['POST', '/clients', { name: '' }],
      ['POST', '/clients', { name: '   ' }],
      ['POST', '/clients', { name: '\u0000\u0001' }],
      ['POST', '/clients', { name: 'x'.repeat(201) }],
      ['POST', '/clients', { name: 5 }],
      ['POST', '/clients', { name: 'x', kind: 'robot' }],
      ['POST', '/clients', { name: 'x', phones: '123' }],
      ['POST', '/clients', { name: 'x', phones: [{ raw: 'no digits' }] }],
      ['POST', '/clients', { name: 'x', phones: [{ raw: '1'.repeat(61) }] }],
      ['POST', '/clients', { name: 'x', phones: Array.from({ length: 21 }, () => ({ raw: '101' })) }],
      ['POST', '/clients', { name: 'x', emails: [{ address: 'nobody' }] }],
      ['POST', '/clients', { name: 'x', note: 'x'.repeat(10_001) }],
      ['POST', '/clients', '{"name":'],
      ['POST', '/clients', JSON.stringify({ name: 'x', note: 'x'.repeat(2_000_000) }), 413],
      ['PATCH', `/clients/${id}`, { name: 'x' }],
      ['PATCH', `/clients/${id}`, { version: 'one', name: 'x' }],
      ['PATCH', `/clients/${id}`, { version: 1, name: '\u0000' }],
      ['PATCH', `/clients/${id}`, { version: 1, name: 'x', phones: [{ raw: '+' }] }],
      ['PATCH', '/clients/999999999', { version: 1, name: 'x' }, 404],
      ['PATCH', '/clients/abc', { version: 1, name: 'x' }],
      ['GET', '/clients/999999999', undefined, 404],
      ['GET', '/clients/0', undefined],
      ['GET', '/clients/-1', undefined],
      ['GET', '/clients/1e99', undefined],
      ['GET', '/clients/1;drop', undefined],
      ['GET', '/clients?limit=0', undefined],
      ['GET', '/clients?limit=101', undefined],
      ['GET', '/clients?q=a&q=b', undefined],
      ['GET', `/clients?q=${'x'.repeat(201)}`, undefined],
      ['GET', '/clients?after=zzz', undefined],
      ['GET', `/clients?after=${Buffer.from('{"key":1,"id":2}').toString('base64url')}`, undefined],
      ['GET', `/clients?q=abc&after=${Buffer.from('{"key":"b","id":2,"source":0,"driver":0}').toString('base64url')}`, undefined],
      ['GET', `/clients?q=abc&after=${Buffer.from('{"key":"abc","id":2,"source":-1,"driver":0}').toString('base64url')}`, undefined],
      ['GET', `/clients/${id}/timeline?before=yesterday`, undefined],
      ['GET', `/clients/${id}/timeline?limit=1000`, undefined],
      ['POST', `/clients/${id}/archive`, {}],
      ['POST', '/clients/999999999/archive', { version: 1 }, 404],
    ];
    for (const [method, path, body, status = 400] of bad) {
      const answer = await rig.ask('vera', method, path, body);
      const label = `${method} ${path} ${JSON.stringify(body)?.slice(0, 80)}`;
      expect(answer.status, label).toBe(status);
      expect(answer.body.error, label).toEqual({ code: expect.any(String), data: expect.any(Object) });
    }
    expect(await counts()).toEqual(had);
  });

  test('one number of several clients: whom we spoke with last comes first', async () => {
    const number = '+7 (495) 123-00-77';
    const [old, recent, never] = [
      await rig.create('root', { name: 'Old', phones: [{ raw: number }] }),
      await rig.create('root', { name: 'Recent', phones: [{ raw: '84951230077' }, { raw: '8 495 123 00 77 доб. 5' }] }),
      await rig.create('root', { name: 'Never', phones: [{ raw: '4951230077' }] }),
    ];
    const call = (clientId: number, at: number) =>
      rig.deps.addTimeline(rig.db, { clientId, at, kind: 'call', ref: `t:${clientId}`, userId: null, data: {} });
    await call(old, 1000);
    await call(recent, 2000);
    for (const spelled of ['84951230077', '+74951230077', '7 495 1230077', '4951230077', '0074951230077'])
      expect(
        (await rig.deps.clientsByNumber(spelled)).map((c) => c.id),
        spelled,
      ).toEqual([recent, old, never]);
    expect((await rig.deps.clientsByNumber(number))[0]).toEqual({
      id: recent,
      kind: 'person',
      name: 'Recent',
      company: '',
      phone: '+74951230077',
    });
    for (const nobody of ['', 'anonymous', '+', '84951230078', '%', "' or 1=1"]) expect(await rig.deps.clientsByNumber(nobody)).toEqual([]);
  });

  test('a number of no plan is found by its digits', async () => {
    const id = await rig.create('root', { name: 'Inner', phones: [{ raw: '77-01' }] });
    expect((await rig.deps.clientsByNumber('7701')).map((c) => c.id)).toEqual([id]);
  });

  test('briefs come in the order asked, without strangers', async () => {
    const [a, b] = [await rig.create('root', { name: 'A' }), await rig.create('root', { name: 'B', phones: [{ raw: '900' }] })];
    const briefs = await rig.deps.clientBriefs([b, 999_999, a, b]);
    expect([...briefs.values()].map((c) => [c.name, c.phone])).toEqual([
      ['B', '900'],
      ['A', null],
    ]);
    expect((await rig.deps.clientBriefs([])).size).toBe(0);
  });
});
