import { afterAll, beforeAll, expect, test } from 'vitest';
import { sweepComplaints } from '../../server/complaints/jobs.ts';
import { openPage } from '../support/browser.ts';
import { startCallCentre, until } from '../support/call-centre.ts';
import { eachDatabase } from '../support/db.ts';

/** Acknowledge within an hour, warned at three quarters of it; the first answer within four. */
eachDatabase((_, engine) => {
  const MINUTE = 60_000;
  let centre: Awaited<ReturnType<typeof startCallCentre>>;
  let vera: typeof centre.anna;
  let viktor: typeof centre.anna;
  let olga: typeof centre.anna;
  let category = 0;
  beforeAll(async () => {
    centre = await startCallCentre(engine);
    vera = await centre.signIn('supervisor', { name: 'Vera' });
    viktor = await centre.signIn('supervisor', { name: 'Viktor' });
    olga = await centre.signIn('complaints', { name: 'Olga' });
    // open round the clock: the hours of a calendar are tested apart
    const week = JSON.stringify(Array.from({ length: 7 }, () => [{ from: 0, to: 1440 }]));
    await centre.db('calendars').update({ week, days: '[]' });
    centre.bus.emit('calendar.changed', {});
    category = (await olga.get('/api/complaints/setup')).body.categories.find((c: { kind: string }) => c.kind === 'category').id;
  });
  afterAll(() => centre.close());

  /** Registered so many minutes ago; its clocks are counted by that, and nobody has been told anything yet. */
  const register = async (subject: string, minutesAgo: number): Promise<number> => {
    const id = (await olga.post('/api/complaints', { categoryId: category, subject, contactPhone: '+79160000001' })).body.id as number;
    await centre
      .db('complaints')
      .where({ id })
      .update({ registered_at: Date.now() - minutesAgo * MINUTE });
    const edited = await olga.patch(`/api/complaints/${id}`, { version: 1, wish: 'An answer' });
    expect(edited.status, JSON.stringify(edited.body)).toBe(200);
    return id;
  };
  const read = async (id: number) => (await olga.get(`/api/complaints/${id}`)).body.complaint;
  const act = async (id: number, what: string, body: object) => {
    const answer = await olga.post(`/api/complaints/${id}/${what}`, { version: (await read(id)).version, ...body });
    expect(answer.status, JSON.stringify(answer.body)).toBe(200);
  };
  const list = async (who = vera) => (await who.get('/api/dispatch')).body.items as { kind: string; id: number; version: number; text: string; owner: { name: string } | null }[]; // prettier-ignore
  const give = (who: typeof vera, item: { kind: string; id: number; version: number }, to: object) =>
    who.post(`/api/dispatch/${item.kind}/${item.id}/give`, { version: item.version, text: 'Call back', ...to });

  test('those whose time is over or nearly so, nobody’s first; not the fresh, the paused, the resolved', async () => {
    const owned = await register('Owned and late', 90);
    await act(owned, 'assign', { ownerId: olga.userId });
    await register('Fresh', 10);
    const waiting = await register('Waits for the client', 100);
    await act(waiting, 'status', { status: 'waiting-client' });
    const resolved = await register('Resolved', 300);
    const cause = (await olga.get('/api/complaints/setup')).body.categories.find((c: { kind: string }) => c.kind === 'cause').id;
    await act(resolved, 'status', { status: 'resolved', causeId: cause, doneText: 'Repaired' });
    const soon = await register('Nobody’s, nearly over', 50);
    const late = await register('Nobody’s and late', 70);
    const promised = await olga.post('/api/tasks', { kind: 'call-back', text: 'Long due', dueAt: Date.now() - 500 * MINUTE, phone: '84951112233' }); // prettier-ignore
    expect(promised.status).toBe(201);

    const order = ['Nobody’s and late', 'Nobody’s, nearly over', 'Long due', 'Owned and late'];
    const texts = async () => (await list()).map(({ text }) => text.replace(/^C-[\d-]+: /, ''));
    expect(await texts()).toEqual(order);
    expect((await list())[0]).toMatchObject({ kind: 'complaint', id: late, number: '+79160000001', owner: null });
    expect((await list())[3]).toMatchObject({ id: owned, owner: { name: 'Olga' } });
    // that whoever it concerns has been told changes nothing
    await sweepComplaints(centre.app.deps);
    expect(await centre.db('complaint_alarms').whereIn('complaint_id', [soon, late]).pluck('step')).toContain('breach');
    expect(await texts()).toEqual(order);
    await centre.db('complaints').where('id', late).update({ is_open: 0 });
    expect((await texts())[0]).toBe('Nobody’s, nearly over');
    await centre.db('complaints').where('id', late).update({ is_open: 1 });
  });

  test('given to a person: theirs, in its history, on their page; of two supervisors the second is told', async () => {
    const item = (await list())[0]!;
    const page = await openPage(centre.url, centre.anna.cookie());
    const both = await Promise.all([give(vera, item, { userId: centre.anna.userId }), give(viktor, item, { userId: centre.boris.userId })]);
    expect(both.map(({ status }) => status).sort()).toEqual([200, 409]);
    const [first, second] = both[0].status === 200 ? [centre.anna, both[1]] : [centre.boris, both[0]];
    expect(second.body.error.data.meanwhile).toMatchObject([{ kind: 'owner', to: String(first.userId) }]);
    const complaint = await read(item.id);
    expect(complaint).toMatchObject({ owner: { id: first.userId }, version: item.version + 1 });
    const moves = complaint.moves.filter(({ kind }: { kind: string }) => kind === 'owner');
    expect(moves).toMatchObject([{ from: '', to: String(first.userId), user: { name: first === centre.anna ? 'Vera' : 'Viktor' } }]);
    expect(
      await centre
        .db('audit')
        .where({ what: 'complaint.assigned', row_id: String(item.id) })
        .pluck('actor_id'),
    ).toHaveLength(1);
    // it stays due, and is nobody's no longer; again, to somebody else
    const now = (await list()).find(({ id, kind }) => kind === 'complaint' && id === item.id)!;
    expect(now.owner?.name).toBe(first === centre.anna ? 'Anna' : 'Boris');
    expect((await give(viktor, now, { userId: centre.anna.userId })).status).toBe(200);
    await until(() => page.pushes().map(({ message }) => message.topic), (topics) => topics.includes('given')); // prettier-ignore
    page.ws.close();
  });

  test('what is not to be had', async () => {
    const item = (await list())[0]!;
    const before = await read(item.id);
    expect((await give(centre.anna, item, { userId: centre.anna.userId })).status).toBe(403);
    expect((await give(vera, item, { userId: 999_999 })).status).toBe(400);
    expect((await give(vera, { ...item, id: 999_999 }, { userId: centre.anna.userId })).status).toBe(404);
    expect((await centre.anna.get('/api/dispatch')).status).toBe(403);
    expect(await read(item.id)).toEqual(before);
  });
});
