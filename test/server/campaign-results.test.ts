import { strFromU8, unzipSync } from 'fflate';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { EXPORT_COLUMNS } from '../../server/campaigns/contract.ts';
import { startCallCentre } from '../support/call-centre.ts';
import { eachDatabase } from '../support/db.ts';

/** Results by hour and list, and the people, ends and answers as a file. */
eachDatabase((_, engine) => {
  let centre: Awaited<ReturnType<typeof startCallCentre>>;
  let vera: typeof centre.anna;
  let campaign = 0;
  let serial = 0;
  const contacts = () => centre.db('campaign_contacts').where({ campaign_id: campaign }).orderBy('id');
  /** 10:20 in the zone of the working calendar, and later. */
  const MORNING = Date.UTC(2026, 10, 23, 7, 20);

  beforeAll(async () => {
    centre = await startCallCentre(engine, { PBX: 'other=ami://user:secret@127.0.0.1:1' });
    vera = await centre.signIn('supervisor', { name: 'Vera' });
    await centre.db('queues').insert({ pbx: 'main', name: 'support', label: '' });
    const made = await vera.post('/api/campaigns', { name: 'Survey', pbx: 'main', queue: 'support', mode: 'preview', profile: 'RU', purpose: 'survey' }); // prettier-ignore
    campaign = made.body.campaign.id as number;
    const script = { steps: [{ id: 'why', text: 'Why us?', kind: 'text' }, { id: 'happy', text: 'Happy?', kind: 'single', options: [{ value: 'yes', text: 'Yes, very' }] }] }; // prettier-ignore
    expect((await vera.put(`/api/campaigns/${campaign}/script`, { script })).status).toBe(200);
    await vera.post(`/api/campaigns/${campaign}/contacts`, { text: 'phone;name\n+79160000001;=cmd|calc\n+79160000002;Olga\n', name: 'may.csv' }); // prettier-ignore
    await vera.post(`/api/campaigns/${campaign}/contacts`, { text: '+79160000002\n+79160000003\n' });
    const segment = await vera.post('/api/segments', { name: 'Mine', filter: { join: 'all', not: false, items: [] } });
    await vera.post(`/api/campaigns/${campaign}/contacts/from`, { kind: 'segment', segmentId: segment.body.segment.id, name: 'Mine' });
    // nobody new: no list
    await vera.post(`/api/campaigns/${campaign}/contacts`, { text: '+79160000003' });
    const people = (await contacts()) as { id: number }[];
    expect(people).toHaveLength(4);
    const attempt = (i: number, n: number, at: number, talked: boolean) => ({ campaign_id: campaign, contact_id: people[i]!.id, n, number: '+79160000000', pbx: 'main', channel_id: `c${++serial}`, state: 'settled', mode: 'preview', decision: '{}', operator_id: talked ? centre.anna.userId : null, placed_at: at, answered_at: talked ? at : null, connected_at: talked ? at : null, ended_at: at, result: talked ? 'talked' : 'busy' }); // prettier-ignore
    const HOUR = 3_600_000;
    await centre.db('attempts').insert([attempt(0, 1, MORNING, false), attempt(0, 2, MORNING + 24 * HOUR, true), attempt(1, 1, MORNING + HOUR, false), attempt(3, 1, MORNING + 1, true)]); // prettier-ignore
    await centre.db('campaign_contacts').where({ id: people[0]!.id }).update({ state: 'done', reason: 'outcome', outcome: 'sale', attempts: 2 }); // prettier-ignore
    const answer = (question: string, value: string) => ({ campaign_id: campaign, contact_id: people[0]!.id, version: 1, question, value: JSON.stringify(value), user_id: centre.anna.userId, at: 1 }); // prettier-ignore
    await centre.db('answers').insert([answer('happy', 'yes'), answer('why', '@SUM(1)')]);
  });
  afterAll(() => centre.close());

  const words = { columns: Object.fromEntries(EXPORT_COLUMNS.map((key) => [key, `[${key}]`])), codes: { done: 'over', sale: 'Sold', list: 'A list', talked: '=1+1' } }; // prettier-ignore
  const file = (as: typeof centre.anna, change: object = {}) =>
    as.post(`/api/campaigns/${campaign}/export`, { format: 'csv', language: 'en', words, ...change });
  const lines = async (as: typeof centre.anna) => {
    const { status, body } = await file(as);
    expect(status, JSON.stringify(body)).toBe(200);
    return (body as string).replace(/^\uFEFF/, '').trim().split('\r\n'); // prettier-ignore
  };

  test('by hour of the day on the wall, and by list', async () => {
    const { body } = await vera.get(`/api/campaigns/${campaign}/results`);
    expect(body.hours).toEqual([
      { hour: 10, placed: 3, talked: 2 },
      { hour: 11, placed: 1, talked: 0 },
    ]);
    expect(body.lists).toMatchObject([
      { list: { kind: 'list', name: 'may.csv' }, contacts: 2, called: 2, talked: 1, sales: 1 },
      { list: { kind: 'list', name: '' }, contacts: 1, called: 0, talked: 0, sales: 0 },
      { list: { kind: 'segment', name: 'Mine' }, contacts: 1, called: 1, talked: 1, sales: 0 },
    ]);
    const [third] = (await contacts().offset(2).limit(1)) as { id: number; list_id: number }[];
    await centre.db('campaign_contacts').where({ id: third!.id }).update({ list_id: null });
    expect((await vera.get(`/api/campaigns/${campaign}/results`)).body.lists.at(-1)).toEqual({ list: null, contacts: 1, called: 0, talked: 0, sales: 0 }); // prettier-ignore
    await centre.db('campaign_contacts').where({ id: third!.id }).update({ list_id: third!.list_id });
  });

  test('as CSV: a line a person, the last call, the answers; nothing that a spreadsheet would run; the audit knows', async () => {
    const [head, first, second, third, fourth, ...more] = await lines(vera);
    expect(head).toBe('[name],[number],[list],[state],[reason],[attempts],[called],[result],[operator],[outcome],Why us?,Happy?');
    expect(first).toBe(`'=cmd|calc,+79160000001,may.csv,over,outcome,2,2026-11-24 10:20,'=1+1,Anna,Sold,'@SUM(1),"Yes, very"`);
    expect(second).toBe('Olga,+79160000002,may.csv,ready,,0,2026-11-23 11:20,busy,,,,');
    expect(third).toBe(',+79160000003,A list,ready,,0,,,,,,');
    expect(fourth).toContain('Ivan Petrov,+79161234567,Mine,ready');
    expect(more).toEqual([]);
    const told = (await centre.db('audit').where({ what: 'campaign.exported', row_id: String(campaign) })) as { actor_id: number; details: string }[]; // prettier-ignore
    expect(told.map(({ actor_id, details }) => [actor_id, JSON.parse(details)])).toEqual([
      [vera.userId, { format: 'csv', questions: ['why', 'happy'], rows: 4 }],
    ]);
  });

  test('as XLSX: cells of text', async () => {
    const res = await fetch(`${centre.url}/api/campaigns/${campaign}/export`, { method: 'POST', headers: { cookie: vera.cookie(), 'content-type': 'application/json', origin: centre.url }, body: JSON.stringify({ format: 'xlsx', language: 'ru', words }) }); // prettier-ignore
    expect([res.status, res.headers.get('content-disposition')]).toEqual([200, `attachment; filename="allo-campaign-${campaign}.xlsx"`]);
    const parts = unzipSync(new Uint8Array(await res.arrayBuffer()));
    const sheet = Object.entries(parts).flatMap(([name, bytes]) => (/sheet1\.xml$|sharedStrings/.test(name) ? [strFromU8(bytes)] : [])).join(''); // prettier-ignore
    expect(sheet).toContain('Yes, very');
    expect(sheet).not.toContain('<f>');
  });

  test('what does not fit is refused', async () => {
    for (const change of [
      { format: 'exe' },
      { language: 'fr' },
      { words: { columns: {}, codes: {} } },
      { words: { ...words, codes: { x: 'a\u0000b' } } },
    ])
      // prettier-ignore
      expect(await file(vera, change), JSON.stringify(change)).toMatchObject({ status: 400 });
    expect((await vera.post('/api/campaigns/999999/export', { format: 'csv', language: 'en', words })).status).toBe(404);
  });

  test('who may take nobody away has no file; of clients beyond the reach neither name nor number is in it', async () => {
    expect((await file(centre.anna)).status).toBe(403);
    expect((await centre.admin.put('/api/rights/supervisor/export', { level: 'own' })).status).toBe(204);
    const text = (await lines(vera)).join('\n');
    expect(text).toContain('Olga');
    expect(text).not.toContain('Ivan Petrov');
    expect(text).not.toContain('+79161234567');
    expect((await vera.get(`/api/campaigns/${campaign}`)).body.can).toEqual({ edit: true, export: true });
    expect((await centre.admin.put('/api/rights/supervisor/export', { level: 'none' })).status).toBe(204);
    expect((await vera.get(`/api/campaigns/${campaign}`)).body.can).toEqual({ edit: true, export: false });
    expect((await file(vera)).status).toBe(403);
  });
});
