import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { scanAll, scanSome } from '../../server/duplicates/scan.ts';
import { LIKELY, likeness } from '../../server/duplicates/score.ts';
import type { Likeness } from '../../server/duplicates/score.ts';
import { cityOf } from '../../server/core/address.ts';
import { eachDatabase } from '../support/db.ts';
import { startServer } from '../support/server.ts';
import type { TestServer } from '../support/server.ts';

describe('likeness', () => {
  const one = (words: string, of: Partial<Likeness> = {}): Likeness => ({ kind: 'person', words: words.split(' '), company: '', city: '', phones: [], emails: [], inn: '', birthday: '', ...of }); // prettier-ignore
  const phone = { phones: ['+79160000001'] };
  test.each<[string, Likeness, Likeness, boolean, string[]]>([
    ['a name turned round, one city', one('иванов иван', { city: 'пермь' }), one('иван иванов', { city: 'пермь' }), true, ['name', 'city']],
    ['a name alone', one('иванов иван'), one('иванов иван'), false, ['name']],
    ['a name in two cities', one('иванов иван', { city: 'пермь' }), one('иванов иван', { city: 'омск' }), false, ['name']],
    ['a slip and a number', one('иванов иван', phone), one('ивонов иван', phone), true, ['phone', 'near-name']],
    ['an initial and a number', one('иванов и', phone), one('иванов иван', phone), true, ['phone', 'near-name']],
    ['husband and wife, one number', one('орлов олег', phone), one('орлова анна', phone), false, ['phone']],
    ['father and son', one('иванов иван', { birthday: '1950-01-01' }), one('иванов иван', { birthday: '1980-02-02' }), false, ['name']],
    ['a firm and its branch under another name', one('рога', { kind: 'company', inn: '7707083893' }), one('копыта', { kind: 'company', inn: '7707083893' }), true, ['inn']], // prettier-ignore
    ['firms of one name', one('рога', { kind: 'company' }), one('рога', { kind: 'company' }), true, ['name']],
    ['firms of one name with two tax numbers', one('рога', { kind: 'company', inn: '7707083893' }), one('рога', { kind: 'company', inn: '500100732259' }), false, ['name']], // prettier-ignore
    ['a person and a firm', one('рога', { kind: 'company', ...phone }), one('рога', phone), false, []],
  ])('%s', (_, a, b, likely, reasons) => {
    const there = likeness(a, b);
    expect([there.score >= LIKELY, there.reasons]).toEqual([likely, reasons]);
    expect(likeness(b, a)).toEqual(there);
  });

  test.each([
    ['614000, Пермский край, г Пермь, улица Ленина, 5', 'Пермь'],
    ['Россия, Нижний Новгород, ул. Ленина, 5', 'Нижний Новгород'],
    ['ул. Ленина, 5', ''],
    ['Москва', 'Москва'],
  ])('the city of "%s"', (address, city) => expect(cityOf(address)).toBe(city));
});

eachDatabase((_, engine) => {
  let server: TestServer;
  let boss: Awaited<ReturnType<TestServer['signIn']>>;
  let admin: typeof boss;
  beforeAll(async () => {
    server = await startServer({ engine });
    boss = await server.signIn('manager');
    admin = await server.signIn('administrator');
  });
  afterAll(() => server.close());

  const card = async (draft: object, who = boss): Promise<number> => {
    const made = await who.post('/api/clients', draft);
    expect(made.status, JSON.stringify(made.body)).toBe(201);
    return made.body.client.id as number;
  };
  /** Of cards written just now, too. */
  const scan = async (): Promise<void> => {
    const { db, clientTraits } = server.app.deps;
    await scanAll({ db, clientTraits, now: () => Date.now() + 120_000 });
  };
  const pairs = async (query = '', who = boss) => {
    const { body } = await who.get(`/api/duplicates?limit=100${query}`);
    return (body.items as { low: { id: number }; high: { id: number }; score: number; reasons: string[] }[]).map(({ low, high, reasons }) => [low.id, high.id, reasons.join()]); // prettier-ignore
  };

  test('found by number, address, tax number, name with city; told apart for good; gone when they are alike no more', async () => {
    const a = await card({ name: 'Зорин Захар', phones: [{ raw: '8 916 500-00-01' }], custom: { address: 'г. Пермь, ул. Ленина, 1' } });
    const b = await card({ name: 'Захар Зорин', phones: [{ raw: '+7 (916) 500-00-01' }] });
    const c = await card({ name: 'Захар Зорин', custom: { address: 'Пермь, ул. Мира, 2' } });
    const d = await card({ name: 'ООО «Рога»', kind: 'company', custom: { inn: '7707083893' } });
    const e = await card({ name: 'Рога и копыта', kind: 'company', custom: { inn: '7707083893' } });
    const f = await card({ name: 'Почтова Нина', emails: [{ address: 'Nina@X.example' }] });
    const g = await card({ name: 'Нина Почтова', emails: [{ address: 'nina@x.example' }] });
    await card({ name: 'Зорин Захар', kind: 'company', phones: [{ raw: '+7 916 500-00-01' }] });
    await scan();
    const found = await pairs();
    expect(found).toHaveLength(4);
    expect(found).toEqual(expect.arrayContaining([[a, b, 'phone,name'], [a, c, 'name,city'], [d, e, 'inn,near-name'], [f, g, 'email,name']])); // prettier-ignore
    expect((await boss.get(`/api/clients/${a}/duplicates`)).body.items.map((i: { client: { id: number } }) => i.client.id)).toEqual([b, c]);
    expect((await pairs('&min=70')).length).toBe(3);

    // By pages of one.
    const paged: number[][] = [];
    for (let after = ''; ;) {
      const { body } = await boss.get(`/api/duplicates?limit=1${after && `&after=${after}`}`);
      paged.push(...body.items.map(({ low, high }: { low: { id: number }; high: { id: number } }) => [low.id, high.id]));
      if (body.next === null) break;
      after = body.next as string;
    }
    expect(paged).toEqual(found.map(([low, high]) => [low, high]));

    expect((await boss.post('/api/duplicates/dismiss', { one: b, other: a })).status).toBe(204);
    const { version } = (await boss.get(`/api/clients/${g}`)).body.client;
    await boss.patch(`/api/clients/${g}`, { version, name: 'Совсем Другая', emails: [] });
    expect((await admin.post('/api/duplicates/scan')).status).toBe(204);
    await scan();
    expect((await pairs()).map(([low, high]) => [low, high])).toEqual(expect.not.arrayContaining([[a, b], [f, g]])); // prettier-ignore
    expect(await pairs()).toHaveLength(2);
    expect((await boss.post('/api/duplicates/dismiss', { one: a, other: b, dismissed: false })).status).toBe(204);
    expect(await pairs()).toHaveLength(3);

    // Made one, it is a pair no more, and the others of the merged card go; parted, it is there again.
    const version1 = (await boss.get(`/api/clients/${a}`)).body.client.version as number;
    const version2 = (await boss.get(`/api/clients/${b}`)).body.client.version as number;
    const merged = await boss.post('/api/duplicates/merge', { survivorId: b, mergedId: a, versions: { survivor: version2, merged: version1 } }); // prettier-ignore
    expect(merged.status, JSON.stringify(merged.body)).toBe(200);
    await scan();
    expect((await pairs()).map(([low, high]) => [low, high])).toEqual(expect.arrayContaining([[b, c], [d, e]])); // prettier-ignore
    expect((await boss.get('/api/duplicates/merges')).body.items).toMatchObject([{ survivor: { id: b }, merged: { id: a }, can: { undo: true } }]); // prettier-ignore
    await boss.post(`/api/duplicates/merges/${merged.body.id}/undo`);
    expect((await pairs()).map(([low, high]) => [low, high])).toEqual(expect.arrayContaining([[a, b]]));
  });

  test('a pair is shown to whoever may see both cards, and to nobody else', async () => {
    const [sales] = (await server.db('departments').insert({ name: 'Sales', created_at: 0 })) as [number];
    const [other] = (await server.db('departments').insert({ name: 'Other', created_at: 0 })) as [number];
    await admin.put('/api/rights/operator/merge', { level: 'department' });
    const olga = await server.signIn('operator', { departmentId: sales });
    const a = await card({ name: 'Тайный Том', phones: [{ raw: '+7 916 600-00-01' }] }, olga);
    const b = await card({ name: 'Том Тайный', phones: [{ raw: '+7 916 600-00-01' }] }, olga);
    await scan();
    const ids = async () => (await pairs('', olga)).map(([low, high]) => [low, high]);
    const likely = async () => (await olga.post('/api/duplicates/likely', { kind: 'person', phones: ['89166000001'] })).body.items.map((i: { client: { id: number } }) => i.client.id); // prettier-ignore
    expect(await ids()).toContainEqual([a, b]);
    expect(await likely()).toEqual([a, b]);
    await server.db('clients').where({ id: b }).update({ department_id: other });
    expect(await ids()).not.toContainEqual([a, b]);
    expect(await likely()).toEqual([a]);
    expect((await olga.get(`/api/clients/${a}/duplicates`)).body.items).toEqual([]);
    expect((await olga.post('/api/duplicates/dismiss', { one: a, other: b })).status).toBe(404);
    const nobody = await server.signIn('complaints');
    expect((await nobody.get('/api/duplicates')).status).toBe(403);
    expect((await boss.post('/api/duplicates/scan')).status).toBe(403);
  });

  test('while somebody types: by number, address, tax number, and a name half typed or with a slip', async () => {
    const id = await card({ name: 'Пирожков Пётр', phones: [{ raw: '+7 916 700-00-01' }], emails: [{ address: 'p@y.example' }], custom: { inn: '500100732259' } }); // prettier-ignore
    for (const typed of [{ phones: ['8916700-00-01'] }, { emails: ['P@Y.example'] }, { inn: '500100732259' }, { name: 'петр пирожков' }, { name: 'Пирожков П' }]) {
      const { body } = await boss.post('/api/duplicates/likely', { kind: 'person', ...typed });
      expect(body.items.map((i: { client: { id: number } }) => i.client.id), JSON.stringify(typed)).toContain(id);
    } // prettier-ignore
    expect((await boss.post('/api/duplicates/likely', { kind: 'person', name: 'Пи', phones: ['8916'] })).body.items).toEqual([]);
  });

  test('what very many share says nothing; two searches at once, or one that is killed, find the same', async () => {
    const { db, clientTraits } = server.app.deps;
    const now = () => Date.now() + 120_000;
    for (let i = 0; i < 25; i++) await card({ name: `Общий Номер${'абвгдежзик'[i % 10]}${'абвгдежзик'[Math.floor(i / 10)]}`, phones: [{ raw: '+7 916 800-00-01' }] }); // prettier-ignore
    await scan();
    const before = await pairs();
    expect(before.some(([, , reasons]) => String(reasons).includes('phone,near-name'))).toBe(false);
    await admin.post('/api/duplicates/scan');
    await db('duplicates').where({ state: 'open' }).delete();
    // A part of it, and then both at once to the end.
    expect(await scanSome({ db, clientTraits, now }, 3)).toBe(3);
    await Promise.all([scanAll({ db, clientTraits, now }), scanAll({ db, clientTraits, now })]);
    const seen = (await db('duplicate_scan').where({ id: 1 }).first()) as { seen: number };
    const [{ n }] = (await db('clients').count({ n: '*' })) as unknown as [{ n: number }];
    expect(seen.seen).toBe(Number(n));
    expect(await pairs()).toEqual(before);
  });
});
