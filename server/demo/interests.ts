import type { Random } from './random.ts';

/** [heading, label] */
const TOPICS: readonly [string, string][] = [
  ['Договор', 'Расширенный тариф'],
  ['Договор', 'Годовой договор'],
  ['Доставка', 'Экспресс-доставка'],
  ['Доставка', 'Доставка по подписке'],
  ['Товары', 'Стартовый набор'],
  ['Товары', 'Кофе и чай'],
  ['Товары', 'Вода в бутылях'],
  ['Товары', 'Бумага для офиса'],
  ['Товары', 'Мебель для офиса'],
];

export const topicRows = () => TOPICS.map(([heading, label], i) => ({ label, heading, position: i + 1, retired_at: null }));

interface Person {
  readonly clientId: number;
  readonly userId: number;
}

/** Of about a third of the clients something is known: rows of `interests`, and the same in their histories. */
export const inventInterests = (
  random: Random,
  people: readonly Person[],
  topicIds: readonly number[],
  at: { from: number; now: number },
) =>
  people
    .filter(() => random.chance(0.35))
    .flatMap(({ clientId, userId }) => {
      const first = random.int(0, topicIds.length - 1);
      return Array.from({ length: random.int(1, 3) }, (_, i) => {
        const topic = (first + i * 2) % topicIds.length;
        const said = at.from + Math.floor(random.next() * (at.now - at.from));
        const [day] = new Date(said).toISOString().split('T') as [string];
        const strength = random.weighted([
          [3, 2],
          [2, 5],
          [1, 3],
          [0, 1],
        ]);
        const row = { client_id: clientId, topic_id: topicIds[topic]!, ref: day, source: 'hand', strength, at: said, until_at: null, user_id: userId }; // prettier-ignore
        const entry = {
          clientId,
          at: said,
          kind: 'interest',
          ref: `${topicIds[topic]}@${clientId} ${day}`,
          userId,
          data: { topic: TOPICS[topic]![1], strength, source: 'hand' },
        };
        return { row, entry };
      });
    });
