import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { doDeeds } from '../../server/campaigns/deeds.ts';
import { startCallCentre, until } from '../support/call-centre.ts';
import { eachDatabase } from '../support/db.ts';

/** What follows from answers to a script: fields of the card, interests, tasks; once, when the person is through. */
eachDatabase((_, engine) => {
  let centre: Awaited<ReturnType<typeof startCallCentre>>;
  let vera: typeof centre.anna;
  let topic = 0;
  let serial = 0;
  beforeAll(async () => {
    centre = await startCallCentre(engine, { PBX: 'other=ami://user:secret@127.0.0.1:1' });
    vera = await centre.signIn('supervisor', { name: 'Vera' });
    await centre.db('queues').insert({ pbx: 'main', name: 'support', label: '' });
    await centre.db('queue_members').insert({ pbx: 'main', queue: 'support', user_id: centre.anna.userId, penalty: 0 });
    for (const [key, type, more] of [['fleet', 'number', {}], ['fuel', 'text', {}], ['secret', 'text', { writeRoles: ['administrator'] }]] as const) {
      const made = await centre.admin.post('/api/fields', { key, type, label: { en: key, ru: key }, kinds: ['person', 'company'], ...more });
      expect(made.status, JSON.stringify(made.body)).toBe(201);
    } // prettier-ignore
    const made = await centre.admin.post('/api/interests/topics', { label: 'Tyres' });
    topic = made.body.topic.id as number;
  });
  beforeEach(async () => {
    for (const table of ['answer_deeds', 'attempts', 'answers', 'script_versions', 'campaign_contacts', 'campaigns', 'tasks', 'interests']) await centre.db(table).delete(); // prettier-ignore
  });
  afterAll(() => centre.close());

  const options = [{ value: 'p', text: 'petrol' }, { value: 'd', text: 'diesel' }]; // prettier-ignore
  const script = (fleet: object[], fuel: object[] = []) => ({
    steps: [
      { id: 'fleet', text: 'How many?', kind: 'number', deeds: fleet },
      { id: 'fuel', text: 'Fuel?', kind: 'multiple', options, deeds: fuel },
    ],
  });
  const whole = () =>
    script(
      [{ id: 'a', do: 'field', field: 'fleet' }, { id: 'b', do: 'task', text: 'Offer for {answer} cars', days: 3 }],
      [{ id: 'a', do: 'field', field: 'fuel' }, { id: 'b', when: 'd', do: 'interest', topic, strength: 3 }, { id: 'c', when: 'p', do: 'task', text: 'never', days: 0 }],
    ); // prettier-ignore
  const campaign = async (text = '+79161234567\n+79160000009') => {
    const made = await vera.post('/api/campaigns', { name: 'Fleet', pbx: 'main', queue: 'support', mode: 'preview', profile: 'RU', purpose: 'survey' }); // prettier-ignore
    const id = made.body.campaign.id as number;
    await vera.post(`/api/campaigns/${id}/contacts`, { text });
    return id;
  };
  const save = (id: number, body: object) => vera.put(`/api/campaigns/${id}/script`, { script: body });
  const finish = async (id: number, answers: object, outcome = 'sale', callBackAt: number | null = null) => {
    const contact = await centre.db('campaign_contacts').where({ campaign_id: id, state: 'ready' }).orderBy('id').first();
    expect((await centre.anna.put(`/api/campaigns/contacts/${contact.id}/answers`, { version: 1, answers })).status).toBe(200);
    const linkedid = `allo-c${contact.id}_1-${++serial}.${contact.id}`;
    const now = Date.now();
    await centre.db('attempts').insert({ campaign_id: id, contact_id: contact.id, n: serial, number: contact.number, pbx: 'main', channel_id: linkedid, state: 'open', mode: 'preview', decision: '{}', operator_id: centre.anna.userId, placed_at: now, answered_at: now, connected_at: now }); // prettier-ignore
    await centre.db('campaign_contacts').where({ id: contact.id }).update({ state: 'live' });
    const file = (how: string, at: number | null) =>
      centre.db.transaction((trx) => centre.app.deps.settleOutcome(trx, { ref: `main:${linkedid}`, pbx: 'main', linkedid, number: contact.number, outcome: how, flags: [], callBackAt: at, actorId: centre.anna.userId })); // prettier-ignore
    await file(outcome, callBackAt);
    return { file, contact: contact.id as number };
  };
  /** The server's own worker looks every two seconds: some may be its work. */
  const settled = async (id: number) => {
    await doDeeds(centre.app.deps);
    const due = () => centre.db('answer_deeds').where({ state: 'due' });
    await until(due, (rows: unknown[]) => rows.length === 0);
    return (await vera.get(`/api/campaigns/${id}/results`)).body.deeds;
  };
  const card = async () => (await centre.admin.get(`/api/clients/${centre.ivan}`)).body.client;

  test('a field, an interest and a task follow once, and stand in the history of the client', async () => {
    const id = await campaign();
    expect((await save(id, whole())).status).toBe(200);
    const { file } = await finish(id, { fleet: 12, fuel: ['p', 'd'].slice(1) });
    expect(await settled(id)).toEqual([{ state: 'done', why: null, n: 4 }]);
    expect((await card()).custom).toMatchObject({ fleet: 12, fuel: 'diesel' });
    const { items } = (await centre.admin.get(`/api/interests?client=${centre.ivan}`)).body;
    expect(items).toMatchObject([{ topicId: topic, strength: 3, source: 'call', user: { name: 'Anna' } }]);
    const tasks = await centre.db('tasks');
    expect(tasks).toMatchObject([{ text: 'Offer for 12 cars', owner_id: centre.anna.userId, client_id: centre.ivan, phone: '+79161234567', kind: 'task' }]); // prettier-ignore
    const days = (Number(tasks[0].due_at) - Date.now()) / 86_400_000;
    expect(days > 2 && days < 4).toBe(true);
    const kinds = ((await centre.db('timeline').where({ client_id: centre.ivan }).pluck('kind')) as string[]).filter((kind) => ['interest', 'edited', 'task'].includes(kind)); // prettier-ignore
    expect(kinds).toEqual(expect.arrayContaining(['interest', 'edited', 'task']));
    // the operator says it anew, with another answer in between; a second worker looks
    await centre.anna.put(`/api/campaigns/contacts/${(await centre.db('campaign_contacts').where({ campaign_id: id }).first()).id}/answers`, { version: 1, answers: { fleet: 13 } }); // prettier-ignore
    await file('other', null);
    expect(await Promise.all([doDeeds(centre.app.deps), doDeeds(centre.app.deps)])).toEqual([0, 0]);
    expect([(await card()).custom.fleet, (await centre.db('tasks')).length]).toEqual([12, 1]);
    expect((await vera.get(`/api/campaigns/${id}/results`)).body.deeds).toEqual([{ state: 'done', why: null, n: 4 }]);
  });

  test('two workers at once do each thing once', async () => {
    const id = await campaign();
    await save(id, whole());
    await finish(id, { fleet: 7 });
    await Promise.all([doDeeds(centre.app.deps), doDeeds(centre.app.deps)]);
    expect(await settled(id)).toEqual([{ state: 'done', why: null, n: 2 }]);
    expect(await centre.db('tasks')).toHaveLength(1);
  });

  test('promised a call, nothing follows yet; without a card only the task does, and the results say why', async () => {
    const id = await campaign('+79160000009');
    await save(id, whole());
    const { file } = await finish(id, { fleet: 3 }, 'call-back', Date.now() + 60_000);
    expect([await doDeeds(centre.app.deps), await centre.db('answer_deeds')]).toEqual([0, []]);
    await file('sale', null);
    const counts = await settled(id);
    expect(await centre.db('tasks')).toMatchObject([{ client_id: null, phone: '+79160000009' }]);
    expect(counts).toEqual([
      { state: 'done', why: null, n: 1 },
      { state: 'refused', why: 'no-client', n: 1 },
    ]);
  });

  test('what a rule cannot do is refused with the script, and so is what whoever saves it may not do', async () => {
    const id = await campaign();
    const code = async (deed: object) => (await save(id, script([], [deed]))).body.error?.data.issues[0].code;
    expect(await code({ id: 'a', do: 'field', field: 'nowhere' })).toBe('no_such_field');
    expect(await code({ id: 'a', do: 'field', field: 'secret' })).toBe('field_forbidden');
    expect(await code({ id: 'a', do: 'interest', topic: 99_999, strength: 1 })).toBe('no_such_interest');
    expect(await code({ id: 'a', when: 'x', do: 'task', text: 'x', days: 1 })).toBe('no_such_choice');
    expect((await save(id, script([{ id: 'a', do: 'task', text: '', days: 1 }]))).status).toBe(400);
    expect((await save(id, script([{ id: 'a', do: 'mail', text: 'x' }]))).status).toBe(400);
    const same = { id: 'a', do: 'task', text: 'x', days: 1 };
    expect((await save(id, script([same, same]))).status).toBe(400);
    expect(await centre.db('script_versions')).toEqual([]);
    // whoever archives a field is told who uses it
    await save(id, whole());
    const refused = await centre.admin.post('/api/fields/fuel/archive', { archived: true });
    expect(JSON.stringify(refused.body)).toContain('Fleet');
  });
});
