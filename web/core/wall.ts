import { me } from './session.ts';

/** Days and hours on the wall of the user's time zone, as the fields of a browser have them: "2026-11-25T10:00". */

const zone = (): string | undefined => me()?.user.timeZone || undefined;

export const wallText = (at: number, timeZone = zone()): string => {
  const two = '2-digit' as const;
  const options = { hourCycle: 'h23', year: 'numeric', month: two, day: two, hour: two, minute: two } as const;
  const parts = new Intl.DateTimeFormat('en-GB', { ...options, ...(timeZone && { timeZone }) }).formatToParts(at);
  const part = (type: string) => parts.find((p) => p.type === type)?.value ?? '';
  return `${part('year').padStart(4, '0')}-${part('month')}-${part('day')}T${part('hour')}:${part('minute')}`;
};

/** Epoch ms; null for what is no such text. An hour that the clock skips is read an hour later. */
export const momentOfWall = (text: string, timeZone = zone()): number | null => {
  const utc = Date.parse(`${text}Z`);
  if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}$/.test(text) || Number.isNaN(utc)) return null;
  const offsetAt = (at: number) => Date.parse(`${wallText(at, timeZone)}Z`) - Math.floor(at / 60_000) * 60_000;
  const before = utc - offsetAt(utc - 86_400_000);
  if (wallText(before, timeZone) === text) return before;
  const after = utc - offsetAt(utc + 86_400_000);
  return wallText(after, timeZone) === text ? after : before;
};

/** At this hour, so many days from the day of `now`. */
export const onDay = (now: number, days: number, hour: number, timeZone = zone()): number => {
  const date = new Date(Date.parse(`${wallText(now, timeZone).slice(0, 10)}T00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
  return momentOfWall(`${date}T${String(hour).padStart(2, '0')}:00`, timeZone) ?? now;
};

const two = (n: number) => String(n).padStart(2, '0');

/** "08:05" of minutes of the day, as a field has it; the end of the day as the midnight that it is. */
export const clockOf = (minutes: number): string => `${two(Math.floor(minutes / 60) % 24)}:${two(minutes % 60)}`;

/** Minutes of the day of "08:05". */
export const minutesOf = (clock: string): number => Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3, 5));
