import type { Interval } from '../../server/calendars/contract.ts';

/** Hours as a person writes them: "9:00-13:00, 22:00-6:00". An end that is not later than the beginning is on the next day. Pure. */

const clock = (minutes: number): string => `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, '0')}`;

export const hoursText = (intervals: readonly Interval[]): string =>
  intervals.map(({ from, to }) => `${clock(from)}-${to === 1440 ? '24:00' : clock(to % 1440)}`).join(', ');

/** '': none. Null: not understood. */
export const readHours = (text: string): Interval[] | null => {
  if (text.trim() === '') return [];
  const intervals: Interval[] = [];
  for (const part of text.split(',')) {
    const [, h1, m1 = '0', h2, m2 = '0'] = /^\s*(\d{1,2})(?::(\d{2}))?\s*[-–—]\s*(\d{1,2})(?::(\d{2}))?\s*$/.exec(part) ?? [];
    if (h1 === undefined) return null;
    const [from, end] = [Number(h1) * 60 + Number(m1), Number(h2) * 60 + Number(m2)];
    if (from > 1439 || end > 1440 || Number(m1) > 59 || Number(m2) > 59) return null;
    intervals.push({ from, to: end <= from ? end + 1440 : end });
  }
  return intervals.every(({ from, to }) => to > from) ? intervals : null;
};
