import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Fact } from '../../cti/index.ts';
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
    queues: QUEUES.map((name, i) => ({ name, number: `700${i}`, strategy: 'rrmemory', ringMs: 20_000, retryMs: 20 })),
    extensions: ['101', '102'].map((extension) => ({ extension, name: extension })),
    behaviour: { patienceMs: [60_000, 60_000], talkMs: [60_000, 60_000], answering: 'command', liftAfterMs: [5, 5], customerRingsMs: [5, 5], customerAnswers: 1, customerBusy: 0 }, // prettier-ignore
    seed: 1,
  });

eachDatabase((_, engine) => {
  let pbx: Simulator;
  let centre: Awaited<ReturnType<typeof startCallCentre>>;
  let vera: Awaited<ReturnType<typeof centre.signIn>>;
  let page: Awaited<ReturnType<typeof openPage>>;
  beforeAll(async () => {
    pbx = await openPbx();
    centre = await startCallCentre(engine, { PBX: `main=ami://allo:secret@127.0.0.1:${pbx.port}` });
    vera = await centre.signIn('supervisor', { name: 'Vera' });
    for (const name of QUEUES) {
      await centre.db('queues').insert({ pbx: 'main', name, label: '' });
      await centre.db('queue_members').insert({ pbx: 'main', queue: name, user_id: centre.anna.userId });
    }
    await until(
      () => centre.anna.get('/api/pbx'),
      ({ body }) => body.items[0].state === 'connected',
    );
    page = await openPage(centre.url, centre.anna.cookie());
  });
  afterAll(async () => {
    page.ws.close();
    await centre.close();
    await pbx.stop();
  });

  const rule = async (wrapUpSeconds: number, more: object = {}) => {
    const { body } = await centre.admin.get('/api/queues');
    const { id } = body.items.find((queue: { name: string }) => queue.name === 'support');
    const edit = { wrapUpSeconds, wrapUpMaxSeconds: 3600, outcomeRequired: false, ...more };
    expect(await centre.admin.patch(`/api/queues/${id}`, edit)).toMatchObject({ status: 200, body: { queue: edit } });
  };
  const phaseOf = (ref: string) => page.calls().findLast((call) => call.ref === ref)?.phase;
  const comes = (queue = 'support') => `main:${pbx.callNow({ to: queue, from: '+79161234567', name: '' })}`;
  const reaches = (ref: string, phase: string) => until(() => phaseOf(ref), (now) => now === phase); // prettier-ignore
  const rows = () => centre.db('wrap_ups').where('user_id', centre.anna.userId);
  const pauses = () => centre.db('agent_pauses').where('user_id', centre.anna.userId).pluck('state');
  const wrapUp = () => page.messages('wrap-up').at(-1)?.wrapUp ?? null;
  const file = (ref: string) => centre.anna.put(`/api/calls/${encodeURIComponent(ref)}/outcome`, { outcome: 'resolved', note: '' });
  /** A call is answered and hung up, while another waits. @returns both */
  const talk = async () => {
    const ref = comes();
    await reaches(ref, 'ringing');
    await centre.anna.post(`/api/calls/${ref}/answer`);
    await reaches(ref, 'talking');
    await until(pauses, (states) => states.length === 0 || states.every((state) => state === 'paused'));
    const next = comes('sales');
    await until(
      () => centre.db('calls').where('linkedid', next.slice(5)).first(),
      (row) => row !== undefined,
    );
    expect((await centre.anna.post(`/api/calls/${ref}/hangup`)).status).toBe(204);
    await reaches(ref, 'ended');
    return { ref, next };
  };
  const hangUp = async (ref: string) => {
    await centre.anna.post(`/api/calls/${ref}/hangup`);
    await until(
      () => phaseOf(ref),
      (now) => now !== 'ringing' && now !== 'talking',
    );
  };

  beforeEach(async () => {
    await centre.anna.post('/api/agents/shift', { on: false });
    await centre.db('wrap_ups').delete();
    await centre.db('agent_pauses').delete();
    expect((await centre.anna.post('/api/agents/shift', { on: true })).body.queues).toEqual(['sales', 'support']);
  });
  /** The caller who waits in the other queue gives up: with nobody on shift the simulator keeps them, so they are answered and hung up. */
  const settle = async (ref: string) => {
    await reaches(ref, 'ringing');
    await centre.anna.post(`/api/calls/${ref}/answer`);
    await reaches(ref, 'talking');
    await hangUp(ref);
  };

  test('without wrap-up the next call rings as soon as the phone is free', async () => {
    await rule(0);
    const { next } = await talk();
    await reaches(next, 'ringing');
    expect(await pauses()).toEqual([]);
    await settle(next);
  });

  test('paused at the connect in all queues, so nothing rings after the hang-up, until "ready"', async () => {
    await rule(600);
    const { ref, next } = await talk();
    const clock = await until(wrapUp, (now) => now !== null);
    expect(clock).toMatchObject({ ref, queue: 'support', required: false });
    expect(clock!.until - clock!.since).toBe(600_000);
    expect((await centre.anna.get('/api/calls/live')).body.wrapUp).toEqual(clock);
    expect(phaseOf(next)).toBeUndefined();
    expect((await centre.anna.post('/api/calls/wrap-up/ready')).status).toBe(204);
    await until(wrapUp, (now) => now === null);
    await reaches(next, 'ringing');
    await until(pauses, (states) => states.length === 0);
    expect((await centre.anna.post('/api/calls/wrap-up/ready')).status).toBe(204);
    await settle(next);
  });

  test('the time that is up, and the outcome that is saved, end it as well', async () => {
    await rule(1);
    const short = await talk();
    await reaches(short.next, 'ringing');
    await settle(short.next);
    await rule(600);
    const filed = await talk();
    await until(wrapUp, (now) => now?.ref === filed.ref);
    expect((await file(filed.ref)).status).toBe(204);
    await reaches(filed.next, 'ringing');
    expect(await rows()).toEqual([]);
    await settle(filed.next);
  });

  test('more time, as far as the queue allows', async () => {
    await rule(100, { wrapUpMaxSeconds: 150 });
    const { next } = await talk();
    const clock = await until(wrapUp, (now) => now !== null);
    expect(clock!.latest - clock!.since).toBe(150_000);
    expect((await centre.anna.post('/api/calls/wrap-up/extend')).status).toBe(204);
    await until(wrapUp, (now) => now?.until === clock!.latest);
    expect(await centre.anna.post('/api/calls/wrap-up/extend')).toMatchObject({
      status: 409,
      body: { error: { data: { reason: 'no_more_time' } } },
    });
    expect((await centre.anna.post('/api/calls/wrap-up/ready')).status).toBe(204);
    await settle(next);
  });

  test('a queue that demands an outcome: no "ready" without it, whatever the clock says; a supervisor sees it and may say it', async () => {
    await centre.db('calls').update({ outcome_due: false });
    await rule(1, { outcomeRequired: true });
    const { ref, next } = await talk();
    await until(
      async () => (await centre.db('calls').where('linkedid', ref.slice(5)).first()) as { outcome_due: number },
      (row) => Boolean(row.outcome_due),
    );
    const clock = await until(wrapUp, (now) => now !== null);
    await until(
      () => Date.now() > clock!.until + 1_200,
      (past) => past,
    );
    expect(phaseOf(next)).toBeUndefined();
    expect(await centre.anna.post('/api/calls/wrap-up/ready')).toMatchObject({
      status: 409,
      body: { error: { code: 'conflict', data: { reason: 'outcome_required', ref } } },
    });
    // Off shift and on again is no way round it.
    await centre.anna.post('/api/agents/shift', { on: false });
    await centre.anna.post('/api/agents/shift', { on: true });
    expect((await centre.anna.post('/api/calls/wrap-up/ready')).status).toBe(409);
    expect((await centre.anna.get('/api/calls/missing')).status).toBe(403);
    const missing = await vera.get('/api/calls/missing');
    expect(missing.body).toMatchObject({ total: 1, next: null, items: [{ ref, outcomeDue: true, operators: [{ name: 'Anna' }] }] });
    expect(phaseOf(next)).toBeUndefined();
    expect((await vera.put(`/api/calls/${ref}/outcome`, { outcome: 'other', note: 'for Anna' })).status).toBe(204);
    expect((await vera.get('/api/calls/missing')).body).toMatchObject({ total: 0, items: [] });
    await reaches(next, 'ringing');
    expect(await rows()).toEqual([]);
    await settle(next);
  });

  test('a form that is owed stays on the screen and keeps its card open, however long ago the call was', async () => {
    await rule(1, { outcomeRequired: true });
    const { ref, next } = await talk();
    await until(wrapUp, (now) => now?.ref === ref);
    const dayAgo = Date.now() - 86_400_000;
    await until(
      () => centre.db('calls').where('linkedid', ref.slice(5)).update({ ended_at: dayAgo }),
      (changed) => changed === 1,
    );
    await centre.db('wrap_ups').update({ since: dayAgo, until: dayAgo });
    const live = await centre.anna.get('/api/calls/live');
    expect(live.body.items.map((call: { ref: string }) => call.ref)).toContain(ref);
    expect((await centre.anna.get(`/api/clients/${centre.ivan}`)).status).toBe(200);
    await file(ref);
    await settle(next);
  });

  test('what was missed is mended: a talk that ended unseen, a pause that a hand lifted, rows of a call that never came', async () => {
    await rule(600);
    const userId = centre.anna.userId;
    const gone = { user_id: userId, pbx: 'main', queue: 'support', seconds: 600, max_seconds: 600, required: true };
    await centre.db('wrap_ups').insert({ ...gone, linkedid: 'gone.1', phase: 'talk', since: Date.now() - 120_000, until: null });
    await centre.db('agent_pauses').insert({ user_id: userId, reason: 'wrap-up', state: 'paused', since: 1 });
    const facts: Fact[] = [];
    const stop = centre.bus.on('cti.fact', (fact) => void facts.push(fact));
    const { port } = pbx;
    await pbx.stop();
    pbx = await openPbx(port);
    await until(rows, (all) => all[0]?.phase === 'wrap', 20_000);
    await until(
      () => centre.anna.get('/api/agents/me'),
      ({ body }) => body.queues.length === 2,
      20_000,
    );
    const member = () => facts.findLast((fact) => fact.kind === 'queue.member' && fact.agent === '101' && fact.queue === 'support');
    await until(member, (fact) => fact?.kind === 'queue.member' && fact.paused && fact.reason === 'wrap-up');
    facts.length = 0;
    await centre.app.deps.pbx('main').queuePause({ extension: '101', paused: false, reason: '' });
    await until(
      () => facts.flatMap((fact) => (fact.kind === 'queue.member' && fact.queue === 'support' ? [fact.paused] : [])),
      (seen) => seen[0] === false && seen.at(-1) === true,
    );
    await centre.db('wrap_ups').update({ since: Date.now() - 120_000, until: Date.now() - 1 });
    await until(rows, (all) => all.length === 0);
    await until(pauses, (states) => states.length === 0);
    stop();
  });

  test("the rules are the administrator's to change, in sense, and stand in the audit", async () => {
    const { body } = await vera.get('/api/queues');
    expect(body).toMatchObject({ can: { edit: false }, items: [{ name: 'sales' }, { name: 'support' }] });
    expect((await centre.anna.get('/api/queues')).status).toBe(403);
    const path = `/api/queues/${body.items[0].id}`;
    expect((await vera.patch(path, { wrapUpSeconds: 5 })).status).toBe(403);
    for (const edit of [
      { wrapUpSeconds: -1 },
      { wrapUpSeconds: 1.5 },
      { wrapUpSeconds: '5' },
      { wrapUpSeconds: 9999 },
      { wrapUpSeconds: 60, wrapUpMaxSeconds: 30 },
      { label: 'a\nb' },
    ])
      // prettier-ignore
      expect((await centre.admin.patch(path, edit)).status, JSON.stringify(edit)).toBe(400);
    expect((await centre.admin.patch('/api/queues/999999', { label: 'x' })).status).toBe(404);
    expect((await vera.get('/api/queues')).body.items[0]).toEqual(body.items[0]);
    await centre.admin.patch(path, { label: 'Продажи' });
    const [last] = await centre.db('audit').where('what', 'queue.edited').orderBy('id', 'desc').limit(1);
    expect(last).toMatchObject({ actor_id: centre.admin.userId, details: JSON.stringify({ label: 'Продажи' }) });
  });
});
