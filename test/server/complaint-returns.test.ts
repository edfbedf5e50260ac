import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { sweepComplaints } from '../../server/complaints/jobs.ts';
import { SAY_MS } from '../../server/complaints/returns.ts';
import { startCallCentre } from '../support/call-centre.ts';
import { eachDatabase } from '../support/db.ts';
import { Story } from '../support/facts.ts';

eachDatabase((_, engine) => {
  let centre: Awaited<ReturnType<typeof startCallCentre>>;
  let olga: typeof centre.anna;
  let category = 0;
  let cause = 0;
  let calls = 0;
  beforeAll(async () => {
    centre = await startCallCentre(engine);
    olga = await centre.signIn('complaints', { name: 'Olga' });
    const { categories } = (await olga.get('/api/complaints/setup')).body as { categories: { id: number; kind: string }[] };
    [category, cause] = ['category', 'cause'].map((is) => categories.find(({ kind }) => kind === is)!.id) as [number, number];
  });
  beforeEach(async () => {
    for (const table of ['complaint_returns', 'complaint_calls', 'complaint_links']) await centre.db(table).delete();
    await centre.db('complaints').update({ client_id: null });
  });
  afterAll(() => centre.close());

  const read = async (id: number) => (await olga.get(`/api/complaints/${id}`)).body.complaint;
  const turn = async (id: number, body: object) => {
    const { version } = await read(id);
    const reply = await olga.post(`/api/complaints/${id}/status`, { version, ...body });
    expect(reply.status, JSON.stringify(reply.body)).toBe(200);
  };
  const register = async () =>
    (await olga.post('/api/complaints', { categoryId: category, subject: 'Torn', clientId: centre.ivan })).body.id as number;
  const resolved = async () => {
    const id = await register();
    await turn(id, { status: 'resolved', causeId: cause, doneText: 'Sent again' });
    await new Promise((resolve) => setTimeout(resolve, 5));
    return id;
  };
  const told = (direction: 'in' | 'out' = 'in', start = Date.now()) => {
    const key = `50.${++calls}`;
    const story = direction === 'in' ? new Story({ key }, start).queued(0, 'support').begin(1, 'offer', '101').end(2, 'offer', 'answered', '101').end(2, 'queue', 'answered').begin(2, 'talk', '101') : new Story({ key, direction, from: '101', to: '89161234567', initiator: '101' }, start).begin(2, 'talk', '101'); // prettier-ignore
    return { ref: `main:${key}`, facts: story.end(3, 'talk', 'customer').hangup(3, 'completed').facts };
  };
  const sweep = (ms = SAY_MS + 1_000) => sweepComplaints({ ...centre.app.deps, now: () => Date.now() + ms });
  const moves = async (id: number) =>
    ((await read(id)).moves as { kind: string; to: string }[]).filter(({ kind }) => kind === 'called').length;

  test('a client whose complaint is done calls again: it is opened, the call is tied to it, once however often it is told and swept', async () => {
    const id = await resolved();
    const { ref, facts } = told();
    await centre.write(facts);
    await sweep(0);
    expect((await read(id)).status).toBe('resolved');
    await Promise.all([sweep(), sweep()]);
    await centre.write(facts);
    await sweep();
    expect((await read(id)).status).toBe('reopened');
    expect(await centre.db('complaint_calls').where({ complaint_id: id }).pluck('call_ref')).toEqual([ref]);
    expect(await moves(id)).toBe(1);
  });

  test('of several the one that waits for the client goes on, else the newest is opened; the others stay', async () => {
    const [old, newer] = [await resolved(), await resolved()];
    await centre.write(told().facts);
    await sweep();
    expect([(await read(old)).status, (await read(newer)).status]).toEqual(['resolved', 'reopened']);

    const waiting = await register();
    await turn(waiting, { status: 'in-work' });
    await turn(waiting, { status: 'waiting-client' });
    const newest = await resolved();
    await centre.write(told().facts);
    await sweep();
    expect([(await read(waiting)).status, (await read(newest)).status, (await read(old)).status]).toEqual(['in-work', 'resolved', 'resolved']); // prettier-ignore
  });

  test('what waited for the client goes on', async () => {
    const id = await register();
    await turn(id, { status: 'in-work' });
    await turn(id, { status: 'waiting-client' });
    await new Promise((resolve) => setTimeout(resolve, 5));
    await centre.write(told().facts);
    await sweep();
    expect((await read(id)).status).toBe('in-work');
  });

  test('the operator said that it was about something else: the old one stays done', async () => {
    const id = await resolved();
    const { ref, facts } = told();
    await centre.write(facts);
    const other = await register();
    await centre.db('complaint_calls').insert({ complaint_id: other, call_ref: ref, moment_at: Date.now(), user_id: olga.userId });
    await sweep();
    expect([(await read(id)).status, await moves(id), await moves(other)]).toEqual(['resolved', 0, 0]);
  });

  test('calls that open nothing: ours, one that had begun before it was done, after the days of reopening, where the rule is off', async () => {
    const before = told('in', Date.now() - 60_000);
    const id = await resolved();
    await centre.write([...told('out').facts, ...before.facts]);
    await sweep();
    expect((await read(id)).status).toBe('resolved');

    await centre
      .db('complaints')
      .where({ id })
      .update({ resolved_at: Date.now() - 15 * 86_400_000 });
    await centre.write(told().facts);
    await sweep();
    expect((await read(id)).status).toBe('resolved');
    await centre.db('complaints').where({ id }).update({ resolved_at: Date.now() });

    await turn(id, { status: 'closed', told: false, notToldReason: 'No address' });
    await centre
      .db('complaints')
      .where({ id })
      .update({ closed_at: Date.now() - 15 * 86_400_000 });
    await centre.write(told().facts);
    await sweep();
    expect((await read(id)).status).toBe('closed');
    await centre
      .db('complaints')
      .where({ id })
      .update({ closed_at: Date.now() - 86_400_000 });

    const { settings } = (await centre.admin.get('/api/complaints/setup')).body;
    expect((await centre.admin.put('/api/complaints/settings', { ...settings, callReopens: false })).status).toBeLessThan(300);
    await centre.write(told().facts);
    await sweep();
    expect((await read(id)).status).toBe('closed');
    expect((await centre.admin.put('/api/complaints/settings', { ...settings, callReopens: true })).status).toBeLessThan(300);
    await centre.write(told().facts);
    await sweep();
    expect((await read(id)).status).toBe('reopened');
  });
});
