import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { DialOrder, Fact } from '../../cti/index.ts';
import { createDialler } from '../../cti/index.ts';
import { dialStore } from '../../server/campaigns/store.ts';
import { holdUnseen } from '../../server/campaigns/settle.ts';
import { readList } from '../../server/campaigns/lists.ts';
import { startCallCentre } from '../support/call-centre.ts';
import { eachDatabase } from '../support/db.ts';
import { Story } from '../support/facts.ts';

describe('a list of people', () => {
  test('with headings, in any spelling; rubbish is told line by line', () => {
    const text =
      '\uFEFFФИО;Телефон 1;Телефон 2;Город\n"Иванов; Иван";8 (916) 123-45-67;+7 916 000-00-02;Псков\nПетров;не номер;;\nСидоров;;;Тверь\n\n';
    const { people, rejected, rejectedCount } = readList(text, 'RU');
    expect(people).toEqual([{ name: 'Иванов; Иван', numbers: ['+79161234567', '+79160000002'], data: { город: 'Псков' }, clientId: null }]);
    expect(rejected.map(({ line, why }) => [line, why])).toEqual([[3, 'not-a-number'], [4, 'no-number']]); // prettier-ignore
    expect(rejectedCount).toBe(2);
  });
  test('numbers alone', () => {
    expect(readList('89161234567\n+79160000002\n', 'RU').people.map(({ numbers }) => numbers[0])).toEqual(['+79161234567', '+79160000002']);
    expect(readList('Anna, 89161234567\n', 'RU').people).toMatchObject([{ name: 'Anna', numbers: ['+79161234567'] }]);
  });
});

/** Anna (101) serves support. Hours of the profile are open around the clock, so that the tests pass at night. */
eachDatabase((_, engine) => {
  let centre: Awaited<ReturnType<typeof startCallCentre>>;
  let vera: typeof centre.anna;
  let serial = 0;
  beforeAll(async () => {
    // its own bridge, and dialler, are another PBX's
    centre = await startCallCentre(engine, { PBX: 'other=ami://user:secret@127.0.0.1:1' });
    vera = await centre.signIn('supervisor', { name: 'Vera' });
    await centre.db('queues').insert({ pbx: 'main', name: 'support', label: '' });
    await centre.db('queue_members').insert({ pbx: 'main', queue: 'support', user_id: centre.anna.userId, penalty: 0 });
    const { items } = (await vera.get('/api/dialling/profiles')).body;
    const eu = items.find((one: { code: string }) => one.code === 'UK');
    const always = { workdays: { from: 0, to: 1440 }, freeDays: { from: 0, to: 1440 } };
    const made = await centre.admin.post('/api/dialling/profiles', { code: 'ALWAYS', name: 'Tests', rules: { ...eu.rules, hours: always, perNumber: [{ days: 1, most: 9 }] } }); // prettier-ignore
    expect(made.status).toBe(201);
  });
  beforeEach(async () => {
    serial += 1;
    for (const table of ['attempts', 'campaign_contacts', 'campaigns', 'do_not_call', 'answers', 'script_versions']) await centre.db(table).delete(); // prettier-ignore
  });
  afterAll(() => centre.close());

  const number = (n: number) => `+7916${String(serial).padStart(3, '0')}${String(n).padStart(4, '0')}`;
  const create = async (change: object = {}) => {
    const draft = { name: 'Welcome', pbx: 'main', queue: 'support', mode: 'progressive', profile: 'ALWAYS', purpose: 'service', ...change };
    const made = await vera.post('/api/campaigns', draft);
    expect(made.status, JSON.stringify(made.body)).toBe(201);
    return made.body.campaign.id as number;
  };
  const addPeople = (id: number, count: number, first = 1) =>
    vera.post(`/api/campaigns/${id}/contacts`, { text: Array.from({ length: count }, (_x, i) => number(first + i)).join('\n') });
  const run = async (change: object = {}, count = 3) => {
    const id = await create(change);
    await addPeople(id, count);
    for (const to of ['approved', 'running']) {
      const moved = await vera.post(`/api/campaigns/${id}/state`, { to });
      expect(moved.status, JSON.stringify(moved.body)).toBe(200);
    }
    return id;
  };
  const contacts = async (id: number) => (await vera.get(`/api/campaigns/${id}/contacts`)).body.items;

  /** The dialler over the real tables; its PBX only takes orders. */
  let skew = 0;
  const dialler = (refuse: () => boolean = () => false) => {
    const placed: DialOrder[] = [];
    const engine = createDialler({
      store: dialStore(centre.app.deps, 'main'),
      now: () => Date.now() + skew,
      log: centre.app.deps.log,
      everyMs: 0,
      dial: async (order) => {
        if (refuse()) throw Object.assign(new Error('refused'), { code: 'refused' });
        placed.push(order);
      },
    });
    const at = Date.now();
    engine.hear({ kind: 'pbx.status', pbx: 'main', at, status: { name: 'main', state: 'connected', since: at, reason: null, clockOffsetMs: 0 } }); // prettier-ignore
    // each round is half a second later
    const tick = engine.tick;
    return { engine: { ...engine, tick: () => ((skew += 500), tick()) }, placed };
  };
  const member = (present = true, paused = false): Fact => ({ kind: 'queue.member', pbx: 'main', at: Date.now(), queue: 'support', agent: '101', present, paused, reason: '' }); // prettier-ignore
  const idle = (): Fact => ({ kind: 'agent.state', pbx: 'main', at: Date.now(), agent: '101', state: 'idle' });
  const called = (order: DialOrder) => new Story({ key: order.id, direction: 'out', from: '', to: order.number }, Date.now() - 60_000);

  test('says what is missing, and does not run until it is there', async () => {
    const id = await create({ profile: 'RU' });
    const view = (await vera.get(`/api/campaigns/${id}`)).body;
    expect(view.lacks).toEqual(['contacts', 'label', 'contract', 'script']);
    const refused = await vera.post(`/api/campaigns/${id}/state`, { to: 'approved' });
    expect([refused.status, refused.body.error.data.lacks]).toEqual([409, ['contacts', 'label', 'contract']]);
    expect((await vera.post(`/api/campaigns/${id}/state`, { to: 'running' })).status).toBe(409);
  });

  test('advertising in Russia is dialled by people only: the others are not even saved', async () => {
    const wrong = await vera.post('/api/campaigns', { name: 'Ad', pbx: 'main', queue: 'support', mode: 'predictive', profile: 'RU', purpose: 'ad' }); // prettier-ignore
    expect([wrong.status, wrong.body.error.data.issues[0].code]).toEqual([400, 'forbidden_by_profile']);
    const id = await create({ mode: 'preview', profile: 'RU', purpose: 'ad' });
    const view = (await vera.get(`/api/campaigns/${id}`)).body;
    expect(view.modes).toEqual(['manual', 'preview']);
    expect((await vera.patch(`/api/campaigns/${id}`, { version: 1, mode: 'power' })).status).toBe(400);
  });

  test('duplicates and numbers not to be called are found, within and across', async () => {
    await vera.post('/api/dialling/do-not-call', { number: number(2), note: 'asked by letter' });
    const first = await create();
    const text = [number(1), number(1), number(2), 'x'].join('\n');
    const dry = await vera.post(`/api/campaigns/${first}/contacts`, { text, dryRun: true });
    expect(dry.body).toMatchObject({ added: 2, duplicates: 1, doNotCall: 1, elsewhere: 0, rejectedCount: 1 });
    expect(await contacts(first)).toEqual([]);
    await vera.post(`/api/campaigns/${first}/contacts`, { text });
    expect((await contacts(first)).map((one: { state: string; reason: string }) => [one.state, one.reason])).toEqual([['ready', null], ['stopped', 'do-not-call']]); // prettier-ignore
    const second = await create();
    expect((await addPeople(second, 3)).body).toMatchObject({ added: 3, elsewhere: 1, duplicates: 0 });
    expect((await addPeople(second, 3)).body).toMatchObject({ added: 0, duplicates: 3 });
  });

  test('callers first: while they are answered below the level of the queue nobody is called', async () => {
    const id = await run({ settings: { callersFirst: true } });
    const stall = async () => {
      const { engine, placed } = dialler();
      [member(), idle()].forEach(engine.hear);
      await engine.tick();
      return [placed.length, (await vera.get(`/api/campaigns/${id}`)).body.run.stall];
    };
    const caller = (n: number, waitMs: number, end: 'answered' | 'abandoned') =>
      new Story({ key: `callers-${serial}.${n}` }, Date.now() - 300_000).queued(0, 'support').end(waitMs, 'queue', end).hangup(waitMs + 1, end === 'answered' ? 'completed' : 'abandoned'); // prettier-ignore
    // gave up at once: counts for nothing; four are too few to say anything
    for (const n of [1, 2, 3, 4]) await centre.write(caller(n, 60_000, 'abandoned').facts);
    await centre.write(caller(5, 500, 'abandoned').facts);
    expect(await stall()).toEqual([1, null]);
    await centre.db('attempts').delete();
    await centre.write(caller(6, 1_000, 'answered').facts);
    expect(await stall()).toEqual([0, 'service-level']);
    for (let n = 7; n < 27; n += 1) await centre.write(caller(n, 1_000, 'answered').facts);
    // 21 of 25
    expect((await stall())[1]).not.toBe('service-level');
  });

  test('no operator: nothing is dialled, and it says why; one free: one call, and its row was there first', async () => {
    const id = await run();
    const { engine, placed } = dialler();
    await engine.tick();
    expect((await vera.get(`/api/campaigns/${id}`)).body.run.stall).toBe('no-operators');
    [member(), idle()].forEach(engine.hear);
    await engine.tick();
    await engine.tick();
    expect(placed).toHaveLength(1);
    const [row] = await centre.db('attempts');
    expect(row).toMatchObject({ channel_id: placed[0]!.id, state: 'open', n: 1, number: number(1) });
    expect(JSON.parse(row.decision)).toMatchObject({ verdict: 'allowed', profile: 'ALWAYS' });
    expect((await vera.get(`/api/campaigns/${id}`)).body.run).toMatchObject({ dialling: 1, stall: null });
    expect((await vera.get(`/api/dialling/evidence?number=${encodeURIComponent(number(1))}`)).body.attempts).toMatchObject([{ campaign: 'Welcome', n: 1, result: null }]); // prettier-ignore
  });

  test('each ending is settled from the call log, once, and the person waits by the rule of it', async () => {
    const id = await run({}, 4);
    const { engine, placed } = dialler();
    [member(), idle()].forEach(engine.hear);
    const ends = [
      (s: Story) => s.hangup(9_000, 'busy', 17),
      (s: Story) => s.hangup(15_000, 'no-answer', 19),
      (s: Story) => s.queued(3_000, 'support').end(5_200, 'queue', 'timeout').hangup(5_300, 'no-answer'),
      (s: Story) => s.queued(3_000, 'support').begin(3_100, 'offer', '101', 'support').end(3_400, 'offer', 'answered', '101').end(3_400, 'queue', 'answered').begin(3_400, 'talk', '101').end(40_000, 'talk', 'customer').hangup(40_000, 'completed'), // prettier-ignore
    ];
    for (const [i, end] of ends.entries()) {
      await engine.tick();
      const story = end(called(placed[i]!));
      story.facts.forEach(engine.hear);
      await centre.write(story.facts);
      await centre.write(story.facts);
    }
    expect((await centre.db('attempts').orderBy('id')).map(({ state, result }: { state: string; result: string }) => `${state} ${result}`)).toEqual([
      'settled busy',
      'settled no-answer',
      'settled abandoned',
      'settled talked',
    ]); // prettier-ignore
    const people = await contacts(id);
    expect(people.map((one: { state: string; reason: string }) => `${one.state} ${one.reason}`)).toEqual(['ready busy', 'ready no-answer', 'ready abandoned', 'done talked']); // prettier-ignore
    const [busy, silent] = people;
    const ended = (await centre.db('attempts').orderBy('id').pluck('ended_at')) as number[];
    expect([busy.nextAt - ended[0]!, silent.nextAt - ended[1]!]).toEqual([10 * 60_000, 180 * 60_000]);
    const { run: live } = (await vera.get(`/api/campaigns/${id}`)).body;
    expect(live.window).toMatchObject({ answered: 2, abandoned: 1 });
    expect((await vera.get(`/api/campaigns/${id}/results`)).body).toMatchObject({ funnel: { contacts: 4, called: 4, answered: 2, talked: 1 }, operators: [{ talks: 1 }] }); // prettier-ignore
  });

  test('a trunk that refuses burns nobody: after three the dialler rests and says so', async () => {
    const id = await run({}, 9);
    const { engine, placed } = dialler(() => true);
    [member(), idle()].forEach(engine.hear);
    for (let i = 0; i < 6; i += 1) await engine.tick();
    expect(placed).toEqual([]);
    const refused = await centre.db('attempts').where('state', 'refused');
    expect(refused.length).toBeGreaterThan(0);
    expect(refused.length).toBeLessThanOrEqual(3);
    expect(await centre.db('campaign_contacts').whereNot('state', 'ready')).toEqual([]);
    if (refused.length === 3) expect((await vera.get(`/api/campaigns/${id}`)).body.run.stall).toBe('trunk');
  });

  test('after a crash nobody whose attempt is open is dialled again, until the journal has told', async () => {
    const id = await run({}, 1);
    const { engine, placed } = dialler();
    [member(), idle()].forEach(engine.hear);
    await engine.tick();
    expect(placed).toHaveLength(1);
    const second = dialler();
    [member(), idle()].forEach(second.engine.hear);
    for (let i = 0; i < 4; i += 1) await second.engine.tick();
    expect(second.placed).toEqual([]);
    const lost = called(placed[0]!).hangup(60_000, 'lost');
    await centre.write(lost.facts);
    const [held] = await contacts(id);
    expect([held.state, held.reason]).toEqual(['held', 'unsettled']);
    await vera.post(`/api/campaigns/contacts/${held.id}/release`);
    await second.engine.tick();
    expect(second.placed).toHaveLength(1);
  });

  test('killed between the row and the order: held after a while, never dialled again by itself', async () => {
    const id = await run({}, 1);
    const { engine } = dialler();
    [member(), idle()].forEach(engine.hear);
    await engine.tick();
    const inLog = centre.app.deps.isInLog;
    expect(await holdUnseen(centre.db, Date.now(), inLog)).toBe(0);
    expect(await holdUnseen(centre.db, Date.now() + 11 * 60_000, inLog)).toBe(1);
    expect(await holdUnseen(centre.db, Date.now() + 12 * 60_000, inLog)).toBe(0);
    expect((await contacts(id))[0]).toMatchObject({ state: 'held', reason: 'unsettled' });
  });

  test('two diallers at once never take the same person', async () => {
    await run({ mode: 'power', settings: { ratio: 5, callsPerSecond: 100 } }, 12);
    const both = [dialler(), dialler()];
    for (const { engine } of both) [member(), idle()].forEach(engine.hear);
    for (let i = 0; i < 3; i += 1) await Promise.all(both.map(({ engine }) => engine.tick()));
    const numbers = both.flatMap(({ placed }) => placed.map((order) => order.number));
    expect(numbers.length).toBeGreaterThan(5);
    expect(new Set(numbers).size).toBe(numbers.length);
    expect(await centre.db('attempts')).toHaveLength(numbers.length);
  });

  test('paused: no further call, at once', async () => {
    const id = await run();
    const { engine, placed } = dialler();
    await engine.tick();
    await vera.post(`/api/campaigns/${id}/state`, { to: 'paused' });
    [member(), idle()].forEach(engine.hear);
    await engine.tick();
    expect(placed).toEqual([]);
  });

  test('"do not call" said in a call holds at once for all campaigns, and a later outcome does not take it back', async () => {
    const [one, two] = [await run({}, 1), await run({}, 1)];
    const { engine, placed } = dialler();
    [member(), idle()].forEach(engine.hear);
    await engine.tick();
    const talk = called(placed[0]!).queued(1_000, 'support').begin(1_000, 'offer', '101', 'support').end(1_500, 'offer', 'answered', '101').end(1_500, 'queue', 'answered').begin(1_500, 'talk', '101'); // prettier-ignore
    await centre.write(talk.facts);
    const ref = `main:${placed[0]!.id}`;
    expect((await centre.anna.put(`/api/calls/${encodeURIComponent(ref)}/outcome`, { outcome: 'do-not-call', note: '' })).status).toBe(204);
    const list = (await vera.get('/api/dialling/do-not-call')).body.items;
    expect(list).toMatchObject([{ number: number(1), source: 'call', callRef: ref, by: 'Anna' }]);
    const states = async () => [...(await contacts(one)), ...(await contacts(two))].map(({ state, reason }) => `${state} ${reason}`);
    expect(await states()).toEqual(['stopped do-not-call', 'stopped do-not-call']);
    await centre.anna.put(`/api/calls/${encodeURIComponent(ref)}/outcome`, { outcome: 'sale', note: '' });
    expect(await states()).toEqual(['stopped do-not-call', 'stopped do-not-call']);
    expect((await vera.get('/api/dialling/do-not-call')).body.items).toHaveLength(1);
    expect((await vera.delete(`/api/dialling/do-not-call/${list[0].id}`)).status).toBe(403);
  });

  test('preview: one person for one operator, dialled when the rules let it', async () => {
    const id = await run({ mode: 'preview' }, 2);
    const next = await centre.anna.post('/api/campaigns/next');
    expect(next.body.card).toMatchObject({ campaign: { id, mode: 'preview' }, contact: { numbers: [number(1)] } });
    expect((await centre.anna.post('/api/campaigns/next')).body.card.contact.id).toBe(next.body.card.contact.id);
    // Boris serves another queue
    expect((await centre.boris.post('/api/campaigns/next')).body).toMatchObject({ card: null, why: 'not-running' });
    expect((await centre.boris.post(`/api/campaigns/contacts/${next.body.card.contact.id}/dial`)).status).toBe(404);
    await centre.anna.post(`/api/campaigns/contacts/${next.body.card.contact.id}/skip`);
    const second = (await centre.anna.post('/api/campaigns/next')).body.card.contact;
    expect(second.numbers).toEqual([number(2)]);
    await vera.post('/api/dialling/do-not-call', { number: number(2) });
    const refused = await centre.anna.post(`/api/campaigns/contacts/${second.id}/dial`);
    expect([refused.status, refused.body.error.data.rules]).toEqual([409, [{ code: 'do-not-call', until: null }]]);
    expect(await centre.db('attempts')).toEqual([]);
  });

  test('the PBX is away: no attempt is left behind', async () => {
    await run({ mode: 'manual' }, 1);
    const { contact } = (await centre.anna.post('/api/campaigns/next')).body.card;
    expect((await centre.anna.post(`/api/campaigns/contacts/${contact.id}/dial`)).status).toBe(503);
    expect(await centre.db('attempts')).toMatchObject([{ state: 'refused', result: 'refused' }]);
    expect(await centre.db('campaign_contacts').first()).toMatchObject({ state: 'ready', reason: 'refused' });
  });

  test('answers to the script are data; what does not fit a question is refused', async () => {
    const id = await run({ mode: 'preview' }, 1);
    const script = { steps: [{ id: 'happy', text: 'Are you happy, {name}?', kind: 'single', required: true, options: [{ value: 'yes', text: 'Yes' }, { value: 'no', text: 'No', next: 'why' }] }, { id: 'why', text: 'Why?', kind: 'text' }] }; // prettier-ignore
    expect((await vera.put(`/api/campaigns/${id}/script`, { script })).body.version).toBe(1);
    const { card } = (await centre.anna.post('/api/campaigns/next')).body;
    expect(card).toMatchObject({ scriptVersion: 1, answers: {} });
    const say = (answers: object, version = 1) =>
      centre.anna.put(`/api/campaigns/contacts/${card.contact.id}/answers`, { version, answers });
    expect(await say({ happy: 'no', why: 'rain' })).toMatchObject({ status: 200, body: { full: [] } });
    expect((await say({ happy: 'yes' })).status).toBe(200);
    for (const wrong of [{ happy: 'maybe' }, { happy: 3 }, { other: 'x' }]) expect((await say(wrong)).status).toBe(400);
    expect((await say({ happy: 'yes' }, 2)).status).toBe(400);
    expect((await vera.get(`/api/campaigns/${id}/results`)).body.answers).toEqual([
      { question: 'happy', value: '"yes"', contacts: 1 },
      { question: 'why', value: '"rain"', contacts: 1 },
    ]);
    const loose = { steps: [{ id: 'a', text: '', kind: 'single', options: [{ value: 'x', text: 'X', next: 'nowhere' }] }] };
    expect((await vera.put(`/api/campaigns/${id}/script`, { script: loose })).status).toBe(400);
  });

  test('bad input is refused and changes nothing', async () => {
    const id = await create();
    const before = (await vera.get(`/api/campaigns/${id}`)).body.campaign;
    for (const change of [
      { mode: 'turbo' },
      { queue: 'nowhere' },
      { profile: 'XX' },
      { name: '' },
      { settings: { ratio: 99 } },
      { settings: { callerId: '1;rm' } },
      { settings: { message: '../../etc/passwd' } },
    ])
      // prettier-ignore
      expect((await vera.patch(`/api/campaigns/${id}`, { version: 1, ...change })).status, JSON.stringify(change)).toBe(400);
    expect((await centre.anna.get('/api/campaigns')).status).toBe(403);
    expect((await vera.post('/api/dialling/do-not-call', { number: 'x' })).status).toBe(400);
    const listed = await vera.post('/api/dialling/do-not-call/import', { list: 'State', listDate: '2026-11-01', text: `${number(1)}\nrubbish\n${number(1)}\n${number(2)};x` }); // prettier-ignore
    expect(listed.body).toMatchObject({ added: 2, known: 0, rejectedCount: 1 });
    expect((await vera.get(`/api/campaigns/${id}`)).body.campaign).toEqual(before);
  });
});
