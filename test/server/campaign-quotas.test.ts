import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { endReached } from '../../server/campaigns/goal.ts';
import { formsOf, scriptOf } from '../../web/campaigns/script-text.ts';
import { startCallCentre } from '../support/call-centre.ts';
import { eachDatabase } from '../support/db.ts';

const SCRIPT = {
  steps: [
    { id: 'sex', text: 'Are you', kind: 'single', options: [{ value: 'm', text: 'a man' }, { value: 'w', text: 'a woman' }] },
    { id: 'why', text: 'Why us?', kind: 'text' },
  ],
  closing: 'Thank you, {name}, goodbye.',
}; // prettier-ignore

describe('a script that is edited', () => {
  const stored = { steps: [
    { id: 'a', text: 'Sex?', kind: 'single' as const, required: true, next: null, options: [{ value: 'm', text: 'man', next: null }, { value: 'w', text: 'woman', next: 'z' }], deeds: [{ id: 'd1', when: 'w', do: 'task' as const, text: 'Ask {answer}', days: 2 }] },
    { id: 'z', text: 'Why?', kind: 'text' as const, required: false, next: 'end', options: [], deeds: [{ id: 'd1', when: null, do: 'field' as const, field: 'note', value: '' }] },
  ], objections: [], closing: '' }; // prettier-ignore
  const edit = (change: (steps: ReturnType<typeof formsOf>['steps']) => ReturnType<typeof formsOf>['steps']) =>
    scriptOf(change(formsOf(stored).steps), '', '')!;
  test('unchanged it stays as it was', () => expect(edit((steps) => steps)).toEqual(stored));
  test('a step put before the others takes none of their keys, and jumps go where they went', () => {
    const { steps } = edit(([a, z]) => [{ was: null, text: 'Hello', kind: 'none', required: false, options: '', next: '', deeds: [] }, { ...a!, options: 'man\nwoman -> 3' }, z!]); // prettier-ignore
    expect(steps.map(({ id }) => id)).toEqual(['s1', 'a', 'z']);
    expect(steps[1]!.options[1]).toEqual({ value: 'w', text: 'woman', next: 'z' });
  });
  test('a rule for a choice that is gone does not let it be saved', () =>
    expect(edit(([a, z]) => [{ ...a!, options: 'man' }, z!])).toBeNull());
  test.each<[string, string, [string, string][]]>([
    ['turned round', 'woman\nman', [['w', 'woman'], ['m', 'man']]],
    ['one put between', 'man\nother\nwoman', [['m', 'man'], ['o1', 'other'], ['w', 'woman']]],
    ['a word mended', 'guy\nwoman', [['m', 'guy'], ['w', 'woman']]],
    ['one put before the last', 'man\nlady\nwoman -> 2', [['m', 'man'], ['o1', 'lady'], ['w', 'woman']]],
    ['the same twice', 'woman\nwoman', [['w', 'woman'], ['o1', 'woman']]],
  ])('choices keep their keys: %s', (_what, options, expected) => {
    const { steps } = edit(([a, z]) => [{ ...a!, options }, z!]);
    expect(steps[0]!.options.map(({ value, text }) => [value, text])).toEqual(expected);
  }); // prettier-ignore
});

eachDatabase((_, engine) => {
  let centre: Awaited<ReturnType<typeof startCallCentre>>;
  let vera: typeof centre.anna;
  beforeAll(async () => {
    centre = await startCallCentre(engine, { PBX: 'other=ami://user:secret@127.0.0.1:1' });
    vera = await centre.signIn('supervisor', { name: 'Vera' });
    await centre.db('queues').insert({ pbx: 'main', name: 'support', label: '' });
    for (const { userId } of [centre.anna, centre.boris])
      await centre.db('queue_members').insert({ pbx: 'main', queue: 'support', user_id: userId, penalty: 0 });
    const { items } = (await vera.get('/api/dialling/profiles')).body;
    const always = { workdays: { from: 0, to: 1440 }, freeDays: { from: 0, to: 1440 } };
    const rules = { ...items.find((one: { code: string }) => one.code === 'UK').rules, hours: always, perNumber: [{ days: 1, most: 9 }] };
    expect((await centre.admin.post('/api/dialling/profiles', { code: 'ALWAYS', name: 'Tests', rules })).status).toBe(201);
  });
  beforeEach(async () => {
    for (const table of ['attempts', 'answers', 'script_versions', 'campaign_contacts', 'campaigns']) await centre.db(table).delete();
  });
  afterAll(() => centre.close());

  const quota = (value: string, most: number, more: object = {}) => ({ question: 'sex', value, most, ...more });
  const run = async (settings: object, text: string) => {
    const made = await vera.post('/api/campaigns', { name: 'Poll', pbx: 'main', queue: 'support', mode: 'preview', profile: 'ALWAYS', purpose: 'survey', settings }); // prettier-ignore
    expect(made.status, JSON.stringify(made.body)).toBe(201);
    const id = made.body.campaign.id as number;
    expect((await vera.put(`/api/campaigns/${id}/script`, { script: SCRIPT })).status).toBe(200);
    await vera.post(`/api/campaigns/${id}/contacts`, { text });
    for (const to of ['approved', 'running']) expect((await vera.post(`/api/campaigns/${id}/state`, { to })).status).toBe(200);
    return id;
  };
  const people = (count: number) => Array.from({ length: count }, (_x, n) => `+7916000${1_000 + n}`).join('\n');
  let serial = 0;
  /** The next of a campaign is talked with, and says this; the call goes on. */
  const talk = async (campaign: number, as: typeof centre.anna, sex?: string) => {
    const row = await centre.db('campaign_contacts').where({ campaign_id: campaign, state: 'ready' }).orderBy('id').first();
    const linkedid = `allo-c${row.id}_1-${++serial}.${row.id}`;
    const now = Date.now();
    await centre
      .db('campaign_contacts')
      .where({ id: row.id })
      .update({ attempts: row.attempts + 1 });
    await centre.db('attempts').insert({ campaign_id: campaign, contact_id: row.id, n: row.attempts + 1, number: row.number, pbx: 'main', channel_id: linkedid, state: 'open', mode: 'preview', decision: '{}', operator_id: as.userId, placed_at: now, answered_at: now, connected_at: now }); // prettier-ignore
    await centre.db('campaign_contacts').where({ id: row.id }).update({ state: 'live' });
    const answer = (value: string) => as.put(`/api/campaigns/contacts/${row.id}/answers`, { version: 1, answers: { sex: value } });
    const said = sex === undefined ? null : await answer(sex);
    return {
      id: row.id as number,
      full: said?.body.full as { value: string }[],
      answer,
      file: (outcome = 'other', flags: string[] = [], callBackAt: number | null = null) =>
        centre.db.transaction((trx) => centre.app.deps.settleOutcome(trx, { ref: `main:${linkedid}`, pbx: 'main', linkedid, number: row.number, outcome, flags, callBackAt, actorId: as.userId })), // prettier-ignore
      how: async () => {
        const { state, reason } = await centre.db('campaign_contacts').where({ id: row.id }).first('state', 'reason');
        return `${state} ${reason}`;
      },
    };
  };
  const cells = async (id: number) =>
    (await vera.get(`/api/campaigns/${id}`)).body.run.ahead.quotas.map((cell: { value: string; have: number; talking: number }) => [cell.value, cell.have, cell.talking]); // prettier-ignore

  test('the last place is given once; who comes over it is through and counts for none; all full: it ends, and says so', async () => {
    const id = await run({ quotas: [quota('m', 2), quota('w', 1)] }, people(8));
    const first = await talk(id, centre.anna, 'm');
    expect([first.full, await cells(id)]).toEqual([[], [['m', 0, 1], ['w', 0, 0]]]); // prettier-ignore
    await first.file();
    // two at the same time, for one place
    const [second, third] = [await talk(id, centre.anna), await talk(id, centre.boris)];
    await Promise.all([second.answer('m'), third.answer('m')]);
    expect(Number((await centre.db('answers').where({ campaign_id: id, over_quota: true }).count({ n: '*' }))[0]!.n)).toBe(1);
    await Promise.all([second.file(), third.file()]);
    expect([await second.how(), await third.how()].sort()).toEqual(['done outcome', 'stopped quota-full']);
    expect(await cells(id)).toEqual([['m', 2, 0], ['w', 0, 0]]); // prettier-ignore
    // the card of the next knows it beforehand
    const next = await centre.anna.post('/api/campaigns/next');
    expect(next.body.card.full).toEqual([{ question: 'sex', value: 'm' }]);
    expect(next.body.card.script.closing).toBe('Thank you, {name}, goodbye.');
    const fourth = await talk(id, centre.anna, 'm');
    expect(fourth.full).toEqual([{ question: 'sex', value: 'm' }]);
    // a slip of the finger: she is a woman, and fits
    expect((await fourth.answer('w')).body.full).toEqual([{ question: 'sex', value: 'm' }]);
    expect(await endReached(centre.app.deps)).toBe(0);
    await fourth.file();
    await endReached(centre.app.deps);
    expect((await vera.get(`/api/campaigns/${id}`)).body.campaign.state).toBe('finished');
    expect((await vera.get(`/api/campaigns/${id}/results`)).body.quotas).toMatchObject([{ value: 'm', have: 2 }, { value: 'w', have: 1 }]); // prettier-ignore
    const told = await centre.db('audit').where({ what: 'campaign.finished', row_id: String(id) });
    expect(told.map(({ details }: { details: string }) => JSON.parse(details).quotas)).toMatchObject([[{ value: 'm', most: 2, have: 2 }, { value: 'w', most: 1, have: 1 }]]); // prettier-ignore
  });

  test('who is known to be of a full cell is not dialled, by the list or by an earlier answer; more places, and they come again', async () => {
    const id = await run({ quotas: [quota('m', 1, { column: 'Пол', is: 'М' }), quota('w', 5, { column: 'Пол', is: 'ж' })] }, 'Телефон;Пол\n+79160001001;м\n+79160001002;М\n+79160001003;Ж\n+79160001004;\n'); // prettier-ignore
    await (await talk(id, centre.anna, 'm')).file();
    const next = await centre.anna.post('/api/campaigns/next');
    expect(next.body.card.contact.numbers).toEqual(['+79160001003']);
    const states = async () => (await centre.db('campaign_contacts').where({ campaign_id: id }).orderBy('id')).map((row: { state: string; reason: string | null }) => `${row.state} ${row.reason}`); // prettier-ignore
    expect(await states()).toEqual(['done outcome', 'stopped quota', 'ready null', 'ready null']);
    const { version, settings } = (await vera.get(`/api/campaigns/${id}`)).body.campaign;
    const [men, women] = settings.quotas;
    expect((await vera.patch(`/api/campaigns/${id}`, { version, settings: { quotas: [{ ...men, most: 2 }, women] } })).status).toBe(200);
    expect(await states()).toEqual(['done outcome', 'ready null', 'ready null', 'ready null']);
    // a man is promised a call; meanwhile others fill the cell
    const later = await talk(id, centre.anna, 'm');
    await later.file('call-back', [], Date.now() - 1);
    await centre.db('campaign_contacts').where({ campaign_id: id, number: '+79160001003' }).update({ state: 'done' });
    await centre.db('answers').insert({ campaign_id: id, contact_id: next.body.card.contact.id, version: 1, question: 'sex', value: '"m"', user_id: 1, at: 1 }); // prettier-ignore
    expect((await centre.anna.post(`/api/campaigns/contacts/${later.id}/dial`)).body.error.data).toEqual({ reason: 'quota' });
    await centre.anna.post('/api/campaigns/next');
    expect(await later.how()).toBe('stopped quota');
  });

  test('where the goal is sales, only they fill a cell; whoever asks not to be called fills none', async () => {
    const id = await run({ goalOf: 'conversions', quotas: [quota('m', 2)] }, people(4));
    await (await talk(id, centre.anna, 'm')).file('not-interested');
    await (await talk(id, centre.anna, 'm')).file('sale', ['sale']);
    await (await talk(id, centre.anna, 'm')).file('do-not-call', ['do-not-call']);
    expect(await cells(id)).toEqual([['m', 1, 0]]);
  });

  test('a quota for what the script does not ask is missing; one twice, or of none, is refused', async () => {
    const id = await run({ quotas: [] }, people(1));
    const patch = (quotas: object[]) => vera.patch(`/api/campaigns/${id}`, { version: 1, settings: { quotas } });
    for (const wrong of [[quota('m', 0)], [quota('m', 1), quota('m', 2)], [{ question: 'sex' }], [quota('M!', 1)]])
      expect((await patch(wrong)).status, JSON.stringify(wrong)).toBe(400);
    expect((await patch([quota('x', 3)])).body.lacks).toContain('quota');
    await vera.post(`/api/campaigns/${id}/state`, { to: 'paused' });
    expect((await vera.post(`/api/campaigns/${id}/state`, { to: 'running' })).body.error.data.lacks).toEqual(['quota']);
  });
});
