import { css, html, nothing } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import type { ComplaintBrief } from '../../server/complaints/contract.ts';
import { Pages } from '../core/pages.ts';
import { navigate } from '../core/router.ts';
import { Select } from '../core/store.ts';
import { Ticking } from '../core/time.ts';
import { AlloElement } from '../ui/allo-element.ts';
import '../ui/allo-more.ts';
import { icon } from '../ui/icons.ts';
import { empty, skeleton, states, trouble } from '../ui/states.ts';
import './allo-complaint-board.ts';
import { complaintLine, lineStyles } from './line.ts';
import { severityChoices } from './severity.ts';
import { changes, complaintsApi, loadSetup, setup } from './store.ts';
import { t as words } from './report-strings.ts';
import { t } from './strings.ts';

type Scope = 'mine' | 'department' | 'handed' | 'all' | 'registered';

/**
 * Complaints by time left, or side by side by status.
 * @fires complaint-wanted
 */
@customElement('allo-complaints')
export class Complaints extends AlloElement {
  @state() private scope: Scope | null = null;
  @state() private view: 'queue' | 'board' = 'queue';
  @state() private open: 'true' | 'false' = 'true';
  @state() private severity = '';
  @state() private number = '';
  private readonly setup = new Select(this, setup, (s) => s);
  private readonly pages = new Pages<ComplaintBrief>(this, (after) => this.load(after));
  private stop = () => {};

  static override styles = [
    ...AlloElement.styles,
    states,
    lineStyles,
    css`
      header,
      .tools {
        display: flex;
        flex-wrap: wrap;
        align-items: end;
        gap: var(--space-3);
      }
      header {
        justify-content: space-between;
        margin-bottom: var(--space-3);
      }
      .tools {
        margin-bottom: var(--space-4);
      }
      .tools input,
      .tools select {
        width: auto;
        min-width: 10rem;
      }
      .list {
        padding: 0;
      }
    `,
  ];

  constructor() {
    super();
    new Ticking(this, () => this.pages.items.length > 0);
  }

  override connectedCallback() {
    super.connectedCallback();
    this.stop = changes.subscribe(() => void this.pages.restart({ keep: true }));
    void this.begin();
  }

  override disconnectedCallback() {
    super.disconnectedCallback();
    this.stop();
  }

  private async begin() {
    const found = await loadSetup();
    this.scope ??= found?.can.all ? 'all' : found?.can.department ? 'department' : 'mine';
    void this.pages.restart();
  }

  private async load(after: string | undefined) {
    if (this.scope === null) return { items: [], next: null };
    return complaintsApi.list(
      {
        scope: this.scope,
        open: this.open,
        ...(this.severity && { severity: this.severity }),
        ...(this.number && { number: this.number }),
      },
      after,
    );
  }

  private choose(change: Partial<{ scope: Scope; open: 'true' | 'false'; severity: string }>) {
    Object.assign(this, change);
    void this.pages.restart();
  }

  override render() {
    return html`<header>
        <div>
          <h1 tabindex="-1">${t().title}</h1>
          <p class="muted small">${t().lead}</p>
        </div>
        <span class="row">
          ${this.setup.value?.can.reports ? html`<a class="button" href="/complaints/reports">${icon('chart')}${words().link}</a>` : nothing}
          <button class="button primary" @click=${() => this.emit('complaint-wanted', {})}>${icon('plus')}${t().register}</button>
        </span>
      </header>
      <div class="tools">${this.tools()}</div>
      ${
        this.view === 'board' && this.scope !== null
          ? html`<allo-complaint-board .scope=${this.scope} .version=${this.pages.items}></allo-complaint-board>`
          : this.list()
      }`;
  }

  private tools() {
    const can = this.setup.value?.can;
    const scopes: Scope[] = ['mine', ...(can?.department ? (['department', 'handed'] as const) : []), 'registered', ...(can?.all ? (['all'] as const) : [])]; // prettier-ignore
    const select = (label: string, options: readonly [string, string][], chosen: string, choose: (value: string) => void) =>
      html`<label class="field"
        ><span>${label}</span
        ><select @change=${(e: Event) => choose((e.target as HTMLSelectElement).value)}>
          ${options.map(([value, words]) => html`<option value=${value} ?selected=${value === chosen}>${words}</option>`)}
        </select></label
      >`;
    return html`${select(
        t().whose,
        scopes.map((s): [string, string] => [s, t().scopes[s]]),
        this.scope ?? '',
        (v) => this.choose({ scope: v as Scope }),
      )}
      ${select(t().view, Object.entries(t().views), this.view, (v) => (this.view = v as 'queue'))}
      ${
        this.view === 'board'
          ? nothing
          : select(
              t().state,
              [
                ['true', t().openList],
                ['false', t().closedList],
              ],
              this.open,
              (v) => this.choose({ open: v as 'true' }),
            )
      }
      ${
        this.view === 'board'
          ? nothing
          : select(t().severity, [['', t().anySeverity], ...severityChoices(this.severity)], this.severity, (severity) =>
              this.choose({ severity }),
            )
      }
      <label class="field"
        ><span>${t().find}</span
        ><input
          type="search"
          maxlength="20"
          placeholder=${t().findHint}
          .value=${this.number}
          @change=${(e: Event) => void this.find((e.target as HTMLInputElement).value.trim())}
      /></label>`;
  }

  /** One that has the number is opened at once. */
  private async find(number: string) {
    this.number = number;
    await this.pages.restart();
    if (number && this.pages.items.length === 1) navigate(`/complaints/${this.pages.items[0]!.id}`);
  }

  private list() {
    const { pages } = this;
    if (pages.items.length === 0) {
      if (pages.state === 'loading' || this.scope === null) return html`<div class="panel list">${skeleton(8)}</div>`;
      if (pages.state === 'failed') return html`<div class="panel">${trouble(pages.error, () => void pages.retry())}</div>`;
      return html`<div class="panel">${empty({ icon: 'check', title: t().empty, text: t().emptyText })}</div>`;
    }
    return html`<ul class="panel list">
        ${repeat(
          pages.items,
          (one) => one.id,
          (one) => html`<li>${complaintLine(one)}</li>`,
        )}
      </ul>
      ${
        pages.state === 'failed'
          ? trouble(pages.error, () => void pages.retry())
          : pages.state === 'end'
            ? nothing
            : html`<allo-more @more-wanted=${() => void pages.more()}></allo-more>`
      }`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'allo-complaints': Complaints;
  }
}
