import { css, html, nothing } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { AlloElement } from '../ui/allo-element.ts';
import { icon } from '../ui/icons.ts';
import { figureTable } from '../ui/report-styles.ts';
import { callsLink, nameOf, percent, sorted, written } from './columns.ts';
import type { Column, Report, Row } from './columns.ts';
import type { ReportState } from './state.ts';
import { t } from './strings.ts';

/**
 * The figures of a report in rows, with their total; each opens the calls behind it, each column its formula.
 * @fires sort-chosen - detail: { sort: string }
 */
@customElement('allo-report-table')
export class ReportTable extends AlloElement {
  @property({ attribute: false }) report!: Report;
  @property({ attribute: false }) asked!: ReportState;
  @property({ attribute: false }) bounds!: readonly [number, number];
  @property({ attribute: false }) columns: readonly Column[] = [];
  /** What a row is about. */
  @property({ attribute: false }) words: (row: Row) => string = () => '';
  @state() private formula: Column | null = null;
  @query('[popover]') private readonly tip!: HTMLElement;

  static override styles = [
    ...AlloElement.styles,
    ...figureTable,
    css`
      tr:last-child > * {
        border-bottom: 0;
      }
      tr > :first-child {
        padding-left: var(--space-4);
      }
      tr > :last-child {
        padding-right: var(--space-4);
      }
      th:first-child {
        position: sticky;
        left: 0;
        z-index: 1;
        background: var(--surface);
        min-width: 8.5rem;
        max-width: 16rem;
      }
      thead th:first-child,
      tfoot th:first-child {
        background: var(--surface-2);
      }
      .head {
        display: flex;
        align-items: flex-end;
        justify-content: flex-end;
        gap: 2px;
      }
      th:first-child .head {
        justify-content: flex-start;
      }
      .head button {
        min-width: 1.5rem;
        padding: 1px;
        border-radius: var(--radius);
        line-height: 1.25;
        hyphens: auto;
      }
      .head button:hover {
        background: var(--surface-3);
        color: var(--text);
      }
      .head button svg.icon {
        width: 0.95rem;
        height: 0.95rem;
      }
      [aria-sort='ascending'],
      [aria-sort='descending'] {
        color: var(--text);
      }
      .low {
        margin-right: var(--space-1);
        color: var(--danger);
      }
      .low svg.icon {
        width: 0.95rem;
        height: 0.95rem;
      }
      td a:not(:hover) {
        color: inherit;
        text-decoration: underline dotted var(--border-strong);
      }
      [popover] {
        position: fixed;
        inset: auto;
        width: 22rem;
        max-width: calc(100vw - 2rem);
        margin: 0;
        padding: var(--space-3) var(--space-4);
        border: 1px solid var(--border-strong);
        border-radius: var(--radius-l);
        background: var(--surface);
        color: var(--text);
        box-shadow: var(--shadow);
      }
    `,
  ];

  override render() {
    const { sort } = this.asked;
    const rows = sorted(this.report.rows, sort, this.words);
    return html`<div class="scroll" tabindex="0" role="region" aria-label=${t().reports[this.asked.report]}>
        <table>
          <thead>
            <tr>
              ${this.heading('key', this.firstHeading(), null)} ${this.columns.map((c) => this.heading(c.name, nameOf(c.name), c))}
            </tr>
          </thead>
          <tbody>
            ${rows.map(
              (row) =>
                html`<tr>
                  <th scope="row" title=${this.words(row)} dir="auto">${this.words(row)}</th>
                  ${this.columns.map((c) => this.cell(c, row))}
                </tr>`,
            )}
          </tbody>
          <tfoot>
            <tr>
              <th scope="row">${t().total}</th>
              ${this.columns.map((c) => this.cell(c, null))}
            </tr>
          </tfoot>
        </table>
      </div>
      <div popover role="note">
        ${
          this.formula === null
            ? nothing
            : html`<strong>${nameOf(this.formula.name)}</strong>
                <p>${this.formulaWords(this.formula)}</p>`
        }
      </div>`;
  }

  private firstHeading(): string {
    const { report, by } = this.asked;
    return report === 'outcomes' || report === 'breaks' ? t().reports[report] : t().heads[by];
  }

  private formulaWords({ name }: Column): string {
    const { target, goal } = this.report.total;
    const T = this.asked.target ?? target ?? null;
    const words = t().figures[name]?.[1]({ T: T === null ? t().ownTargets : t().seconds(T), tau: this.asked.short }) ?? '';
    return name === 'slShort' && goal != null ? `${words} ${t().wanted(percent(goal))}` : words;
  }

  private heading(name: string, words: string, c: Column | null) {
    const { sort } = this.asked;
    const order = sort === name ? 'ascending' : sort === `-${name}` ? 'descending' : 'none';
    // The largest first, names and times from the beginning.
    const next = name === 'key' ? (sort === 'key' ? '-key' : 'key') : sort === `-${name}` ? name : `-${name}`;
    return html`<th scope="col" aria-sort=${order}>
      <div class="head">
        <button class="sort" title=${t().sortBy(words)} @click=${() => this.emit('sort-chosen', { sort: next })}>${words}</button>
        ${
          c
            ? html`<button aria-label=${t().formulaOf(words)} title=${this.formulaWords(c)} @click=${(e: Event) => void this.explain(c, e)}>
                ${icon('info')}
              </button>`
            : nothing
        }
      </div>
    </th>`;
  }

  private async explain(c: Column, e: Event) {
    const at = (e.currentTarget as HTMLElement).getBoundingClientRect();
    this.formula = c;
    await this.updateComplete;
    this.tip.showPopover();
    const { width } = this.tip.getBoundingClientRect();
    this.tip.style.top = `${at.bottom + 4}px`;
    this.tip.style.left = `${Math.max(8, Math.min(at.right - width, innerWidth - width - 8))}px`;
  }

  private cell(c: Column, row: Row | null) {
    const value = (row?.figures ?? this.report.total)[c.name];
    const shown = written(c, value);
    if (shown === null) return html`<td class="muted small">${t().noData}</td>`;
    const { goal } = row?.figures ?? this.report.total;
    const low = c.name === 'slShort' && goal != null && value! < goal;
    const sign = low ? html`<span class="low" title=${t().below(percent(goal))}>${icon('warning')}</span>` : nothing;
    const href = callsLink(c, this.asked, this.bounds, row?.key ?? null, value);
    if (href === null) return html`<td>${sign}${shown}</td>`;
    return html`<td>
      ${sign}<a href=${href} aria-label="${t().callsBehind(nameOf(c.name), shown)}${low ? `, ${t().below(percent(goal))}` : ''}"
        >${shown}</a
      >
    </td>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'allo-report-table': ReportTable;
  }
}
