import { defineStrings, locale } from './i18n.ts';
import { me } from './session.ts';
import { serverNow } from './time.ts';

const words = defineStrings({
  en: { today: 'Today', yesterday: 'Yesterday' },
  ru: { today: 'Сегодня', yesterday: 'Вчера' },
});

const TAGS = { ru: 'ru-RU', en: 'en-GB' } as const;

/** A maker of formats in the user's language that makes each one once. */
const cached = <O, F>(make: (tag: string, options: O) => F): ((options: O) => F) => {
  const made = new Map<string, F>();
  return (options) => {
    const key = `${locale.get()} ${JSON.stringify(options)}`;
    const format = made.get(key) ?? make(TAGS[locale.get()], options);
    made.set(key, format);
    return format;
  };
};

export const numberFormat = cached((tag, options: Intl.NumberFormatOptions) => new Intl.NumberFormat(tag, options));
const dateFormat = cached((tag, options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat(tag, options));

const inZone = (options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat => {
  const timeZone = me()?.user.timeZone || undefined;
  return dateFormat({ ...options, ...(timeZone && { timeZone }) });
};

/** Of a day of the calendar, "2026-11-24", or a month, "2026-11": the same in every time zone. */
export const calendarDay = (text: string, options: Intl.DateTimeFormatOptions): string =>
  dateFormat({ ...options, timeZone: 'UTC' }).format(Date.parse(text));

const dayKey = (at: number) => inZone({ year: 'numeric', month: '2-digit', day: '2-digit' }).format(at);

/** "14:05" in the user's time zone. */
export const clock = (at: number): string => inZone({ hour: '2-digit', minute: '2-digit' }).format(at);
export const clockSeconds = (at: number): string => inZone({ hour: '2-digit', minute: '2-digit', second: '2-digit' }).format(at);

export const isToday = (at: number): boolean => dayKey(at) === dayKey(serverNow());

/** "Today", "Yesterday", "12 March", "12 March 2024". */
export const day = (at: number): string => {
  if (isToday(at)) return words().today;
  if (dayKey(at) === dayKey(serverNow() - 86_400_000)) return words().yesterday;
  const sameYear = inZone({ year: 'numeric' }).format(at) === inZone({ year: 'numeric' }).format(serverNow());
  return inZone({ day: 'numeric', month: 'long', ...(!sameYear && { year: 'numeric' }) }).format(at);
};

/** "22.11": where a line has no room for more. */
export const shortDay = (at: number): string => inZone({ day: '2-digit', month: '2-digit' }).format(at);

/** "22.11.2026" or "22/11/2026". */
export const date = (at: number): string => inZone({ day: '2-digit', month: '2-digit', year: 'numeric' }).format(at);

/** "Today, 14:05". */
export const moment = (at: number): string => `${day(at)}, ${clock(at)}`;

/** "0:07", "12:40", "1:02:03". */
export const duration = (ms: number): string => {
  const s = Math.max(0, Math.floor(ms / 1000));
  const two = (n: number) => String(n).padStart(2, '0');
  const h = Math.floor(s / 3600);
  return h > 0 ? `${h}:${two(Math.floor((s % 3600) / 60))}:${two(s % 60)}` : `${Math.floor(s / 60)}:${two(s % 60)}`;
};
