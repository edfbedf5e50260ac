import type { Knex } from 'knex';
import type { Random } from './random.ts';

/** What stands on the cards of the demonstration beside names and numbers: requisites, tags, stages, relations, what was learnt. */

interface Card {
  id: number;
  kind: 'company' | 'person';
  name: string;
  createdAt: number;
}

const BATCH = 400;
const DAY = 24 * 3600 * 1000;

const weighted = (digits: string, weights: readonly number[]) => (weights.reduce((sum, w, i) => sum + w * Number(digits[i]), 0) % 11) % 10;

/** A tax number with right check digits that the tax service has given to nobody: region 00. */
const inn = (random: Random, kind: Card['kind']): string => {
  const body = `00${Array.from({ length: kind === 'company' ? 7 : 8 }, () => random.int(0, 9)).join('')}`;
  if (kind === 'company') return body + weighted(body, [2, 4, 10, 3, 5, 9, 4, 6, 8]);
  const eleven = body + weighted(body, [7, 2, 4, 10, 3, 5, 9, 4, 6, 8]);
  return eleven + weighted(eleven, [3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8]);
};

const TAGS = ['VIP', 'опт', 'розница', 'самовывоз', 'доставка'];
const CITIES = ['г. Пермь', 'г. Казань', 'г. Самара', 'г. Тула'];
const STREETS = ['ул. Лесная', 'ул. Садовая', 'пр-т Мира', 'ул. Новая'];
const LEARNT: readonly (readonly [kind: string, text: string, answer: string])[] = [
  ['need', 'Доставка до пятницы, иначе берут у другого', ''],
  ['need', 'Нужен один счёт на все филиалы', ''],
  ['objection', 'Дорого', 'Рассрочка на три месяца без процентов'],
  ['objection', 'Долго везёте', 'Есть склад в их городе: два дня'],
  ['strength', 'Платят вовремя, заказывают каждый месяц', ''],
  ['weakness', 'Решение тянут до конца квартала', ''],
  ['role', 'Решает директор, готовит главный инженер', ''],
  ['manner', 'Говорит коротко, просит цифры', ''],
];

const insertAll = async (db: Knex, table: string, rows: readonly object[]): Promise<void> => {
  for (let from = 0; from < rows.length; from += BATCH) await db(table).insert(rows.slice(from, from + BATCH));
};

export const inventCards = async (
  db: Knex,
  random: Random,
  cards: readonly Card[],
  { now, userId }: { now: number; userId: number },
): Promise<void> => {
  const values: object[] = [];
  const dossier: object[] = [];
  const relations: object[] = [];
  const companies = cards.filter(({ kind }) => kind === 'company');
  const people = cards.filter(({ kind }) => kind === 'person');
  for (const card of cards.slice(0, 300)) {
    const number = inn(random, card.kind);
    const tag = random.pick(TAGS);
    const address = `${random.pick(CITIES)}, ${random.pick(STREETS)}, д. ${random.int(1, 90)}`;
    const custom = {
      inn: number,
      tags: [tag],
      address: { raw: address, text: address },
      source: random.pick(['call', 'site', 'recommendation']),
    };
    await db('clients').where({ id: card.id }).update({ custom: JSON.stringify(custom), stage: random.pick(['new', 'prospect', 'active', 'active', 'at_risk']), stage_at: now - random.int(1, 60) * DAY }); // prettier-ignore
    for (const [field, text] of [
      ['inn', number],
      ['tags', tag.toLowerCase()],
      ['address', address.toLowerCase()],
      ['source', custom.source],
    ])
      // prettier-ignore
      values.push({ client_id: card.id, field, text, number: null });
    if (random.chance(0.5))
      for (const [kind, text, answer] of [random.pick(LEARNT), random.pick(LEARNT)])
        dossier.push({ client_id: card.id, kind, text, answer, source: 'звонок', user_id: userId, at: now - random.int(1, 50) * DAY });
  }
  const related = (from: number, to: number, kind: string, position = '', share: number | null = null) =>
    relations.push({
      from_id: from,
      to_id: to,
      kind,
      position,
      share,
      since: '2024-01-15',
      until: null,
      note: '',
      user_id: userId,
      at: now,
    });
  companies.slice(0, 60).forEach((company, i) => {
    const [contact, director] = [people[(i * 2) % people.length], people[(i * 2 + 1) % people.length]];
    if (contact) related(contact.id, company.id, 'contact', 'Менеджер по закупкам');
    if (director) related(director.id, company.id, 'director');
    const mother = companies[Math.floor(i / 5)];
    if (mother && mother.id !== company.id) related(mother.id, company.id, 'holding', '', 5100);
  });
  await insertAll(db, 'client_values', values);
  await insertAll(db, 'dossier', dossier);
  await insertAll(db, 'relations', relations);
};
