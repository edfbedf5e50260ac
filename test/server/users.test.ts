import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { createDirectory } from '../../server/users/directory.ts';
import { engines, freshDatabase } from '../support/db.ts';
import { createClient, startServer } from '../support/server.ts';
import type { TestServer } from '../support/server.ts';

describe.each(engines)('%s', (engine) => {
  let server: TestServer;
  let admin: Awaited<ReturnType<TestServer['signIn']>>;
  beforeAll(async () => {
    server = await startServer({ engine });
    admin = await server.signIn('administrator');
  });
  afterAll(() => server.close());

  const create = (draft: object) => admin.post('/api/users', { name: 'Somebody', role: 'operator', ...draft });

  test('an administrator creates a person, who signs in with the password that is shown once', async () => {
    const made = await create({ login: ' Olga.P ', extension: { pbx: 'main', extension: '301', secret: 'sip-secret' } });
    expect(made).toMatchObject({ status: 201, body: { user: { login: 'olga.p', extension: { pbx: 'main', extension: '301' } } } });
    const client = createClient(server.url);
    expect((await client.post('/api/auth/sign-in', { login: 'OLGA.P', password: made.body.password })).status).toBe(200);
    const stored = await server.db('extensions').where({ extension: '301' }).first();
    expect(stored.secret_sealed).not.toContain('sip-secret');
    expect(server.app.deps.secrets.open(stored.secret_sealed)).toBe('sip-secret');
    expect(JSON.stringify((await admin.get('/api/users')).body)).not.toMatch(/sip-secret|argon2|sealed/);
    expect(await server.db('audit').where({ what: 'user.created', row_id: String(made.body.user.id) })).toHaveLength(1);
  });

  test('a login and an extension belong to one person', async () => {
    await create({ login: 'first', extension: { pbx: 'main', extension: '302' } });
    expect(await create({ login: 'FIRST' })).toMatchObject({ status: 409, body: { error: { data: { field: 'login' } } } });
    const taken = await create({ login: 'second', extension: { pbx: 'main', extension: '302' } });
    expect(taken).toMatchObject({ status: 409, body: { error: { data: { field: 'extension' } } } });
    expect(await server.db('users').where({ login: 'second' })).toEqual([]);
  });

  test('what does not exist cannot be given', async () => {
    expect((await create({ login: 'x1', departmentId: 999 })).status).toBe(400);
    expect((await create({ login: 'x2', extension: { pbx: 'nowhere', extension: '303' } })).status).toBe(400);
    expect((await create({ login: 'x3', timeZone: 'Mars/Base' })).status).toBe(400);
    expect((await create({ login: 'x 4' })).status).toBe(400);
    expect(await server.db('users').where('login', 'like', 'x%')).toEqual([]);
  });

  test('an old directory answers while the database is away; a change is never answered from the old one', async () => {
    const { db, drop } = await freshDatabase(engine);
    const [id] = (await db('users').insert({
      login: 'x',
      name: 'Somebody',
      role: 'operator',
      language: 'en',
      time_zone: 'UTC',
      created_at: 0,
    })) as [number];
    await db('extensions').insert({ user_id: id, pbx: 'main', extension: '309' });
    let at = 0;
    const warned: object[] = [];
    const { directory, stop } = createDirectory(db, server.bus, () => at, { warn: (fields: object) => void warned.push(fields) }, () => Promise.reject(new Error('not asked'))); // prettier-ignore
    const whose = async () => (await directory.userByExtension('main', '309'))?.id;
    expect(await whose()).toBe(id);
    await drop();
    at = 61_000;
    expect(await whose()).toBe(id);
    await vi.waitFor(() => expect(warned).toHaveLength(1));
    server.bus.emit('user.changed', { id });
    await vi.waitFor(() => expect(whose()).rejects.toThrow());
    stop();
  });

  test('the directory follows', async () => {
    const { directory } = server.app.deps;
    const { id } = (await create({ login: 'moving', name: 'Moving', extension: { pbx: 'main', extension: '304' } })).body.user;
    await vi.waitFor(async () => expect(await directory.userByExtension('main', '304')).toEqual({ id, name: 'Moving', role: 'operator' }));
    await admin.patch(`/api/users/${id}`, { extension: { pbx: 'main', extension: '305' } });
    await vi.waitFor(async () => expect(await directory.extensionOf(id)).toEqual({ pbx: 'main', extension: '305' }));
    expect(await directory.userByExtension('main', '304')).toBeNull();
    await admin.patch(`/api/users/${id}`, { extension: null });
    await vi.waitFor(async () => expect(await directory.extensionOf(id)).toBeNull());
    expect([...(await directory.briefs([id, 999_999])).keys()]).toEqual([id]);
  });

  test('an edit keeps the SIP secret of the same extension, and drops it with another', async () => {
    const { id } = (await create({ login: 'sip', extension: { pbx: 'main', extension: '306', secret: 'abc' } })).body.user;
    const sealed = () => server.app.deps.directory.sealedSipSecret(id);
    await admin.patch(`/api/users/${id}`, { extension: { pbx: 'main', extension: '306' } });
    expect(server.app.deps.secrets.open((await sealed())!)).toBe('abc');
    await admin.patch(`/api/users/${id}`, { extension: { pbx: 'main', extension: '307' } });
    expect(await sealed()).toBeNull();
  });

  test('who has left is signed out and kept out, and may come back', async () => {
    const person = await server.signIn('operator');
    expect((await admin.patch(`/api/users/${person.userId}`, { left: true })).body.user.leftAt).toBeTypeOf('number');
    // Nobody can be given a task or a call who is not here, but what they did keeps their name.
    const { directory } = server.app.deps;
    await vi.waitFor(async () => expect(await directory.actorOf(person.userId)).toBeNull());
    expect((await directory.briefs([person.userId])).has(person.userId)).toBe(true);
    const given = await admin.post('/api/tasks', { text: 'for nobody', dueAt: 0, ownerId: person.userId });
    expect(given).toMatchObject({ status: 400, body: { error: { data: { issues: [{ code: 'unknown_user' }] } } } });
    expect((await person.get('/api/auth/me')).status).toBe(401);
    const again = () => createClient(server.url).post('/api/auth/sign-in', { login: person.login, password: 'correct horse battery' });
    expect((await again()).status).toBe(401);
    await admin.patch(`/api/users/${person.userId}`, { left: false });
    expect((await again()).status).toBe(200);
  });

  test('the last administrator stays', async () => {
    const other = await server.signIn('administrator');
    const both = await Promise.all([
      admin.patch(`/api/users/${other.userId}`, { role: 'operator' }),
      other.patch(`/api/users/${admin.userId}`, { left: true }),
    ]);
    const left = await server.db('users').where({ role: 'administrator', left_at: null }).pluck('id');
    expect(left, JSON.stringify(both.map(({ status }) => status))).toHaveLength(1);
    await server.db('users').where({ id: admin.userId }).update({ left_at: null, role: 'administrator' });
    await server.db('users').where({ id: other.userId }).update({ role: 'operator' });
    const back = await createClient(server.url);
    await back.post('/api/auth/sign-in', { login: admin.login, password: 'correct horse battery' });
    for (const edit of [{ left: true }, { role: 'manager' }])
      expect(await back.patch(`/api/users/${admin.userId}`, edit)).toMatchObject({
        status: 409,
        body: { error: { code: 'conflict', data: { reason: 'last_administrator' } } },
      });
    admin = { ...back, userId: admin.userId, login: admin.login };
  });

  test('the list goes on where the page before ended', async () => {
    const first = await admin.get('/api/users?limit=2');
    const second = await admin.get(`/api/users?limit=200&after=${first.body.next}`);
    const ids = [...first.body.items, ...second.body.items].map(({ id }: { id: number }) => id);
    expect(ids).toEqual([...new Set(ids)].sort((a, b) => a - b));
    expect(ids).toHaveLength((await server.db('users').pluck('id')).length);
    expect(second.body.next).toBeNull();
  });
});
