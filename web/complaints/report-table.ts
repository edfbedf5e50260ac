import { css, html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import type { ReportReply, ReportRow } from '../../server/complaints/contract.ts';
import { figureTable } from '../ui/report-styles.ts';
import { columnsOf, rowWords, written } from './report-columns.ts';
import type { Column } from './report-columns.ts';
import { addressOf } from './report-state.ts';
import type { FilterName, ReportState } from './report-state.ts';
import { t } from './report-strings.ts';

export const tableStyles = [
  ...figureTable,
  css`
    th:first-child {
      max-width: 20rem;
    }
    tfoot > tr > * {
      border-bottom: 0;
    }
    td a:not(:hover) {
      color: inherit;
      text-decoration-color: var(--border-strong);
    }
    .jump {
      color: var(--danger);
      font-weight: 700;
    }
  `,
];

/** What is seen of those that a row names. */
const NEXT: Partial<Record<ReportState['by'], ReportState['by']>> = { cause: 'category', category: 'cause', severity: 'cause', product: 'cause', department: 'cause', operator: 'cause' }; // prettier-ignore

export interface Sort {
  /** A figure; "-" before it: the largest first. '' as the server has it. */
  readonly by: string;
  readonly choose: (by: string) => void;
}

const sorted = (rows: readonly ReportRow[], by: string): readonly ReportRow[] => {
  const name = by.replace('-', '');
  if (name === '') return rows;
  const sign = by.startsWith('-') ? -1 : 1;
  return [...rows].sort((a, b) => sign * ((a.figures[name] ?? -1) - (b.figures[name] ?? -1)));
};

/** Figures in rows with their total; each opens the complaints that it counts. */
export const reportTable = (report: ReportReply, asked: ReportState, sort: Sort): TemplateResult => {
  const columns = columnsOf(asked.by);
  const cell = (c: Column, figures: ReportRow['figures'], row: ReportRow | null) => {
    const words = written(c, figures[c.name], report.currency);
    const opens = c.figure !== null && figures[c.name] != null && (c.kind === 'share' || figures[c.name] !== 0);
    const jump = row?.marks.includes(c.name)
      ? html`<span class="jump" role="img" title=${t().jump} aria-label=${t().jump}>▲</span> `
      : nothing;
    if (!opens) return html`<td>${jump}${words}</td>`;
    // a week says when it was; an age too
    const between = row && row.from !== null && row.until !== null ? ([row.from, row.until] as const) : asked.by === 'ageing' ? ([0, Number.MAX_SAFE_INTEGER / 2] as const) : null; // prettier-ignore
    const to = addressOf({ ...asked, figure: c.figure, row: row?.key.code ?? null, between });
    return html`<td>${jump}<a href=${to}>${words}</a></td>`;
  };
  const name = (row: ReportRow) => {
    const next = NEXT[asked.by];
    const words = rowWords(asked.by, row);
    if (!next) return words;
    const to = addressOf({ ...asked, by: next, filters: { ...asked.filters, [asked.by as FilterName]: row.key.code ?? '' } });
    return html`<a href=${to} title=${t().filter(words)} dir="auto">${words}</a>`;
  };
  const order = (c: Column) => (sort.by === c.name ? 'ascending' : sort.by === `-${c.name}` ? 'descending' : undefined);
  return html`<div class="scroll">
    <table>
      <thead>
        <tr>
          <th scope="col">${t().keys[asked.by]}</th>
          ${columns.map(
            (c) =>
              html`<th scope="col" aria-sort=${order(c) ?? 'none'}>
                <button
                  class="sort"
                  title=${t().hints[c.name] ?? ''}
                  @click=${() => sort.choose(sort.by === `-${c.name}` ? c.name : `-${c.name}`)}
                >
                  ${t().columns[c.name]}
                </button>
              </th>`,
          )}
        </tr>
      </thead>
      <tbody>
        ${sorted(report.rows, sort.by).map(
          (row) =>
            html`<tr>
              <th scope="row">${name(row)}</th>
              ${columns.map((c) => cell(c, row.figures, row))}
            </tr>`,
        )}
      </tbody>
      <tfoot>
        <tr>
          <th scope="row">${t().total}</th>
          ${columns.map((c) => cell(c, report.total, null))}
        </tr>
      </tfoot>
    </table>
  </div>`;
};
