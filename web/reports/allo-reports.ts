import { css, html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { Staffing } from '../../server/reports/contract.ts';
import { ApiError } from '../core/api.ts';
import { clock, day, shortDay } from '../core/format.ts';
import { LOADING, failed, ready } from '../core/loading.ts';
import type { Loading } from '../core/loading.ts';
import { navigate } from '../core/router.ts';
import { serverNow } from '../core/time.ts';
import { errorText } from '../core/error-words.ts';
import { toast } from '../core/toasts.ts';
import { icon } from '../ui/icons.ts';
import { wallText } from '../core/wall.ts';
import { saveFile } from '../core/save-file.ts';
import { AlloElement } from '../ui/allo-element.ts';
import { empty, skeleton, states, trouble } from '../ui/states.ts';
import { reportsApi } from './api.ts';
import type { Choice } from './allo-pick.ts';
import './allo-pick.ts';
import './allo-report-mail.ts';
import './allo-report-table.ts';
import { chartStyles, rankChart, timeChart } from './chart.ts';
import { COLUMNS, nameOf } from './columns.ts';
import type { Report, Row } from './columns.ts';
import { mailWords } from './mail-strings.ts';
import { filters, filterStyles } from './filters.ts';
import { staffingStyles, staffingTable } from './staffing.ts';
import { addressOf, boundsOf, readState, TIMES } from './state.ts';
import type { ReportState } from './state.ts';
import { t } from './strings.ts';

type Answer = { kind: 'report'; report: Report; bounds: [number, number] } | { kind: 'staffing'; staffing: Staffing } | { kind: 'ask' };

/** Figures of queues, operators, outcomes, breaks, and how many people are needed. What is asked stands in the address. */
@customElement('allo-reports')
export class Reports extends AlloElement {
  /** Of the address. */
  @property() query = '';
  /** Words of an outcome's code. */
  @property({ attribute: false }) outcomeWords: (code: string) => string = (code) => code;
  @state() private data: Loading<Answer> = LOADING;
  @state() private queues: readonly Choice[] = [];
  @state() private users: readonly Choice[] = [];
  @state() private saving = false;
  private asked: ReportState = readState('');
  private question = 0;
  /** What the last answer was to: a sort or a column asks the server nothing. */
  private answered = '';

  static override styles = [
    ...AlloElement.styles,
    states,
    ...chartStyles,
    ...filterStyles,
    staffingStyles,
    css`
      .title {
        justify-content: space-between;
        margin-bottom: var(--space-4);
      }
      .foot {
        flex-wrap: wrap;
        justify-content: space-between;
        margin: 0 0 var(--space-2);
        min-height: var(--hit-target);
      }
      .foot label {
        display: flex;
        align-items: center;
        gap: var(--space-2);
        min-height: 2rem;
      }
      .notes {
        margin-top: var(--space-3);
        max-width: 60rem;
      }
    `,
  ];

  override connectedCallback() {
    super.connectedCallback();
    void this.loadChoices();
  }

  protected override willUpdate(changed: Map<string, unknown>) {
    if (!changed.has('query')) return;
    this.asked = readState(this.query);
    const question = addressOf({ ...this.asked, sort: '', all: false });
    if (question !== this.answered || this.data.state === 'failed') void this.load();
  }

  private async loadChoices() {
    try {
      const [queues, users] = await Promise.all([reportsApi.queues(), reportsApi.users()]);
      const several = new Set(queues.map((q) => q.pbx)).size > 1;
      this.queues = queues.map((q) => ({ value: `${q.pbx}:${q.name}`, words: `${q.label || q.name}${several ? ` (${q.pbx})` : ''}` }));
      this.users = users.map((u) => ({ value: String(u.id), words: u.name })).sort((a, b) => a.words.localeCompare(b.words));
    } catch (err) {
      this.data = failed(err);
    }
  }

  private async load() {
    const question = ++this.question;
    const asked = this.asked;
    this.answered = addressOf({ ...asked, sort: '', all: false });
    this.data = LOADING;
    try {
      const answer = await this.ask(asked);
      if (question === this.question) this.data = ready(answer);
    } catch (err) {
      if (question === this.question) this.data = failed(err);
    }
  }

  private async ask(asked: ReportState): Promise<Answer> {
    if (asked.report === 'staffing') {
      const queue = asked.queues[0];
      return queue === undefined ? { kind: 'ask' } : { kind: 'staffing', staffing: await reportsApi.staffing(queue, asked) };
    }
    const bounds = boundsOf(asked, serverNow());
    return bounds === null ? { kind: 'ask' } : { kind: 'report', bounds, report: await reportsApi.read(asked, bounds) };
  }

  /** `replace`: how it is shown, not what is asked. */
  private change(change: Partial<ReportState>, replace = false) {
    navigate(addressOf({ ...this.asked, ...change }), { replace, focus: false });
  }

  override render() {
    if (this.data.state === 'failed' && this.data.error instanceof ApiError && this.data.error.code === 'forbidden')
      return html`<div class="panel">${empty({ page: true, icon: 'shield', title: t().forbidden })}</div>`;
    return html`<div class="row title"><h1 tabindex="-1">${t().title}</h1></div>
      ${filters(this.asked, { queues: this.queues, users: this.users, now: serverNow(), change: (to, replace) => this.change(to, replace) })}
      <div aria-busy=${this.data.state === 'loading'}>${this.content()}</div>
      <allo-report-mail></allo-report-mail>`;
  }

  private content() {
    if (this.data.state === 'failed') return html`<div class="panel">${trouble(this.data.error, () => void this.retry())}</div>`;
    if (this.data.state === 'loading') return html`<div class="panel">${skeleton(9)}</div>`;
    const answer = this.data.value;
    if (answer.kind === 'ask')
      return html`<div class="panel">
        ${empty({ icon: 'info', title: this.asked.report === 'staffing' ? t().chooseQueue : t().badPeriod })}
      </div>`;
    if (answer.kind === 'staffing') return answer.staffing.hours.length === 0 ? this.nothing() : staffingTable(answer.staffing);
    const { report, bounds } = answer;
    if (report.rows.length === 0) return html`${this.nothing()}${this.foot(report)}`;
    const columns = COLUMNS[this.asked.report as keyof typeof COLUMNS];
    const more = columns.some((c) => !c.first);
    const words = (row: Row) => this.wordsOf(row);
    return html`${this.chart(report)}${this.foot(report, more)}
      <allo-report-table
        .report=${report}
        .asked=${this.asked}
        .bounds=${bounds}
        .columns=${this.asked.all ? columns : columns.filter((c) => c.first)}
        .words=${words}
        @sort-chosen=${(e: CustomEvent<{ sort: string }>) => this.change({ sort: e.detail.sort }, true)}
      ></allo-report-table>`;
  }

  private async retry() {
    await Promise.all([this.load(), this.queues.length === 0 ? this.loadChoices() : null]);
  }

  private nothing() {
    return html`<div class="panel">${empty({ icon: 'search', title: t().nothing, text: t().nothingText })}</div>`;
  }

  private foot(report: Report, more = false) {
    return html`<div class="row foot">
      <span class="muted small"
        >${report.asOf === null ? t().neverCounted : t().asOf(clock(report.asOf))} · ${t().rows(report.rows.length)}</span
      >
      ${
        more
          ? html`<label
              ><input
                type="checkbox"
                .checked=${this.asked.all}
                @change=${(e: Event) => this.change({ all: (e.target as HTMLInputElement).checked }, true)}
              />${t().allColumns}</label
            >`
          : nothing
      }
      <span class="row small muted"
        >${t().save}
        ${(['xlsx', 'csv'] as const).map(
          (format) =>
            html`<button class="button" ?disabled=${this.saving} @click=${() => void this.save(report, format)}>
              ${icon('download')}${format.toUpperCase()}
            </button>`,
        )}<button class="button" @click=${() => this.byMail(report)}>${icon('mail')}${mailWords().byMail}</button></span
      >
    </div>`;
  }

  /** What a file of this report holds: its words are those of the screen. */
  private draft(report: Report, format: 'csv' | 'xlsx') {
    const code = ({ key }: Row) => key.queue ?? key.outcome ?? (key.n === undefined ? null : String(key.n));
    const keys = Object.fromEntries(report.rows.flatMap((row) => (code(row) === null ? [] : [[code(row), this.wordsOf(row)]])));
    const columns = COLUMNS[this.asked.report as keyof typeof COLUMNS].map(({ name, kind }) => ({ name, kind, label: nameOf(name) }));
    const { by, report: name } = this.asked;
    const key = name === 'outcomes' || name === 'breaks' ? t().reports[name] : t().heads[by];
    return reportsApi.draft(this.asked, format, { key, total: t().total, columns, keys });
  }

  /** The rows of the file are asked anew. */
  private async save(report: Report, format: 'csv' | 'xlsx') {
    const bounds = boundsOf(this.asked, serverNow());
    if (bounds === null) return;
    this.saving = true;
    try {
      saveFile(await reportsApi.save(this.draft(report, format), bounds));
    } catch (err) {
      toast('danger', errorText(err));
    } finally {
      this.saving = false;
    }
  }

  private byMail(report: Report) {
    const title = `${t().title}: ${t().reports[this.asked.report]}`;
    void this.renderRoot.querySelector('allo-report-mail')?.show(this.draft(report, 'xlsx'), title);
  }

  private chart({ rows }: Report) {
    const { report, by, sort } = this.asked;
    const words = (row: Row) => this.wordsOf(row);
    const columns = COLUMNS[report as keyof typeof COLUMNS];
    if (report === 'outcomes' || report === 'breaks' || !TIMES.includes(by as 'day')) {
      const chosen = columns.find((c) => c.name === sort.replace('-', '')) ?? columns[0]!;
      return rankChart(rows, chosen, words);
    }
    const stack = report === 'queues' ? ['answered', 'abandoned', 'flowed'] : ['handled'];
    return timeChart({ rows, stack, line: report === 'queues' ? 'slShort' : 'occupancy', words, tick: (row) => this.tickOf(row) });
  }

  private tickOf({ key }: Row): string {
    if (key.n !== undefined) return this.asked.by === 'weekday' ? t().weekdays[key.n - 1]!.slice(0, 3) : `${key.n}`;
    const at = key.at ?? 0;
    return this.asked.by === 'hour' && this.bounded() ? clock(at) : shortDay(at);
  }

  /** One day: its hours need no date. */
  private bounded(): boolean {
    return this.asked.period === 'today' || this.asked.period === 'yesterday';
  }

  private wordsOf({ key }: Row): string {
    if (key.queue !== undefined)
      return this.queues.find(({ value }) => value === key.queue)?.words ?? key.queue.slice(key.queue.indexOf(':') + 1);
    if (key.user) return key.user.name;
    if (key.n !== undefined) return this.asked.by === 'weekday' ? t().weekdays[key.n - 1]! : `${String(key.n).padStart(2, '0')}:00`;
    if (key.at !== undefined) {
      if (this.asked.by !== 'hour') return `${day(key.at)}`;
      return this.bounded() ? clock(key.at) : `${wallText(key.at).slice(8, 10)}.${wallText(key.at).slice(5, 7)} ${clock(key.at)}`;
    }
    return this.asked.report === 'breaks' ? key.outcome || t().noReason : this.outcomeWords(key.outcome ?? '');
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'allo-reports': Reports;
  }
}
