import { dateText, momentOf, plusDays, wallOf, weekdayOf } from '../core/zone.ts';
import type { Random } from './random.ts';

const ZONE = 'Europe/Moscow';
const MINUTE = 60_000;
const DAY = 1_440 * MINUTE;

/** [days from this Monday, begins, minutes, kind, title, with a client, room, repeats] */
const PLAN = [
  [0, '09:30', 15, 'meeting', ['Пятиминутка', 'Stand-up'], false, 0, true],
  [0, '14:00', 60, 'demo', ['Показ: телефония', 'Demonstration: telephony'], true, 1, false],
  [1, '11:00', 90, 'visit', ['Визит к клиенту', 'Visit to a client'], true, null, false],
  [2, '10:00', 60, 'training', ['Обучение новичков', 'Training of the new'], false, 0, false],
  [3, '15:30', 45, 'meeting', ['Разбор жалоб', 'Review of complaints'], false, 1, false],
  [4, '12:00', 30, 'demo', ['Показ: отчёты', 'Demonstration: reports'], true, null, false],
] as const;

export const ROOMS = ['Переговорная «Волга»', 'Переговорная «Ока»'];

/** The week of everybody who has a calendar: rows of `meetings`, and who and what takes part in each, in the same order. */
export const inventMeetings = (
  random: Random,
  people: readonly { userId: number; language: 'ru' | 'en' }[],
  clientIds: readonly number[],
  roomIds: readonly number[],
  now: number,
) => {
  const today = wallOf(now, ZONE);
  const monday = plusDays(today, 1 - weekdayOf(today));
  const taken = new Set<string>();
  return people.flatMap(({ userId, language }, p) =>
    PLAN.filter((_, i) => i === 0 || (i + p) % 2 === 0).map(([days, at, minutes, kind, titles, about, room, repeats], i) => {
      const day = plusDays(monday, days);
      const start = `${dateText(day)}T${at}`;
      const [hour, minute] = at.split(':').map(Number) as [number, number];
      const starts_at = momentOf({ ...day, hour, minute }, ZONE);
      const until_at = repeats ? 253_402_300_799_000 : starts_at + minutes * MINUTE;
      // whoever comes first has the room
      const key = `${room} ${start}`;
      const resource_id = room === null || taken.has(key) ? null : (roomIds[room] ?? null);
      taken.add(key);
      const row = { uid: `demo-${userId}-${i}@allo`, occurrence: '', owner_id: userId, client_id: about ? random.pick(clientIds) : null, kind, title: titles[language === 'ru' ? 0 : 1], place: '', note: '', time_zone: ZONE, start, minutes, all_day: 0, rule: repeats ? 'FREQ=WEEKLY;BYDAY=MO' : null, last_start: null, except: '[]', starts_at, until_at, version: 1, created_at: now - 3 * DAY }; // prettier-ignore
      const times = { answer: 'accepted', span: repeats ? 2 : 0, starts_at, until_at };
      return { row, parts: [{ user_id: userId, ...times }, ...(resource_id === null ? [] : [{ resource_id, ...times }])] };
    }),
  );
};
