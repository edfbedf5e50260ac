import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { startSimulator } from '../../cti/simulator/index.ts';
import type { Simulator } from '../../cti/simulator/index.ts';
import type { FloorCall } from '../../server/floor/contract.ts';
import { openPage } from '../support/browser.ts';
import { freest } from '../../web/dispatch/freest.ts';
import { startCallCentre, until } from '../support/call-centre.ts';
import { eachDatabase } from '../support/db.ts';
import { Story } from '../support/facts.ts';

const openPbx = (): Promise<Simulator> =>
  startSimulator({
    port: 0,
    user: 'allo',
    secret: 'secret',
    queues: ['support', 'sales'].map((name, i) => ({ name, number: `700${i}`, strategy: 'rrmemory', ringMs: 5_000, retryMs: 100 })),
    extensions: ['101', '102', '109'].map((extension) => ({ extension, name: extension })),
    behaviour: {
      patienceMs: [60_000, 60_000],
      talkMs: [60_000, 60_000],
      answering: 'alone',
      answerShare: 1,
      refuseShare: 0,
      answerAfterMs: [20, 20],
    },
    seed: 1,
  });

test('a missed call goes to whoever is freest: of its queue, with the least to do, who talks to nobody; to nobody on a break', () => {
  const person = (userId: number, queue: string, state: Parameters<typeof freest>[1][number]['state'] = 'available') => ({ userId, name: '', state, queues: [`main:${queue}`] }); // prettier-ignore
  const owned = (...ids: number[]) => ids.map((id) => ({ owner: { id, name: '', role: 'operator' as const } }));
  const people = [person(1, 'sales'), person(2, 'support'), person(3, 'support'), person(4, 'support', 'break')];
  const given = (queue: string, items = owned(), among = people) => freest({ queue }, among, items);
  expect(given('support')).toBe(2);
  expect(given('support', owned(2, 2, 3))).toBe(3);
  expect(given('support', owned(2, 3), [person(2, 'support', 'talking'), ...people.slice(2)])).toBe(3);
  expect(given('none', owned(1, 2))).toBe(3);
  expect(given('support', [], [person(4, 'support', 'break'), person(5, 'support', 'unreachable')])).toBeNull();
});

eachDatabase((_, engine) => {
  let pbx: Simulator;
  let centre: Awaited<ReturnType<typeof startCallCentre>>;
  let boss: Awaited<ReturnType<typeof centre.signIn>>;
  let other: typeof boss;
  beforeAll(async () => {
    pbx = await openPbx();
    centre = await startCallCentre(engine, { PBX: `main=ami://allo:secret@127.0.0.1:${pbx.port}` });
    [boss, other] = [await centre.signIn('supervisor', { name: 'Boss' }), await centre.signIn('supervisor', { name: 'Irina' })];
    await centre.db('extensions').insert({ pbx: 'main', extension: '109', user_id: boss.userId });
    await centre.db('queues').insert(['support', 'sales'].map((name) => ({ pbx: 'main', name, label: '' })));
    await centre.db('queue_members').insert({ pbx: 'main', queue: 'support', user_id: centre.anna.userId, penalty: 0 });
    centre.bus.emit('user.changed', { id: boss.userId });
    await until(async () => (await boss.get('/api/pbx')).body.items[0].state, (state) => state === 'connected'); // prettier-ignore
  });
  afterEach(() => centre.db('floor_claims').delete());
  afterAll(async () => {
    await centre.close();
    await pbx.stop();
  });
  const audited = async (what: string) =>
    (await centre.db('audit').where({ what }).orderBy('id')) as { actor_id: number; row_id: string }[];
  const seen = async (): Promise<FloorCall[]> => (await boss.get('/api/floor')).body.calls;
  const talker = (call: FloorCall | undefined) => call?.people.find(({ at }) => at === 'talking')?.extension;
  /** Somebody waits in the queue. @returns the call, as the floor has it, when it is so */
  const waiting = async (): Promise<string> => {
    const ref = `main:${pbx.callNow({ to: 'support', from: '79161234567', name: '' })}`;
    await until(seen, (calls) => calls.some((one) => one.ref === ref && one.waitingSince !== null));
    return ref;
  };
  const when = (ref: string, isSo: (call: FloorCall) => boolean) =>
    until(seen, (calls) => calls.some((one) => one.ref === ref && isSo(one)));
  const over = (ref: string) => until(seen, (calls) => calls.every((one) => one.ref !== ref));
  const order = (who: typeof boss, ref: string, path: string, body: object = {}) => who.post(`/api/floor/calls/${ref}/${path}`, body);

  test('a call is moved to another queue, to an operator, taken over, ended: done by the PBX, seen on the floor, audited, no abandon of the queue', async () => {
    const ref = await waiting();
    const done = async (path: string, body: object, what: string) => {
      await centre.db('floor_claims').delete();
      expect((await order(boss, ref, path, body)).status).toBe(204);
      expect((await audited(what)).at(-1)).toMatchObject({ actor_id: boss.userId, row_id: ref });
    };
    await done('move', { queue: 'main:sales' }, 'call.moved');
    await when(ref, (call) => call.queue === 'main:sales' && call.waitingSince !== null);
    await done('move', { userId: centre.boris.userId }, 'call.moved');
    await when(ref, (call) => talker(call) === '102');
    await done('take-over', {}, 'call.taken');
    await when(ref, (call) => talker(call) === '109');
    await done('move', { queue: 'main:support' }, 'call.moved');
    await when(ref, (call) => call.queue === 'main:support' && call.waitingSince !== null);
    await done('end', {}, 'call.ended');
    await over(ref);
    const queues = (await boss.get('/api/floor')).body.queues as { ref: string; today: { offered: number; abandoned: number } }[];
    const sales = queues.find((queue) => queue.ref === 'main:sales')!.today;
    expect(sales).toMatchObject({ offered: 1, abandoned: 0 });
    expect(queues.find((queue) => queue.ref === 'main:support')!.today.offered).toBe(2);
  });

  test('of two supervisors at once one does it, the other is told who; what is over, a queue or a person that is none: refused, and the call goes on', async () => {
    const ref = await waiting();
    expect((await order(boss, ref, 'move', { queue: 'main:nowhere' })).status).toBe(400);
    expect((await order(boss, ref, 'move', { queue: 'other:support' })).status).toBe(400);
    expect((await order(boss, ref, 'move', { userId: other.userId })).status).toBe(400);
    expect((await order(boss, ref, 'move', { queue: 'main:sales', userId: 1 })).status).toBe(400);
    expect((await order(other, ref, 'take-over')).body.error.data).toEqual({ reason: 'no_extension' });
    for (const path of ['end', 'take-over', 'move'])
      expect((await order(centre.anna as never, ref, path, { queue: 'main:sales' })).status).toBe(403);
    await when(ref, (call) => call.waitingSince !== null && call.queue === 'main:support');
    const both = await Promise.all([boss, other].map((who) => order(who, ref, 'end')));
    expect(both.map(({ status }) => status).sort()).toEqual([204, 409]);
    const { data } = both.find(({ status }) => status === 409)!.body.error;
    expect(['acted', 'ended']).toContain(data.reason);
    if (data.reason === 'acted') expect(data).toMatchObject({ what: 'ended', by: expect.stringMatching(/Boss|Irina/) });
    await over(ref);
    expect((await order(boss, ref, 'end')).body.error.data).toEqual({ reason: 'ended' });
  });

  test('an operator: a break, back, another queue until the end of the shift, off shift; each shows on their own screen', async () => {
    const { anna } = centre;
    const me = async () => (await anna.get('/api/agents/me')).body;
    const state = (body: object) => boss.post(`/api/floor/operators/${anna.userId}/state`, body);
    const serve = (queue: string, serves: boolean) => boss.post(`/api/floor/operators/${anna.userId}/queues`, { queue, serves });
    expect((await state({ state: 'offline' })).body.error.data).toEqual({ reason: 'not_on_shift' });
    await anna.post('/api/agents/shift', { on: true });
    expect((await me()).queues).toEqual(['support']);
    const page = await openPage(centre.url, anna.cookie());
    expect((await state({ state: 'break', reason: 'lunch' })).status).toBe(204);
    expect((await me()).break).toMatchObject({ reason: 'lunch' });
    expect((await other.post(`/api/floor/operators/${anna.userId}/state`, { state: 'ready' })).body.error.data).toMatchObject({
      reason: 'acted',
      by: 'Boss',
    });
    expect((await state({ state: 'ready' })).status).toBe(204);
    expect((await me()).break).toBeNull();
    expect((await serve('main:sales', true)).status).toBe(204);
    expect((await serve('main:sales', true)).status).toBe(204);
    expect((await serve('main:support', false)).status).toBe(204);
    expect((await me()).queues).toEqual(['sales']);
    expect((await audited('queue.joined')).length).toBe(1);
    expect((await serve('main:nowhere', true)).status).toBe(400);
    centre.bus.emit('user.changed', { id: anna.userId });
    expect((await me()).queues).toEqual(['sales']);
    expect((await state({ state: 'offline' })).status).toBe(204);
    expect((await me()).since).toBeNull();
    await until(() => page.messages('shift').length, (n) => n >= 4); // prettier-ignore
    await anna.post('/api/agents/shift', { on: true });
    expect((await me()).queues).toEqual(['support']);
    const spans = (await centre.db('shift_spans').where('user_id', anna.userId).orderBy('id')) as {
      queue: string;
      ended_at: number | null;
    }[];
    expect(spans.map(({ queue, ended_at }) => [queue, ended_at === null])).toEqual([
      ['', false],
      ['support', false],
      ['sales', false],
      ['', true],
      ['support', true],
    ]);
    page.ws.close();
  });

  test('a message: on the screen at once, there after a reload, once however often it is sent; read, and who sent it is told', async () => {
    const { anna, boris } = centre;
    const [hers, sender] = [await openPage(centre.url, anna.cookie()), await openPage(centre.url, boss.cookie())];
    const draft = { draft: 'a1b2c3d4', text: 'Offer <b>20 %</b>\nto all', to: 'all' };
    const [one, two] = await Promise.all([boss.post('/api/messages', draft), boss.post('/api/messages', draft)]);
    expect([one.status, two.status]).toEqual([200, 200]);
    expect(two.body.message.id).toBe(one.body.message.id);
    expect(one.body.message.readers).toMatchObject([{ user: { name: 'Anna' }, readAt: null }]);
    await until(() => hers.messages('messages').length, (n) => n === 1); // prettier-ignore
    const { id, text } = (await anna.get('/api/messages')).body.items[0];
    expect(text).toBe(draft.text);
    expect((await boris.get('/api/messages')).body.items).toEqual([]);
    expect((await boris.post(`/api/messages/${id}/read`)).status).toBe(404);
    expect((await anna.post(`/api/messages/${id}/read`)).status).toBe(204);
    expect((await anna.post(`/api/messages/${id}/read`)).status).toBe(204);
    await until(() => sender.messages('message-read').length, (n) => n === 1); // prettier-ignore
    expect((await anna.get('/api/messages')).body.items).toEqual([]);
    expect((await boss.post('/api/messages', { draft: 'b1b2c3d4', text: 'You', to: [boris.userId] })).status).toBe(200);
    const sent = (await other.get('/api/messages/sent?limit=1')).body;
    expect(sent.items).toMatchObject([{ text: 'You', author: { name: 'Boss' }, readers: [{ readAt: null }] }]);
    expect((await other.get(`/api/messages/sent?after=${sent.next}`)).body.items[0].readers[0].readAt).toEqual(expect.any(Number));
    for (const body of [
      { ...draft, text: ' ' },
      { ...draft, draft: 'x' },
      { ...draft, draft: 'c1b2c3d4', to: [999_999] },
      { ...draft, draft: 'c1b2c3d5', to: [] },
    ])
      expect((await boss.post('/api/messages', body)).status).toBe(400);
    expect((await anna.post('/api/messages', draft)).status).toBe(403);
    hers.ws.close();
    sender.ws.close();
  });

  test('dispatch: what is due of both kinds, given to a person or a department, whose page has it; of two the second is told', async () => {
    const { anna, boris, db } = centre;
    const [support] = (await db('departments').insert({ name: 'Support', created_at: 0 })) as [number];
    const [empty] = (await db('departments').insert({ name: 'Nobody here', created_at: 0 })) as [number];
    await db('users').where('id', anna.userId).update({ department_id: support });
    centre.bus.emit('user.changed', { id: anna.userId });
    const start = Date.now() - 60_000;
    await centre.write(
      new Story({ key: '1790000900.1' }, start).queued(10, 'support').end(30_000, 'queue', 'abandoned').hangup(30_000, 'abandoned').facts,
    );
    const promised = await boris.post('/api/tasks', { kind: 'call-back', text: 'Price list', dueAt: start, phone: '84951112233' });
    await boris.post('/api/tasks', { kind: 'call-back', text: 'Next year', dueAt: Date.now() + 86_400_000 });
    await boris.post('/api/tasks', { kind: 'task', text: 'No call', dueAt: start });
    const page = await openPage(centre.url, anna.cookie());
    const list = async () => (await boss.get('/api/dispatch')).body;
    const { items, departments } = await list();
    expect(items).toMatchObject([
      { kind: 'call-back', id: promised.body.task.id, number: '84951112233', text: 'Price list', owner: { name: 'Boris' } },
      { kind: 'missed', number: '+79161234567', client: { name: 'Ivan Petrov' }, queue: 'support', owner: null },
    ]);
    expect(departments).toEqual([
      { id: empty, name: 'Nobody here', onShift: 0 },
      { id: support, name: 'Support', onShift: 1 },
    ]);
    const give = (who: typeof boss, item: { kind: string; id: number; version: number }, to: object) =>
      who.post(`/api/dispatch/${item.kind}/${item.id}/give`, { version: item.version, text: 'Call back', ...to });
    const both = await Promise.all([give(boss, items[1], { departmentId: support }), give(other, items[1], { userId: boris.userId })]);
    expect(both.map(({ status }) => status).sort()).toEqual([200, 409]);
    expect(both.find(({ status }) => status === 409)!.body.error.data.reason).toBe('acted');
    expect((await give(boss, items[0], { departmentId: support })).body.owner).toMatchObject({ name: 'Anna' });
    expect((await give(other, items[0], { userId: boris.userId })).status).toBe(409);
    await until(() => page.pushes().map(({ message }) => message.topic), (topics) => topics.includes('tasks') && topics.includes('given')); // prettier-ignore
    const after = await list();
    expect(after.items).toHaveLength(2);
    expect(after.items.every(({ kind, owner }: { kind: string; owner: object }) => kind === 'call-back' && owner !== null)).toBe(true);
    const mine = after.items[0];
    expect((await give(boss, mine, { departmentId: empty })).body.error.data).toEqual({ reason: 'nobody' });
    expect((await give(boss, mine, { userId: 999_999 })).status).toBe(400);
    expect((await give(anna as never, mine, { userId: anna.userId })).status).toBe(403);
    expect((await give(boss, { ...mine, kind: 'complaints' }, { userId: anna.userId })).status).toBe(400);
    expect((await anna.get('/api/dispatch')).status).toBe(403);
    page.ws.close();
  });
});
