import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Knex } from 'knex';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { NotificationKind } from '../../server/notifications/contract.ts';
import { NotificationKind as Kinds } from '../../server/notifications/contract.ts';
import { KEEP_MS, dropOld } from '../../server/notifications/queries.ts';
import { sweepReminders } from '../../server/notifications/reminders.ts';
import { pushRows, withStandIns } from '../../server/notifications/service.ts';
import { TEXTS, fillIn } from '../../server/notifications/texts.ts';
import { migrate, openDb } from '../../server/core/db.ts';
import { openPage } from '../support/browser.ts';
import { startCallCentre, until } from '../support/call-centre.ts';
import { eachDatabase, engines, freshDatabase } from '../support/db.ts';

test('every kind has words in both languages; what the event does not bring is nothing, and what it brings is no template', () => {
  for (const kind of Kinds.options) for (const text of [TEXTS[kind].ru, TEXTS[kind].en]) expect(text.length, kind).toBeGreaterThan(5);
  expect(fillIn('Call back: {text} {phone}', { text: 'Ivan', phone: '' })).toBe('Call back: Ivan');
  expect(fillIn('{a} {b} {constructor}', { a: '{b}', b: 'two\nlines' })).toBe('{b} two lines');
});

test('what is due is told to whoever stands in as well, news is not', () => {
  const row = (kind: NotificationKind) => ({ user_id: 1, kind, effect: 'e', about_kind: 'task', about_ref: '1', params: '{}' });
  const away = new Map([[1, [2, 3]]]);
  expect(withStandIns([row('task-due')], away).map(({ user_id }) => user_id)).toEqual([1, 2, 3]);
  expect(withStandIns([row('task-assigned')], away).map(({ user_id }) => user_id)).toEqual([1]);
});

eachDatabase((_, engine) => {
  let centre: Awaited<ReturnType<typeof startCallCentre>>;
  let vera: typeof centre.anna;
  beforeAll(async () => {
    centre = await startCallCentre(engine);
    vera = await centre.signIn('supervisor', { name: 'Vera' });
  });
  afterAll(() => centre.close());
  beforeEach(async () => {
    for (const table of ['notifications', 'notification_seen', 'reminders']) await centre.db(table).delete();
  });

  test('what is older than half a year goes, in batches; what is newer, or put off, stays', async () => {
    const now = Date.now();
    const row = (n: number, created_at: number, more: object = {}) => ({ user_id: vera.userId, kind: 'task-due', effect: `old:${n}`, about_kind: 'task', about_ref: '1', params: '{}', created_at, shown_at: created_at, read_at: null, snoozed_until: null, ...more }); // prettier-ignore
    const old = Array.from({ length: 1_203 }, (_x, n) => row(n, now - KEEP_MS - 10_000 + n, n === 7 ? { snoozed_until: now + 60_000 } : n % 2 ? { read_at: now } : {})); // prettier-ignore
    for (let i = 0; i < old.length; i += 200) await centre.db('notifications').insert(old.slice(i, i + 200));
    await centre.db('notifications').insert([row(2_000, now - KEEP_MS + 60_000), row(2_001, now)]);
    expect(await dropOld(centre.db, now)).toBe(1_202);
    expect(await centre.db('notifications').orderBy('id').pluck('effect')).toEqual(['old:7', 'old:2000', 'old:2001']);
    expect(await dropOld(centre.db, now)).toBe(0);
  });

  const notice = (effect: string, text = effect) => ({ kind: 'task-mentioned' as const, effect, about: { kind: 'task' as const, ref: 7 }, params: { text } }); // prettier-ignore
  const notify = async (userIds: number[], effect: string) =>
    (await centre.db.transaction((trx) => centre.app.deps.notify(trx, userIds, notice(effect))))();
  const list = async (who: typeof vera, query = '') => (await who.get(`/api/notifications${query}`)).body;
  const texts = async (who: typeof vera, query = '') =>
    ((await list(who, query)).items as { text: { en: string } }[]).map(({ text }) => text.en.replace('You were mentioned in a task: ', ''));
  const standing = async (who: typeof vera) => (await who.get('/api/notifications/standing')).body;
  /** The sweep of a worker at a later time. */
  const sweepAt = (ms: number) =>
    sweepReminders(
      { db: centre.db, now: () => Date.now() + ms },
      { extend: async (_trx, rows) => rows, told: (rows) => pushRows(centre.app.deps, rows) },
    );

  test('an event tells a person once however often it comes, at once on the open page, and nobody else', async () => {
    const page = await openPage(centre.url, centre.anna.cookie());
    await Promise.all([1, 2, 3].map(() => notify([centre.anna.userId], 'e1')));
    await notify([centre.anna.userId, centre.boris.userId], 'e1');
    expect(await texts(centre.anna)).toEqual(['e1']);
    expect(await texts(centre.boris)).toEqual(['e1']);
    expect(await texts(vera)).toEqual([]);
    await until(() => page.messages('notifications').length, (n) => n > 0); // prettier-ignore
    expect(page.messages('notifications')[0]).toMatchObject({
      items: [{ kind: 'task-mentioned', about: { kind: 'task', ref: '7' } }],
      more: 0,
    });
    page.ws.close();
    await expect(
      centre.db.transaction(async (trx) => {
        await centre.app.deps.notify(trx, [vera.userId], notice('undone'));
        throw new Error('taken back');
      }),
    ).rejects.toThrow('taken back');
    expect(await texts(vera)).toEqual([]);
  });

  test('the list goes on behind a key, and a cursor that is none is refused', async () => {
    for (let i = 1; i <= 5; i++) await notify([vera.userId], `e${i}`);
    const first = await list(vera, '?limit=2');
    expect(first.items).toHaveLength(2);
    const second = await list(vera, `?limit=2&after=${first.next}`);
    const third = await list(vera, `?limit=2&after=${second.next}`);
    expect(third.next).toBeNull();
    const all = [...first.items, ...second.items, ...third.items].map(({ id }: { id: number }) => id);
    expect(all).toEqual([...all].sort((a, b) => b - a));
    expect(new Set(all).size).toBe(5);
    expect((await vera.get('/api/notifications?after=nonsense')).status).toBe(400);
    expect((await vera.get('/api/notifications?show=everybody')).status).toBe(400);
    expect((await centre.guest.get('/api/notifications')).status).toBe(401);
  });

  test('read, unread, all read and back; of others neither', async () => {
    for (const effect of ['a', 'b', 'c']) await notify([vera.userId], effect);
    const { items } = await list(vera);
    const [latest] = items as { id: number }[];
    const page = await openPage(centre.url, vera.cookie());
    expect((await vera.post(`/api/notifications/${latest!.id}/read`)).body.notification.readAt).toBeGreaterThan(0);
    await until(() => page.messages('notifications-changed').length, (n) => n > 0); // prettier-ignore
    page.ws.close();
    expect((await standing(vera)).unread).toBe(2);
    expect(await texts(vera, '?show=unread')).toHaveLength(2);
    expect((await vera.post(`/api/notifications/${latest!.id}/unread`)).body.notification.readAt).toBeNull();
    await vera.post(`/api/notifications/${latest!.id}/read`);
    const all = await vera.post('/api/notifications/read-all');
    expect(all.body.count).toBe(2);
    expect((await standing(vera)).unread).toBe(0);
    await vera.post('/api/notifications/read-all/undo', { at: all.body.at });
    expect((await standing(vera)).unread).toBe(2);
    for (const act of ['read', 'unread', 'snooze'])
      expect((await centre.anna.post(`/api/notifications/${latest!.id}/${act}`, { minutes: 5 })).status).toBe(404);
  });

  test('put off for five minutes to a week: not counted until then, and new again', async () => {
    await notify([vera.userId], 'later');
    await notify([vera.userId], 'now');
    const { id } = ((await list(vera)).items as { id: number; text: { en: string } }[]).find(({ text }) => text.en.endsWith('later'))!;
    for (const minutes of [4, 10_081, 7.5, 'x', null])
      expect((await vera.post(`/api/notifications/${id}/snooze`, { minutes })).status).toBe(400);
    expect((await standing(vera)).unread).toBe(2);
    expect((await vera.post(`/api/notifications/${id}/snooze`, { minutes: 10 })).status).toBe(200);
    expect((await standing(vera)).unread).toBe(1);
    expect(await texts(vera, '?show=snoozed')).toEqual(['later']);
    await sweepAt(9 * 60_000);
    expect((await standing(vera)).unread).toBe(1);
    const page = await openPage(centre.url, vera.cookie());
    await Promise.all([sweepAt(11 * 60_000), sweepAt(11 * 60_000)]);
    expect((await standing(vera)).unread).toBe(2);
    expect((await texts(vera))[0]).toBe('later');
    await until(() => page.messages('notifications').length, (n) => n > 0); // prettier-ignore
    page.ws.close();
  });

  test('what came while no page was open is told at the next log-in, once', async () => {
    await vera.post('/api/notifications/seen', { at: Date.now() + 60_000 }); // of a page whose clock is ahead
    await new Promise((resolve) => setTimeout(resolve, 5));
    for (let i = 1; i <= 7; i++) await notify([vera.userId], `away ${i}`);
    const { away, now } = await standing(vera);
    expect(away.count).toBe(7);
    expect(away.items).toHaveLength(5);
    await vera.post('/api/notifications/seen', { at: now });
    expect(await standing(vera)).toMatchObject({ unread: 7, away: { count: 0, items: [] } });
    await vera.post('/api/notifications/seen', { at: 5 }); // never back
    expect((await standing(vera)).away.count).toBe(0);
  });

  test('a task tells whom it is given to, and its owner when it is due and when it is late; of a done one nobody is told', async () => {
    const due = Date.now() + 3_600_000;
    const task = (await vera.post('/api/tasks', { text: 'Send the offer', dueAt: due, ownerId: centre.anna.userId })).body.task;
    const kinds = async () => ((await list(centre.anna)).items as { kind: string }[]).map(({ kind }) => kind).sort();
    expect(await kinds()).toEqual(['task-assigned']);
    expect(await texts(vera)).toEqual([]);
    await sweepAt(3_600_500);
    expect(await kinds()).toEqual(['task-assigned', 'task-due']);
    await sweepAt(2 * 3_600_500);
    expect(await kinds()).toEqual(['task-assigned', 'task-due', 'task-overdue']);
    // moved: due anew; an edit of its words: not
    const moved = (await vera.post(`/api/tasks/${task.id}/move`, { version: task.version, dueAt: due + 3_600_000, reason: 'client' })).body
      .task;
    const edited = (await vera.patch(`/api/tasks/${task.id}`, { version: moved.version, text: 'Send it' })).body.task;
    await sweepAt(2 * 3_600_500);
    expect((await kinds()).filter((kind) => kind === 'task-due')).toHaveLength(2);
    // given to another: theirs from now on
    await vera.patch(`/api/tasks/${task.id}`, { version: edited.version, ownerId: centre.boris.userId });
    await centre.boris.post(`/api/tasks/${task.id}/done`, { note: 'sent' });
    expect(await centre.db('reminders').pluck('id')).toEqual([]);
    await sweepAt(9 * 3_600_000);
    expect(((await list(centre.boris)).items as { kind: string }[]).map(({ kind }) => kind)).toEqual(['task-assigned']);
  });

  test('a complaint that is given to somebody tells them', async () => {
    const olga = await centre.signIn('complaints', { name: 'Olga' });
    const category = (await olga.get('/api/complaints/setup')).body.categories.find((c: { kind: string }) => c.kind === 'category').id;
    const { id } = (await centre.admin.post('/api/complaints', { categoryId: category, subject: 'Rude', clientId: centre.ivan })).body;
    const seen = (await centre.admin.get(`/api/complaints/${id}`)).body.complaint;
    const given = await centre.admin.post(`/api/complaints/${id}/assign`, { version: seen.version, ownerId: olga.userId });
    expect(given.status, JSON.stringify(given.body)).toBeLessThan(300);
    expect((await list(olga)).items).toMatchObject([{ kind: 'complaint-assigned', about: { kind: 'complaint', ref: String(id) } }]);
  });
});

/** Rows as features would have left them. */
const fill = async (db: Knex, count: number, at: number): Promise<void> => {
  for (let from = 0; from < count; from += 200)
    await db('reminders').insert(
      Array.from({ length: Math.min(200, count - from) }, (_, i) => ({ user_id: 1 + ((from + i) % 20), kind: 'call-back-due', effect: `task:${from + i}:due:${at}`, about_kind: 'task', about_ref: String(from + i), params: '{"text":"Ivan","phone":""}', next_at: at, claim: null })), // prettier-ignore
    );
};

describe.each(engines)('%s: workers that are killed', (engine) => {
  test('every reminder is told once, though the processes die in between', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'allo-reminders-'));
    const made = engine === 'mysql' ? await freshDatabase('mysql') : null;
    const url = made?.url ?? `sqlite:${join(dir, 'allo.db')}`;
    const db = made?.db ?? openDb(url);
    if (!made) await migrate(db);
    try {
      const COUNT = 6_000;
      await fill(db, COUNT, Date.now());
      if (!made) await db.destroy();
      const look = async <T>(ask: (db: Knex) => Promise<T>): Promise<T> => {
        if (made) return ask(db);
        const own = openDb(url);
        return ask(own).finally(() => own.destroy());
      };
      const told = () => look(async (db) => Number(((await db('notifications').count({ n: '*' })) as [{ n: number }])[0].n));
      // each later by more than a lease: what the one before had taken is to be had again
      const worker = (later: number) =>
        spawn(process.execPath, ['--import', 'tsx', 'test/support/take-reminders.ts'], { env: { ...process.env, DATABASE_URL: url, DATA_DIR: dir, LATER: String(later) }, stdio: ['ignore', 'ignore', 'inherit'] }); // prettier-ignore
      const killed: number[] = [];
      for (const round of [1, 2]) {
        const child = worker(round * 30_000);
        const before = await told();
        await until(told, (n) => n > before, 60_000);
        child.kill('SIGKILL');
        await once(child, 'exit');
        killed.push(await told());
      }
      expect(killed[0]).toBeLessThan(COUNT);
      const last = worker(90_000);
      const [code] = (await once(last, 'exit')) as [number];
      expect(code).toBe(0);
      await look(async (db) => {
        expect(await db('reminders').pluck('id')).toEqual([]);
        expect(new Set((await db('notifications').pluck('effect')) as string[]).size).toBe(COUNT);
      });
      expect(await told()).toBe(COUNT);
    } finally {
      if (made) await made.drop();
      rmSync(dir, { recursive: true, force: true });
    }
  }, 300_000);
});
