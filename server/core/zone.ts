/** Days and hours on the wall of a time zone. Pure; the rules of the zones are those of Intl. */

export interface Wall {
  readonly year: number;
  /** 1 to 12. */
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
}

const made = new Map<string, Intl.DateTimeFormat>();

const formatOf = (timeZone: string): Intl.DateTimeFormat => {
  let format = made.get(timeZone);
  if (!format) {
    const two = '2-digit' as const;
    format = new Intl.DateTimeFormat('en-u-ca-iso8601', {
      timeZone, hourCycle: 'h23', year: 'numeric', month: two, day: two, hour: two, minute: two }); // prettier-ignore
    made.set(timeZone, format);
  }
  return format;
};

export const wallOf = (at: number, timeZone: string): Wall => {
  const parts = Object.fromEntries(
    formatOf(timeZone)
      .formatToParts(at)
      .map(({ type, value }) => [type, Number(value)]),
  ) as Record<string, number>;
  return { year: parts.year!, month: parts.month!, day: parts.day!, hour: parts.hour!, minute: parts.minute! };
};

const asUtc = (wall: Wall): number => Date.UTC(wall.year, wall.month - 1, wall.day, wall.hour, wall.minute);

/** Epoch ms. An hour that the clock skips in spring is read an hour later; of an hour that comes twice in autumn the first is meant. */
export const momentOf = (wall: Wall, timeZone: string): number => {
  const utc = asUtc(wall);
  const offsetAt = (at: number) => asUtc(wallOf(at, timeZone)) - Math.floor(at / 60_000) * 60_000;
  const before = utc - offsetAt(utc - 86_400_000);
  if (asUtc(wallOf(before, timeZone)) === utc) return before;
  const after = utc - offsetAt(utc + 86_400_000);
  return asUtc(wallOf(after, timeZone)) === utc ? after : before;
};

/** The same hour some days later; month ends and years are counted through. */
export const plusDays = (wall: Wall, days: number): Wall => {
  const date = new Date(Date.UTC(wall.year, wall.month - 1, wall.day + days));
  return { ...wall, year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() };
};

/** The same day of a later month, or its last day. */
export const plusMonths = (wall: Wall, months: number): Wall => {
  const first = new Date(Date.UTC(wall.year, wall.month - 1 + months, 1));
  const [year, month] = [first.getUTCFullYear(), first.getUTCMonth() + 1];
  const last = new Date(Date.UTC(year, month, 0)).getUTCDate();
  return { ...wall, year, month, day: Math.min(wall.day, last) };
};

const two = (n: number): string => String(n).padStart(2, '0');

/** YYYY-MM-DD. */
export const dateText = ({ year, month, day }: Wall): string => `${year}-${two(month)}-${two(day)}`;

/** YYYY-MM-DD HH:MM, as spreadsheets read it. */
export const momentText = (wall: Wall): string => `${dateText(wall)} ${two(wall.hour)}:${two(wall.minute)}`;

/** 1 is Monday, 7 Sunday. */
export const weekdayOf = (wall: Wall): number => new Date(Date.UTC(wall.year, wall.month - 1, wall.day)).getUTCDay() || 7;

export const isDate = (year: number, month: number, day: number): boolean => {
  const date = new Date(Date.UTC(year, month - 1, day));
  return date.getUTCFullYear() === year && date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
};
