import type { Slot } from '../../server/meetings/contract.ts';
import { momentOfWall, wallText } from '../core/wall.ts';

/** Days on the wall of the user's zone, "2030-01-07". Pure but for the zone. */

export type View = 'day' | 'week' | 'month' | 'team' | 'rooms';

const DAY_MS = 86_400_000;
export const plusDays = (day: string, n: number): string => new Date(Date.parse(`${day}T00:00Z`) + n * DAY_MS).toISOString().slice(0, 10);
export const dayOf = (at: number): string => wallText(at).slice(0, 10);
export const midnight = (day: string): number => momentOfWall(`${day}T00:00`) ?? 0;
/** Monday is 0. */
const weekday = (day: string): number => (new Date(`${day}T00:00Z`).getUTCDay() + 6) % 7;
const monday = (day: string): string => plusDays(day, -weekday(day));

/** The days that a view shows. */
export const daysOf = (view: View, day: string): string[] => {
  const first = view === 'day' ? day : view === 'month' ? monday(`${day.slice(0, 8)}01`) : monday(day);
  return Array.from({ length: view === 'day' ? 1 : view === 'month' ? 42 : 7 }, (_, i) => plusDays(first, i));
};

/** The day to which a step back or on leads. */
export const stepped = (view: View, day: string, by: 1 | -1): string => {
  if (view === 'day') return plusDays(day, by);
  if (view !== 'month') return plusDays(day, 7 * by);
  const date = new Date(`${day.slice(0, 8)}01T00:00Z`);
  return new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + by, 1)).toISOString().slice(0, 10);
};

/** What of it lies on this day. */
export const onDay = (slots: readonly Slot[], day: string): Slot[] => {
  const [from, to] = [midnight(day), midnight(plusDays(day, 1))];
  return slots.filter((slot) => slot.from < to && slot.to > from);
};

export const keyOf = (slot: Slot): string => `${slot.meetingId ?? 'busy'} ${slot.occurrence ?? ''} ${slot.from}`;
