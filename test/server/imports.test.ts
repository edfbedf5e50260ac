import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { migrate, openDb } from '../../server/core/db.ts';
import { insertImport, updateImport } from '../../server/imports/queries.ts';
import { insertUser } from '../../server/users/queries.ts';
import { eachDatabase, freshDatabase } from '../support/db.ts';
import type { Engine } from '../support/db.ts';
import { startServer } from '../support/server.ts';
import type { TestServer } from '../support/server.ts';

type Person = Awaited<ReturnType<TestServer['signIn']>>;

eachDatabase((_open, engine: Engine) => {
  let server: TestServer;
  let boss: Person;
  let dir: string;
  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'allo-imports-'));
    server = await startServer({ engine, env: { DATA_DIR: dir } });
    boss = await server.signIn('manager');
  });
  afterAll(async () => {
    await server.close();
    await rm(dir, { recursive: true });
  });

  const upload = (as: Person, name: string, text: string | Buffer) =>
    as.request('POST', `/api/imports?name=${encodeURIComponent(name)}`, Buffer.from(text), { 'content-type': 'application/octet-stream' });
  const until = async (id: number, state: string) => {
    await expect.poll(async () => (await boss.get(`/api/imports/${id}`)).body.import.state as string, { timeout: 20_000 }).toBe(state);
    return (await boss.get(`/api/imports/${id}`)).body.import as Record<string, number>;
  };
  const named = async (q: string) => ((await boss.get(`/api/clients?limit=100&q=${encodeURIComponent(q)}`)).body.items as { id: number; name: string }[]); // prettier-ignore

  test('a file from its bytes to cards, and the whole of it back', async () => {
    const known = (await boss.post('/api/clients', { name: 'Импортов Старый', phones: [{ raw: '+7 916 700-00-01' }] })).body.client
      .id as number;
    const csv = [
      'ФИО;Компания;Телефон;Почта;ИНН;Лишнее',
      'Импортов Иной;Рога;8 916 700-00-01, 8 916 700-00-02;;;x', // is known by the first number
      'Импортов Новый;;8 916 700 00 03;new@example.org;7707083893;',
      'Импортов Дважды;;89167000003;;;', // the number of the line above
      'Импортов Кривой;;;;123;', // no tax number
      ';;8 916 700-00-09;;;', // no name
      '"Импортов;;;;;', // no end of the quote
      'Импортов Последний;;;;;',
    ].join('\n');
    const made = await upload(boss, 'клиенты.csv', csv);
    expect(made.status, JSON.stringify(made.body)).toBe(201);
    const { id, mapping, columns } = made.body.import as { id: number; mapping: (string | null)[]; columns: string[] };
    expect([columns[0], mapping]).toEqual(['ФИО', ['name', 'company', 'phones', 'emails', 'inn', null]]);
    expect(made.body.sample[0][0]).toBe('Импортов Иной');

    const before = Number(((await server.db('clients').count({ n: '*' })) as { n: number }[])[0]!.n);
    const dry = await boss.post(`/api/imports/${id}/check`);
    expect(dry.body.counts).toEqual({ made: 2, changed: 1, skipped: 1, rejected: 3 });
    expect(Number(((await server.db('clients').count({ n: '*' })) as { n: number }[])[0]!.n)).toBe(before);

    expect((await boss.post(`/api/imports/${id}/start`)).status).toBe(200);
    const done = await until(id, 'done');
    expect([done.made, done.changed! + done.skipped!, done.rejected]).toEqual([2, 2, 3]);
    expect((await boss.post(`/api/imports/${id}/start`)).status).toBe(409);
    const card = (await boss.get(`/api/clients/${known}`)).body.client;
    expect(card).toMatchObject({ name: 'Импортов Старый', company: 'Рога' });
    expect(card.phones.map(({ e164 }: { e164: string }) => e164)).toEqual(['+79167000001', '+79167000002']);
    expect((await named('7707083893')).length + (await named('Импортов Новый')).length).toBeGreaterThan(0);

    const rejected = String((await boss.get(`/api/imports/${id}/rejected`)).body);
    expect(rejected).toContain('123;;5;inn: not_an_inn');
    expect(rejected).toContain('name: required');
    expect(rejected).toContain('broken_quote');

    const kept = (await named('Импортов Последний'))[0]!.id;
    const { version } = (await boss.get(`/api/clients/${kept}`)).body.client as { version: number };
    await boss.patch(`/api/clients/${kept}`, { version, note: 'уже работаем' });
    const undone = await boss.post(`/api/imports/${id}/undo`);
    expect(undone.body).toEqual({ archived: 1, restored: 1, kept: 1 });
    expect((await named('Импортов')).map(({ name }) => name).sort()).toEqual(['Импортов Последний', 'Импортов Старый']);
    expect((await boss.get(`/api/clients/${known}`)).body.client).toMatchObject({ company: '', phones: [{ e164: '+79167000001' }] });
    expect((await boss.post(`/api/imports/${id}/undo`)).status).toBe(409);
    const again = await upload(boss, 'ещё.csv', csv);
    expect(again.body.import.mapping).toEqual(mapping);
  });

  test('killed in the middle it goes on behind the last line, and takes none twice', async () => {
    const rows = Array.from({ length: 1_500 }, (_, i) => `Убитов ${i};8 917 ${String(1_000_000 + i)}`);
    const { id } = (await upload(boss, 'k.csv', `ФИО;Телефон\n${rows.join('\n')}\n`)).body.import as { id: number };
    // As a killed process leaves it: running, nobody alive, the first lines taken.
    await boss.post(`/api/imports/${id}/start`);
    await until(id, 'done');
    const first = await server.db('import_rows').where({ import_id: id }).orderBy('line').limit(400);
    const later = first.at(-1) as { line: number };
    const gone = (await server.db('import_rows').where({ import_id: id }).where('line', '>', later.line).pluck('client_id')) as number[];
    await server.db('import_rows').where({ import_id: id }).where('line', '>', later.line).delete();
    for (const table of ['phones', 'search_words', 'timeline', 'client_values']) await server.db(table).whereIn('client_id', gone).delete();
    await server.db('clients').whereIn('id', gone).delete();
    await server.db('imports').where({ id }).update({ state: 'running', line: later.line, made: 400, alive_at: Date.now() - 3_600_000, finished_at: null }); // prettier-ignore
    await server.app.deps.jobs.add('imports.run', { id });
    await server.app.deps.jobs.add('imports.run', { id }); // and once more: one of them claims it
    const done = await until(id, 'done');
    expect(done.made).toBe(1_500);
    expect(Number(((await server.db('clients').where('name', 'like', 'Убитов %').count({ n: '*' })) as { n: number }[])[0]!.n)).toBe(1_500);
    expect(Number(((await server.db('import_rows').where({ import_id: id }).count({ n: '*' })) as { n: number }[])[0]!.n)).toBe(1_500);
  }, 60_000);

  test('known by name and city, whatever else the address says; a line without a city is somebody new', async () => {
    const id = (await boss.post('/api/clients', { name: 'Городов Глеб', custom: { address: 'г. Пермь, ул. Ленина, 1' } })).body.client
      .id as number;
    const firm = (await boss.post('/api/clients', { name: 'ООО «Городовые»', kind: 'company', custom: { legal_address: 'Пермь, ул. Мира, 2' } })).body.client.id as number; // prettier-ignore
    const csv = [
      'ФИО;Адрес;Вид;Заметка',
      'Городов Глеб;614000, г Пермь, улица Чкалова, 7;;один',
      'Городов Глеб;Омск, ул. Ленина, 1;;два',
      'Городов Глеб;;;три',
      'Общество с ограниченной ответственностью "Городовые";город Пермь;company;четыре',
    ].join('\n');
    const job = (await upload(boss, 'g.csv', csv)).body.import as { id: number; mapping: (string | null)[] };
    expect(job.mapping).toEqual(['name', 'address', 'kind', 'note']);
    await boss.patch(`/api/imports/${job.id}`, { rules: { match: ['phone', 'name_city'], onMatch: 'fill', kind: 'person' } });
    await boss.post(`/api/imports/${job.id}/start`);
    expect(await until(job.id, 'done')).toMatchObject({ made: 2, changed: 2, rejected: 0 });
    expect((await boss.get(`/api/clients/${id}`)).body.client).toMatchObject({
      note: 'один',
      custom: { address: { raw: 'г. Пермь, ул. Ленина, 1' } },
    });
    expect((await boss.get(`/api/clients/${firm}`)).body.client.note).toBe('четыре');
  });

  test('overwrite, and another encoding than was guessed', async () => {
    await boss.post('/api/clients', { name: 'Замещаев', company: 'Было', emails: [{ address: 'z@example.org' }] });
    const { id } = (await upload(boss, 'o.csv', 'name,company,email\nЗамещаев Пётр,Стало,Z@example.org\n')).body.import as { id: number };
    expect((await boss.patch(`/api/imports/${id}`, { encoding: 'win1251' })).body.import.encoding).toBe('win1251');
    await boss.patch(`/api/imports/${id}`, { encoding: 'utf8', rules: { match: ['email'], onMatch: 'overwrite', kind: 'person' } });
    expect((await boss.patch(`/api/imports/${id}`, { mapping: ['name', 'company', 'no_such'] })).status).toBe(400);
    await boss.patch(`/api/imports/${id}`, { rules: { match: ['email'], onMatch: 'overwrite', kind: 'person' } });
    await boss.post(`/api/imports/${id}/start`);
    await until(id, 'done');
    const [found] = await named('Замещаев');
    expect((await boss.get(`/api/clients/${found!.id}`)).body.client).toMatchObject({ name: 'Замещаев Пётр', company: 'Стало' });
  });

  test('what is no table is refused, and leaves nothing', async () => {
    const before = Number(((await server.db('imports').count({ n: '*' })) as { n: number }[])[0]!.n);
    const code = async (name: string, text: string | Buffer) => { const { status, body } = await upload(boss, name, text); return [status, body.error?.data?.issues?.[0]?.code] }; // prettier-ignore
    expect(await code('a.csv', '')).toEqual([400, 'empty']);
    // by whether LibreOffice is installed here; this is no table in any case
    const [status, why] = await code('a.xls', Buffer.from([0xd0, 0xcf, 0x11, 0xe0]));
    expect([status, ['no_office', 'office_failed'].includes(String(why))]).toEqual([400, true]);
    expect(await code('a.xml', '<!DOCTYPE a [<!ENTITY b "c">]><a><b>&b;</b></a>')).toEqual([400, 'doctype']);
    const operator = await server.signIn('operator');
    expect((await upload(operator, 'a.csv', 'a;b\n1;2\n')).status).toBe(403);
    expect((await operator.get('/api/imports')).body).toEqual({ items: [], can: { import: false } });
    expect((await boss.get('/api/imports')).body.can).toEqual({ import: true });
    expect(Number(((await server.db('imports').count({ n: '*' })) as { n: number }[])[0]!.n)).toBe(before);
    const other = await server.signIn('manager');
    const { id } = (await upload(boss, 'mine.csv', 'name;phone\nx;1\n')).body.import as { id: number };
    expect((await other.get(`/api/imports/${id}`)).status).toBe(404);
    expect((await boss.patch(`/api/imports/${id}`, { mapping: ['phones', null] })).status).toBe(200);
    expect((await boss.post(`/api/imports/${id}/start`)).status).toBe(400);
  });

  test('a profile takes each file of a folder, and what an address answers, once: with the columns it knows, in its owner’s name', async () => {
    const root = await server.signIn('administrator');
    const first = await upload(root, 'цены.csv', 'Имя;Тел\nПрофилев Первый;89167001101\n');
    const { id } = first.body.import;
    const inbox = join(dir, 'inbox', 'shop');
    const draft = { name: 'Магазин', source: 'folder', place: 'shop', everyMinutes: 5 };
    expect((await root.post(`/api/imports/${id}/profile`, draft)).status).toBe(409); // nobody has said yet what its columns mean
    expect((await root.patch(`/api/imports/${id}`, { mapping: ['name', 'phones'] })).status).toBe(200);
    expect((await root.post(`/api/imports/${id}/start`)).status).toBe(200);
    const state = async (of: number) => (await root.get(`/api/imports/${of}`)).body.import;
    await expect.poll(async () => (await state(id)).state as string, { timeout: 20_000 }).toBe('done');
    for (const place of ['../shop', '/etc', 'a/../b', '.hidden', 'ftp://x'])
      expect((await root.post(`/api/imports/${id}/profile`, { ...draft, place })).status, place).toBe(400);
    expect((await root.post(`/api/imports/${id}/profile`, { ...draft, source: 'http', place: 'file:///etc/passwd' })).status).toBe(400);
    expect((await boss.post(`/api/imports/${id}/profile`, draft)).status).toBe(403);
    const made = await root.post(`/api/imports/${id}/profile`, draft);
    expect(made.status, JSON.stringify(made.body)).toBe(201);
    const profile = made.body.profile.id as number;
    const look = async (of = profile) => (await root.post(`/api/imports/profiles/${of}/run`)).body.profile;
    expect(await look()).toMatchObject({ fault: 'no_folder', importId: null });

    await mkdir(inbox, { recursive: true });
    const put = async (name: string, text: string | Buffer, ageMs = 60_000) => {
      await writeFile(join(inbox, name), text);
      const before = new Date(Date.now() - ageMs); // as one that nobody writes any more
      await utimes(join(inbox, name), before, before);
    };
    await put('a.csv', 'Имя;Тел\nПрофилев Второй;89167001102\n');
    await put('b.csv', 'Совсем;Другое\nПрофилев Никто;1\n');
    await writeFile(join(inbox, 'c.csv'), 'Имя;Тел\nПрофилев Недописан;8'); // is being written just now
    const looked = await look();
    expect(looked).toMatchObject({ fault: 'other_columns', faultFile: 'b.csv' });
    await expect.poll(async () => (await root.get('/api/imports/profiles')).body.items[0].importId, { timeout: 5_000 }).not.toBeNull();
    const names = async () => (await server.db('clients').where('name', 'like', 'Профилев%').orderBy('id').pluck('name')) as string[];
    await expect.poll(names, { timeout: 20_000 }).toEqual(['Профилев Первый', 'Профилев Второй']);
    // the same bytes again, under whatever name, by whoever looks how often
    await put('a again.csv', 'Имя;Тел\nПрофилев Второй;89167001102\n');
    await Promise.all([look(), look(), look()]);
    expect(await server.db('import_profile_files').where({ profile_id: profile }).whereNull('fault')).toHaveLength(1);
    expect(await names()).toHaveLength(2);

    // what is known is not opened again, and of what was refused it is said for as long as it lies there
    const seen = async () => (await server.db('import_profile_seen').where({ profile_id: profile }).orderBy('name').select('name', 'at')) as { name: string; at: number }[]; // prettier-ignore
    const known = await seen();
    expect(known.map(({ name }) => name)).toEqual(['a again.csv', 'a.csv', 'b.csv']);
    expect(await look()).toMatchObject({ fault: 'other_columns', faultFile: 'b.csv' });
    expect(await seen()).toEqual(known);
    // a link is not followed, wherever it leads
    await writeFile(join(dir, 'other.csv'), 'Имя;Тел\nПрофилев Чужой;89167001199\n');
    await utimes(join(dir, 'other.csv'), 0, 0);
    await symlink(join(dir, 'other.csv'), join(inbox, 'link.csv'));
    await symlink(join(dir, 'nothing.csv'), join(inbox, 'dangling.csv'));
    // not the file's fault (whether LibreOffice is installed here or not): it is tried again
    await put('old.xls', Buffer.from('d0cf11e0a1b11ae1', 'hex'), 30_000);
    const office = await look();
    expect([['no_office', 'office_failed'].includes(office.fault), office.faultFile]).toEqual([true, 'old.xls']);
    const tried = (await seen()).find(({ name }) => name === 'old.xls')!;
    expect((await look()).faultFile).toBe('old.xls');
    expect(Number((await seen()).find(({ name }) => name === 'old.xls')!.at)).toBeGreaterThan(Number(tried.at));
    expect(await server.db('import_profile_files').where({ profile_id: profile })).toHaveLength(2);
    // a hundred a look, the oldest first; what lies behind them has its turn at the next, before what is tried again
    for (let i = 0; i < 100; i++) await put(`${i}.csv`, 'Имя;Тел\nПрофилев Второй;89167001102\n', 90_000);
    await put('0 newest.csv', 'Имя;Тел\nПрофилев Сотый;89167001104\n', 20_000);
    await look();
    expect((await seen()).length).toBe(known.length + 1 + 100);
    expect(await look()).toMatchObject({ faultFile: 'old.xls' });
    await expect.poll(names, { timeout: 20_000 }).toEqual(['Профилев Первый', 'Профилев Второй', 'Профилев Сотый']);
    await rm(join(inbox, 'old.xls'));
    for (let i = 0; i < 100; i++) await rm(join(inbox, `${i}.csv`));
    expect(await look()).toMatchObject({ fault: 'other_columns', faultFile: 'b.csv' });
    expect((await seen()).map(({ name }) => name)).toEqual(['0 newest.csv', 'a again.csv', 'a.csv', 'b.csv']);
    await rm(join(inbox, 'b.csv'));
    expect(await look()).toMatchObject({ fault: null, faultFile: null });

    const answers = ['Имя;Тел\nПрофилев Третий;89167001103\n'];
    const shop = createServer((_, res) => {
      if (answers[0] === 'breaks off') res.writeHead(200, { 'content-length': 1_000 }).write('Имя;Тел\n', () => res.destroy());
      else if (answers[0] === undefined) res.writeHead(500).end();
      else res.end(answers[0]);
    });
    await new Promise<void>((resolve) => shop.listen(0, '127.0.0.1', resolve));
    const { port } = shop.address() as AddressInfo;
    const http = (await root.post(`/api/imports/${id}/profile`, { ...draft, source: 'http', place: `http://127.0.0.1:${port}/prices.csv` })).body.profile.id as number; // prettier-ignore
    expect(await look(http)).toMatchObject({ fault: null });
    await look(http);
    await expect.poll(names, { timeout: 20_000 }).toEqual(['Профилев Первый', 'Профилев Второй', 'Профилев Сотый', 'Профилев Третий']);
    answers[0] = 'Совсем;Другое\nПрофилев Никто;1\n';
    for (let i = 0; i < 2; i++) expect(await look(http)).toMatchObject({ fault: 'other_columns', faultFile: 'prices.csv' });
    answers[0] = 'breaks off';
    expect(await look(http)).toMatchObject({ fault: 'not_reached', faultFile: null });
    answers.length = 0;
    expect(await look(http)).toMatchObject({ fault: 'not_reached' });
    shop.close();

    // one that cannot even be read does not keep the others waiting
    const broken = (await root.post(`/api/imports/${id}/profile`, { ...draft, place: 'nowhere' })).body.profile.id as number;
    await server.db('import_profiles').where({ id: broken }).update({ rules: 'x', next_at: 0 });
    expect(await look()).toMatchObject({ fault: null });
    expect(await server.db('import_profiles').where({ id: broken }).first('fault')).toEqual({ fault: 'failed' });
    await server.db('import_profiles').where({ id: broken }).delete();

    // off it looks no more; whoever has left, or may not any more, brings nothing in
    expect((await root.patch(`/api/imports/profiles/${profile}`, { on: false })).body.profile.on).toBe(false);
    expect((await root.post(`/api/imports/profiles/${profile}/run`)).status).toBe(409);
    const successor = await server.signIn('administrator');
    expect((await successor.patch(`/api/users/${root.userId}`, { role: 'manager' })).status).toBe(200);
    await expect.poll(async () => (await successor.post(`/api/imports/profiles/${http}/run`)).body.profile.fault).toBe('not_allowed');
    await successor.patch(`/api/users/${root.userId}`, { left: true });
    await expect.poll(async () => (await successor.post(`/api/imports/profiles/${http}/run`)).body.profile.fault).toBe('left');
  }, 60_000);
});

test('a worker killed in the middle of a file: the next one goes on, nothing is lost and nothing is there twice', async () => {
  const LINES = 6_000;
  const dir = await mkdtemp(join(tmpdir(), 'allo-killed-'));
  const onMysql = process.env.ALLO_TEST_MYSQL_URL ? await freshDatabase('mysql') : null;
  const url = onMysql?.url ?? `sqlite:${join(dir, 'allo.db')}`;
  const db = onMysql?.db ?? openDb(url);
  if (!onMysql) await migrate(db);
  try {
    const actorId = await insertUser(db, { login: 'boss', name: 'Boss', role: 'manager', departmentId: null, language: 'ru', timeZone: 'Europe/Moscow', passwordHash: 'x' }, 0); // prettier-ignore
    const rows = Array.from({ length: LINES }, (_, i) => `Рядов ${i};8 917 ${String(2_000_000 + i)}`);
    const bytes = Buffer.from(`ФИО;Телефон\n${rows.join('\n')}\n`);
    const id = await insertImport(db, { actorId, name: 'k.csv', bytes: bytes.length, at: 0 });
    await mkdir(join(dir, 'imports'));
    await writeFile(join(dir, 'imports', `${id}.bin`), bytes);
    await updateImport(db, id, { format: 'csv', encoding: 'utf8', delimiter: ';', columns: '["ФИО","Телефон"]', mapping: '["name","phones"]', rules: '{"match":["phone"],"onMatch":"fill","kind":"person"}' }); // prettier-ignore
    await db('imports').where({ id }).update({ state: 'running' });
    // The second worker's clock is two minutes ahead: whoever has not been heard of for one is taken for dead.
    const worker = (later: number) =>
      spawn(process.execPath, ['--import', 'tsx', 'test/support/take-import.ts'], { env: { ...process.env, DATABASE_URL: url, DATA_DIR: dir, LATER: String(later) }, stdio: ['ignore', 'ignore', 'inherit'] }); // prettier-ignore
    const taken = async () => Number(((await db('import_rows').where({ import_id: id }).count({ n: '*' })) as { n: number }[])[0]!.n);
    const first = worker(0);
    const gone = once(first, 'exit');
    while (first.exitCode === null && (await taken()) < 800) await new Promise((resolve) => setTimeout(resolve, 5));
    first.kill('SIGKILL');
    expect((await gone)[1]).toBe('SIGKILL');
    expect(await taken()).toBeLessThan(LINES);
    expect(((await once(worker(120_000), 'exit')) as [number | null])[0]).toBe(0);
    expect(await db('imports').where({ id }).first()).toMatchObject({ state: 'done', made: LINES, changed: 0, skipped: 0, rejected: 0 });
    expect(await taken()).toBe(LINES);
    const names = (await db('clients').where('name', 'like', 'Рядов %').pluck('name')) as string[];
    expect([names.length, new Set(names).size]).toEqual([LINES, LINES]);
    for (const table of ['phones', 'timeline']) expect(Number(((await db(table).count({ n: '*' })) as { n: number }[])[0]!.n), table).toBe(LINES); // prettier-ignore
  } finally {
    await (onMysql ? onMysql.drop() : db.destroy());
    await rm(dir, { recursive: true });
  }
}, 300_000); // processes start, on a machine that may be busy
