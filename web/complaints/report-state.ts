import type { ReportBy } from '../../server/complaints/contract.ts';
import { oneOf, periodOfDays, readDay } from '../core/period.ts';
import { onDay } from '../core/wall.ts';

/** What is asked, as the address has it: shareable, and the way back is the browser's. */

export const VIEWS: readonly ReportBy[] = ['cause', 'category', 'severity', 'product', 'department', 'operator', 'weeks', 'ageing', 'statuses', 'handovers']; // prettier-ignore
export const PERIODS = ['30d', '13w', '12m', 'own'] as const;
export type Period = (typeof PERIODS)[number];
export const FILTERS = ['category', 'cause', 'severity', 'product', 'department', 'operator'] as const;
export type FilterName = (typeof FILTERS)[number];

export interface ReportState {
  readonly by: ReportBy;
  readonly period: Period;
  /** Days, "2026-11-24", both included; of an own period. */
  readonly from: string;
  readonly until: string;
  /** By name, as the server has them. */
  readonly filters: Partial<Record<FilterName, string>>;
  /** The tickets behind this figure, instead of the figures. */
  readonly figure: string | null;
  /** Of this row; null: of the total. */
  readonly row: string | null;
  /** Of a week or an age: when they were registered. */
  readonly between: readonly [number, number] | null;
}

export const readReport = (query: string): ReportState => {
  const q = new URLSearchParams(query);
  const fits = (name: FilterName, value: string) =>
    name === 'product' ? value.length <= 200 : name === 'severity' ? /^[a-z0-9-]{1,10}$/.test(value) : /^\d{1,10}$/.test(value);
  const between = [Number(q.get('since') ?? Number.NaN), Number(q.get('before') ?? Number.NaN)] as const;
  return {
    by: oneOf(VIEWS, q.get('by'), 'cause'),
    period: oneOf(PERIODS, q.get('period'), '13w'),
    from: readDay(q.get('from')),
    until: readDay(q.get('until')),
    filters: Object.fromEntries(FILTERS.flatMap((name) => (q.has(name) && fits(name, q.get(name)!) ? [[name, q.get(name)!]] : []))),
    figure: /^[a-z]{1,20}$/.test(q.get('figure') ?? '') ? q.get('figure') : null,
    row: q.get('row'),
    between: between.every((at) => Number.isSafeInteger(at) && at >= 0) && between[1] > between[0] ? between : null,
  };
};

export const addressOf = (s: ReportState): string => {
  const q = new URLSearchParams({ by: s.by, period: s.period });
  if (s.period === 'own') {
    q.set('from', s.from);
    q.set('until', s.until);
  }
  for (const [name, value] of Object.entries(s.filters)) q.set(name, value);
  if (s.figure !== null) q.set('figure', s.figure);
  if (s.figure !== null && s.row !== null) q.set('row', s.row);
  if (s.figure !== null && s.between) {
    q.set('since', String(s.between[0]));
    q.set('before', String(s.between[1]));
  }
  return `/complaints/reports?${q}`;
};

const LONGEST_DAYS = 732;
const DAYS = { '30d': 29, '13w': 90, '12m': 364 } as const;

/** [from, until), ms, whole days of the user's wall; null: no such period. */
export const boundsOf = (s: Pick<ReportState, 'period' | 'from' | 'until'>, now: number): [number, number] | null => {
  if (s.period !== 'own') return [onDay(now, -DAYS[s.period], 0), onDay(now, 1, 0)];
  return periodOfDays(s.from, s.until, LONGEST_DAYS);
};
