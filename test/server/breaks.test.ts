import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { startSimulator } from '../../cti/simulator/index.ts';
import type { Simulator } from '../../cti/simulator/index.ts';
import { openPage } from '../support/browser.ts';
import { startCallCentre, until } from '../support/call-centre.ts';
import { eachDatabase } from '../support/db.ts';
import { Story } from '../support/facts.ts';

const T = 1_790_000_000_000;

eachDatabase((_, engine) => {
  let pbx: Simulator;
  let centre: Awaited<ReturnType<typeof startCallCentre>>;
  let vera: typeof centre.anna;
  beforeAll(async () => {
    pbx = await startSimulator({ port: 0, user: 'allo', secret: 'secret', queues: [{ name: 'support', number: '7000', strategy: 'rrmemory', ringMs: 5_000, retryMs: 100 }], extensions: ['101', '102'].map((extension) => ({ extension, name: extension })), seed: 1 }); // prettier-ignore
    centre = await startCallCentre(engine, { PBX: `main=ami://allo:secret@127.0.0.1:${pbx.port}`, COOL_OFF_SECONDS: '2' });
    await centre.db('queue_members').insert({ pbx: 'main', queue: 'support', user_id: centre.anna.userId });
    vera = await centre.signIn('supervisor', { name: 'Vera' });
    await until(async () => (await centre.anna.get('/api/pbx')).body.items[0].state, (state) => state === 'connected'); // prettier-ignore
  });
  beforeEach(async () => {
    await centre.anna.post('/api/agents/shift', { on: false });
    await until(() => centre.db('agent_pauses').select(), (rows) => rows.length === 0); // prettier-ignore
    await centre.anna.post('/api/agents/shift', { on: true });
  });
  afterAll(async () => {
    await centre.close();
    await pbx.stop();
  });
  const me = async () => (await centre.anna.get('/api/agents/me')).body;
  const ask = (reason: string | null) => centre.anna.post('/api/agents/break', { reason });
  const watch = async () => (await vera.get('/api/agents/breaks')).body;
  const pauses = () => centre.db('agent_pauses').where('user_id', centre.anna.userId).select('reason', 'state');
  const offered = (key: string, end: 'rejected' | 'busy' | 'no-answer') =>
    new Story({ key }, T).queued(0, 'support').begin(10, 'offer', '101', 'support').end(2_000, 'offer', end, '101').facts.at(-1)!;

  test.each(['rejected', 'busy'] as const)('%s: no call for some seconds, then calls again by itself', async (end) => {
    centre.bus.emit('cti.fact', offered(`1.${end}`, end));
    await until(pauses, (rows) => rows[0]?.reason === 'cool-off' && rows[0].state === 'paused');
    expect((await centre.db('agent_states').where('user_id', centre.anna.userId).orderBy('id', 'desc').first()).state).toBe('available');
    await until(pauses, (rows) => rows.length === 0, 15_000);
  }, 20_000); // prettier-ignore

  test('a phone that was let ring does not cool off, nor one that is off shift, nor a direct call', async () => {
    centre.bus.emit('cti.fact', offered('2.1', 'no-answer'));
    centre.bus.emit('cti.fact', new Story({ key: '2.2' }, T).begin(0, 'offer', '101').end(1_000, 'offer', 'rejected', '101').facts.at(-1)!);
    await centre.anna.post('/api/agents/shift', { on: false });
    centre.bus.emit('cti.fact', offered('2.3', 'rejected'));
    await centre.boris.post('/api/agents/shift', { on: true });
    centre.bus.emit('cti.fact', { ...offered('2.4', 'rejected') });
    expect((await pauses()).filter(({ reason }) => reason === 'cool-off')).toEqual([]);
  });

  test('a break that needs a yes: asked, seen by whoever leads, allowed or refused; the administrator sets which', async () => {
    const items = (await centre.anna.get('/api/agents/break-reasons')).body.items;
    const draft = items.map((one: { code: string }) => ({ ...one, needsApproval: one.code === 'lunch' }));
    expect((await vera.put('/api/agents/break-reasons', { items: draft })).status).toBe(403);
    expect((await centre.admin.put('/api/agents/break-reasons', { items: draft })).body.items).toEqual(draft);
    const page = await openPage(centre.url, vera.cookie());

    expect((await ask('lunch')).body).toMatchObject({ break: null, asked: { reason: 'lunch' } });
    await until(() => page.messages('break-watch').at(-1)?.watch.asked, (asked) => asked?.length === 1); // prettier-ignore
    expect(await watch()).toMatchObject({ asked: [{ user: { name: 'Anna' }, reason: 'lunch' }], late: [] });
    expect((await centre.boris.get('/api/agents/breaks')).status).toBe(403);
    expect((await centre.boris.post(`/api/agents/${centre.anna.userId}/break/refuse`)).status).toBe(403);
    expect((await vera.post(`/api/agents/${centre.anna.userId}/break/refuse`)).status).toBe(204);
    expect((await vera.post(`/api/agents/${centre.anna.userId}/break/refuse`)).status).toBe(404);
    expect(await me()).toMatchObject({ break: null, asked: null });

    await ask('lunch');
    expect((await ask(null)).body.asked).toBe(null);
    await ask('lunch');
    expect((await vera.post(`/api/agents/${centre.anna.userId}/break`, { reason: 'lunch' })).status).toBe(204);
    expect(await me()).toMatchObject({ break: { reason: 'lunch' }, asked: null });
    await until(() => page.messages('break-watch').at(-1)?.watch.asked, (asked) => asked?.length === 0); // prettier-ignore
    expect((await ask('rest')).body).toMatchObject({ break: { reason: 'rest' }, asked: null });
    page.ws.close();
  });

  test('longer than its limit: whoever leads is told', async () => {
    await ask('rest');
    const state = () => centre.db('agent_states').where({ user_id: centre.anna.userId, state: 'break' }).whereNull('ended_at');
    await until(() => state().first(), (row) => row !== undefined); // prettier-ignore
    expect((await watch()).late).toEqual([]);
    await state().update({ started_at: Date.now() - 16 * 60_000 });
    expect((await watch()).late).toMatchObject([{ user: { name: 'Anna' }, reason: 'rest', limitMinutes: 15 }]);
  });

  test('reasons: new ones, those that are gone, nonsense', async () => {
    const before = (await centre.anna.get('/api/agents/break-reasons')).body.items;
    const own = { code: 'own-1', label: 'Прогулка', limitMinutes: 5, needsApproval: false };
    for (const items of [[own, own], [{ ...own, label: '' }], [{ ...own, limitMinutes: -1 }], [{ ...own, code: 'A b' }], 'all'])
      expect((await centre.admin.put('/api/agents/break-reasons', { items })).status).toBe(400);
    expect((await centre.anna.get('/api/agents/break-reasons')).body.items).toEqual(before);
    await centre.admin.put('/api/agents/break-reasons', { items: [own] });
    expect(await ask('lunch')).toMatchObject({ status: 400 });
    expect((await ask('own-1')).body.break).toMatchObject({ reason: 'own-1', limitMinutes: 5 });
    expect((await centre.admin.put('/api/agents/break-reasons', { items: before })).body.items).toEqual(before);
  });
});
