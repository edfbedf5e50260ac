import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startCallCentre } from '../support/call-centre.ts';
import { engines } from '../support/db.ts';

describe.each(engines)('%s', (engine) => {
  let centre: Awaited<ReturnType<typeof startCallCentre>>;
  let boss: Awaited<ReturnType<typeof centre.signIn>>;
  beforeAll(async () => {
    centre = await startCallCentre(engine);
    boss = await centre.signIn('supervisor', { name: 'Boss' });
  });
  afterAll(() => centre?.close());

  const DAY = 86_400_000;
  const due = Date.now() + 10 * DAY;
  /** Of what somebody was told about a task. */
  const told = async (who: typeof boss, id: number): Promise<string[]> => {
    const { items } = (await who.get('/api/notifications?limit=100')).body as {
      items: { kind: string; about: { kind: string; ref: string } }[];
    };
    return items.filter(({ about }) => about.kind === 'task' && about.ref === String(id)).map(({ kind }) => kind).reverse(); // prettier-ignore
  };
  const make = async (draft: object = {}, who = boss) => {
    const made = await who.post('/api/tasks', { text: 'Prepare the offer', dueAt: due, ...draft });
    expect(made.status, JSON.stringify(made.body)).toBe(201);
    return made.body.task as { id: number; version: number };
  };
  const card = async (id: number, who = boss) => (await who.get(`/api/tasks/${id}`)).body;
  const kinds = async (id: number) => (await card(id)).events.map((one: { kind: string }) => one.kind).reverse();

  test('a task carries all that it is: watchers, priority, estimate, checklist, what it is about', async () => {
    const category = (await boss.get('/api/complaints/setup')).body.categories.find((c: { kind: string }) => c.kind === 'category').id;
    const complaint = (await boss.post('/api/complaints', { categoryId: category, subject: 'late', clientId: centre.ivan })).body.id;
    const about = { kind: 'complaint', ref: String(complaint) };
    const task = await make({ ownerId: centre.anna.userId, watchers: [centre.boris.userId], priority: 'high', estimate: 90, items: ['price', 'terms'], about }); // prettier-ignore
    const seen = await card(task.id, centre.boris);
    expect(seen).toMatchObject({
      task: { priority: 'high', estimate: 90, about, owner: { name: 'Anna' }, author: { name: 'Boss' }, can: { edit: false } },
      watchers: [{ name: 'Boris' }],
      items: [{ text: 'price', doneAt: null }, { text: 'terms', doneAt: null }],
    }); // prettier-ignore
    expect(await told(centre.anna, task.id)).toEqual(['task-assigned']);
    expect((await centre.boris.get('/api/tasks?scope=watched')).body.items.map((one: { id: number }) => one.id)).toContain(task.id);
    for (const wrong of [
      { about: { kind: 'complaint', ref: '999999' } },
      { about: { kind: 'call', ref: 'main:no.1' } },
      { about: { kind: 'deal', ref: '1' } },
      { watchers: [999_999] },
      { parentId: 999_999 },
      { estimate: 0 },
    ])
      expect((await boss.post('/api/tasks', { text: 'x', dueAt: due, ...wrong })).status, JSON.stringify(wrong)).toBe(400);
  });

  test('it ends with a result and with all its parts, and nothing less; a line is ticked once', async () => {
    const task = await make({ ownerId: centre.anna.userId, items: ['price'] });
    const part = await make({ parentId: task.id, text: 'A part' });
    expect((await boss.post('/api/tasks', { text: 'x', dueAt: due, parentId: part.id })).status).toBe(400);
    const path = `/api/tasks/${task.id}`;
    expect((await centre.anna.post(`${path}/done`, { note: '  ' })).status).toBe(400);
    expect((await centre.anna.post(`${path}/done`, {})).status).toBe(400);
    const refused = await centre.anna.post(`${path}/done`, { note: 'sent' });
    expect(refused).toMatchObject({ status: 409, body: { error: { data: { reason: 'parts_open', open: 2 } } } });
    const [item] = (await card(task.id)).items;
    for (let i = 0; i < 2; i++) expect((await centre.anna.patch(`${path}/items/${item.id}`, { done: true })).status).toBe(200);
    expect((await centre.boris.patch(`${path}/items/${item.id}`, { done: false })).status).toBe(403);
    expect((await centre.anna.patch(`${path}/items/999999`, { done: true })).status).toBe(404);
    expect((await card(task.id)).subtasks).toMatchObject([{ id: part.id, parentId: task.id }]);
    await boss.post(`/api/tasks/${part.id}/done`, { note: 'yes' });
    expect((await centre.anna.post(`${path}/done`, { note: 'sent\nby mail' })).body.task).toMatchObject({ doneNote: 'sent\nby mail' });
    expect(await kinds(task.id)).toEqual(['created', 'item-done', 'done']);
    expect((await centre.anna.post(`${path}/items`, { text: 'more' })).status).toBe(409);
  });

  test('where it is asked for, the author accepts the result, or gives it back with the reason', async () => {
    const task = await make({ ownerId: centre.anna.userId, accept: true });
    const path = `/api/tasks/${task.id}`;
    const waiting = async () => (await boss.get('/api/tasks?scope=accept')).body.items.map((one: { id: number }) => one.id);
    expect((await boss.post(`${path}/accept`)).status).toBe(403); // not done
    await centre.anna.post(`${path}/done`, { note: 'sent' });
    expect(await waiting()).toContain(task.id);
    expect((await centre.anna.post(`${path}/accept`)).status).toBe(403);
    expect((await boss.post(`${path}/return`, { note: '' })).status).toBe(400);
    expect((await boss.post(`${path}/return`, { note: 'no price in it' })).body.task).toMatchObject({ doneAt: null, returns: 1 });
    expect(await waiting()).not.toContain(task.id);
    await centre.anna.post(`${path}/done`, { note: 'sent again' });
    for (let i = 0; i < 2; i++) expect((await boss.post(`${path}/accept`)).body.task).toMatchObject({ acceptedAt: expect.any(Number) });
    expect(await kinds(task.id)).toEqual(['created', 'done', 'returned', 'done', 'accepted']);
    expect(await told(centre.anna, task.id)).toEqual(['task-assigned', 'task-returned']);
    expect(await told(boss, task.id)).toEqual(['task-to-accept', 'task-to-accept']);
  });

  test('a comment that mentions somebody makes them watch it, and says so once', async () => {
    const task = await make({ ownerId: centre.anna.userId });
    const path = `/api/tasks/${task.id}`;
    expect((await centre.boris.get(path)).status).toBe(403);
    expect((await centre.anna.post(`${path}/comments`, { text: 'Boris?', mentions: [999_999] })).status).toBe(400);
    const reply = await centre.anna.post(`${path}/comments`, { text: 'Boris, the price?', mentions: [centre.boris.userId, centre.anna.userId] }); // prettier-ignore
    expect(reply).toMatchObject({ status: 201, body: { comments: [{ user: { name: 'Anna' }, mentions: [{ name: 'Boris' }] }] } });
    expect(await told(centre.boris, task.id)).toEqual(['task-mentioned']);
    expect((await centre.boris.post(`${path}/comments`, { text: '100' })).status).toBe(201);
    expect((await boss.put(`${path}/watchers`, { userIds: [] })).body.watchers).toEqual([]);
    expect((await centre.boris.get(path)).status).toBe(403);
  });

  test('given by me: overdue first; found by the beginnings of its words, by owner and priority', async () => {
    const chief = await centre.signIn('supervisor', { name: 'Chief' });
    await make({ text: 'Later', ownerId: centre.anna.userId }, chief);
    await make({ text: 'Ёлка to the client', ownerId: centre.boris.userId, dueAt: Date.now() - DAY, priority: 'high' }, chief);
    await make({ text: 'Own' }, chief);
    const texts = async (query: string) => (await chief.get(`/api/tasks?${query}`)).body.items.map((one: { text: string }) => one.text);
    expect(await texts('scope=given')).toEqual(['Ёлка to the client', 'Later']);
    expect(await texts(`scope=given&q=${encodeURIComponent('ел cli')}`)).toEqual(['Ёлка to the client']);
    expect(await texts('scope=given&q=lient')).toEqual([]);
    expect(await texts('scope=given&priority=high')).toEqual(['Ёлка to the client']);
    expect(await texts(`scope=all&q=later&ownerId=${centre.anna.userId}`)).toEqual(['Later']);
    expect((await centre.anna.get('/api/tasks?scope=all&q=later')).status).toBe(403);
  });

  test('files hang on it for whoever reads it', async () => {
    const task = await make({ ownerId: centre.anna.userId });
    const put = (who: { cookie(): string }) =>
      fetch(`${centre.url}/api/files?${new URLSearchParams({ kind: 'task', ref: String(task.id), name: 'offer.txt' })}`, { method: 'POST', body: 'x', headers: { cookie: who.cookie(), 'content-type': 'application/octet-stream' } }); // prettier-ignore
    expect((await put(centre.boris)).status).toBe(403);
    expect((await put(centre.anna)).status).toBe(201);
    expect((await boss.get(`/api/files?kind=task&ref=${task.id}`)).body.items).toMatchObject([{ name: 'offer.txt' }]);
    expect(await kinds(task.id)).toEqual(['created', 'file']);
  });

  test('a deadline moves twice for a reason, and the third time by the consent of whoever leads the owner', async () => {
    const task = await make({ ownerId: centre.anna.userId }, centre.admin);
    const path = `/api/tasks/${task.id}/move`;
    const move = (version: number, days: number, more: object = {}, who = centre.anna) =>
      who.post(path, { version, dueAt: due + days * DAY, reason: 'busy', ...more });
    for (const wrong of [{ reason: 'other' }, { reason: 'outcome' }, { reason: undefined }, { dueAt: due }, { dueAt: 1 }])
      expect((await move(1, 1, wrong)).status, JSON.stringify(wrong)).toBe(400);
    expect((await move(1, 1, {}, centre.boris)).status).toBe(403);
    expect((await move(1, -1)).body).toMatchObject({ asked: false, task: { moves: 0, firstDueAt: due, version: 2 } }); // earlier is no postponement
    expect((await move(1, 1)).status).toBe(409);
    expect((await move(2, 1)).body).toMatchObject({ asked: false, task: { moves: 1 } });
    expect((await move(3, 2, { reason: 'other', note: 'flood' })).body).toMatchObject({ task: { moves: 2, dueAt: due + 2 * DAY } });
    expect((await move(4, 3)).body).toMatchObject({ asked: true, task: { moves: 2, dueAt: due + 2 * DAY, version: 4 } });
    expect((await move(4, 5))).toMatchObject({ status: 409, body: { error: { data: { reason: 'asked' } } } }); // prettier-ignore
    expect(await told(boss, task.id)).toEqual(['task-move-asked']);
    expect(await told(centre.anna, task.id)).not.toContain('task-move-asked');
    const [{ move: mine }] = (await boss.get('/api/tasks/moves')).body.items;
    expect(mine).toMatchObject({ taskId: task.id, state: 'asked', can: { decide: true } });
    expect((await centre.anna.get('/api/tasks/moves')).status).toBe(403);
    expect((await boss.post(`/api/tasks/moves/${mine.id}`, { granted: false })).status).toBe(400); // a refusal says why
    const answers = await Promise.all([boss.post(`/api/tasks/moves/${mine.id}`, { granted: true }), boss.post(`/api/tasks/moves/${mine.id}`, { granted: true })]); // prettier-ignore
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
    expect((await card(task.id)).task).toMatchObject({ dueAt: due + 3 * DAY, moves: 3, firstDueAt: due });
    expect(await told(centre.anna, task.id)).toContain('task-move-granted');
    await move(5, 4);
    const [{ move: next }] = (await boss.get('/api/tasks/moves')).body.items;
    await boss.post(`/api/tasks/moves/${next.id}`, { granted: false, note: 'enough' });
    expect((await card(task.id)).task).toMatchObject({ dueAt: due + 3 * DAY, moves: 3 });
    // whoever leads them asks nobody
    expect((await move(5, 6, {}, boss)).body).toMatchObject({ asked: false, task: { moves: 4 } });
    expect(await kinds(task.id)).toEqual(['created', 'moved', 'moved', 'moved', 'move-asked', 'move-granted', 'move-asked', 'move-refused', 'moved']); // prettier-ignore
  });

  test('the report counts on time, late, moved and where time was lost; each figure opens its tasks; it is saved', async () => {
    const lena = await centre.signIn('operator', { name: '=Lena' });
    const at = Date.UTC(2024, 5, 3, 9);
    const row = (over: object) => ({ kind: 'task', text: 't', due_at: at, owner_id: lena.userId, author_id: lena.userId, phone: '', done_note: '', version: 1, created_at: at - DAY, ...over }); // prettier-ignore
    await centre.db('tasks').insert([
      row({ done_at: at - 1000 }),
      row({ done_at: at + 3_600_000, moves: 2, first_due_at: at - DAY }),
      row({ done_at: at + 7_200_000, accept: 1, accepted_at: at + 9_200_000, returns: 1, first_due_at: null }),
      row({}),
      row({ done_at: at, cancelled: 1 }),
    ].map((one) => ({ done_at: null, moves: 0, accept: 0, accepted_at: null, returns: 0, cancelled: 0, first_due_at: null, ...one }))); // prettier-ignore
    const span = `from=${at - DAY}&until=${at + DAY}`;
    const report = (await boss.get(`/api/tasks/report?${span}`)).body;
    const figures = { due: 4, done: 3, onTime: 1, onTimeShare: 1 / 3, late: 2, overdue: 1, moved: 1, movesPerTask: 0.5, returned: 1, meanDelayMs: 5_400_000, lostMovedMs: DAY, lostLateMs: 10_800_000, lostAcceptMs: 2_000_000 }; // prettier-ignore
    expect(report.rows).toEqual([{ user: { id: lena.userId, name: '=Lena', role: 'operator' }, kind: null, figures }]);
    expect(report.total).toEqual(figures);
    for (const figure of ['due', 'done', 'onTime', 'late', 'overdue', 'moved', 'returned'] as const) {
      const { items } = (await boss.get(`/api/tasks?scope=all&state=any&figure=${figure}&ownerId=${lena.userId}&from=${at - DAY}&to=${at + DAY}`)).body; // prettier-ignore
      expect(items, figure).toHaveLength(figures[figure]);
    }
    expect((await boss.get(`/api/tasks/report?by=kind&${span}`)).body.rows).toMatchObject([{ kind: 'task', figures: { due: 4 } }]);
    expect((await boss.get(`/api/tasks/report?from=${at}&until=${at}`)).status).toBe(400);
    expect((await centre.anna.get(`/api/tasks/report?${span}`)).status).toBe(403);
    const now = Date.now();
    const reasons = (await boss.get(`/api/tasks/report?from=${now - DAY}&until=${now + DAY}`)).body.reasons;
    expect(reasons).toContainEqual({ reason: 'other', n: 1, ms: DAY });
    const words = { key: 'Who', total: 'All', columns: [{ name: 'due', label: 'Due', kind: 'count' }], keys: {} };
    const query = { by: 'owner', from: at - DAY, until: at + DAY };
    const file = await boss.post('/api/tasks/report/export', { query, format: 'csv', language: 'en', words });
    expect(file.body.replace(/^\uFEFF/, '')).toBe("Who,Due\r\n'=Lena,4\r\nAll,4\r\n");
  });
});
