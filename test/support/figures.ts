import type { VisitSums } from '../../server/reports/cells.ts';
import { codeOf } from '../../server/reports/figures.ts';
import type { MeasuredVisits } from '../../server/reports/figures.ts';

/** Sums of one queue as the database answers them for a target of 80 % within 20 s. */
export const measured = (sums: VisitSums): MeasuredVisits => {
  const code = codeOf({ seconds: 20, percent: 80 });
  return { ...sums, quick: sums.answered_20, target_min: code, target_max: code };
};
