import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Knex } from 'knex';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { CLIENT_LINKS } from '../../server/client-links.ts';
import { isSqlite } from '../../server/core/db.ts';
import { startCallCentre } from '../support/call-centre.ts';
import { eachDatabase } from '../support/db.ts';
import { Story } from '../support/facts.ts';

type Centre = Awaited<ReturnType<typeof startCallCentre>>;

/** Of every table: its columns that hold a client's id, by name or by foreign key. */
const clientColumns = async (db: Knex): Promise<string[]> => {
  const found = new Set<string>();
  if (isSqlite(db)) {
    const tables = (await db('sqlite_master').where({ type: 'table' }).pluck('name')) as string[];
    for (const table of tables) {
      const columns = (await db.raw('SELECT name FROM pragma_table_info(?)', [table])) as { name: string }[];
      const keys = (await db.raw('SELECT "from" AS name FROM pragma_foreign_key_list(?) WHERE "table" = \'clients\'', [table])) as { name: string }[]; // prettier-ignore
      for (const { name } of [...columns.filter(({ name: n }) => /(^|_)client(_id)?$/.test(n)), ...keys]) found.add(`${table}.${name}`);
    }
  } else {
    const [columns] = (await db.raw("SELECT table_name AS t, column_name AS c FROM information_schema.columns WHERE table_schema = DATABASE() AND column_name REGEXP '(^|_)client(_id)?$'")) as [{ t: string; c: string }[]]; // prettier-ignore
    const [keys] = (await db.raw("SELECT table_name AS t, column_name AS c FROM information_schema.key_column_usage WHERE table_schema = DATABASE() AND referenced_table_name = 'clients'")) as [{ t: string; c: string }[]]; // prettier-ignore
    for (const { t, c } of [...columns, ...keys]) found.add(`${t}.${c}`);
  }
  return [...found].sort();
};

eachDatabase((_, engine) => {
  let centre: Centre;
  let boss: Centre['anna'];
  let dir: string;
  let category = 0;
  let topic = 0;
  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'allo-merge-'));
    centre = await startCallCentre(engine, { DATA_DIR: dir });
    boss = await centre.signIn('manager');
    const setup = (await boss.get('/api/complaints/setup')).body;
    category = setup.categories.find((c: { code: string }) => c.code === 'delivery').id;
    topic = (await centre.admin.post('/api/interests/topics', { label: 'Fibre', heading: '' })).body.topic.id;
    expect((await centre.admin.post('/api/fields', { type: 'reference', label: { ru: 'Кто привёл', en: 'Brought by' }, key: 'brought_by', settings: { to: 'client' } })).status).toBe(201); // prettier-ignore
    const options = ['a', 'b', 'c'].map((code) => ({ code, label: { ru: code, en: code } }));
    const tags = await centre.admin.post('/api/fields', {
      type: 'multi-list',
      label: { ru: 'Метки', en: 'Tags' },
      key: 'tags_of',
      settings: { options },
    });
    expect(tags.status, JSON.stringify(tags.body)).toBe(201);
  });
  afterAll(async () => {
    await centre.close();
    await rm(dir, { recursive: true });
  });

  const ok = async (answer: Promise<{ status: number; body: unknown }>) => {
    const got = await answer;
    expect(got.status, JSON.stringify(got.body)).toBeLessThan(300);
    return got.body as never;
  };
  const card = async (draft: object): Promise<number> =>
    ((await ok(boss.post('/api/clients', draft))) as { client: { id: number } }).client.id;
  const read = async (id: number) => (await boss.get(`/api/clients/${id}`)).body.client;
  const merge = async (survivorId: number, mergedId: number, take: object = {}, who = boss) => {
    const versions = { survivor: (await read(survivorId)).version, merged: (await read(mergedId)).version };
    return who.post('/api/duplicates/merge', { survivorId, mergedId, versions, take });
  };
  let calls = 0;
  /** Something of every kind that can hang on a client. */
  const live = async (id: number): Promise<void> => {
    await ok(boss.post(`/api/clients/${id}/notes`, { text: 'Likes tea', pinned: true }));
    const { task } = (await ok(boss.post('/api/tasks', { kind: 'task', text: 'Call', dueAt: Date.now() + 1e6, clientId: id }))) as { task: { id: number } }; // prettier-ignore
    await ok(boss.post(`/api/tasks/${task.id}/series`, { rule: 'FREQ=YEARLY' }));
    await ok(boss.post('/api/meetings', { title: 'Demo', start: '2030-01-10T10:00', minutes: 60, timeZone: 'UTC', clientId: id, contacts: [{ email: `guest${id}@client.example`, clientId: id }] })); // prettier-ignore
    await ok(boss.post('/api/complaints', { categoryId: category, subject: 'Late', clientId: id }));
    await ok(boss.put(`/api/interests/${id}/${topic}`, { strength: 2 }));
    await ok(boss.post(`/api/clients/${id}/dossier`, { kind: 'need', text: 'Speed' }));
    await ok(boss.post(`/api/clients/${id}/stage`, { to: 'prospect', version: (await read(id)).version }));
    await ok(boss.request('POST', `/api/files?kind=client&ref=${id}&name=a.txt`, Buffer.from(`file of ${id}`), { 'content-type': 'application/octet-stream' })); // prettier-ignore
    const friend = await card({ name: 'Friend' });
    await ok(boss.post(`/api/clients/${id}/relations`, { toId: friend, kind: 'relative' }));
    await ok(boss.post(`/api/clients/${friend}/relations`, { toId: id, kind: 'agent' }));
    await ok(boss.post(`/api/clients/${id}/proposals/refuse`, { otherId: friend }));
    await ok(boss.patch(`/api/clients/${friend}`, { version: (await read(friend)).version, custom: { brought_by: id } }));
    const [campaign] = (await centre.db('campaign_contacts').insert({ campaign_id: 1, client_id: id, number: `+7916${id}` })) as [number];
    expect(campaign).toBeGreaterThan(0);
    const at = Date.now() - 60_000;
    const story = new Story({ key: `${++calls}.99`, from: '+79990000000' }, at).begin(20, 'offer', '101').end(30, 'offer', 'answered', '101').begin(30, 'talk', '101').hangup(50, 'completed'); // prettier-ignore
    await centre.write(story.facts);
    await ok(centre.anna.post(`/api/calls/main:${calls}.99/attach`, { clientId: id }));
  };
  /** Everything that hangs on these clients, and their cards, as the tables have it. */
  const picture = async (ids: readonly number[]) => {
    const tables: Record<string, unknown[]> = {};
    const columns = [...CLIENT_LINKS.links, ...['phones', 'emails', 'search_words', 'client_values'].map((table) => ({ table, column: 'client_id', textWhere: undefined }))]; // prettier-ignore
    for (const { table, column, textWhere } of columns) {
      const rows = (await centre.db(table).whereIn(column, textWhere ? ids.map(String) : [...ids]).where(textWhere ?? {})) as Record<string, unknown>[]; // prettier-ignore
      // Edits and moves of the merge itself stay in the history; rows that were written anew have new ids.
      const before = rows.filter((row) => table !== 'timeline' || !['merge', 'edited'].includes(String(row.kind)));
      const anew = ['phones', 'emails', 'client_values'].includes(table);
      tables[`${table}.${column}`] = before.map((row) => JSON.stringify({ ...row, ...(anew ? { id: 0 } : {}) })).sort();
    }
    const cards = (await centre
      .db('clients')
      .whereIn('id', [...ids])
      .orderBy('id')) as Record<string, unknown>[];
    return { tables, cards: cards.map((row) => ({ ...row, version: 0, updated_at: 0 })) };
  };

  test('every column that holds a client is known to the merge', async () => {
    const known = [...CLIENT_LINKS.links.map(({ table, column }) => `${table}.${column}`), ...Object.keys(CLIENT_LINKS.kept)];
    const found = await clientColumns(centre.db);
    expect(found.length).toBeGreaterThan(15);
    expect(found.filter((column) => !known.includes(column))).toEqual([]);
  });

  test('everything goes over, old ids lead to the survivor, and the undo restores both as they were', async () => {
    const a = await card({ name: 'Olga Orlova', phones: [{ raw: '+7 916 200-00-01' }], note: 'first', custom: { inn: '500100732259' } });
    const b = await card({ name: 'Orlova Olga', phones: [{ raw: '8 916 200 00 01' }, { raw: '+7 916 200-00-02' }], emails: [{ address: 'olga@x.example' }], note: 'second', position: 'Buyer' }); // prettier-ignore
    await live(a);
    await live(b);
    await ok(boss.post(`/api/clients/${a}/relations`, { toId: b, kind: 'relative' })); // between the two
    const before = await picture([a, b]);
    for (const [key, rows] of Object.entries(before.tables)) expect(rows.length, key).toBeGreaterThan(0);

    const done = await merge(a, b, { name: 'merged' });
    expect(done.status, JSON.stringify(done.body)).toBe(200);
    const one = await read(a);
    expect(one).toMatchObject({ id: a, name: 'Orlova Olga', note: 'first\n\nsecond', position: 'Buyer', custom: { inn: '500100732259' } });
    expect(one.phones.map((p: { e164: string }) => p.e164)).toEqual(['+79162000001', '+79162000002']);
    expect(one.emails.map((e: { address: string }) => e.address)).toEqual(['olga@x.example']);
    for (const { table, column, textWhere } of CLIENT_LINKS.links)
      expect(await centre.db(table).where(column, textWhere ? String(b) : b).where(textWhere ?? {}), `${table}.${column}`).toEqual([]); // prettier-ignore
    // The search, the old link, what an open page still sends.
    expect((await boss.get('/api/clients?q=9162000002')).body.items.map((i: { id: number }) => i.id)).toEqual([a]);
    expect((await read(b)).id).toBe(a);
    // a page that has the merged card still open must not write over the survivor by a version that happens to fit
    const { version } = await centre.db('clients').where({ id: a }).first('version');
    const stale = await boss.patch(`/api/clients/${b}`, { version, name: 'Stale' });
    expect(stale).toMatchObject({ status: 409, body: { error: { data: { reason: 'merged', clientId: a } } } });
    expect((await read(a)).name).toBe('Orlova Olga');
    const task = ((await ok(boss.post('/api/tasks', { kind: 'task', text: 'Late', dueAt: Date.now() + 1e6, clientId: b }))) as { task: { client: { id: number } } }).task; // prettier-ignore
    expect(task.client.id).toBe(a);
    expect((await boss.get(`/api/files?kind=client&ref=${b}`)).body.items).toHaveLength(2);
    expect((await boss.get(`/api/interests?client=${b}`)).body.items).toHaveLength(1);
    const history = (await boss.get(`/api/clients/${a}/timeline?limit=100`)).body.items as { kind: string }[];
    expect(history.filter(({ kind }) => kind === 'created')).toHaveLength(2);
    expect(history.filter(({ kind }) => kind === 'merge')).toHaveLength(1);
    const referred = (await centre
      .db('client_values')
      .where({ field: 'brought_by' })
      .whereIn('number', [a, b])
      .pluck('number')) as number[];
    expect(referred).toEqual([a, a]);

    // A second one cannot be parted from under a third.
    const c = await card({ name: 'Olga O' });
    const later = await merge(a, c);
    expect((await boss.post(`/api/duplicates/merges/${done.body.id}/undo`)).body.error).toMatchObject({ code: 'conflict', data: { reason: 'later', mergeId: later.body.id } }); // prettier-ignore
    await ok(boss.post(`/api/duplicates/merges/${later.body.id}/undo`));
    const undone = await boss.post(`/api/duplicates/merges/${done.body.id}/undo`);
    expect(undone.status, JSON.stringify(undone.body)).toBe(200);
    expect(undone.body).toEqual({ survivorId: a, mergedId: b, kept: [] });
    await centre.db('timeline').where({ kind: 'task', client_id: a }).where('data', 'like', '%Late%').delete();
    await centre.db('tasks').where({ client_id: a, text: 'Late' }).delete();
    const after = await picture([a, b]);
    for (const [key, rows] of Object.entries(before.tables)) expect(after.tables[key], key).toEqual(rows);
    expect(after.cards).toEqual(before.cards);
    expect((await read(b)).name).toBe('Orlova Olga');
    expect((await boss.get('/api/clients?q=9162000002')).body.items.map((i: { id: number }) => i.id)).toEqual([b]);
    expect((await boss.post(`/api/duplicates/merges/${done.body.id}/undo`)).body.error.data.reason).toBe('undone');
  });

  test('what a person changed since stays; a chain of merges leads to its end', async () => {
    const [a, b, c] = [await card({ name: 'Chain One' }), await card({ name: 'Chain Two', position: 'Buyer', phones: [{ raw: '+7 916 300-00-01' }] }), await card({ name: 'Chain Three' })]; // prettier-ignore
    const first = await merge(a, b);
    const { version, phones } = await read(a);
    await ok(boss.patch(`/api/clients/${a}`, { version, position: 'Chief', phones: [...phones.map(({ raw }: { raw: string }) => ({ raw })), { raw: '+7 916 300-00-09' }] })); // prettier-ignore
    const second = await merge(c, a);
    expect((await read(b)).id).toBe(c);
    expect((await boss.post(`/api/duplicates/merges/${first.body.id}/undo`)).body.error.data).toMatchObject({
      reason: 'merged',
      clientId: c,
    });
    await ok(boss.post(`/api/duplicates/merges/${second.body.id}/undo`));
    expect((await boss.post(`/api/duplicates/merges/${first.body.id}/undo`)).body.kept).toEqual(['position']);
    expect(await read(a)).toMatchObject({ position: 'Chief', phones: [{ e164: '+79163000009' }] });
    expect(await read(b)).toMatchObject({ id: b, position: 'Buyer', phones: [{ e164: '+79163000001' }] });
  });

  test('numbers, addresses, roles and entries of a list are kept one by one; the undo brings back what was left out', async () => {
    const at = { phones: [{ raw: '+7 916 500-00-01', purpose: 'work' }, { raw: '+7 495 500-00-00 ext. 12' }], emails: [{ address: 'One@x.example' }, { address: 'two@x.example' }], roles: ['client'], custom: { tags_of: ['a', 'b'] } }; // prettier-ignore
    const a = await card({ name: 'Item One', ...at });
    const b = await card({ name: 'Item Two', phones: [{ raw: '8 (916) 500 00 01' }, { raw: '+7 495 500-00-00 ext. 13' }, { raw: '+7 916 500-00-03' }], emails: [{ address: 'one@x.example' }, { address: 'three@x.example' }], roles: ['supplier', 'partner'], custom: { tags_of: ['b', 'c'] } }); // prettier-ignore
    const before = await picture([a, b]);
    const wrong = async (take: object) => (await merge(a, b, take)).body.error.data.issues[0];
    expect(await wrong({ phones: ['+79990001122'] })).toEqual({ path: 'body.take.phones', code: 'no_such_item' });
    expect(await wrong({ name: ['Item One'] })).toEqual({ path: 'body.take.name', code: 'not_a_list' });
    expect(await wrong({ note: [] })).toEqual({ path: 'body.take.note', code: 'not_a_list' });
    expect(await picture([a, b])).toEqual(before);

    const take = { phones: ['+79165000001', '+74955000000x13'], emails: ['three@x.example', 'two@x.example'], roles: ['client', 'partner'], 'custom.tags_of': ['c', 'a'] }; // prettier-ignore
    const { id } = (await ok(merge(a, b, take))) as { id: number };
    const one = await read(a);
    const numbers = one.phones.map((p: { e164: string; extension: string | null; purpose: string }) => [p.e164, p.extension, p.purpose]);
    expect(numbers).toEqual([['+79165000001', null, 'work'], ['+74955000000', '13', '']]); // prettier-ignore
    expect(one.emails.map((e: { address: string }) => e.address)).toEqual(['two@x.example', 'three@x.example']);
    expect(one).toMatchObject({ roles: ['client', 'partner'], custom: { tags_of: ['a', 'c'] } });
    expect((await boss.get('/api/clients?q=9165000003')).body.items).toEqual([]);
    // The record says how many were chosen, not which.
    const record = (await centre
      .db('audit')
      .where({ what: 'client.merged', row_id: String(a) })
      .first('details')) as { details: string };
    expect(JSON.parse(record.details)).toMatchObject({ take: { phones: { kept: 2 } } });

    await ok(boss.post(`/api/duplicates/merges/${id}/undo`));
    expect(await picture([a, b])).toEqual(before);
    // Nothing kept is a choice, too.
    await ok(merge(a, b, { phones: [], emails: [] }));
    expect(await read(a)).toMatchObject({ phones: [], emails: [] });
  });

  test('a client merged while in a call: what the call tells later is the survivor’s, and so is what was being written', async () => {
    const [a, b] = [await card({ name: 'Speaks Now' }), await card({ name: 'Speaks Now', phones: [{ raw: '+7 916 400-00-01' }] })];
    const at = Date.now() - 60_000;
    const story = new Story({ key: 'busy.1', from: '+79164000001' }, at).begin(20, 'offer', '101').end(30, 'offer', 'answered', '101').begin(30, 'talk', '101'); // prettier-ignore
    await centre.write(story.facts);
    const row = async () => centre.db('calls').where({ linkedid: 'busy.1' }).first();
    const mine = (await row()) as { client_id: number };
    expect(mine.client_id).toBe(b);
    await ok(merge(a, b, { phones: 'survivor' }));
    await centre.write(story.hangup(50_000, 'completed').facts);
    expect(await row()).toMatchObject({ client_id: a, end_reason: 'completed' });
    expect(await centre.db('timeline').where({ kind: 'call', ref: 'main:busy.1' }).pluck('client_id')).toEqual([a]);
    // A transaction that had read the old id commits after the merge.
    await centre.db('calls').insert({ pbx: 'main', linkedid: 'busy.2', direction: 'in', client_id: b, started_at: at, ended_at: at + 1 });
    await centre.app.deps.addTimeline(centre.db, { clientId: b, at, kind: 'call', ref: 'main:busy.2', userId: null, data: {} });
    expect(await centre.app.deps.clientMerging.gatherLate(Date.now())).toEqual([a]);
    expect(await centre.db('calls').where({ linkedid: 'busy.2' }).pluck('client_id')).toEqual([a]);
    expect(await centre.app.deps.clientMerging.gatherLate(Date.now())).toEqual([]);
  });

  test('what cannot be merged is refused, and nothing is changed', async () => {
    const [a, b, firm] = [await card({ name: 'No One' }), await card({ name: 'No Two' }), await card({ name: 'No Ltd', kind: 'company' })];
    const rows = async () => [await centre.db('merges').count({ n: '*' }), await centre.db('changes').count({ n: '*' })];
    const before = await rows();
    const issue = async (answer: Promise<{ status: number; body: { error: { code: string; data: { issues?: { code: string }[]; reason?: string } } } }>) => {
      const { status, body } = await answer;
      return [status, body.error.data.issues?.[0]?.code ?? body.error.data.reason ?? body.error.code];
    }; // prettier-ignore
    expect(await issue(merge(a, a))).toEqual([400, 'same']);
    expect(await issue(merge(a, firm))).toEqual([400, 'other_kind']);
    expect(await issue(merge(a, b, { name: 'both' }))).toEqual([400, 'not_both']);
    expect(await issue(merge(a, b, { strange: 'merged' }))).toEqual([400, 'no_such_field']);
    expect(await issue(merge(a, b, {}, centre.anna))).toEqual([403, 'forbidden']); // operators merge nobody, unless rights say so
    const stale = { survivorId: a, mergedId: b, versions: { survivor: 0, merged: 1 }, take: {} };
    expect(await issue(boss.post('/api/duplicates/merge', stale))).toEqual([409, 'changed']);
    expect(await issue(boss.post('/api/duplicates/merge', { ...stale, mergedId: 999_999 }))).toEqual([404, 'not_found']);
    expect(await rows()).toEqual(before);
    // Both cards must be in reach.
    const [support] = (await centre.db('departments').insert({ name: 'Support', created_at: 0 })) as [number];
    const [sales] = (await centre.db('departments').insert({ name: 'Sales', created_at: 0 })) as [number];
    await centre.db('clients').where({ id: b }).update({ department_id: sales });
    await ok(centre.admin.put('/api/rights/operator/merge', { level: 'department' }));
    const carl = await centre.signIn('operator', { departmentId: support });
    expect(await issue(merge(a, b, {}, carl))).toEqual([403, 'forbidden']);
    expect(await issue(carl.get(`/api/duplicates/pair?one=${a}&other=${b}`))).toEqual([404, 'not_found']);
    await centre.db('clients').where({ id: b }).update({ department_id: support });
    expect((await merge(a, b, {}, carl)).status).toBe(200);
    expect(await issue(merge(a, b))).toEqual([409, 'archived']); // it is one with the other by now
  });
});
