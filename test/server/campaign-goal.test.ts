import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { endReached, runsOut } from '../../server/campaigns/goal.ts';
import { eachDatabase } from '../support/db.ts';
import { startServer } from '../support/server.ts';

const HOUR = 3_600_000;

describe('when it runs out', () => {
  test.each<[string, number, { ended: number; spanMs: number }, number | null]>([
    ['as many again in as long', 60, { ended: 60, spanMs: HOUR }, HOUR],
    ['half an hour of work behind it', 10, { ended: 20, spanMs: HOUR / 2 }, HOUR / 4],
    ['nobody left', 0, { ended: 0, spanMs: 0 }, 0],
    ['more than wanted', -3, { ended: 9, spanMs: HOUR }, 0],
    ['nobody is through yet', 60, { ended: 0, spanMs: HOUR }, null],
    ['too few to tell', 60, { ended: 2, spanMs: HOUR }, null],
    ['it has only just begun', 60, { ended: 9, spanMs: 1_000 }, null],
  ])('%s', (_what, left, pace, expected) => {
    const now = 1_790_000_000_000;
    expect(runsOut(left, pace, now)).toBe(expected === null ? null : now + expected);
  });
});

eachDatabase((_, engine) => {
  let server: Awaited<ReturnType<typeof startServer>>;
  let vera: Awaited<ReturnType<typeof server.signIn>>;
  beforeAll(async () => {
    server = await startServer({ engine, env: { PBX: 'other=ami://user:secret@127.0.0.1:1' } });
    vera = await server.signIn('supervisor', { name: 'Vera' });
    await server.db('queues').insert({ pbx: 'main', name: 'support', label: '' });
  });
  beforeEach(async () => {
    for (const table of ['attempts', 'campaign_contacts', 'campaigns']) await server.db(table).delete();
  });
  afterAll(() => server.close());

  const run = async (settings: object, people: number) => {
    const made = await vera.post('/api/campaigns', { name: 'Welcome', pbx: 'main', queue: 'support', mode: 'preview', profile: 'UK', purpose: 'service', settings }); // prettier-ignore
    expect(made.status, JSON.stringify(made.body)).toBe(201);
    const id = made.body.campaign.id as number;
    const text = Array.from({ length: people }, (_x, n) => `+7916000${1_000 + n}`).join('\n');
    expect((await vera.post(`/api/campaigns/${id}/contacts`, { text })).body.added).toBe(people);
    for (const to of ['approved', 'running']) expect((await vera.post(`/api/campaigns/${id}/state`, { to })).status).toBe(200);
    return id;
  };
  let serial = 0;
  /** So many people of the campaign are through: talked with, a quarter of an hour ago at the earliest. */
  const talk = async (id: number, count: number, outcome: string) => {
    const ids = (await server.db('campaign_contacts').where({ campaign_id: id, state: 'ready' }).orderBy('id').limit(count).pluck('id')) as number[]; // prettier-ignore
    const at = Date.now() - HOUR / 4;
    for (const contact_id of ids) {
      await server.db('attempts').insert({ campaign_id: id, contact_id, n: 1, number: '+79160000000', pbx: 'main', channel_id: `c${++serial}`, state: 'settled', mode: 'preview', decision: '{}', placed_at: at, answered_at: at, connected_at: at, ended_at: at, result: 'talked' }); // prettier-ignore
      await server.db('campaign_contacts').where({ id: contact_id }).update({ state: 'done', reason: 'outcome', outcome });
    }
  };
  const view = async (id: number) => (await vera.get(`/api/campaigns/${id}`)).body;

  test('it ends by itself when so many were talked with, once, and the audit says so', async () => {
    const id = await run({ goal: 4 }, 20);
    await talk(id, 3, 'other');
    expect(await endReached(server.app.deps)).toBe(0);
    const { run: live } = await view(id);
    expect(live.ahead).toMatchObject({ left: 17, goal: { of: 'reached', wanted: 4, have: 3 } });
    // three in a quarter of an hour: one more in five minutes, seventeen in 85
    expect(Math.round((live.ahead.goal.expectedAt - live.at) / 60_000)).toBe(5);
    expect(Math.round((live.ahead.runsOutAt - live.at) / 60_000)).toBe(85);
    await talk(id, 1, 'other');
    // the server's own timer may have been quicker
    await endReached(server.app.deps);
    expect(await endReached(server.app.deps)).toBe(0);
    const ended = await view(id);
    expect(ended.campaign.state).toBe('finished');
    expect(ended.run.ahead).toMatchObject({ left: 16, runsOutAt: null, goal: { have: 4 } });
    const told = (await server.db('audit').where({ what: 'campaign.finished', row_id: String(id) })) as { actor_id: number | null; details: string }[]; // prettier-ignore
    expect(told.map(({ actor_id, details }) => [actor_id, JSON.parse(details)])).toEqual([
      [null, { from: 'running', goal: 4, goalOf: 'reached', have: 4 }],
    ]);
  });

  test('by conversions only a sale counts; without a goal, or paused, it goes on', async () => {
    const sales = await run({ goal: 2, goalOf: 'conversions' }, 10);
    await talk(sales, 5, 'not-interested');
    await talk(sales, 1, 'sale');
    const endless = await run({}, 3);
    await talk(endless, 2, 'sale');
    expect((await view(endless)).run.ahead.goal).toBeNull();
    expect(await endReached(server.app.deps)).toBe(0);
    await talk(sales, 1, 'sale');
    await vera.post(`/api/campaigns/${sales}/state`, { to: 'paused' });
    expect(await endReached(server.app.deps)).toBe(0);
    await vera.post(`/api/campaigns/${sales}/state`, { to: 'running' });
    await endReached(server.app.deps);
    expect([(await view(sales)).campaign.state, (await view(endless)).campaign.state]).toEqual(['finished', 'running']);
    expect((await vera.post('/api/campaigns', { name: 'x', pbx: 'main', queue: 'support', mode: 'preview', profile: 'UK', purpose: 'service', settings: { goalOf: 'money' } })).status).toBe(400); // prettier-ignore
  });
});
