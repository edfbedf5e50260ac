import type { ReportBy, ReportReply, ReportRow } from '../../server/complaints/contract.ts';
import { date, numberFormat } from '../core/format.ts';
import { t } from './report-strings.ts';
import { severityWords } from './severity.ts';
import { setup } from './store.ts';
import { labelOf, t as common } from './strings.ts';
import { span } from './time-left.ts';

/** The figures of each report: how they are written, and which of them have tickets behind them. */

export interface Column {
  readonly name: string;
  readonly kind: 'count' | 'share' | 'ms' | 'money' | 'mean';
  /** What of GET /api/complaints/report/tickets it counts. */
  readonly figure: string | null;
}

const column = (name: string, kind: Column['kind'], figure: string | null = name): Column => ({ name, kind, figure });

const SUMS = [
  column('cost', 'money', 'compensated'),
  column('all', 'count'),
  column('open', 'count'),
  column('withinShare', 'share', 'within'),
  column('late', 'count'),
  column('repeated', 'count'),
  column('resolveMs', 'ms', 'resolved'),
  column('stars', 'mean', 'rated'),
];

export const columnsOf = (by: ReportBy): readonly Column[] => {
  if (by === 'ageing') return [column('open', 'count'), column('late', 'count')];
  if (by === 'statuses')
    return [
      column('stayed', 'count'),
      column('stayMs', 'ms', 'stayed'),
      column('longestMs', 'ms', 'stayed'),
      column('wholeMs', 'ms', 'stayed'),
    ];
  if (by === 'handovers')
    return [
      ...['handed', 'accepted', 'refused', 'unanswered', 'overdue'].map((name) => column(name, 'count')),
      column('answerMs', 'ms', 'handed'),
      column('longestMs', 'ms', 'handed'),
    ];
  return SUMS;
};

export const written = ({ kind }: Pick<Column, 'kind'>, value: number | null | undefined, currency: string): string => {
  if (value == null) return '—';
  if (kind === 'ms') return span(value);
  if (kind === 'share') return numberFormat({ style: 'percent', maximumFractionDigits: 1 }).format(value);
  if (kind === 'money')
    return numberFormat({ style: 'currency', currency, maximumFractionDigits: value % 100 === 0 ? 0 : 2 }).format(value / 100);
  return numberFormat({ maximumFractionDigits: kind === 'mean' ? 1 : 0 }).format(value);
};

/** With the groups it stands in: "Service / Delivery". */
const path = (id: number): string => {
  const all = setup.get()?.categories ?? [];
  const names: string[] = [];
  for (let at = all.find((one) => one.id === id); at && names.length < 6; at = all.find((one) => one.id === at!.parentId)) names.unshift(labelOf(at)); // prettier-ignore
  return names.join(' / ');
};

/** What a code of a report stands for; '' and 0 are those that have none. */
export const wordsOf = (by: ReportBy, code: string, name: string | null = null): string => {
  if (by === 'statuses') return common().statuses[code as 'new'] ?? code;
  if (by === 'ageing') return t().ages[Number(code)] ?? code;
  if (by === 'severity') return severityWords(code);
  if (by === 'product') return code || t().none.product;
  if (code === '0') return t().none[by as keyof ReturnType<typeof t>['none']] ?? code;
  if (by === 'cause' || by === 'category') return path(Number(code)) || `№ ${code}`;
  return name ?? setup.get()?.departments.find((one) => String(one.id) === code && by !== 'operator')?.name ?? setup.get()?.people.find((one) => String(one.id) === code && by === 'operator')?.name ?? `№ ${code}`; // prettier-ignore
};

export const rowWords = (by: ReportBy, { key, name }: ReportRow): string =>
  key.at === undefined ? wordsOf(by, key.code ?? '', name) : date(key.at);

/** What a sheet calls the rows. */
export const keysOf = (by: ReportBy, report: ReportReply): Record<string, string> =>
  Object.fromEntries(
    report.rows.filter((row) => row.key.at === undefined).map((row) => [row.name ?? row.key.code ?? '', rowWords(by, row)]),
  );
