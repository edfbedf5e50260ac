import type { Knex } from 'knex';
import type { Random } from './random.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const WEEKS = 26;

const SAID = [
  ['delivery', 'supplier', 'Доставка опоздала'],
  ['delivery', 'process', 'Привезли не тот заказ'],
  ['billing', 'software', 'Charged twice'],
  ['staff', 'mistake', 'Грубо ответили'],
  ['quality', 'supplier', 'Broken on arrival'],
  ['website', 'software', 'Сайт не принимает оплату'],
  ['service', 'expectation', 'Обещали другое'],
] as const;
const PRODUCTS = ['Чайник', 'Кофемолка', 'Доставка', ''] as const;

/** Half a year of complaints that are settled, so that reports have something to say: one cause dearer than others, and one week that jumped. @returns how many */
export const insertClosedComplaints = async (
  db: Knex,
  random: Random,
  of: { now: number; clientIds: readonly number[]; userIds: ReadonlyMap<string, number>; departmentId: number; year: number },
): Promise<number> => {
  const codes = (await db('complaint_categories').select('id', 'code')) as { id: number; code: string }[];
  const idOf = (code: string) => codes.find((one) => one.code === code)!.id;
  const [policy_id] = (await db('complaint_policies').orderBy('id').limit(1).pluck('id')) as [number];
  const author = of.userIds.get('irina')!;
  const rows: Record<string, unknown>[] = [];
  const paid: { number: string; amount: number; at: number }[] = [];
  const times = Array.from({ length: WEEKS }, (_, week) => Array.from({ length: week === 3 ? 14 : random.int(3, 6) }, () => of.now - 2 * DAY - week * 7 * DAY - random.int(0, 6 * 24) * HOUR)); // prettier-ignore
  for (const at of times.flat().sort((a, b) => a - b)) {
    const [category, cause, subject] = random.pick(SAID);
    const number = `C-${of.year}-${String(rows.length + 1).padStart(6, '0')}`;
    const resolved = at + random.int(2, 44) * HOUR;
    rows.push({
      number,
      client_id: random.pick(of.clientIds),
      category_id: idOf(category),
      cause_id: idOf(cause),
      product: random.pick(PRODUCTS),
      severity: 'normal',
      channel: 'phone',
      subject,
      status: 'closed',
      is_open: 0,
      place: 9_000_000_000_000_000 - resolved,
      owner_id: of.userIds.get('olga')!,
      department_id: of.departmentId,
      registered_by: author,
      registered_at: at,
      updated_at: resolved,
      resolved_at: resolved,
      closed_at: resolved,
      late_at: random.chance(0.2) ? at + HOUR : null,
      policy_id,
      done_text: 'Исправлено',
      told: true,
      satisfaction: random.chance(0.4) ? random.int(2, 5) : null,
      token: `demo-${number}-${at.toString(36)}`.slice(0, 64),
      version: 3,
    });
    if (random.chance(cause === 'supplier' ? 0.6 : 0.15)) paid.push({ number, amount: random.int(3, 40) * 100_00, at });
  }
  for (let i = 0; i < rows.length; i += 50) await db('complaints').insert(rows.slice(i, i + 50));
  const ids = new Map(((await db('complaints').where('is_open', 0).select('id', 'number')) as { id: number; number: string }[]).map((one) => [one.number, one.id])); // prettier-ignore
  const moves = rows.flatMap(({ number, registered_at, resolved_at }) => {
    const link = { complaint_id: ids.get(number as string)!, version: 1, note: '', from_value: '' };
    const [at, until] = [registered_at as number, resolved_at as number];
    const taken = at + (until - at) / 4;
    return [
      { ...link, kind: 'registered', to_value: 'phone', user_id: author, at, spent_ms: null },
      { ...link, kind: 'status', from_value: 'new', to_value: 'in-work', user_id: author, at: taken, spent_ms: taken - at },
      { ...link, kind: 'status', from_value: 'in-work', to_value: 'closed', user_id: author, at: until, spent_ms: until - taken },
    ];
  });
  for (let i = 0; i < moves.length; i += 90) await db('complaint_moves').insert(moves.slice(i, i + 90));
  await db('complaint_compensations').insert(paid.map(({ number, amount, at }) => ({ complaint_id: ids.get(number)!, registered_at: at, kind: 'money', amount, currency: 'RUB', note: '', state: 'approved', user_id: author, at: at + HOUR, decided_by: author, decided_at: at + HOUR }))); // prettier-ignore
  return rows.length;
};
