import { css, html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { TaskFigures, TaskReport as Report } from '../../server/tasks/contract.ts';
import { errorText } from '../core/error-words.ts';
import { numberFormat } from '../core/format.ts';
import { locale } from '../core/i18n.ts';
import { LOADING, failed, ready } from '../core/loading.ts';
import type { Loading } from '../core/loading.ts';
import { dayOf, oneOf, periodOfDays, readDay } from '../core/period.ts';
import { navigate } from '../core/router.ts';
import { saveFile } from '../core/save-file.ts';
import { serverNow } from '../core/time.ts';
import { toast } from '../core/toasts.ts';
import { onDay } from '../core/wall.ts';
import { AlloElement } from '../ui/allo-element.ts';
import { icon } from '../ui/icons.ts';
import { empty, skeleton, states, trouble } from '../ui/states.ts';
import { scrollTable } from '../ui/table-styles.ts';
import { tasksApi } from './api.ts';
import { t } from './strings.ts';

type Name = keyof TaskFigures;
/** figure: of the tasks that it counts; null: it opens none. */
const COLUMNS: readonly { name: Name; kind: 'count' | 'share' | 'ms' | 'mean'; figure: string | null }[] = [
  { name: 'due', kind: 'count', figure: 'due' },
  { name: 'done', kind: 'count', figure: 'done' },
  { name: 'onTimeShare', kind: 'share', figure: 'onTime' },
  { name: 'late', kind: 'count', figure: 'late' },
  { name: 'overdue', kind: 'count', figure: 'overdue' },
  { name: 'meanDelayMs', kind: 'ms', figure: 'late' },
  { name: 'moved', kind: 'count', figure: 'moved' },
  { name: 'movesPerTask', kind: 'mean', figure: 'moved' },
  { name: 'returned', kind: 'count', figure: 'returned' },
  { name: 'lostMovedMs', kind: 'ms', figure: 'moved' },
  { name: 'lostLateMs', kind: 'ms', figure: 'late' },
  { name: 'lostAcceptMs', kind: 'ms', figure: null },
];
const LONGEST_DAYS = 400;
const HOUR_MS = 3_600_000;

/** "3 h", "2.5 d": how long things took, for comparison. */
const span = (ms: number): string => {
  const of = (n: number) => numberFormat({ maximumFractionDigits: 1 }).format(n);
  return ms >= 24 * HOUR_MS ? t().days(of(ms / (24 * HOUR_MS))) : t().hours(of(ms / HOUR_MS));
};

const written = (kind: (typeof COLUMNS)[number]['kind'], value: number | null): string => {
  if (value === null) return '—';
  if (kind === 'ms') return value === 0 ? '0' : span(value);
  return numberFormat(kind === 'share' ? { style: 'percent', maximumFractionDigits: 0 } : { maximumFractionDigits: 1 }).format(value);
};

interface Asked {
  readonly by: 'owner' | 'kind';
  readonly from: string;
  readonly until: string;
  readonly department: string;
}

/** How tasks ended, by person or kind: on time, late, moved, and in which step time was lost; each figure opens its tasks. */
@customElement('allo-task-report')
export class TaskReport extends AlloElement {
  /** Of the address. */
  @property() query = '';
  @state() private data: Loading<Report | null> = LOADING;
  @state() private saving = false;
  private asked: Asked = { by: 'owner', from: '', until: '', department: '' };
  private question = 0;

  static override styles = [
    ...AlloElement.styles,
    states,
    ...scrollTable,
    css`
      header,
      .filters {
        display: flex;
        flex-wrap: wrap;
        align-items: end;
        gap: var(--space-2) var(--space-3);
        margin-bottom: var(--space-3);
      }
      thead th {
        white-space: normal;
        min-width: 5rem;
      }
      th,
      td {
        padding: var(--space-2) var(--space-3);
      }
      td {
        text-align: right;
        font-variant-numeric: tabular-nums;
      }
      thead th:not(:first-child) {
        text-align: right;
      }
      h2 {
        margin: var(--space-5) 0 var(--space-2);
        font-size: var(--text-m);
      }
      .why li {
        display: flex;
        justify-content: space-between;
        gap: var(--space-3);
        padding: var(--space-1) 0;
        max-width: 34rem;
      }
    `,
  ];

  protected override willUpdate(changed: Map<PropertyKey, unknown>) {
    if (!changed.has('query')) return;
    const said = new URLSearchParams(this.query);
    const now = serverNow();
    this.asked = {
      by: oneOf(['owner', 'kind'] as const, said.get('by'), 'owner'),
      from: readDay(said.get('from')) || dayOf(onDay(now, -29, 0)),
      until: readDay(said.get('until')) || dayOf(now),
      department: said.get('department') ?? '',
    };
    void this.load();
  }

  private ask() {
    const { by, from, until, department } = this.asked;
    const bounds = periodOfDays(from, until, LONGEST_DAYS);
    return bounds && { by, from: bounds[0], until: bounds[1], ...(department && { departmentId: Number(department) }) };
  }

  private async load() {
    const question = ++this.question;
    const ask = this.ask();
    if (!ask) {
      this.data = ready(null);
      return;
    }
    try {
      const report = await tasksApi.report(ask);
      if (question === this.question) this.data = ready(report);
    } catch (err) {
      if (question === this.question) this.data = failed(err);
    }
  }

  private change(change: Partial<Asked>) {
    const said = Object.entries({ ...this.asked, ...change }).filter(([, value]) => value !== '');
    navigate(`/tasks/report?${new URLSearchParams(said).toString()}`, { focus: false, replace: true });
  }

  override render() {
    const { by, from, until, department } = this.asked;
    const day = (name: 'from' | 'until', label: string, value: string) =>
      html`<label class="field"
        ><span>${label}</span
        ><input type="date" .value=${value} @change=${(e: Event) => this.change({ [name]: (e.target as HTMLInputElement).value })}
      /></label>`;
    const departments = this.data.state === 'ready' ? (this.data.value?.departments ?? []) : [];
    return html`<header>
        <h1 class="grow" tabindex="-1">${t().report}</h1>
        <a class="button" href="/tasks">${t().toAll}</a>
      </header>
      <div class="filters">
        <div class="row" role="group" aria-label=${t().report}>
          <button
            class="button ${by === 'owner' ? 'primary' : ''}"
            aria-pressed=${by === 'owner'}
            @click=${() => this.change({ by: 'owner' })}
          >
            ${t().byOwner}
          </button>
          <button
            class="button ${by === 'kind' ? 'primary' : ''}"
            aria-pressed=${by === 'kind'}
            @click=${() => this.change({ by: 'kind' })}
          >
            ${t().byKind}
          </button>
        </div>
        ${day('from', t().from, from)} ${day('until', t().to, until)}
        ${
          departments.length === 0
            ? nothing
            : html`<label class="field"
                ><span>${t().department}</span
                ><select @change=${(e: Event) => this.change({ department: (e.target as HTMLSelectElement).value })}>
                  <option value="">${t().anyOf}</option>
                  ${departments.map(({ id, name }) => html`<option value=${id} ?selected=${String(id) === department}>${name}</option>`)}
                </select></label
              >`
        }
      </div>
      ${this.body()}`;
  }

  private body() {
    if (this.data.state === 'loading') return html`<div class="panel">${skeleton(8)}</div>`;
    if (this.data.state === 'failed') return html`<div class="panel">${trouble(this.data.error, () => void this.load())}</div>`;
    const report = this.data.value;
    if (!report) return html`<div class="panel">${empty({ icon: 'info', title: t().badPeriod })}</div>`;
    if (report.rows.length === 0) return html`<div class="panel">${empty({ icon: 'search', title: t().nothing })}</div>`;
    const name = ({ user, kind }: Report['rows'][number]) => user?.name ?? (kind ? t().kinds[kind] : '');
    return html`<div class="scroll" role="region" aria-label=${t().report} tabindex="0">
        <table>
          <thead>
            <tr>
              <th scope="col">${this.asked.by === 'owner' ? t().person : t().kind}</th>
              ${COLUMNS.map((c) => html`<th scope="col">${t().columns[c.name as keyof ReturnType<typeof t>['columns']]}</th>`)}
            </tr>
          </thead>
          <tbody>
            ${report.rows.map(
              (row) =>
                html`<tr>
                  <th scope="row" dir="auto">${name(row)}</th>
                  ${COLUMNS.map((c) => this.cell(c, row.figures, row))}
                </tr>`,
            )}
          </tbody>
          <tfoot>
            <tr>
              <th scope="row">${t().total}</th>
              ${COLUMNS.map((c) => this.cell(c, report.total, null))}
            </tr>
          </tfoot>
        </table>
      </div>
      <p class="row small muted">
        ${t().saveAs}
        ${(['xlsx', 'csv'] as const).map((format) => html`<button class="button" ?disabled=${this.saving} @click=${() => void this.save(format)}>${icon('download')}${format.toUpperCase()}</button>`)}
      </p>
      ${
        report.reasons.length === 0
          ? nothing
          : html`<h2>${t().whyMoved}</h2>
              <ul class="why">
                ${report.reasons.map(({ reason, n, ms }) => html`<li><span>${t().reasons[reason]}</span><span class="num muted">${t().times(n)} · ${span(ms)}</span></li>`)}
              </ul>`
      }`;
  }

  private cell(c: (typeof COLUMNS)[number], figures: TaskFigures, row: Report['rows'][number] | null) {
    const words = written(c.kind, figures[c.name]);
    const ask = this.ask();
    if (!c.figure || !figures[c.name] || !ask) return html`<td>${words}</td>`;
    const of = { scope: 'all', state: 'any', figure: c.figure, from: String(ask.from), to: String(ask.until), ...(row?.user && { ownerId: String(row.user.id) }), ...(row?.kind && { kind: row.kind }) }; // prettier-ignore
    return html`<td><a href="/tasks?${new URLSearchParams(of).toString()}">${words}</a></td>`;
  }

  /** The figures of the file are counted anew; its words are those of the screen. */
  private async save(format: 'csv' | 'xlsx') {
    const query = this.ask();
    if (!query) return;
    this.saving = true;
    try {
      const columns = COLUMNS.map(({ name, kind }) => ({ name, kind, label: t().columns[name as keyof ReturnType<typeof t>['columns']] }));
      const words = { key: this.asked.by === 'owner' ? t().person : t().kind, total: t().total, columns, keys: t().kinds };
      saveFile(await tasksApi.save({ query, format, language: locale.get(), words }));
    } catch (err) {
      toast('danger', errorText(err));
    } finally {
      this.saving = false;
    }
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'allo-task-report': TaskReport;
  }
}
