import { afterAll, beforeAll, expect, test } from 'vitest';
import { startCallCentre } from '../support/call-centre.ts';
import { eachDatabase } from '../support/db.ts';

/** People of a campaign from a saved filter of the client base. */
eachDatabase((_, engine) => {
  let centre: Awaited<ReturnType<typeof startCallCentre>>;
  let vera: typeof centre.anna;
  const id: Record<string, number> = {};
  const everybody = { join: 'all', not: false, items: [] };

  beforeAll(async () => {
    centre = await startCallCentre(engine, { PBX: 'other=ami://user:secret@127.0.0.1:1' });
    await centre.db('queues').insert({ pbx: 'main', name: 'support', label: '' });
    const { id: sales } = (await centre.admin.post('/api/rights/departments', { name: 'sales' })).body.department;
    const { id: other } = (await centre.admin.post('/api/rights/departments', { name: 'other' })).body.department;
    vera = await centre.signIn('supervisor', { name: 'Vera', departmentId: sales });
    expect((await centre.admin.put('/api/rights/supervisor/view', { level: 'department' })).status).toBe(204);
    const make = async (name: string, phones: string[], department: number) => {
      const made = await centre.admin.post('/api/clients', { name, phones: phones.map((raw) => ({ raw })) });
      expect(made.status, JSON.stringify(made.body)).toBe(201);
      id[name] = made.body.client.id as number;
      await centre.db('clients').where({ id: id[name] }).update({ department_id: department });
    };
    await make('Two phones', ['8 916 000-00-02', '8 (342) 211-22-33'], sales);
    await make('Same phone', ['+7 916 000 00 02'], sales);
    await make('No phone', [], sales);
    await make('Extension', ['12'], sales);
    await make('Not to be called', ['+79160000005'], sales);
    await make('Of others', ['+79160000006'], other);
    await centre.admin.post('/api/dialling/do-not-call', { number: '+79160000005', note: '' });
  });
  afterAll(() => centre.close());

  const campaign = async () => {
    const made = await vera.post('/api/campaigns', { name: 'Welcome', pbx: 'main', queue: 'support', mode: 'preview', profile: 'RU', purpose: 'service' }); // prettier-ignore
    expect(made.status, JSON.stringify(made.body)).toBe(201);
    return made.body.campaign.id as number;
  };
  const segment = async (as: typeof centre.anna, draft: object) => {
    const made = await as.post('/api/segments', { name: 'List', filter: everybody, ...draft });
    expect(made.status, JSON.stringify(made.body)).toBe(201);
    return made.body.segment.id as number;
  };
  const take = (campaignId: number, segmentId: number, dryRun = false) =>
    vera.post(`/api/campaigns/${campaignId}/contacts/from`, { kind: 'segment', segmentId, dryRun });
  const people = async (campaignId: number) => (await vera.get(`/api/campaigns/${campaignId}/contacts`)).body.items;

  test('first what it would add and whom it refuses, then the people with their phones in order; again adds nobody', async () => {
    const [first, mine] = [await campaign(), await segment(vera, {})];
    const expected = {
      // Ivan Petrov is everybody's
      added: 3,
      duplicates: 1,
      elsewhere: 0,
      doNotCall: 1,
      rejectedCount: 2,
      rejected: [
        { line: null, clientId: id['No phone'], text: 'No phone', why: 'no-number' },
        { line: null, clientId: id['Extension'], text: 'Extension', why: 'not-a-number' },
      ],
    };
    expect(await take(first, mine, true)).toMatchObject({ status: 200, body: expected });
    expect(await people(first)).toEqual([]);
    expect((await take(first, mine)).body).toEqual(expected);
    expect((await people(first)).map(({ name, numbers, state }: { name: string; numbers: string[]; state: string }) => [name, numbers, state])).toEqual([
      ['Ivan Petrov', ['+79161234567'], 'ready'],
      ['Two phones', ['+79160000002', '+73422112233'], 'ready'],
      ['Not to be called', ['+79160000005'], 'stopped'],
    ]); // prettier-ignore
    expect((await people(first)).map(({ clientId }: { clientId: number }) => clientId)).toContain(id['Two phones']);
    expect((await take(first, mine)).body).toMatchObject({ added: 0, duplicates: 4 });
    // in another campaign they are found
    expect((await take(await campaign(), mine, true)).body).toMatchObject({ added: 3, elsewhere: 2 });
    const [{ details }] = (await centre.db('audit').where({ what: 'campaign.contacts', row_id: String(first) }).orderBy('id')) as [{ details: string }]; // prettier-ignore
    expect(JSON.parse(details)).toMatchObject({ added: 3, from: { kind: 'segment', segmentId: mine } });
  });

  test('a filter lends nobody the rights of its owner, and one of somebody else is not there', async () => {
    const at = await campaign();
    const hidden = await segment(centre.admin, {});
    expect((await take(at, hidden)).status).toBe(404);
    expect((await take(at, 999_999)).status).toBe(404);
    const shared = await segment(centre.admin, { sharedRoles: ['supervisor'] });
    expect((await take(at, shared)).status).toBe(200);
    const names = (await people(at)).map(({ name }: { name: string }) => name);
    expect(names).toContain('Two phones');
    expect(names).not.toContain('Of others');
    // whom its owner does find
    const owned = (await centre.app.deps.directory.actorOf(centre.admin.userId))!;
    expect(await centre.app.deps.segmentClients(centre.db, owned, shared, 0, 100)).toContain(id['Of others']);
    expect((await centre.anna.post(`/api/campaigns/${at}/contacts/from`, { kind: 'segment', segmentId: shared })).status).toBe(403);
  });

  test('a filter may not ask for the actor what they may not read', async () => {
    await centre.admin.post('/api/fields', { type: 'number', label: { ru: 'Долг', en: 'Debt' }, key: 'debt', readRoles: ['administrator'] }); // prettier-ignore
    const filter = { join: 'all', not: false, items: [{ field: 'debt', op: 'gt', value: 5, args: {} }] };
    const secret = await segment(centre.admin, { filter, sharedRoles: ['supervisor'] });
    const at = await campaign();
    expect(await take(at, secret)).toMatchObject({ status: 409, body: { error: { data: { reason: 'field_gone' } } } });
    expect(await people(at)).toEqual([]);
  });

  test('more clients than a page holds: everybody once', async () => {
    const row = (n: number) => ({ kind: 'person', roles: '[]', name: `Many ${n}`, sort_key: `many ${n}`, stage: 'lead', company: '', position: '', note: '', custom: '{}', version: 1, created_at: 1, updated_at: 1 }); // prettier-ignore
    await centre.db.batchInsert('clients', Array.from({ length: 1_203 }, (_x, n) => row(n)), 40); // prettier-ignore
    const made = (await centre.db('clients').where('name', 'like', 'Many %').orderBy('id').pluck('id')) as number[];
    const phone = (client_id: number, n: number) => {
      const digits = `7917${String(n).padStart(7, '0')}`;
      return {
        client_id,
        ordinal: 0,
        raw: `+${digits}`,
        e164: `+${digits}`,
        purpose: '',
        digits,
        reversed: [...digits].reverse().join(''),
      };
    };
    await centre.db.batchInsert('phones', made.map(phone), 40);
    const at = await campaign();
    const filter = { join: 'all', not: false, items: [{ field: 'name', op: 'begins', value: 'Many', args: {} }] };
    expect((await take(at, await segment(vera, { filter }))).body).toMatchObject({ added: 1_203, duplicates: 0, rejectedCount: 0 });
    expect(Number((await centre.db('campaign_contacts').where({ campaign_id: at }).countDistinct({ n: 'client_id' }))[0]!.n)).toBe(1_203);
  });
});
