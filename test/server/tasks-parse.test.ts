import { describe, expect, test } from 'vitest';
import { beginningsOf } from '../../server/tasks/names.ts';
import { parseLine } from '../../server/tasks/parse.ts';
import { wallOf } from '../../server/core/zone.ts';

/** Tuesday 24 November 2026, 11:20 in Moscow. */
const NOW = Date.UTC(2026, 10, 24, 8, 20);
const MOSCOW = 'Europe/Moscow';

const shown = (at: number | null, timeZone = MOSCOW): string | null => {
  if (at === null) return null;
  const { year, month, day, hour, minute } = wallOf(at, timeZone);
  const two = (n: number) => String(n).padStart(2, '0');
  return `${year}-${two(month)}-${two(day)} ${two(hour)}:${two(minute)}`;
};

test.each([
  ['перезвонить Иванову завтра в 10 по договору', '2026-11-25 10:00', 'перезвонить Иванову по договору'],
  ['call Ivanov tomorrow 10:00 about contract', '2026-11-25 10:00', 'call Ivanov about contract'],
  ['через 2 часа позвонить Петрову', '2026-11-24 13:20', 'позвонить Петрову'],
  ['через час', '2026-11-24 12:20', 'через час'],
  ['через полчаса перезвонить', '2026-11-24 11:50', 'перезвонить'],
  ['через полтора часа отчёт', '2026-11-24 12:50', 'отчёт'],
  ['через 15 минут', '2026-11-24 11:35', 'через 15 минут'],
  ['через минуту', '2026-11-24 11:21', 'через минуту'],
  ['через пару дней счёт', '2026-11-26 10:00', 'счёт'],
  ['через 3 дня в 14:30 встреча', '2026-11-27 14:30', 'встреча'],
  ['через неделю договор', '2026-12-01 10:00', 'договор'],
  ['через две недели в 12', '2026-12-08 12:00', 'через две недели в 12'],
  ['через месяц продление', '2026-12-24 10:00', 'продление'],
  ['in 3 days send the bill', '2026-11-27 10:00', 'send the bill'],
  ['in 2 hours ring Smith', '2026-11-24 13:20', 'ring Smith'],
  ['in half an hour', '2026-11-24 11:50', 'in half an hour'],
  ['in an hour', '2026-11-24 12:20', 'in an hour'],
  ['in 20 min', '2026-11-24 11:40', 'in 20 min'],
  ['in a week at 9am offer', '2026-12-01 09:00', 'offer'],
  ['in a month', '2026-12-24 10:00', 'in a month'],
  ['в пятницу отчёт', '2026-11-27 10:00', 'отчёт'],
  ['во вторник планёрка', '2026-12-01 10:00', 'планёрка'],
  ['во вторник в 15:00 планёрка', '2026-11-24 15:00', 'планёрка'],
  ['в следующую пятницу отчёт', '2026-12-04 10:00', 'отчёт'],
  ['в среду вечером созвон', '2026-11-25 18:00', 'созвон'],
  ['до пятницы прислать КП', '2026-11-27 10:00', 'прислать КП'],
  ['к понедельнику смета', '2026-11-30 10:00', 'смета'],
  ['в пт в 9:15 созвон', '2026-11-27 09:15', 'созвон'],
  ['в сб', '2026-11-28 10:00', 'в сб'],
  ['на следующей неделе договор', '2026-11-30 10:00', 'договор'],
  ['next week contract', '2026-11-30 10:00', 'contract'],
  ['next monday 9am standup', '2026-11-30 09:00', 'standup'],
  ['on friday call Smith', '2026-11-27 10:00', 'call Smith'],
  ['friday at 4pm call Smith', '2026-11-27 16:00', 'call Smith'],
  ['next friday report', '2026-12-04 10:00', 'report'],
  ['on Wed report', '2026-11-25 10:00', 'report'],
  ['15.12 в 9:30 подписать', '2026-12-15 09:30', 'подписать'],
  ['15.12.2027 подписать', '2027-12-15 10:00', 'подписать'],
  ['01.02 отчёт', '2027-02-01 10:00', 'отчёт'],
  ['15 декабря в 16:00 подписать', '2026-12-15 16:00', 'подписать'],
  ['5 марта 2027 года поздравить', '2027-03-05 10:00', 'поздравить'],
  ['25 числа оплата', '2026-11-25 10:00', 'оплата'],
  ['20-го числа оплата', '2026-12-20 10:00', 'оплата'],
  ['december 15 at 16:00 sign', '2026-12-15 16:00', 'sign'],
  ['15th of December sign', '2026-12-15 10:00', 'sign'],
  ['2026-12-31 close the books', '2026-12-31 10:00', 'close the books'],
  ['29.02 проверка', '2028-02-29 10:00', 'проверка'],
  ['31.02 проверка', null, '31.02 проверка'],
  ['сегодня в 15 перезвонить', '2026-11-24 15:00', 'перезвонить'],
  ['сегодня отчёт', '2026-11-24 12:30', 'отчёт'],
  ['послезавтра в 11:45 визит', '2026-11-26 11:45', 'визит'],
  ['завтра утром визит', '2026-11-25 09:00', 'визит'],
  ['завтра после обеда визит', '2026-11-25 14:00', 'визит'],
  ['завтра в 8 вечера визит', '2026-11-25 20:00', 'визит'],
  ['завтра в 8 утра визит', '2026-11-25 08:00', 'визит'],
  ['завтра в 3 визит', '2026-11-25 15:00', 'визит'],
  ['завтра в 03:00 визит', '2026-11-25 03:00', 'визит'],
  ['завтра в полдень визит', '2026-11-25 12:00', 'визит'],
  ['завтра в 9.30 визит', '2026-11-25 09:30', 'визит'],
  ['в 10 перезвонить', '2026-11-25 10:00', 'перезвонить'],
  ['в 18 часов перезвонить', '2026-11-24 18:00', 'перезвонить'],
  ['10:00 call Smith', '2026-11-25 10:00', 'call Smith'],
  ['call Smith at 5', '2026-11-24 17:00', 'call Smith'],
  ['call Smith at 5 pm', '2026-11-24 17:00', 'call Smith'],
  ['call Smith tonight', '2026-11-24 18:00', 'call Smith'],
  ['call Smith tomorrow at noon', '2026-11-25 12:00', 'call Smith'],
  ['call Smith the day after tomorrow', '2026-11-26 10:00', 'call Smith'],
  ['call Smith tomorrow evening at 8', '2026-11-25 20:00', 'call Smith'],
  ['позвонить в 10 раз', null, 'позвонить в 10 раз'],
  ['скидка 15.5% Петрову', null, 'скидка 15.5% Петрову'],
  ['at 25:00 nothing', null, 'at 25:00 nothing'],
  ['прислать КП 15 Иванову', null, 'прислать КП 15 Иванову'],
  ['номер 8 916 123-45-67', null, 'номер 8 916 123-45-67'],
])('%s', (line, due, text) => {
  const parsed = parseLine(line, { now: NOW, timeZone: MOSCOW });
  expect([shown(parsed.dueAt), parsed.text, parsed.past]).toEqual([due, text, false]);
});

test.each(['сегодня в 9 перезвонить', 'today at 10:00', '01.01.2020 отчёт'])('%s: that time is over, and is said to be', (line) => {
  expect(parseLine(line, { now: NOW, timeZone: MOSCOW })).toMatchObject({ past: true, dueAt: expect.any(Number) });
});

test.each([
  ['перезвонить Иванову', 'call-back'],
  ['звонок Иванову', 'call-back'],
  ['созвониться с Петровым', 'call-back'],
  ['Call back Smith', 'call-back'],
  ['прислать договор', 'task'],
  ['recall the product', 'task'],
])('%s is a %s', (line, kind) => expect(parseLine(line, { now: NOW, timeZone: MOSCOW }).kind).toBe(kind));

test.each([
  ['перезвонить Иванову завтра в 10 по договору', [['Иванову']]],
  ['позвонить марии ивановой в пятницу', [['марии', 'ивановой']]],
  ['call Ivan Petrov tomorrow about the contract', [['Ivan', 'Petrov']]],
  ['отправить КП Ромашке завтра', [['КП', 'Ромашке']]],
  ['перезвонить завтра', []],
  ['созвониться с Петровым', [['Петровым']]],
])('%s means %j', (line, names) => expect(parseLine(line, { now: NOW, timeZone: MOSCOW }).names).toEqual(names));

test.each([
  ['Иванову', 'иванов'],
  ['Ивановой', 'иванов'],
  ['Марии', 'мари'],
  ['Сергею', 'серге'],
  ['Петром', 'петр'],
  ['Павлу', 'павел'],
  ['Достоевскому', 'достоевск'],
  ['Семёновым', 'семенов'],
  ['Ромашкой', 'ромашк'],
  ["Smith's", 'smith'],
])('%s is found by %s', (word, beginning) => expect(beginningsOf(word)).toContain(beginning));

describe('days when the clock is changed', () => {
  const read = (line: string, now: number, timeZone = 'Europe/Berlin') => parseLine(line, { now, timeZone }).dueAt;

  test('10:00 of the day is 10:00 on the wall, in spring and in autumn', () => {
    expect(read('tomorrow at 10:00', Date.UTC(2026, 2, 28, 12))).toBe(Date.UTC(2026, 2, 29, 8)); // UTC+2 already
    expect(read('tomorrow at 10:00', Date.UTC(2026, 9, 24, 12))).toBe(Date.UTC(2026, 9, 25, 9)); // UTC+1 again
  });
  test('an hour that is skipped is the one after it, of one that comes twice the first is meant', () => {
    expect(read('tomorrow at 02:30', Date.UTC(2026, 2, 28, 12))).toBe(Date.UTC(2026, 2, 29, 1, 30)); // 03:30
    expect(read('tomorrow at 02:30', Date.UTC(2026, 9, 24, 12))).toBe(Date.UTC(2026, 9, 25, 0, 30));
  });
  test('two hours are two hours', () => {
    const now = Date.UTC(2026, 2, 29, 0, 30);
    expect(read('in 2 hours', now)).toBe(now + 2 * 3_600_000);
  });
  test('other zones have other days', () => {
    const now = Date.UTC(2026, 10, 24, 20); // already the 25th in Vladivostok
    expect(shown(read('завтра в 9:00', now, 'Asia/Vladivostok'), 'Asia/Vladivostok')).toBe('2026-11-26 09:00');
    expect(shown(read('tomorrow at 9:00', now, 'America/New_York'), 'America/New_York')).toBe('2026-11-25 09:00');
  });
});

test('a line of anything at all is read in no time and never fails', () => {
  for (const line of [
    '',
    ' ',
    'в',
    'через',
    'завтра',
    '\u0000',
    '9'.repeat(500),
    'в 10 '.repeat(100),
    '('.repeat(500),
    'через один '.repeat(45),
  ])
    expect(typeof parseLine(line, { now: NOW, timeZone: MOSCOW }).text).toBe('string');
});
