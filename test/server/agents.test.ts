import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { DeviceState } from '../../cti/index.ts';
import { startSimulator } from '../../cti/simulator/index.ts';
import type { Simulator } from '../../cti/simulator/index.ts';
import { openPage } from '../support/browser.ts';
import { startCallCentre, until } from '../support/call-centre.ts';
import { eachDatabase } from '../support/db.ts';

const QUEUES = ['support', 'sales'];
const openPbx = (port = 0): Promise<Simulator> =>
  startSimulator({
    port,
    user: 'allo',
    secret: 'secret',
    queues: QUEUES.map((name, i) => ({ name, number: `700${i}`, strategy: 'rrmemory', ringMs: 5_000, retryMs: 100 })),
    extensions: ['101', '102'].map((extension) => ({ extension, name: extension })),
    behaviour: { patienceMs: [20_000, 20_000], talkMs: [20_000, 20_000], answering: 'command', liftAfterMs: [50, 50], customerRingsMs: [50, 50], customerAnswers: 1, customerBusy: 0 }, // prettier-ignore
    seed: 1,
  });

eachDatabase((_, engine) => {
  let pbx: Simulator;
  let centre: Awaited<ReturnType<typeof startCallCentre>>;
  beforeAll(async () => {
    pbx = await openPbx();
    centre = await startCallCentre(engine, { PBX: `main=ami://allo:secret@127.0.0.1:${pbx.port}` });
    for (const queue of QUEUES) await centre.db('queue_members').insert({ pbx: 'main', queue, user_id: centre.anna.userId });
    await until(
      () => centre.anna.get('/api/pbx'),
      ({ body }) => body.items[0].state === 'connected',
    );
  });
  beforeEach(async () => {
    await centre.anna.post('/api/agents/shift', { on: false });
  });
  afterAll(async () => {
    await centre.close();
    await pbx.stop();
  });
  const begin = () => centre.anna.post('/api/agents/shift', { on: true });

  test('a shift enters the queues of the operator and leaves them, in states without a gap, and is audited', async () => {
    await centre.db('agent_states').delete();
    await centre.db('audit').whereIn('what', ['shift.started', 'shift.ended']).delete();
    const started = await begin();
    expect(started).toMatchObject({
      status: 200,
      body: { extension: '101', pbx: 'main', mode: 'desk', modes: ['desk'], queues: ['sales', 'support'], pending: [] },
    });
    expect(started.body.since).toBeGreaterThan(0);
    expect((await centre.anna.get('/api/agents/me')).body).toEqual(started.body);
    expect((await begin()).body.since).toBe(started.body.since);
    const ended = await centre.anna.post('/api/agents/shift', { on: false });
    expect(ended.body).toMatchObject({ since: null, queues: [], pending: [] });
    expect(await centre.db('shift_queues')).toEqual([]);
    const states = await centre.db('agent_states').orderBy('id');
    expect(states.map((s) => s.state)).toEqual(['available', 'offline']);
    expect(states[0].ended_at).toBe(states[1].started_at);
    expect(states[1].ended_at).toBeNull();
    expect(await centre.db('audit').whereIn('what', ['shift.started', 'shift.ended']).orderBy('id').pluck('what')).toEqual([
      'shift.started',
      'shift.ended',
    ]);
  });

  test('a lost phone in the browser pauses its operator, its return lifts that; a desk phone, an unknown state and the end of a shift', async () => {
    const { db, bus, anna, boris } = centre;
    const told = (state: DeviceState) => bus.emit('cti.fact', { kind: 'agent.state', pbx: 'main', at: Date.now(), agent: '101', state });
    const since = async () => (await anna.get('/api/agents/me')).body.unreachableSince;
    const state = async () => (await boris.get('/api/agents/states')).body.items[0]?.state;
    await begin();
    told('unavailable'); // as a desk phone: the PBX knows whom it can ring
    await db('shifts').update({ mode: 'softphone' });
    await until(since, (at) => at !== null, 12_000);
    expect(await state()).toBe('unreachable');
    told('unknown');
    expect(await since()).not.toBeNull();
    told('idle');
    await until(since, (at) => at === null);
    expect(await state()).toBe('free');

    bus.emit('phone.silent', { userId: anna.userId, silent: true });
    await until(since, (at) => at !== null);
    told('idle'); // the PBX has not noticed yet
    expect(await since()).not.toBeNull();
    bus.emit('phone.silent', { userId: anna.userId, silent: false });
    await until(since, (at) => at === null);
    const states = () => db('agent_states').where('user_id', anna.userId).orderBy('id', 'desc').limit(4).pluck('state');
    await until(states, (last) => last.join() === 'available,unreachable,available,unreachable');

    bus.emit('phone.silent', { userId: anna.userId, silent: true });
    await until(since, (at) => at !== null);
    await anna.post('/api/agents/shift', { on: false });
    await until(() => db('agent_pauses').where('user_id', anna.userId), (rows) => rows.length === 0); // prettier-ignore
    expect((await boris.get('/api/agents/states')).body.items).toEqual([]);
    bus.emit('phone.silent', { userId: anna.userId, silent: false });
    expect((await centre.guest.get('/api/agents/states')).status).toBe(401);
  }, 30_000);

  test('the whole way: a queue call rings her page, she answers and hangs up by commands, and it is in the log', async () => {
    await begin();
    const [page, other] = [await openPage(centre.url, centre.anna.cookie()), await openPage(centre.url, centre.boris.cookie())];
    const key = pbx.callNow({ to: 'support', from: '+79161234567', name: 'Ivan <b>Petrov</b>' });
    const ref = `main:${key}`;
    await until(
      () => page.calls(),
      (calls) => calls.some((c) => c.ref === ref && c.phase === 'ringing' && c.clients !== null),
    );
    expect(page.calls().at(-1)).toMatchObject({
      number: '+79161234567',
      callerName: 'Ivan <b>Petrov</b>',
      queue: 'support',
      clients: [{ id: centre.ivan }],
    });
    expect((await centre.boris.post(`/api/calls/${ref}/hangup`)).status).toBe(403);
    expect((await centre.anna.post(`/api/calls/${ref}/answer`)).status).toBe(204);
    await until(
      () => page.calls(),
      (calls) => calls.at(-1)?.phase === 'talking',
    );
    expect((await centre.anna.post(`/api/calls/${ref}/hangup`)).status).toBe(204);
    await until(
      () => page.calls(),
      (calls) => calls.at(-1)?.phase === 'ended',
    );
    expect((await centre.anna.put(`/api/calls/${ref}/outcome`, { outcome: 'resolved', note: 'ok' })).status).toBe(204);
    const mine = await until(
      () => centre.anna.get('/api/calls/mine'),
      ({ body }) => body.items[0]?.endReason === 'completed',
    );
    expect(mine.body.items[0]).toMatchObject({
      ref,
      client: { id: centre.ivan },
      outcome: 'resolved',
      note: 'ok',
      operators: [{ id: centre.anna.userId }],
    });
    const { body } = await centre.anna.get(`/api/calls/${ref}`);
    expect(body.call.segments.map((s: { kind: string; endReason: string }) => [s.kind, s.endReason])).toEqual([
      ['queue', 'answered'],
      ['offer', 'answered'],
      ['talk', 'agent'],
    ]);
    expect((await centre.anna.get(`/api/clients/${centre.ivan}/timeline`)).body.items[0]).toMatchObject({ kind: 'call', ref });
    expect(other.calls()).toEqual([]);
    page.ws.close();
    other.ws.close();
  });

  test('click to call: her phone, then the number; the call is the client it was dialled from', async () => {
    await begin();
    const page = await openPage(centre.url, centre.anna.cookie());
    const dialled = await centre.anna.post('/api/calls/dial', { number: '8 916 123-45-67', clientId: centre.ivan });
    expect(dialled.status).toBe(202);
    await until(
      () => page.calls(),
      (calls) => calls.some((c) => c.ref === dialled.body.ref && c.phase === 'talking'),
    );
    expect(page.calls()[0]).toMatchObject({ ref: dialled.body.ref, phase: 'dialling', direction: 'out', number: '+79161234567' });
    expect((await centre.anna.post(`/api/calls/${dialled.body.ref}/hangup`)).status).toBe(204);
    await until(() => centre.anna.get('/api/calls/mine'), ({ body }) => body.items[0]?.ref === dialled.body.ref && body.items[0].endedAt !== null && body.items[0].client?.id === centre.ivan); // prettier-ignore
    page.ws.close();
  });

  test('a PBX that goes away: shown, pending queues are joined when it is back, its calls are closed', async () => {
    const { port } = pbx;
    await begin();
    const page = await openPage(centre.url, centre.anna.cookie());
    const key = pbx.callNow({ to: 'support', from: '+79161234567', name: '' });
    await until(
      () => page.calls(),
      (calls) => calls.at(-1)?.phase === 'ringing',
    );
    await pbx.stop();
    await until(
      () => page.messages('pbx'),
      (said) => said.at(-1)?.items[0]?.state === 'offline',
    );
    expect(page.messages('pbx').at(-1)!.items[0]!.reason).toBeNull();
    expect((await centre.admin.get('/api/pbx')).body.items[0].reason).toEqual(expect.any(String));
    expect((await centre.anna.post('/api/calls/dial', { number: '112' })).body.error.code).toBe('pbx_unavailable');
    await centre.anna.post('/api/agents/shift', { on: false });
    expect((await begin()).body).toMatchObject({ queues: [], pending: ['sales', 'support'] });

    pbx = await openPbx(port);
    await until(
      () => centre.anna.get('/api/agents/me'),
      ({ body }) => body.pending.length === 0 && body.queues.length === 2,
      20_000,
    );
    await until(
      () => page.calls(),
      (calls) => calls.at(-1)?.ref === `main:${key}` && calls.at(-1)?.phase === 'missed',
    );
    await until(
      () => centre.db('calls').where('linkedid', key).first(),
      (row) => row?.end_reason === 'lost',
    );
    pbx.callNow({ to: 'sales', from: '+79161234567', name: '' });
    await until(
      () => page.calls(),
      (calls) => calls.at(-1)?.phase === 'ringing' && calls.at(-1)?.queue === 'sales',
    );
    page.ws.close();
  });

  test('a shift needs an extension, a mode the phone has, and sense', async () => {
    expect(await centre.admin.post('/api/agents/shift', { on: true })).toMatchObject({
      status: 409,
      body: { error: { data: { reason: 'no_extension' } } },
    });
    expect((await centre.anna.post('/api/agents/shift', { on: true, mode: 'softphone' })).status).toBe(400);
    for (const body of [{}, { on: 'yes' }, { on: true, mode: 'fax' }, null])
      expect((await centre.anna.post('/api/agents/shift', body)).status).toBe(400);
    expect((await centre.anna.get('/api/agents/sip')).status).toBe(404);
    expect((await centre.guest.get('/api/agents/sip')).status).toBe(401);
    expect(await centre.db('shifts')).toEqual([]);
  });

  test('of two pages that begin the shift at once both succeed, and there is one', async () => {
    const both = await Promise.all([begin(), begin()]);
    expect(both.map((answer) => answer.status)).toEqual([200, 200]);
    expect((await centre.db('shifts')).length).toBe(1);
    expect((await centre.db('agent_states').where({ user_id: centre.anna.userId }).whereNull('ended_at')).length).toBe(1);
  });

  test('an administrator takes the extension away: the shift ends', async () => {
    await begin();
    await centre.db('extensions').where('user_id', centre.anna.userId).update({ extension: '109' });
    centre.bus.emit('user.changed', { id: centre.anna.userId });
    await until(
      () => centre.anna.get('/api/agents/me'),
      ({ body }) => body.since === null && body.extension === '109',
    );
    await until(
      () => centre.db('shift_queues'),
      (rows) => rows.length === 0,
    );
    await centre.db('extensions').where('user_id', centre.anna.userId).update({ extension: '101' });
    centre.bus.emit('user.changed', { id: centre.anna.userId });
    await until(
      () => centre.anna.get('/api/agents/me'),
      ({ body }) => body.extension === '101',
    );
  });
});

test('the SIP secret reaches its owner only, and only as the phone of a browser', async () => {
  const centre = await startCallCentre('sqlite', { PBX: 'main=ami://u:s@127.0.0.1:1?sip=ws://127.0.0.1:9/ws' });
  try {
    expect((await centre.anna.get('/api/agents/me')).body.modes).toEqual(['desk']);
    await centre
      .db('extensions')
      .where('extension', '101')
      .update({ secret_sealed: centre.app.deps.secrets.seal('s3cret') });
    const { body } = await centre.anna.get('/api/agents/sip');
    expect(body).toMatchObject({ extension: '101', password: 's3cret', domain: '127.0.0.1', server: '/sip' });
    expect((await centre.anna.get('/api/agents/me')).body.modes).toEqual(['softphone', 'desk']);
    expect((await centre.boris.get('/api/agents/sip')).status).toBe(404);
  } finally {
    await centre.close();
  }
});
