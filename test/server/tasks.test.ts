import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { engines } from '../support/db.ts';
import { startCallCentre } from '../support/call-centre.ts';
import { Story } from '../support/facts.ts';

describe.each(engines)('%s', (engine) => {
  let centre: Awaited<ReturnType<typeof startCallCentre>>;
  let boss: Awaited<ReturnType<typeof centre.signIn>>;
  const pushed: { userIds: readonly number[] | 'all'; message: { topic: string } }[] = [];
  beforeAll(async () => {
    centre = await startCallCentre(engine);
    boss = await centre.signIn('supervisor', { name: 'Boss' });
    centre.bus.on('live.push', (event) => void pushed.push(event));
  });
  afterAll(() => centre?.close());

  const DAY = 86_400_000;
  const due = Date.UTC(2030, 0, 10, 7);
  const make = async (draft: object = {}) => {
    const made = await centre.anna.post('/api/tasks', { text: 'Send the offer', dueAt: due, ...draft });
    expect(made.status, JSON.stringify(made.body)).toBe(201);
    return made.body.task;
  };
  const history = async (client = centre.ivan) =>
    (await centre.db('timeline').where({ client_id: client, kind: 'task' }).orderBy('id')).map((row) => JSON.parse(row.data));
  const audits = async (id: number) =>
    centre
      .db('audit')
      .where({ table_name: 'tasks', row_id: String(id) })
      .orderBy('id')
      .pluck('what');

  test('a task is made for oneself, told to its owner, and stands in the history of its client', async () => {
    pushed.length = 0;
    const task = await make({ kind: 'call-back', clientId: centre.ivan, text: ' Call\r\nback ' });
    expect(task).toMatchObject({
      kind: 'call-back',
      text: 'Call back',
      dueAt: due,
      owner: { name: 'Anna' },
      author: { name: 'Anna' },
      client: { name: 'Ivan Petrov' },
      phone: '+79161234567',
      doneAt: null,
      version: 1,
      can: { edit: true, assign: false },
    });
    expect(pushed).toContainEqual({ userIds: [centre.anna.userId], message: { topic: 'tasks', id: task.id } });
    expect(await history()).toContainEqual({ kind: 'call-back', text: 'Call back', dueAt: due, doneAt: null, note: '' });
    expect(await audits(task.id)).toEqual(['task.created']);
    const entry = (await centre.anna.get(`/api/clients/${centre.ivan}/timeline`)).body.items[0];
    expect(entry).toMatchObject({ kind: 'task', ref: String(task.id), user: { name: 'Anna' } });
  });

  test('an edit moves it; of two edits of one version the second is told, and changes nothing', async () => {
    const task = await make();
    const path = `/api/tasks/${task.id}`;
    const first = await centre.anna.patch(path, { version: 1, priority: 'high', clientId: centre.ivan });
    expect(first.body.task).toMatchObject({ version: 2, priority: 'high', text: 'Send the offer', client: { id: centre.ivan } });
    expect((await centre.anna.patch(path, { version: 2, dueAt: due + DAY })).status).toBe(400); // a deadline has its own way
    const second = await centre.anna.patch(path, { version: 1, text: 'Other' });
    expect(second).toMatchObject({ status: 409, body: { error: { code: 'conflict', data: { version: 2 } } } });
    expect((await centre.anna.patch(path, { version: 2, priority: 'high' })).body.task.version).toBe(2);
    expect(await audits(task.id)).toEqual(['task.created', 'task.edited']);
    await centre.anna.patch(path, { version: 2, clientId: null });
    expect(await centre.db('timeline').where({ kind: 'task', ref: String(task.id) })).toEqual([]);
  });

  test('done and not done after all; twice changes nothing', async () => {
    const task = await make({ clientId: centre.ivan });
    const path = `/api/tasks/${task.id}`;
    const done = await centre.anna.post(`${path}/done`, { note: 'was glad' });
    expect(done.body.task).toMatchObject({ doneAt: expect.any(Number), doneNote: 'was glad', version: 2 });
    expect((await centre.anna.post(`${path}/done`, { note: 'again' })).body).toEqual(done.body);
    expect(await history()).toContainEqual(expect.objectContaining({ note: 'was glad', doneAt: done.body.task.doneAt }));
    expect((await centre.anna.post(`${path}/undone`)).body.task).toMatchObject({ doneAt: null, doneNote: '', version: 3 });
    expect((await centre.anna.post(`${path}/undone`)).body.task.version).toBe(3);
  });

  test("owner, author and supervisors may; another operator may not, nor plan for others, nor about others' clients", async () => {
    const task = await make();
    const path = `/api/tasks/${task.id}`;
    for (const answer of [
      await centre.boris.patch(path, { version: 1, text: 'x' }),
      await centre.boris.post(`${path}/done`, { note: 'done' }),
      await centre.boris.get(path),
      await centre.boris.post(`${path}/comments`, { text: 'x' }),
      await centre.boris.post(`${path}/undone`),
      await centre.anna.patch(path, { version: 1, ownerId: centre.boris.userId }),
      await centre.anna.post('/api/tasks', { text: 'x', dueAt: due, ownerId: centre.boris.userId }),
      await centre.anna.get('/api/tasks?scope=all'),
    ])
      expect(answer.status).toBe(403);
    const [sales] = (await centre.db('departments').insert({ name: 'sales', created_at: 0 })) as [number];
    const [foreign] = await centre.db('clients').where({ id: centre.ivan }).select();
    const { id: _, ...copy } = foreign;
    const [other] = (await centre.db('clients').insert({ ...copy, department_id: sales })) as [number];
    expect((await centre.anna.post('/api/tasks', { text: 'x', dueAt: due, clientId: other })).status).toBe(400);
    expect((await centre.anna.patch(path, { version: 1, clientId: other })).status).toBe(400);
    expect((await centre.anna.get(`/api/tasks?scope=client&clientId=${other}`)).status).toBe(403);
    const moved = await boss.patch(path, { version: 1, ownerId: centre.boris.userId });
    expect(moved.body.task).toMatchObject({ owner: { name: 'Boris' }, author: { name: 'Anna' } });
    expect((await boss.patch(path, { version: 2, ownerId: 999_999 })).status).toBe(400);
    expect((await centre.anna.post(`${path}/done`, { note: 'done' })).status).toBe(200);
  });

  test('lists go by due time and page by key; each scope shows its own', async () => {
    const lena = await centre.signIn('operator', { name: 'Lena' });
    for (const [i, at] of [3, 1, 2, 1, 5].entries()) await lena.post('/api/tasks', { text: `t${i}`, dueAt: due + at * DAY });
    const texts: string[] = [];
    for (let after: string | null = ''; after !== null;) {
      const { body }: { body: { items: { text: string }[]; next: string | null } } = await lena.get(
        `/api/tasks?limit=2${after && `&after=${after}`}`,
      );
      texts.push(...body.items.map((task) => task.text));
      after = body.next;
    }
    expect(texts).toEqual(['t1', 't3', 't2', 't0', 't4']);
    const between = await lena.get(`/api/tasks?from=${due + 2 * DAY}&to=${due + 5 * DAY}`);
    expect(between.body.items.map((task: { text: string }) => task.text)).toEqual(['t2', 't0']);
    expect((await lena.get('/api/tasks?state=done')).body.items).toEqual([]);
    expect((await boss.get('/api/tasks?scope=all&state=any')).body.items.length).toBeGreaterThan(5);
    expect((await lena.get('/api/tasks?after=x')).status).toBe(400);
    expect((await lena.get('/api/tasks?scope=client')).status).toBe(400);
  });

  test('a typed line finds its client in any case, and nothing is saved', async () => {
    const count = async () => (await centre.db('tasks').count({ n: '*' }))[0]!.n;
    const before = await count();
    await centre.admin.post('/api/clients', { name: 'Иванова Мария', phones: [{ raw: '+7 495 111-22-33' }] });
    await centre.admin.post('/api/clients', { name: 'Ивановский завод', kind: 'company' });
    const parse = async (text: string) => (await centre.anna.post('/api/tasks/parse', { text })).body;
    const whom = async (text: string) => (await parse(text)).clients.map((client: { name: string }) => client.name);
    expect(await parse('перезвонить Ивановой завтра в 10 по договору')).toMatchObject({
      text: 'перезвонить Ивановой по договору',
      kind: 'call-back',
      dueAt: expect.any(Number),
      past: false,
      clients: [{ name: 'Иванова Мария', phone: '+74951112233' }],
    });
    expect(await whom('позвонить марии ивановой')).toEqual(['Иванова Мария']);
    expect(await whom('call Petrov tomorrow about the contract')).toEqual(['Ivan Petrov']);
    expect(await whom('call Ivanov tomorrow 10:00 about contract')).toEqual(['Иванова Мария']);
    expect(await whom('позвонить петрову завтра')).toEqual(['Ivan Petrov']);
    expect(await whom('позвонить сидорову')).toEqual([]);
    expect((await centre.anna.post('/api/tasks/parse', { text: '  ' })).status).toBe(400);
    expect(await count()).toBe(before);
  });

  test('an outcome promises a call-back: once for a call, moved when said again, and goes with the call to another client', async () => {
    const story = new Story({ key: '1790000900.1' }, Date.now() - 20_000)
      .queued(10, 'support')
      .begin(500, 'offer', '101', 'support')
      .end(3000, 'offer', 'answered', '101')
      .end(3000, 'queue', 'answered')
      .begin(3000, 'talk', '101')
      .end(9000, 'talk', 'customer')
      .hangup(9000, 'completed');
    await centre.write(story.facts);
    const path = '/api/calls/main:1790000900.1';
    const tasks = () =>
      centre.db('tasks').where({ call_ref: 'main:1790000900.1' }).select('text', 'due_at', 'client_id', 'phone', 'version', 'kind');
    const next = { dueAt: due, text: 'about the bill' };
    expect((await centre.anna.put(`${path}/outcome`, { outcome: 'nonsense', next })).status).toBe(400);
    expect((await centre.boris.put(`${path}/outcome`, { outcome: 'call-back', next })).status).toBe(403);
    expect(await tasks()).toEqual([]);
    for (let i = 0; i < 2; i++) expect((await centre.anna.put(`${path}/outcome`, { outcome: 'call-back', next })).status).toBe(204);
    const promised = { text: 'about the bill', due_at: due, client_id: centre.ivan, phone: '+79161234567', version: 1, kind: 'call-back' };
    expect(await tasks()).toEqual([promised]);
    await centre.anna.put(`${path}/outcome`, { outcome: 'call-back', next: { ...next, dueAt: due + DAY } });
    expect(await tasks()).toEqual([{ ...promised, due_at: due + DAY, version: 2 }]);
    const other = (await centre.admin.post('/api/clients', { name: 'Other' })).body.client.id;
    expect((await centre.anna.post(`${path}/attach`, { clientId: other })).status).toBe(204);
    expect(await tasks()).toMatchObject([{ client_id: other, version: 3 }]);
    expect(await history(other)).toHaveLength(1);
  });
});
