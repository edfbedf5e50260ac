import type { Knex } from 'knex';
import { insertClosedComplaints } from './closed-complaints.ts';
import type { Random } from './random.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

interface Invented {
  code: string;
  severity: string;
  status: string;
  subject: string;
  text: string;
  wish: string;
  /** ms ago. */
  age: number;
  owner: string | null;
  answer?: string;
}

/** Open ones in different states, and what was said. */
const OPEN: readonly Invented[] = [
  { code: 'delivery', severity: 'critical', status: 'new', subject: 'Заказ привезли не туда', text: 'Курьер оставил коробку у соседнего подъезда, она пропала.', wish: 'Привезти ещё раз сегодня', age: 12 * MINUTE, owner: null },
  { code: 'billing', severity: 'high', status: 'in-work', subject: 'Charged twice for one order', text: 'My card was charged twice, see the statement.', wish: 'The second payment back', age: 3 * HOUR, owner: 'olga', answer: 'We have asked the bank to return the second payment.' },
  { code: 'staff', severity: 'normal', status: 'acknowledged', subject: 'Грубо ответили по телефону', text: 'Оператор бросил трубку, не дослушав.', wish: 'Извинения', age: 5 * HOUR, owner: 'olga', answer: 'Спасибо, что сказали. Мы слушаем запись разговора.' },
  { code: 'quality', severity: 'normal', status: 'waiting-client', subject: 'Чайник течёт', text: 'Вода проступает у крышки.', wish: 'Замена', age: 1 * DAY, owner: 'olga', answer: 'Пришлите, пожалуйста, фотографию и номер на дне.' },
  { code: 'website', severity: 'low', status: 'new', subject: 'The basket forgets what I chose', text: 'Each time I come back it is empty.', wish: '', age: 40 * MINUTE, owner: null },
  { code: 'delivery', severity: 'normal', status: 'reopened', subject: 'Снова опоздали', text: 'Обещали к пяти, приехали в девять. Второй раз за месяц.', wish: 'Скидка на доставку', age: 2 * HOUR, owner: null },
]; // prettier-ignore

interface Entry {
  clientId: number;
  at: number;
  kind: string;
  ref: string;
  userId: number | null;
  data: object;
}

/** Complaints of the demonstration's clients. Their clocks the next sweep works out. @returns lines of the clients' histories */
export const insertComplaints = async (
  db: Knex,
  random: Random,
  of: { now: number; clientIds: readonly number[]; userIds: ReadonlyMap<string, number>; departmentId: number },
): Promise<Entry[]> => {
  const categories = new Map(
    ((await db('complaint_categories').where('kind', 'category').select('id', 'code')) as { id: number; code: string }[]).map((one) => [
      one.code,
      one.id,
    ]),
  );
  const year = new Date(of.now).getUTCFullYear();
  const settled = await insertClosedComplaints(db, random, { ...of, year });
  const history: Entry[] = [];
  const oldest = [...OPEN].sort((a, b) => b.age - a.age);
  for (const [i, one] of oldest.entries()) {
    const at = of.now - one.age;
    const clientId = random.pick(of.clientIds);
    const number = `C-${year}-${String(settled + i + 1).padStart(6, '0')}`;
    const owner = one.owner === null ? null : of.userIds.get(one.owner)!;
    const author = of.userIds.get('irina')!;
    const row = {
      number,
      client_id: clientId,
      category_id: categories.get(one.code)!,
      severity: one.severity,
      channel: 'phone',
      subject: one.subject,
      wish: one.wish,
      status: one.status,
      is_open: 1,
      place: 9_000_000_000_000_000,
      owner_id: owner,
      department_id: of.departmentId,
      registered_by: author,
      registered_at: at,
      updated_at: at,
      token: `demo-${number}-${at.toString(36)}`.slice(0, 64),
      version: 1,
    };
    const [id] = (await db('complaints').insert(row)) as [number];
    const link = { complaint_id: id, version: 1 };
    await db('complaint_entries').insert({
      ...link,
      kind: 'in',
      channel: 'phone',
      at,
      user_id: author,
      text: one.text,
      html: null,
      address: '',
      message_id: null,
    });
    await db('complaint_moves').insert({ ...link, kind: 'registered', from_value: '', to_value: 'phone', note: '', user_id: author, at });
    if (one.status !== 'new')
      await db('complaint_moves').insert({
        ...link,
        kind: 'status',
        from_value: 'new',
        to_value: one.status,
        note: '',
        user_id: owner,
        at: at + 10 * MINUTE,
      });
    if (one.answer)
      await db('complaint_entries').insert({
        ...link,
        kind: 'out',
        channel: 'phone',
        at: at + 11 * MINUTE,
        user_id: owner,
        text: one.answer,
        html: null,
        address: '',
        message_id: null,
      });
    history.push({
      clientId,
      at,
      kind: 'complaint',
      ref: String(id),
      userId: author,
      data: { number, subject: one.subject, status: one.status, severity: one.severity },
    });
  }
  await db('complaint_numbers')
    .insert({ year, last: settled + OPEN.length })
    .onConflict('year')
    .merge(['last']);
  return history;
};
