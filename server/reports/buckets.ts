import { plusDays, momentOf, wallOf, weekdayOf } from '../core/zone.ts';

/** Hours gathered into what a report is asked by, on the wall of a time zone. Pure. */

export type TimeGrouping = 'hour' | 'day' | 'hourOfDay' | 'weekday';

/** The value that stands for the hour: epoch ms of the hour or of the day's beginning, 0..23, or 1 (Monday)..7. */
export const bucketOf = (by: TimeGrouping, hour: number, timeZone: string): number => {
  if (by === 'hour') return hour;
  const wall = wallOf(hour, timeZone);
  if (by === 'hourOfDay') return wall.hour;
  if (by === 'weekday') return weekdayOf(wall);
  return momentOf({ ...wall, hour: 0, minute: 0 }, timeZone);
};

/** Midnight at the beginning of the day that is `days` after that of `at`. */
export const midnight = (at: number, days: number, timeZone: string): number =>
  momentOf({ ...plusDays(wallOf(at, timeZone), days), hour: 0, minute: 0 }, timeZone);

/** Adds up rows of sums. */
export const addUp = <S extends Record<string, number>>(names: readonly (keyof S & string)[], rows: Iterable<S>): S => {
  const total = Object.fromEntries(names.map((name) => [name, 0])) as Record<string, number>;
  for (const row of rows) for (const name of names) total[name] = total[name]! + (row[name] ?? 0);
  return total as S;
};

/** Rows gathered by a key, in the order of their first. */
export const gather = <T, K>(rows: readonly T[], keyOf: (row: T) => K): Map<K, T[]> => {
  const found = new Map<K, T[]>();
  for (const row of rows) {
    const key = keyOf(row);
    const list = found.get(key);
    if (list) list.push(row);
    else found.set(key, [row]);
  }
  return found;
};
