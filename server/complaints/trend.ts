import { momentOf, plusDays, wallOf, weekdayOf } from '../core/zone.ts';

/** Weeks, and which of them jumped. Pure. */

/** Weeks that a week is held against. */
export const WEEKS_BEFORE = 12;
/** With fewer there is nothing to hold it against. */
const LEAST_WEEKS = 4;

/** Midnight of the Monday of its week, some weeks on. */
export const mondayOf = (at: number, weeks: number, timeZone: string): number => {
  const wall = { ...wallOf(at, timeZone), hour: 0, minute: 0 };
  return momentOf(plusDays(wall, 1 - weekdayOf(wall) + 7 * weeks), timeZone);
};

/** The weeks that [from, until) touches, cut at its ends: in order, without a gap. */
export const weeksOf = (from: number, until: number, timeZone: string): { from: number; until: number }[] => {
  const weeks: { from: number; until: number }[] = [];
  for (let at = from; at < until;) {
    const next = mondayOf(at, 1, timeZone);
    weeks.push({ from: at, until: Math.min(next, until) });
    at = next;
  }
  return weeks;
};

const middle = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
};

/**
 * Whether a week jumped: it is above the median of the weeks before by more than three median deviations from it. Where most weeks are the same (none
 * of them cost anything, say) the mean deviation stands for it; and it is taken for at least a tenth of the median and for `least`, so that steady weeks
 * do not make a jump of every trifle.
 */
export const jumped = (before: readonly number[], value: number, least: number): boolean => {
  const last = before.slice(-WEEKS_BEFORE);
  if (last.length < LEAST_WEEKS) return false;
  const median = middle(last);
  const deviations = last.map((one) => Math.abs(one - median));
  const deviation = middle(deviations) || deviations.reduce((sum, one) => sum + one, 0) / deviations.length;
  return value > median + 3 * Math.max(deviation, median / 10, least);
};
