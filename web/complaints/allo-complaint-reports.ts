import { css, html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import type { ComplaintBrief, ComplaintPage, ReportReply } from '../../server/complaints/contract.ts';
import { ApiError, api } from '../core/api.ts';
import { errorText } from '../core/error-words.ts';
import { date } from '../core/format.ts';
import { locale } from '../core/i18n.ts';
import { LOADING, failed, ready } from '../core/loading.ts';
import type { Loading } from '../core/loading.ts';
import { Pages } from '../core/pages.ts';
import { dayOf } from '../core/period.ts';
import { navigate } from '../core/router.ts';
import { saveFile } from '../core/save-file.ts';
import { Select } from '../core/store.ts';
import { serverNow } from '../core/time.ts';
import { toast } from '../core/toasts.ts';
import { AlloElement } from '../ui/allo-element.ts';
import '../ui/allo-more.ts';
import { icon } from '../ui/icons.ts';
import { reportChoice } from '../ui/report-styles.ts';
import { empty, skeleton, states, trouble } from '../ui/states.ts';
import { complaintLine, lineStyles } from './line.ts';
import { chartStyles, trendChart } from './report-chart.ts';
import { columnsOf, keysOf, wordsOf, written } from './report-columns.ts';
import { PERIODS, VIEWS, addressOf, boundsOf, readReport } from './report-state.ts';
import type { FilterName, ReportState } from './report-state.ts';
import { t } from './report-strings.ts';
import { reportTable, tableStyles } from './report-table.ts';
import { severityChoices } from './severity.ts';
import { loadSetup, setup } from './store.ts';

/** What to mend, and what complaints say of categories, products, departments, people; each figure opens its tickets. */
@customElement('allo-complaint-reports')
export class ComplaintReports extends AlloElement {
  /** Of the address. */
  @property() query = '';
  @state() private data: Loading<ReportReply | null> = LOADING;
  @state() private sort = '';
  @state() private saving = false;
  private readonly setup = new Select(this, setup, (s) => s);
  private readonly tickets = new Pages<ComplaintBrief>(this, (after) => this.loadTickets(after));
  private asked: ReportState = readReport('');
  private question = 0;

  static override styles = [
    ...AlloElement.styles,
    states,
    lineStyles,
    reportChoice,
    ...chartStyles,
    ...tableStyles,
    css`
      header,
      .foot {
        display: flex;
        flex-wrap: wrap;
        justify-content: space-between;
        align-items: center;
        gap: var(--space-2) var(--space-3);
      }
      header {
        margin-bottom: var(--space-3);
      }
      .filters {
        margin-bottom: var(--space-3);
      }
      .filters > .field {
        flex: 1 1 8rem;
        min-width: 7rem;
        max-width: 14rem;
      }
      .foot {
        margin: var(--space-2) 0;
      }
      .list {
        padding: 0;
      }
    `,
  ];

  override connectedCallback() {
    super.connectedCallback();
    void loadSetup();
  }

  protected override willUpdate(changed: Map<PropertyKey, unknown>) {
    if (!changed.has('query')) return;
    this.asked = readReport(this.query);
    this.sort = '';
    if (this.asked.figure === null) void this.load();
    else void this.tickets.restart();
  }

  private bounds = () => boundsOf(this.asked, serverNow());

  private async load() {
    const question = ++this.question;
    const bounds = this.bounds();
    this.data = LOADING;
    if (!bounds) {
      this.data = ready(null);
      return;
    }
    try {
      const { by, filters } = this.asked;
      const report = await api.get<ReportReply>('/api/complaints/report', { by, from: bounds[0], until: bounds[1], ...filters });
      if (question === this.question) this.data = ready(report);
    } catch (err) {
      if (question === this.question) this.data = failed(err);
    }
  }

  private async loadTickets(after: string | undefined) {
    const { by, filters, figure, row, between } = this.asked;
    const [from, until] = between ?? this.bounds() ?? [0, 0];
    const ask = { by, figure: figure ?? '', from, until, ...filters, ...(row !== null && { row }), after };
    return api.get<ComplaintPage>('/api/complaints/report/tickets', ask);
  }

  private change(change: Partial<ReportState>) {
    navigate(addressOf({ ...this.asked, figure: null, row: null, between: null, ...change }), { focus: false });
  }

  override render() {
    if (this.data.state === 'failed' && this.data.error instanceof ApiError && this.data.error.code === 'forbidden')
      return html`<div class="panel">${empty({ page: true, icon: 'shield', title: t().forbidden })}</div>`;
    const { by, figure } = this.asked;
    return html`<header>
        <h1 tabindex="-1">${t().title}</h1>
        <span class="row"
          ><a class="button" href="/complaints/actions">${icon('check')}${t().actions}</a>
          <a class="button" href="/complaints">${icon('warning')}${t().toComplaints}</a></span
        >
      </header>
      <div class="tabs" role="group" aria-label=${t().title}>
        ${VIEWS.map((view) => html`<button class="button" aria-pressed=${view === by} @click=${() => this.change({ by: view })}>${t().views[view]}</button>`)}
      </div>
      <div class="filters">${this.filters()}</div>
      ${figure === null ? html`<div aria-busy=${this.data.state === 'loading'}>${this.figures()}</div>` : this.list()}`;
  }

  private filters() {
    const { period, from, until, filters, by } = this.asked;
    const found = this.setup.value;
    const select = (label: string, options: readonly [string, string][], chosen: string, choose: (value: string) => void) =>
      html`<label class="field"
        ><span>${label}</span
        ><select @change=${(e: Event) => choose((e.target as HTMLSelectElement).value)}>
          ${options.map(([value, words]) => html`<option value=${value} ?selected=${value === chosen} .selected=${value === chosen}>${words}</option>`)}
        </select></label
      >`;
    const day = (name: 'from' | 'until', value: string) =>
      html`<label class="field"
        ><span>${t()[name]}</span
        ><input type="date" .value=${value} @change=${(e: Event) => this.change({ [name]: (e.target as HTMLInputElement).value })}
      /></label>`;
    const filter = (name: Exclude<FilterName, 'severity'>, options: readonly [string, string][]) =>
      select(t().keys[name], [['', t().any], ['0', t().none[name]], ...options], filters[name] ?? '', (value) => this.only(name, value || undefined)); // prettier-ignore
    const categories = (kind: 'category' | 'cause') =>
      (found?.categories ?? []).filter((one) => one.kind === kind).map(({ id }): [string, string] => [String(id), wordsOf(kind, String(id))]).sort(([, a], [, b]) => a.localeCompare(b)); // prettier-ignore
    const people = (found?.people ?? []).map(({ id, name }): [string, string] => [String(id), name]);
    const departments = (found?.departments ?? []).map(({ id, name }): [string, string] => [String(id), name]);
    const bounds = this.bounds();
    const own = bounds ? { from: dayOf(bounds[0]), until: dayOf(bounds[1] - 1) } : {};
    return html`${
      by === 'ageing'
        ? nothing
        : html`${select(
            t().period,
            PERIODS.map((name): [string, string] => [name, t().periods[name]]),
            period,
            (name) => this.change({ period: name as 'own', ...(name === 'own' && own) }),
          )}
          ${period === 'own' ? html`${day('from', from)}${day('until', until)}` : nothing}`
    }
    ${filter('department', departments)} ${filter('category', categories('category'))} ${filter('cause', categories('cause'))}
    ${select(t().keys.severity, [['', t().any], ...severityChoices(filters.severity)], filters.severity ?? '', (value) => this.only('severity', value || undefined))}
    ${filter('operator', people)}
    ${
      filters.product === undefined
        ? nothing
        : html`<span class="row"
            ><span>${t().keys.product}: <strong dir="auto">${filters.product || t().none.product}</strong></span>
            <button class="button" @click=${() => this.only('product', undefined)}>${t().clear}</button></span
          >`
    }`;
  }

  private only(name: FilterName, value: string | undefined) {
    const { [name]: _, ...rest } = this.asked.filters;
    this.change({ filters: value === undefined ? rest : { ...rest, [name]: value } });
  }

  private figures() {
    if (this.data.state === 'failed') return html`<div class="panel">${trouble(this.data.error, () => void this.load())}</div>`;
    // rows are worded with it
    if (this.data.state === 'loading' || !this.setup.value) return html`<div class="panel">${skeleton(9)}</div>`;
    const report = this.data.value;
    const { by } = this.asked;
    if (!report) return html`<div class="panel">${empty({ icon: 'info', title: t().badPeriod })}</div>`;
    if (report.rows.length === 0)
      return html`<div class="panel">${empty({ icon: 'search', title: t().nothing, text: t().nothingText })}</div>`;
    const other = report.otherCosts.map(({ currency, amount }) => written({ kind: 'money' }, amount, currency));
    return html`<p class="muted small">
        ${t().leads[by] ?? t().registered}
        ${by === 'cause' ? html`<a href="/complaints/actions${this.asked.filters.cause === undefined ? '' : `?cause=${this.asked.filters.cause}`}">${t().whatIsMended}</a>` : nothing}
      </p>
      ${by === 'weeks' ? trendChart(report.rows) : nothing}
      <div class="foot">
        <span class="muted small">${t().shown(report.rows.length)} ${other.length > 0 ? t().otherCosts(other.join(', ')) : nothing}</span>
        <span class="row small muted"
          >${t().save}
          ${(['xlsx', 'csv'] as const).map((format) => html`<button class="button" ?disabled=${this.saving} @click=${() => void this.save(report, format)}>${icon('download')}${format.toUpperCase()}</button>`)}</span
        >
      </div>
      ${reportTable(report, this.asked, { by: this.sort, choose: (sort) => (this.sort = sort) })}`;
  }

  /** The figures of the file are counted anew; its words are those of the screen. */
  private async save(report: ReportReply, format: 'csv' | 'xlsx') {
    const bounds = this.bounds();
    if (!bounds) return;
    const { by, filters } = this.asked;
    const columns = columnsOf(by).map(({ name, kind }) => ({ name, kind, label: kind === 'money' ? `${t().columns[name]}, ${report.currency}` : t().columns[name]! })); // prettier-ignore
    this.saving = true;
    try {
      const words = { key: t().keys[by], total: t().total, columns, keys: keysOf(by, report) };
      const query = { by, from: bounds[0], until: bounds[1], ...filters };
      saveFile(await api.file('/api/complaints/report/export', { query, format, language: locale.get(), words }));
    } catch (err) {
      toast('danger', errorText(err));
    } finally {
      this.saving = false;
    }
  }

  private list() {
    const { by, figure, row, between } = this.asked;
    const { tickets } = this;
    const of = by === 'weeks' && between ? date(between[0]) : row === null ? '' : wordsOf(by, row);
    const back = html`<a class="button" href=${addressOf({ ...this.asked, figure: null, row: null, between: null })}>${t().back}</a>`;
    const body = () => {
      if (tickets.items.length > 0)
        return html`<ul class="panel list">
          ${repeat(
            tickets.items,
            (one) => one.id,
            (one) => html`<li>${complaintLine(one)}</li>`,
          )}
        </ul>`;
      if (tickets.state === 'loading') return html`<div class="panel list">${skeleton(8)}</div>`;
      if (tickets.state === 'failed') return nothing;
      return html`<div class="panel">${empty({ icon: 'search', title: t().nothing, text: t().nothingText })}</div>`;
    };
    return html`<div class="foot">
        <h2>${of === '' ? '' : `${t().keys[by]}: ${of} · `}${t().figures[figure ?? ''] ?? ''}</h2>
        ${back}
      </div>
      ${body()}
      ${tickets.state === 'failed' ? html`<div class="panel">${trouble(tickets.error, () => void tickets.retry())}</div>` : nothing}
      ${tickets.state === 'more' ? html`<allo-more @more-wanted=${() => void tickets.more()}></allo-more>` : nothing}`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'allo-complaint-reports': ComplaintReports;
  }
}
