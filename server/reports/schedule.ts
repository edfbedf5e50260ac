import { momentOf, plusDays, plusMonths, wallOf, weekdayOf } from '../core/zone.ts';
import type { Wall } from '../core/zone.ts';

/** When a report goes by mail, and of which days it is. On the wall of its owner's time zone; pure. */

export type Every = 'daily' | 'weekly' | 'monthly';

interface Timing {
  every: Every;
  /** After midnight. */
  minute: number;
}

const atMinute = (wall: Wall, minute: number): Wall => ({ ...wall, hour: Math.floor(minute / 60), minute: minute % 60 });
const midnight = (wall: Wall): Wall => ({ ...wall, hour: 0, minute: 0 });

/** The day of the interval in which `wall` lies: itself, its Monday, the first of its month. */
const firstDay = (wall: Wall, every: Every): Wall => {
  if (every === 'daily') return wall;
  return every === 'weekly' ? plusDays(wall, 1 - weekdayOf(wall)) : { ...wall, day: 1 };
};
const shifted = (wall: Wall, every: Every, by: number): Wall => {
  if (every === 'monthly') return plusMonths(wall, by);
  return plusDays(wall, every === 'weekly' ? 7 * by : by);
};

/** The first time after `at` (epoch ms). */
export const nextDue = ({ every, minute }: Timing, at: number, timeZone: string): number => {
  const first = firstDay(wallOf(at, timeZone), every);
  for (let i = 0; ; i += 1) {
    const due = momentOf(atMinute(shifted(first, every, i), minute), timeZone);
    if (due > at) return due;
  }
};

/** The whole days, week or month before the time it is due: [from, until), epoch ms. */
export const periodOf = (every: Every, due: number, timeZone: string): [number, number] => {
  const until = midnight(firstDay(wallOf(due, timeZone), every));
  return [momentOf(shifted(until, every, -1), timeZone), momentOf(until, timeZone)];
};
