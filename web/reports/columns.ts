import type { ReportKey } from '../../server/reports/contract.ts';
import { duration, numberFormat } from '../core/format.ts';
import { onDay } from '../core/wall.ts';
import { t } from './strings.ts';
import type { ReportName, ReportState } from './state.ts';

/** The figures of each report: how they are written, and which calls stand behind them. */

export type Figures = Readonly<Record<string, number | null>>;
export interface Row {
  key: ReportKey;
  figures: Figures;
}
export interface Report {
  rows: Row[];
  total: Figures;
  asOf: number | null;
}

type Kind = 'count' | 'share' | 'ms';
export interface Column {
  name: string;
  kind: Kind;
  /** Shown before "all columns" is asked for. */
  first: boolean;
  /** Of GET /api/calls/log: what of a call this figure counts; null: time, not calls. */
  log: ((s: ReportState, value: number) => Record<string, string | number>) | null;
}

const calls =
  (kind: string, more: (s: ReportState, value: number) => Record<string, string | number> = () => ({})): NonNullable<Column['log']> =>
  (s, value) => ({ kind, ...more(s, value) });
const column = (name: string, kind: Kind, first: boolean, log: Column['log'] = null): Column => ({ name, kind, first, log });

const inTime = calls('answered', (s) => ({ waitedUpTo: s.target ?? 'own' }));

const RESOLUTION = [column('fcr', 'share', true, calls('repeated')), column('fcrCalls', 'count', false)];

export const COLUMNS: Record<Exclude<ReportName, 'staffing'>, readonly Column[]> = {
  queues: [
    column('offered', 'count', true, calls('visits')),
    column('answered', 'count', true, calls('answered')),
    column('abandoned', 'count', true, calls('abandoned')),
    column('slShort', 'share', true, inTime),
    column(
      'abandonRate',
      'share',
      true,
      calls('abandoned', (s) => ({ waitedOver: s.short })),
    ),
    column('asa', 'ms', true, calls('answered')),
    column(
      'waitMax',
      'ms',
      true,
      calls('visits', (_, ms) => ({ waitedOver: Math.max(0, Math.ceil(ms / 1000) - 1) })),
    ),
    column('aht', 'ms', true, calls('answered')),
    ...RESOLUTION,
    column(
      'abandonedShort',
      'count',
      false,
      calls('abandoned', (s) => ({ waitedUpTo: s.short })),
    ),
    column('flowed', 'count', false, calls('flowed')),
    column('callBacks', 'count', false, calls('call-backs')),
    column('callBacksReached', 'count', false),
    column('waiting', 'count', false, calls('waiting')),
    column('target', 'count', false),
    column('goal', 'share', false),
    column('slStrict', 'share', false, inTime),
    column('slAnswered', 'share', false, inTime),
    column('timeToAbandon', 'ms', false, calls('abandoned')),
    column('talk', 'ms', false, calls('answered')),
    column('hold', 'ms', false, calls('answered')),
    column('wrap', 'ms', false, calls('answered')),
  ],
  operators: [
    column('handled', 'count', true, calls('handled')),
    column('aht', 'ms', true, calls('handled')),
    column('missedRate', 'share', true, calls('missed')),
    column('transferRate', 'share', true, calls('transferred')),
    column('loggedIn', 'ms', true),
    column('occupancy', 'share', true),
    column('utilisation', 'share', true),
    column('onBreak', 'ms', true),
    ...RESOLUTION,
    column('talk', 'ms', false, calls('handled')),
    column('hold', 'ms', false, calls('handled')),
    column('wrap', 'ms', false, calls('handled')),
    column('offers', 'count', false, calls('offers')),
    column('rejectedRate', 'share', false, calls('rejected')),
    column('blind', 'count', false, calls('transferred')),
    column('attended', 'count', false, calls('transferred')),
    column('toQueue', 'count', false, calls('transferred')),
  ],
  outcomes: [column('calls', 'count', true, calls('handled')), column('share', 'share', true)],
  breaks: [column('ms', 'ms', true), column('share', 'share', true)],
};

export const percent = (value: number): string => numberFormat({ style: 'percent', maximumFractionDigits: 1 }).format(value);
export const decimal = (value: number): string => numberFormat({ maximumFractionDigits: 1 }).format(value);

/** Null: there is no data. */
export const written = ({ kind }: Pick<Column, 'kind'>, value: number | null | undefined): string | null => {
  if (value === null || value === undefined) return null;
  return kind === 'share' ? percent(value) : kind === 'ms' ? duration(value) : decimal(value);
};

const HOUR_MS = 3_600_000;

/** The page of the calls behind a figure; null: there are none to show. */
export const callsLink = (
  c: Column,
  s: ReportState,
  [from, until]: readonly [number, number],
  key: ReportKey | null,
  value: number | null | undefined,
): string | null => {
  if (!c.log || value === null || value === undefined || (c.kind === 'count' && value === 0)) return null;
  const q = new URLSearchParams();
  for (const [name, given] of Object.entries(c.log(s, value))) q.set(name, String(given));
  const [first, end] = key?.at === undefined ? [from, until] : s.by === 'hour' ? [key.at, key.at + HOUR_MS] : [key.at, onDay(key.at, 1, 0)];
  q.set('from', String(first));
  q.set('until', String(end));
  if (key?.n !== undefined) q.set(s.by === 'weekday' ? 'weekday' : 'hour', String(key.n));
  if (key?.outcome !== undefined) q.set('outcome', key.outcome);
  for (const queue of key?.queue ? [key.queue] : s.queues) q.append('queue', queue);
  const users = key?.user ? [key.user.id] : s.report === 'queues' ? [] : s.users;
  for (const user of users) q.append('user', String(user));
  return `/calls/log?${q}`;
};

export const nameOf = (name: string): string => t().figures[name]?.[0] ?? name;

/** By a figure or by the name; what has no data comes last. */
export const sorted = (rows: readonly Row[], sort: string, words: (row: Row) => string): Row[] => {
  if (!sort) return [...rows];
  const down = sort.startsWith('-');
  const name = down ? sort.slice(1) : sort;
  const direction = down ? -1 : 1;
  const order = (row: Row) => row.key.at ?? row.key.n;
  if (name === 'key')
    return [...rows].sort((a, b) => direction * (order(a) !== undefined ? order(a)! - order(b)! : words(a).localeCompare(words(b))));
  return [...rows].sort((a, b) => {
    const [x, y] = [a.figures[name], b.figures[name]];
    if (x == null || y == null) return Number(x == null) - Number(y == null);
    return direction * (x - y);
  });
};
