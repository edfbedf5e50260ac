import { isDate, plusDays, plusMonths, weekdayOf } from '../core/zone.ts';
import type { Wall } from '../core/zone.ts';

/** The words of time in a line that is folded (lower case, ё as е). Pure: `today` is the wall of whoever typed. */

/** Where the words stand: the first sign, and behind the last. */
export interface Found {
  readonly from: number;
  readonly to: number;
}
type Day = Pick<Wall, 'year' | 'month' | 'day'>;
/** weekly: a bare weekday, which comes again. */
export type FoundDay = Found & { readonly date: Day; readonly weekly: boolean };
/** sure: the half of the day was said or is plain. */
export type FoundTime = Found & { readonly hour: number; readonly minute: number; readonly sure: boolean };

/** Between words that may touch neither letters nor digits. */
const words = (pattern: string): RegExp => new RegExp(`(?<![\\p{L}\\p{N}.:])(?:${pattern})(?![\\p{L}\\p{N}])`, 'u');
const at = (match: RegExpExecArray): Found => ({ from: match.index, to: match.index + match[0].length });

const NUMBERS: Readonly<Record<string, number>> = {
  a: 1, an: 1, one: 1, two: 2, three: 3, four: 4, five: 5, six: 6, seven: 7, ten: 10, 'a couple of': 2, 'half an': 0.5,
  один: 1, одну: 1, два: 2, две: 2, три: 3, четыре: 4, пять: 5, шесть: 6, семь: 7, десять: 10, пару: 2, полтора: 1.5, полторы: 1.5,
}; // prettier-ignore
const COUNT = `\\d{1,4}|${Object.keys(NUMBERS).sort((a, b) => b.length - a.length).join('|')}`; // prettier-ignore
const count = (word: string | undefined): number => (word === undefined ? 1 : (NUMBERS[word] ?? Number(word)));

const RU_LATER = words(
  `через\\s+(?:(?:(?<n>${COUNT})\\s+)?(?<unit>мин(?:ут[уы]?)?|час(?:а|ов|ик)?|ч|дн(?:я|ей)|день|недел[юиь]|месяц(?:а|ев)?)|(?<half>полчас(?:а|ика)))`,
);
const EN_LATER = words(`in\\s+(?<n>${COUNT})\\s*(?<unit>min(?:ute)?s?|hours?|hrs?|h|days?|weeks?|months?)`);
const MINUTE_MS = 60_000;

/** "через 2 часа", "in 3 days": a span of minutes or hours, or a day. */
export const readLater = (line: string, today: Wall): (Found & { readonly ms: number }) | FoundDay | null => {
  const match = RU_LATER.exec(line) ?? EN_LATER.exec(line);
  if (!match) return null;
  const { n, unit = '', half } = match.groups!;
  if (half) return { ...at(match), ms: 30 * MINUTE_MS };
  const many = count(n);
  if (/^(?:мин|min)/.test(unit)) return { ...at(match), ms: many * MINUTE_MS };
  if (/^(?:час|ч$|h)/.test(unit)) return { ...at(match), ms: many * 60 * MINUTE_MS };
  const date = /^(?:мес|mon)/.test(unit)
    ? plusMonths(today, many)
    : plusDays(today, Math.round(many * (/^(?:нед|week)/.test(unit) ? 7 : 1)));
  return { ...at(match), date, weekly: false };
};

const WEEKDAYS = ['понедельник(?:а|у)?|monday', 'вторник(?:а|у)?|tuesday', 'сред(?:а|у|ы|е)|wednesday', 'четверг(?:а|у)?|thursday',
  'пятниц(?:а|у|ы|е)|friday', 'суббот(?:а|у|ы|е)|saturday', 'воскресень(?:е|я|ю)|sunday']; // prettier-ignore
const SHORT = ['пн|mon', 'вт|tues?', 'ср|wed', 'чт|thu(?:rs?)?', 'пт|fri', 'сб|sat', 'вс|sun'];
const NEXT = 'следующ(?:ий|ую|ее|ей|его|ему)|next';
const THIS = 'эт(?:от|у|о|ой)|ближайш(?:ий|ую|ее)|this|coming';
const PREPOSITION = 'во?|на|к|ко|до|on|by|until';

const weekdayRule = (full: string, short: string): RegExp =>
  words(
    `(?:(?:${PREPOSITION})\\s+)?(?:(?:(?<next>${NEXT})|${THIS})\\s+)?(?:${full})|(?:${PREPOSITION})\\s+(?:${short})\\.?|(?:(?<next2>${NEXT})|${THIS})\\s+(?:${short})`,
  );
const WEEKDAY_RULES = WEEKDAYS.map((full, i) => weekdayRule(full, SHORT[i]!));

const readWeekday = (line: string, today: Wall): FoundDay | null => {
  for (const [i, rule] of WEEKDAY_RULES.entries()) {
    const match = rule.exec(line);
    if (!match) continue;
    const ahead = (i + 1 - weekdayOf(today) + 7) % 7;
    const next = (match.groups!.next ?? match.groups!.next2) !== undefined;
    // "Next" is of the week that begins on the coming Monday.
    const days = next ? i + 1 - weekdayOf(today) + 7 : ahead;
    return { ...at(match), date: plusDays(today, days), weekly: !next };
  }
  return null;
};

const NEAR: readonly [RegExp, (today: Wall) => Wall][] = [
  [words('послезавтра|(?:the\\s+)?day\\s+after\\s+tomorrow'), (today) => plusDays(today, 2)],
  [words('(?:(?:на|до|к)\\s+)?завтра|tomorrow|tmrw'), (today) => plusDays(today, 1)],
  [words('(?:(?:на|до)\\s+)?сегодня|today'), (today) => today],
  [words('(?:на\\s+)?(?:следующей|той)\\s+недел[еи]|next\\s+week'), (today) => plusDays(today, 8 - weekdayOf(today))],
  [words('(?:в\\s+)?следующем\\s+месяце|next\\s+month'), (today) => plusMonths({ ...today, day: 1 }, 1)],
];

const MONTHS = ['январ[ья]|jan(?:uary)?', 'феврал[ья]|feb(?:ruary)?', 'март(?:а)?|mar(?:ch)?', 'апрел[ья]|apr(?:il)?', 'ма[йя]|may',
  'июн[ья]|june?', 'июл[ья]|july?', 'август(?:а)?|aug(?:ust)?', 'сентябр[ья]|sep(?:t(?:ember)?)?', 'октябр[ья]|oct(?:ober)?',
  'ноябр[ья]|nov(?:ember)?', 'декабр[ья]|dec(?:ember)?']; // prettier-ignore
const MONTH = MONTHS.join('|');
const monthOf = (word: string): number => MONTHS.findIndex((names) => new RegExp(`^(?:${names})$`).test(word)) + 1;

const ON = '(?:(?:до|к|на|by|on|until)\\s+)?(?:the\\s+)?';
const DATES: readonly RegExp[] = [
  words(`${ON}(?<year>\\d{4})-(?<month>\\d{2})-(?<day>\\d{2})`),
  words(`${ON}(?<day>\\d{1,2})[./](?<month>\\d{2})(?:[./](?<year>\\d{4}|\\d{2}))?(?:\\s*г(?:ода?|\\.)?)?(?![:.]\\d)`),
  words(
    `${ON}(?<day>\\d{1,2})(?:-?(?:го|е|st|nd|rd|th))?\\s+(?:of\\s+)?(?<name>${MONTH})(?:,?\\s+(?<year>\\d{4})(?:\\s*г(?:ода?|\\.)?)?)?`,
  ),
  words(`${ON}(?<name>${MONTH})\\s+(?<day>\\d{1,2})(?:st|nd|rd|th)?(?!:)(?:,?\\s+(?<year>\\d{4}))?`),
  words(`${ON}(?<day>\\d{1,2})(?:(?:-?го)?\\s+числа|-го|-?(?:st|nd|rd|th))`),
];
/** "в 9.30" is an hour, "15.12" a date. */
const HOUR_BEFORE = /(?:^|[^\p{L}])(?:в|at|с|около|after|после)\s+$/u;

const dateOf = (match: RegExpExecArray, today: Wall): Day | null => {
  const { day, month, name, year } = match.groups!;
  const d = Number(day);
  const m = name ? monthOf(name) : month ? Number(month) : null;
  if (year) {
    const y = Number(year) < 100 ? 2000 + Number(year) : Number(year);
    return isDate(y, m!, d) ? { year: y, month: m!, day: d } : null;
  }
  if (m === null) {
    const start = d < today.day ? 1 : 0;
    for (let ahead = start; ahead < start + 3; ahead++) {
      const first = plusMonths({ ...today, day: 1 }, ahead);
      if (isDate(first.year, first.month, d)) return { ...first, day: d };
    }
    return null;
  }
  const over = m < today.month || (m === today.month && d < today.day);
  for (let y = today.year + (over ? 1 : 0); y < today.year + 9; y++) if (isDate(y, m, d)) return { year: y, month: m, day: d }; // 29 February
  return null;
};

export const readDay = (line: string, today: Wall): FoundDay | null => {
  for (const rule of DATES) {
    const match = rule.exec(line);
    if (!match || HOUR_BEFORE.test(line.slice(0, match.index))) continue;
    const date = dateOf(match, today);
    if (date) return { ...at(match), date, weekly: false };
  }
  for (const [rule, date] of NEAR) {
    const match = rule.exec(line);
    if (match) return { ...at(match), date: date(today), weekly: false };
  }
  return readWeekday(line, today);
};

const AM = 'утра|am|a\\.m\\.?';
const PM = 'вечера|дня|pm|p\\.m\\.?';
const BEFORE_TIME = '(?:(?:во?|к|до|с|около|после|at|by|until|around|after)\\s+)';
const CLOCK = words(`${BEFORE_TIME}?(?<h>\\d{1,2}):(?<m>\\d{2})(?:\\s*(?:(?<am>${AM})|(?<pm>${PM})))?`);
const DOTTED = words(`${BEFORE_TIME}(?<h>\\d{1,2})[.-](?<m>\\d{2})(?:\\s*(?:(?<am>${AM})|(?<pm>${PM})))?(?![.]\\d)`);
const HALVED = words(`${BEFORE_TIME}?(?<h>\\d{1,2})(?:\\s*час(?:ов|а)?)?\\s*(?:(?<am>${AM})|(?<pm>${PM}))`);
const NOON = words('(?:в\\s+)?полдень|(?:at\\s+)?noon');
/** What is counted is no hour. */
const NO_HOUR =
  '(?!\\s*(?:%|процент|раз|шт|руб|тыс|млн|дн|недел|месяц|офис|кв|этаж|percent|days?|times|weeks?|units?|pcs|[.,/]\\d|-[мйяю]))';
const BARE = words(
  `(?:в|во|к|до|около|после|at|by|until|around|after)\\s+(?<h>\\d{1,2})(?:\\s*(?:час(?:ов|а|у|ам)?|ч|o'?clock)(?![\\p{L}\\p{N}]))?${NO_HOUR}`,
);

/** An hour without its half of the day that nobody works at is meant in the afternoon. */
const AFTERNOON = 7;

export const readTime = (line: string): FoundTime | null => {
  const noon = NOON.exec(line);
  if (noon) return { ...at(noon), hour: 12, minute: 0, sure: true };
  for (const rule of [CLOCK, DOTTED, HALVED, BARE]) {
    const match = rule.exec(line);
    if (!match) continue;
    const { h = '', m = '0', am, pm } = match.groups!;
    const [said, minute] = [Number(h), Number(m)];
    if (said > 23 || minute > 59 || ((am ?? pm) !== undefined && said > 12)) continue;
    if (am) return { ...at(match), hour: said % 12, minute, sure: true };
    if (pm) return { ...at(match), hour: (said % 12) + 12, minute, sure: true };
    const plain = said > 12 || said === 0 || h.startsWith('0');
    return { ...at(match), hour: !plain && said < AFTERNOON ? said + 12 : said, minute, sure: plain };
  }
  return null;
};

const PARTS: readonly [RegExp, number][] = [
  [words('(?:с\\s+)?утром|с\\s+утра|(?:in\\s+the\\s+|this\\s+)?morning'), 9],
  [words('после\\s+обеда|днем|(?:in\\s+the\\s+|this\\s+)?afternoon|after\\s+lunch'), 14],
  [words('в\\s+обед|at\\s+lunch(?:time)?'), 13],
  [words('вечером|(?:in\\s+the\\s+|this\\s+)?evening|tonight'), 18],
  [words('(?:в|к)\\s+конц[еу]\\s+дня|(?:by\\s+)?(?:the\\s+)?end\\s+of\\s+(?:the\\s+)?day'), 17],
];

export const readPart = (line: string): FoundTime | null => {
  for (const [rule, hour] of PARTS) {
    const match = rule.exec(line);
    if (match) return { ...at(match), hour, minute: 0, sure: false };
  }
  return null;
};
