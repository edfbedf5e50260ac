import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { tmpdir } from 'node:os';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { disposition, isInline, mediaOf, safeName } from '../../server/files/media.ts';
import { diskStore } from '../../server/files/store.ts';
import { eachDatabase } from '../support/db.ts';
import { startServer } from '../support/server.ts';
import type { TestServer } from '../support/server.ts';

test.each([
  ['../../etc/passwd', 'passwd'],
  ['C:\\Users\\x\\договор.pdf', 'договор.pdf'],
  ['a\u202egpj.exe', 'a gpj.exe'],
  ['...hidden', 'hidden'],
  ['\u0000', 'file'],
  ['<b>"x"?.txt', 'b x .txt'],
])('name %j is kept as %j', (given, kept) => {
  expect(safeName(given)).toBe(kept);
});

test('a long name keeps its ending; a header never holds a line end or a quote of its own', () => {
  expect([...safeName(`${'ы'.repeat(300)}.xlsx`)].length).toBe(200);
  expect(safeName(`${'ы'.repeat(300)}.xlsx`).endsWith('.xlsx')).toBe(true);
  expect(disposition('до"г\r\n.pdf', false)).toMatch(/^attachment; filename="[\x20-\x7e]+"; filename\*=UTF-8''[\w%.!~-]+$/);
});

test('a type is what the bytes say; what can run is never shown in place', () => {
  expect(mediaOf(Buffer.from('%PDF-1.7'))).toBe('application/pdf');
  expect(mediaOf(Buffer.from('<svg onload="x()">'))).toBe('application/octet-stream');
  expect(mediaOf(Buffer.from('RIFF1234WEBP'))).toBe('image/webp');
  expect(isInline('image/svg+xml')).toBe(false);
});

test('the store keeps a file whole or not at all, and the same bytes once', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'allo-files-'));
  const store = diskStore(dir);
  const one = await store.put(Readable.from([Buffer.from('hello')]), 5);
  expect(await store.put(Readable.from([Buffer.from('hel'), Buffer.from('lo')]), 5)).toMatchObject({ hash: one.hash, size: 5 });
  await expect(store.put(Readable.from([Buffer.from('hello!')]), 5)).rejects.toMatchObject({ code: 'too_large' });
  const broken = new Readable({ read() { this.destroy(new Error('cut')); } }); // prettier-ignore
  await expect(store.put(broken, 5)).rejects.toThrow('cut');
  expect(readdirSync(join(dir, 'unfinished'))).toEqual([]);
  expect(await store.read('0'.repeat(64))).toBeNull();
  rmSync(dir, { recursive: true });
});

eachDatabase((_, engine) => {
  let server: TestServer;
  let admin: Awaited<ReturnType<TestServer['signIn']>>;
  let anna: typeof admin;
  let ivan: number;
  let hidden: number;
  const dir = mkdtempSync(join(tmpdir(), 'allo-files-'));
  beforeAll(async () => {
    server = await startServer({ engine, env: { DATA_DIR: dir, FILE_LIMIT_MB: '1' } });
    admin = await server.signIn('administrator');
    anna = await server.signIn('operator', { name: 'Anna' });
    ivan = (await anna.post('/api/clients', { name: 'Ivan' })).body.client.id;
    const [department] = (await server.db('departments').insert({ name: 'other', created_at: 0 })) as [number];
    hidden = (await admin.post('/api/clients', { name: 'Hidden' })).body.client.id;
    await server.db('clients').where('id', hidden).update({ department_id: department });
  });
  afterAll(async () => {
    await server.close();
    rmSync(dir, { recursive: true, force: true });
  });

  const raw = (as: typeof anna, method: string, path: string, init: { body?: BodyInit; headers?: Record<string, string> } = {}) =>
    fetch(server.url + path, { method, ...init, headers: { cookie: as.cookie(), ...init.headers } });
  const upload = (as: typeof anna, ref: number, name: string, bytes: Buffer, media = 'application/octet-stream', kind = 'client') =>
    raw(as, 'POST', `/api/files?${new URLSearchParams({ kind, ref: String(ref), name })}`, { body: new Uint8Array(bytes), headers: { 'content-type': media } }); // prettier-ignore
  const png = Buffer.from('89504e470d0a1a0a00', 'hex');

  test('a file is added once, listed, in the history, and comes back byte for byte', async () => {
    const added = await upload(anna, ivan, '../scan.png', png);
    expect(added.status).toBe(201);
    const { file } = (await added.json()) as { file: { id: number; name: string } };
    expect(file).toMatchObject({ name: 'scan.png', media: 'image/png', size: png.length, inline: true, user: { name: 'Anna' } });
    expect(((await (await upload(anna, ivan, 'scan.png', png)).json()) as { file: { id: number } }).file.id).toBe(file.id);
    expect((await anna.get(`/api/files?kind=client&ref=${ivan}`)).body.items.map((f: { id: number }) => f.id)).toEqual([file.id]);
    const entries = (await anna.get(`/api/clients/${ivan}/timeline?kinds=file`)).body.items;
    expect(entries.map((e: { data: object }) => e.data)).toEqual([{ name: 'scan.png' }]);
    const shown = await raw(anna, 'GET', `/api/files/${file.id}/content?inline=1`);
    expect(shown.headers.get('content-type')).toBe('image/png');
    expect(shown.headers.get('content-security-policy')).toMatch(/sandbox/);
    expect(Buffer.from(await shown.arrayBuffer())).toEqual(png);
    const kept = await raw(anna, 'GET', `/api/files/${file.id}/content`);
    expect(kept.headers.get('content-disposition')).toMatch(/^attachment/);
    await kept.arrayBuffer();
    expect(await server.db('audit').where('table_name', 'files').orderBy('id').pluck('what')).toEqual(['file.added', 'file.viewed', 'file.downloaded']); // prettier-ignore
    await anna.post(`/api/files/${file.id}/archive`, { archived: true });
    expect((await anna.get(`/api/files?kind=client&ref=${ivan}`)).body.items).toEqual([]);
    expect((await raw(anna, 'GET', `/api/files/${file.id}/content`)).status).toBe(404);
    await anna.post(`/api/files/${file.id}/archive`, { archived: false });
  });

  test('whoever may not see the card sees none of its files; bad uploads leave nothing', async () => {
    const secret = ((await (await upload(admin, hidden, 'x.txt', Buffer.from('x'))).json()) as { file: { id: number } }).file.id;
    for (const answer of [
      await raw(anna, 'GET', `/api/files?kind=client&ref=${hidden}`),
      await raw(anna, 'GET', `/api/files/${secret}/content`),
      await raw(anna, 'POST', `/api/files/${secret}/archive`, {
        body: '{"archived":true}',
        headers: { 'content-type': 'application/json' },
      }),
      await upload(anna, hidden, 'y', Buffer.from('y')),
    ])
      expect(answer.status).toBe(403);
    const before = await server.db('files').count({ n: '*' }).first();
    expect((await upload(anna, ivan, 'big', Buffer.alloc(1024 * 1024 + 1))).status).toBe(413);
    expect((await upload(anna, ivan, 'empty', Buffer.alloc(0))).status).toBe(400);
    expect((await upload(anna, ivan, 'x.html', Buffer.from('<b>'), 'text/html')).status).toBe(400);
    expect((await upload(anna, ivan, 'x', Buffer.from('x'), undefined, 'constructor')).status).toBe(400);
    expect(await server.db('files').count({ n: '*' }).first()).toEqual(before);
  });

  test('a file field takes files of its own card only', async () => {
    const field = (await admin.post('/api/fields', { type: 'file', label: { ru: 'Паспорт', en: 'Passport' } })).body.field.key;
    const mine = (await anna.get(`/api/files?kind=client&ref=${ivan}`)).body.items[0].id;
    const foreign = (await admin.get(`/api/files?kind=client&ref=${hidden}`)).body.items[0].id;
    const { version } = (await anna.get(`/api/clients/${ivan}`)).body.client;
    expect((await anna.patch(`/api/clients/${ivan}`, { version, custom: { [field]: [mine, foreign] } })).status).toBe(400);
    expect((await anna.patch(`/api/clients/${ivan}`, { version, custom: { [field]: [mine] } })).body.client.custom).toEqual({ [field]: [mine] }); // prettier-ignore
  });
});
