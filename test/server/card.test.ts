import { afterAll, beforeAll, expect, test } from 'vitest';
import { startCallCentre } from '../support/call-centre.ts';
import { eachDatabase } from '../support/db.ts';

/** What hangs on a card: consents of its numbers, contact persons, who stands in its history. */
eachDatabase((_, engine) => {
  let centre: Awaited<ReturnType<typeof startCallCentre>>;
  let firm = 0;
  let hidden = 0;
  let department = 0;
  const PHONE = '+79160005511';
  beforeAll(async () => {
    centre = await startCallCentre(engine);
    department = (await centre.admin.post('/api/rights/departments', { name: 'other' })).body.department.id;
    firm = (await centre.anna.post('/api/clients', { kind: 'company', name: 'ООО Ромашка', phones: [{ raw: PHONE }, { raw: '12' }] })).body.client.id; // prettier-ignore
    hidden = (await centre.admin.post('/api/clients', { name: 'Hidden', phones: [{ raw: '+79160005522' }] })).body.client.id;
    await centre.db('clients').where({ id: hidden }).update({ department_id: department });
  });
  afterAll(() => centre.close());

  const consents = async (who = centre.anna, id = firm) => (await who.get(`/api/dialling/consents?clientId=${id}`)).body;
  const draft = { number: '8 (916) 000-55-11', purpose: 'ad', source: 'договор 5', channel: 'на бумаге', text: 'согласен на рекламу', at: 1_700_000_000_000 }; // prettier-ignore

  test('a consent is recorded once with its source and date, seen on the card, and withdrawn', async () => {
    expect(await consents()).toEqual({ items: [{ number: PHONE, doNotCall: false, consents: [] }], can: { give: true } });
    const made = await centre.anna.post('/api/dialling/consents', draft);
    expect(made.status, JSON.stringify(made.body)).toBe(201);
    expect((await centre.anna.post('/api/dialling/consents', draft)).body.consent.id).toBe(made.body.consent.id); // pressed twice
    await centre.admin.post('/api/dialling/do-not-call', { number: PHONE, note: '' });
    const { source, channel, text, at } = draft;
    expect((await consents()).items).toMatchObject([{ doNotCall: true, consents: [{ purpose: 'ad', source, channel, text, at, until: null, withdrawnAt: null }] }]); // prettier-ignore
    const withdrawn = await centre.anna.post(`/api/dialling/consents/${made.body.consent.id}/withdraw`);
    const { withdrawnAt } = withdrawn.body.consent;
    expect(withdrawnAt).toBeTypeOf('number');
    expect((await centre.anna.post(`/api/dialling/consents/${made.body.consent.id}/withdraw`)).body.consent.withdrawnAt).toBe(withdrawnAt);
    // given anew it is another one
    expect((await centre.anna.post('/api/dialling/consents', draft)).body.consent.id).not.toBe(made.body.consent.id);
    const said = await centre.db('audit').whereIn('what', ['consent.given', 'consent.withdrawn']).orderBy('id').pluck('what');
    expect(said).toEqual(['consent.given', 'consent.withdrawn', 'consent.withdrawn', 'consent.given']);
  });

  test('whoever may not edit the card records nothing, and sees nothing of a card that is not theirs', async () => {
    expect((await centre.anna.get(`/api/dialling/consents?clientId=${hidden}`)).status).toBe(403);
    expect((await centre.anna.post('/api/dialling/consents', { ...draft, number: '+79160005522' })).status).toBe(403);
    expect((await centre.anna.post('/api/dialling/consents', { ...draft, number: '+79160009999' })).status).toBe(403); // on no card
    const { id } = (await centre.admin.post('/api/dialling/consents', { ...draft, number: '+79160005522' })).body.consent;
    expect((await centre.anna.post(`/api/dialling/consents/${id}/withdraw`)).status).toBe(403);
    expect((await centre.anna.post('/api/dialling/consents/999999/withdraw')).status).toBe(404);
  });

  test('a contact person is a card and a relation as one thing, where the company is', async () => {
    await centre.db('clients').where({ id: firm }).update({ owner_id: centre.anna.userId });
    const person = { name: 'Иванова Анна', position: 'главный бухгалтер', phones: [{ raw: '+7 916 000-55-33' }], emails: [{ address: 'buh@romashka.example' }] }; // prettier-ignore
    const made = await centre.anna.post(`/api/clients/${firm}/people`, person);
    expect(made.status, JSON.stringify(made.body)).toBe(201);
    const [relation] = (await centre.anna.get(`/api/clients/${firm}/relations`)).body.items;
    expect(relation).toMatchObject({ kind: 'contact', toId: firm, position: 'главный бухгалтер', other: { name: 'Иванова Анна', phone: '+79160005533' } }); // prettier-ignore
    const card = (await centre.anna.get(`/api/clients/${relation.other.id}`)).body.client;
    expect(card).toMatchObject({ kind: 'person', position: 'главный бухгалтер', owner: { id: centre.anna.userId }, emails: [{ address: 'buh@romashka.example' }] }); // prettier-ignore
    const before = await centre.db('clients').count({ n: '*' }).first();
    for (const wrong of [
      { ...person, name: '' },
      { ...person, emails: [{ address: 'x' }] },
    ])
      expect((await centre.anna.post(`/api/clients/${firm}/people`, wrong)).status).toBe(400);
    expect((await centre.anna.post(`/api/clients/${relation.other.id}/people`, person)).status).toBe(409); // a person has none
    expect((await centre.anna.post(`/api/clients/${hidden}/people`, person)).status).toBe(403);
    expect(await centre.db('clients').count({ n: '*' }).first()).toEqual(before);
  });

  test('the history is filtered by person, among those who stand in it', async () => {
    await centre.admin.post(`/api/clients/${firm}/notes`, { text: 'от администратора', pinned: false });
    await centre.anna.post(`/api/clients/${firm}/notes`, { text: 'от Анны', pinned: false });
    const { items } = (await centre.anna.get(`/api/clients/${firm}/timeline/people`)).body;
    expect(items.map(({ id }: { id: number }) => id).sort()).toEqual([centre.anna.userId, centre.admin.userId].sort());
    const mine = (await centre.anna.get(`/api/clients/${firm}/timeline?kinds=note&userId=${centre.anna.userId}`)).body.items;
    expect(mine.map((one: { data: { note: string } }) => one.data.note)).toEqual(['от Анны']);
    expect((await centre.anna.get(`/api/clients/${hidden}/timeline/people`)).status).toBe(403);
  });
});
