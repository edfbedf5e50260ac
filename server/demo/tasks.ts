import type { Random } from './random.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** [kind, text, due in hours from now]: one is overdue, the others of today and tomorrow. */
const RU = [
  ['call-back', 'Перезвонить: ждёт расчёт', -1.5],
  ['call-back', 'Уточнить адрес доставки', 1],
  ['task', 'Отправить договор на подпись', 3],
  ['call-back', 'Продление договора', 24],
] as const;
const EN = [
  ['call-back', 'Call back: waits for the offer', -1.5],
  ['call-back', 'Ask for the delivery address', 1],
  ['task', 'Send the contract to sign', 3],
  ['call-back', 'Renewal of the contract', 24],
] as const;

/** What each operator has promised: rows of `tasks`. */
export const inventTasks = (
  random: Random,
  operators: readonly { userId: number; language: 'ru' | 'en' }[],
  clientIds: readonly number[],
  now: number,
) =>
  operators.flatMap(({ userId, language }) =>
    (language === 'ru' ? RU : EN).map(([kind, text, hours]) => ({
      kind,
      text,
      due_at: Math.round((now + hours * HOUR) / 300_000) * 300_000,
      owner_id: userId,
      author_id: userId,
      client_id: random.pick(clientIds),
      phone: '',
      call_ref: null,
      done_at: null,
      done_note: '',
      version: 1,
      created_at: now - DAY,
    })),
  );
