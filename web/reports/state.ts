import { dayOf, oneOf, periodOfDays, readDay, startOf } from '../core/period.ts';
import { TARGET_SECONDS } from '../core/targets.ts';
import { onDay } from '../core/wall.ts';

/** What is asked, as the address has it: shareable, and the way back is the browser's. Pure but for the user's time zone. */

export const REPORTS = ['queues', 'operators', 'outcomes', 'breaks', 'staffing'] as const;
export type ReportName = (typeof REPORTS)[number];
export const TIMES = ['day', 'hour', 'hourOfDay', 'weekday'] as const;
export const GROUPINGS = ['queue', 'operator', ...TIMES] as const;
export type By = (typeof GROUPINGS)[number];
export const PERIODS = ['today', 'yesterday', '7d', '30d', 'month', 'last-month', 'own'] as const;
export type PeriodName = (typeof PERIODS)[number];

export interface ReportState {
  readonly report: ReportName;
  readonly by: By;
  readonly period: PeriodName;
  /** Days, "2026-11-24", both included; of an own period. */
  readonly from: string;
  readonly until: string;
  readonly queues: readonly string[];
  readonly users: readonly number[];
  /** null: each queue's own. */
  readonly target: number | null;
  readonly short: number;
  /** A figure, or "key"; "-" before it: the largest first. '' as the server has it. */
  readonly sort: string;
  readonly all: boolean;
  readonly weeks: number;
  /** %; null: the queue's own. */
  readonly level: number | null;
  readonly shrinkage: number;
}

/** A report of queues is not by operator, and the other way round. */
export const groupingsOf = (report: ReportName): By[] =>
  report === 'queues' ? ['queue', ...TIMES] : report === 'operators' ? ['operator', ...TIMES] : [];

const numberIn = <F extends number | null>(text: string | null, least: number, most: number, fallback: F): number | F => {
  const n = text === null || text === '' ? Number.NaN : Number(text);
  return Number.isInteger(n) && n >= least && n <= most ? n : fallback;
};
const seconds = <F extends number | null>(text: string | null, fallback: F): number | F =>
  TARGET_SECONDS.includes(Number(text) as 5) ? Number(text) : fallback;

export const readState = (query: string): ReportState => {
  const q = new URLSearchParams(query);
  const report = oneOf(REPORTS, q.get('report'), 'queues');
  const groupings = groupingsOf(report);
  return {
    report,
    by: groupings.length > 0 ? oneOf(groupings, q.get('by'), groupings[0]!) : 'queue',
    period: oneOf(PERIODS, q.get('period'), '7d'),
    from: readDay(q.get('from')),
    until: readDay(q.get('until')),
    queues: q.getAll('queue').slice(0, 200),
    users: q.getAll('user').flatMap((id) => (/^[1-9]\d{0,9}$/.test(id) ? [Number(id)] : [])).slice(0, 200), // prettier-ignore
    target: seconds(q.get('target'), null),
    short: seconds(q.get('short'), 5),
    sort: /^-?\w{1,20}$/.test(q.get('sort') ?? '') ? q.get('sort')! : '',
    all: q.get('columns') === 'all',
    weeks: numberIn(q.get('weeks'), 1, 26, 4),
    level: numberIn(q.get('level'), 0, 99, null),
    shrinkage: numberIn(q.get('shrinkage'), 0, 90, 30),
  };
};

/** What is as usual stays out of the address. */
export const addressOf = (s: ReportState): string => {
  const usual = readState(`report=${s.report}`);
  const q = new URLSearchParams({ report: s.report });
  const put = (name: string, value: string | number | null, fallback: string | number | null) => {
    if (value !== null && value !== fallback) q.set(name, String(value));
  };
  put('by', s.by, usual.by);
  put('period', s.period, usual.period);
  if (s.period === 'own') {
    put('from', s.from, '');
    put('until', s.until, '');
  }
  for (const queue of s.queues) q.append('queue', queue);
  for (const user of s.users) q.append('user', String(user));
  put('target', s.target, usual.target);
  put('short', s.short, usual.short);
  put('sort', s.sort, '');
  if (s.all) q.set('columns', 'all');
  if (s.report === 'staffing') for (const name of ['weeks', 'level', 'shrinkage'] as const) put(name, s[name], usual[name]);
  return `/reports?${q}`;
};

const YEAR_DAYS = 366;
const firstOfMonth = (at: number, months: number): number => {
  const [year, month] = dayOf(at).split('-').map(Number);
  const first = new Date(Date.UTC(year!, month! - 1 + months, 1)).toISOString().slice(0, 10);
  return startOf(first) ?? at;
};

/** [from, until), ms, whole days of the user's wall; null: no such period. */
export const boundsOf = (s: Pick<ReportState, 'period' | 'from' | 'until'>, now: number): [number, number] | null => {
  const tomorrow = onDay(now, 1, 0);
  switch (s.period) {
    case 'today':
      return [onDay(now, 0, 0), tomorrow];
    case 'yesterday':
      return [onDay(now, -1, 0), onDay(now, 0, 0)];
    case '7d':
      return [onDay(now, -6, 0), tomorrow];
    case '30d':
      return [onDay(now, -29, 0), tomorrow];
    case 'month':
      return [firstOfMonth(now, 0), tomorrow];
    case 'last-month':
      return [firstOfMonth(now, -1), firstOfMonth(now, 0)];
    case 'own':
      return periodOfDays(s.from, s.until, YEAR_DAYS);
  }
};
