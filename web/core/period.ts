import { momentOfWall, onDay, wallText } from './wall.ts';

/** What a report is asked for, read from an address; and the period between two days. */

export const oneOf = <T extends string>(values: readonly T[], text: string | null, fallback: T): T =>
  values.includes(text as T) ? (text as T) : fallback;

/** A day as a field has it, "2026-11-24"; '' of what is none. */
export const readDay = (text: string | null): string => (text !== null && /^\d{4}-\d{2}-\d{2}$/.test(text) ? text : '');

/** The day of a moment, as a field has it. */
export const dayOf = (at: number): string => wallText(at).slice(0, 10);

/** The moment at which a day begins; null: no such day. */
export const startOf = (day: string): number | null => momentOfWall(`${day}T00:00`);

/** [from, until), ms, from one day to another, both included; null: no such period, or longer than so many days. */
export const periodOfDays = (first: string, last: string, longest: number): [number, number] | null => {
  const [from, end] = [startOf(first), startOf(last)];
  if (from === null || end === null) return null;
  const until = onDay(end, 1, 0);
  return until > from && until - from <= longest * 86_400_000 ? [from, until] : null;
};
