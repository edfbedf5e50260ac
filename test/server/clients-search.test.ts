import { afterAll, beforeAll, expect, test } from 'vitest';
import { insertClients } from '../../server/clients/bulk.ts';
import { ClientDraft } from '../../server/clients/contract.ts';
import { eachDatabase } from '../support/db.ts';
import { startRig } from './clients-rig.ts';

const PEOPLE = [
  { name: 'Семёнов Пётр', company: 'ООО «Ромашка»', phones: ['+7 (916) 123-45-67'], emails: ['Petr.Semenov@Example.com'] },
  { name: 'СЕМЕНОВА АННА', phones: ['8 916 123 45 68 доб. 3'], emails: ['anna@example.org'] },
  { name: 'Ivan Petrov', company: 'Example Ltd', phones: ['+44 20 7946 0958'], emails: ['ivan_p+x@example.net'] },
  { name: 'Иван Петров', phones: ['495 200-00-01', '8 (495) 200-00-01', '101'] },
  { name: 'Иванов Иван Иванович', phones: ['+7 495 200 00 02'] },
  { name: 'Завод 21', phones: ['88005553535'] },
  { name: '100% Сок', emails: ['100-x@example.com'] },
  { name: 'under_score', emails: ['a_b@example.com'] },
];

eachDatabase((open) => {
  let rig: Awaited<ReturnType<typeof startRig>>;
  beforeAll(async () => {
    rig = await startRig(await open());
    for (const { phones = [], emails = [], ...of } of PEOPLE)
      await rig.create('root', { ...of, phones: phones.map((raw) => ({ raw })), emails: emails.map((address) => ({ address })) });
  });
  afterAll(() => rig?.close());

  test.each([
    ['сем', ['Семёнов Пётр', 'СЕМЕНОВА АННА']],
    ['СЕМЁН', ['Семёнов Пётр', 'СЕМЕНОВА АННА']],
    ['семенов', ['Семёнов Пётр', 'СЕМЕНОВА АННА']],
    ['пётр', ['Семёнов Пётр', 'Иван Петров']],
    ['петр', ['Семёнов Пётр', 'Иван Петров']],
    ['петр семёнов', ['Семёнов Пётр']],
    ['анна петр', []],
    ['ромашка', ['Семёнов Пётр']],
    ['«ромашка»', ['Семёнов Пётр']],
    ['омашка', ['Семёнов Пётр']], // nobody is called so: one letter was left out
    ['ivan', ['Ivan Petrov']],
    ['IVAN pet', ['Ivan Petrov']],
    ['иван', ['Иван Петров', 'Иванов Иван Иванович']],
    ['иван иванов', ['Иванов Иван Иванович']],
    ['завод 21', ['Завод 21']],
    ['8916', ['Семёнов Пётр', 'СЕМЕНОВА АННА']],
    ['+7 (916) 123', ['Семёнов Пётр', 'СЕМЕНОВА АННА']],
    ['916-123-45-67', ['Семёнов Пётр']],
    ['89161234567', ['Семёнов Пётр']],
    ['79161234567', ['Семёнов Пётр']],
    ['4568', ['СЕМЕНОВА АННА']],
    ['45 68', ['СЕМЕНОВА АННА']],
    ['+44 20', ['Ivan Petrov']],
    ['0044207', ['Ivan Petrov']],
    ['0958', ['Ivan Petrov']],
    ['2000001', ['Иван Петров']],
    ['101', ['Иван Петров']],
    ['8800555', ['Завод 21']],
    ['petr.sem', ['Семёнов Пётр']],
    ['PETR.SEMENOV@EXAMPLE', ['Семёнов Пётр']],
    ['anna@', ['СЕМЕНОВА АННА']],
    ['semenov@', []],
    ['100-x@', ['100% Сок']],
    ['100%@', []],
    ['a_b@', ['under_score']],
    ['axb@', []],
    ['100%', ['100% Сок']],
    ['%', []],
    ['_', []],
    ['%%%%', []],
    ['under_score', ['under_score']],
    ['score', ['under_score']],
    ['\\', []],
    ["'", []],
    ['\u0000', []],
    ['я'.repeat(200), []],
    ['9'.repeat(200), []],
    ['а '.repeat(100), ['СЕМЕНОВА АННА']],
    ['абвгд '.repeat(33), []],
    ['😀', []],
    ['+', []],
    ['()', []],
    ['7', ['Семёнов Пётр', 'СЕМЕНОВА АННА', 'Иван Петров', 'Иванов Иван Иванович', 'Завод 21']],
    ['+7 9', ['Семёнов Пётр', 'СЕМЕНОВА АННА']],
    ['+4', ['Ivan Petrov']],
    ['99', []],
    ['bdfyjd', ['Иванов Иван Иванович']], // the other keyboard layout
    ['ШМФТ ЗУЕКЩМ', ['Ivan Petrov']],
    ['ctv`yjd', ['Семёнов Пётр', 'СЕМЕНОВА АННА']],
    ['zavod', ['Завод 21']], // the other alphabet
    ['romashka', ['Семёнов Пётр']],
    ['semyonov', ['Семёнов Пётр', 'СЕМЕНОВА АННА']],
    ['ивонов', ['Иванов Иван Иванович']], // one slip
    ['иавнов', ['Иванов Иван Иванович']],
    ['ивановв', ['Иванов Иван Иванович']],
    ['петрв иван', ['Иван Петров']],
    ['ivonov', ['Иванов Иван Иванович']], // a slip in the other alphabet
    ['bdjyjd', ['Иванов Иван Иванович']],
    ['ивооов', []], // two slips
    ['пжтр', ['Семёнов Пётр', 'Иван Петров']],
    ['анма петр', []],
  ])('%j finds %j', async (q, names) => {
    expect((await rig.search('anna', q)).sort()).toEqual([...names].sort());
  });

  test('what is shown first is the exact word', async () => {
    expect((await rig.search('anna', 'иван'))[0]).toBe('Иван Петров');
  });

  test('pages of every question and of the list hold everybody once', async () => {
    const draft = (i: number) =>
      ClientDraft.parse({
        name: `Пагинатор Пагин Пагинов ${String(i % 7)}`,
        company: i % 3 === 0 ? 'Пагиния' : '',
        phones: [
          { raw: `+7 495 300-01-${String(i % 100).padStart(2, '0')}` },
          { raw: `+7 495 300-02-${String(i % 100).padStart(2, '0')}` },
        ],
        emails: [{ address: `pagin${i % 5}@example.com` }, { address: `pagination${i}@example.com` }],
      });
    const { sales, support } = rig.departments;
    const many = Array.from({ length: 120 }, (_, i) => ({
      draft: draft(i),
      departmentId: [null, sales, support][i % 3]!,
      ownerId: null,
      createdAt: 0,
    }));
    const ids = await rig.db.transaction((trx) => insertClients(trx, many, 'RU'));
    const foreign = new Set(ids.filter((_, i) => i % 3 === 2));
    for (const q of ['паг', 'пагинатор паги', 'пагин 3', 'pagin', '7495300', '495 300', '300', '']) {
      for (const who of ['root', 'anna'] as const) {
        const seen: number[] = [];
        let after: string | null = '';
        while (after !== null) {
          const page = await rig.ask(who, 'GET', `/clients?limit=7&q=${encodeURIComponent(q)}${after && `&after=${after}`}`);
          seen.push(...page.body.items.map((c: { id: number }) => c.id));
          expect(page.body.items.length).toBeLessThanOrEqual(7);
          after = page.body.next;
        }
        const mine = new Set(ids.filter((id) => who === 'root' || !foreign.has(id)));
        const expected = q === 'пагин 3' ? [...mine].filter((id) => (id - ids[0]!) % 7 === 3) : q === '300' ? [] : [...mine];
        const label = `${who} ${q}`;
        expect(seen.length, label).toBe(new Set(seen).size);
        expect(
          seen.filter((id) => ids.includes(id)).sort((a, b) => a - b),
          label,
        ).toEqual(expected);
      }
    }
  });

  test('the list is by name, whatever the case', async () => {
    const names = await rig.search('anna', '', 3);
    expect(names.indexOf('Иванов Иван Иванович')).toBeLessThan(names.indexOf('Семёнов Пётр'));
    expect(names.indexOf('Семёнов Пётр')).toBeLessThan(names.indexOf('СЕМЕНОВА АННА'));
    expect(names.indexOf('Иван Петров')).toBeLessThan(names.indexOf('Иванов Иван Иванович'));
  });

  test('a cursor that names a word the question has not is refused, not walked through everybody', async () => {
    for (const driver of [1, 2, 20]) {
      const cursor = Buffer.from(JSON.stringify({ source: 0, driver, key: 'a', id: 0 })).toString('base64url');
      for (const q of driver === 1 ? ['иван', '101'] : ['иван', 'иван петров', 'a@b'])
        expect(await rig.ask('root', 'GET', `/clients?q=${encodeURIComponent(q)}&after=${cursor}`), `${q} ${driver}`).toMatchObject({
          status: 400,
          body: { error: { code: 'invalid' } },
        });
    }
  });
});
