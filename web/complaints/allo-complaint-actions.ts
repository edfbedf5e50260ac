import { css, html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import type { Action, ActionCounts, ActionPage } from '../../server/complaints/contract.ts';
import { api } from '../core/api.ts';
import { errorText } from '../core/error-words.ts';
import { moment } from '../core/format.ts';
import { Pages } from '../core/pages.ts';
import { oneOf } from '../core/period.ts';
import { navigate } from '../core/router.ts';
import { Select } from '../core/store.ts';
import { serverNow } from '../core/time.ts';
import { toast } from '../core/toasts.ts';
import { AlloElement } from '../ui/allo-element.ts';
import '../ui/allo-badge.ts';
import '../ui/allo-more.ts';
import { icon } from '../ui/icons.ts';
import { empty, skeleton, states, trouble } from '../ui/states.ts';
import { t } from './action-strings.ts';
import { changes, loadSetup, setup } from './store.ts';
import { labelOf } from './strings.ts';

const STATES = ['open', 'overdue', 'done'] as const;
const FILTERS = ['owner', 'department', 'cause'] as const;
type FilterName = (typeof FILTERS)[number];

/** What is being mended, by whom and by when; what came of what is done. */
@customElement('allo-complaint-actions')
export class ComplaintActions extends AlloElement {
  /** Of the address. */
  @property() query = '';
  @state() private counts: ActionCounts | null = null;
  private readonly setup = new Select(this, setup, (s) => s);
  private readonly pages = new Pages<Action>(this, (after) => api.get<ActionPage>('/api/complaints/actions', { ...this.asked(), after }));
  private stop = () => {};

  static override styles = [
    ...AlloElement.styles,
    states,
    css`
      header,
      .tools,
      .counts {
        display: flex;
        flex-wrap: wrap;
        gap: var(--space-2) var(--space-3);
        align-items: end;
        margin-bottom: var(--space-3);
      }
      header {
        justify-content: space-between;
      }
      .tools select {
        width: auto;
        min-width: 9rem;
      }
      .list {
        padding: 0;
      }
      li {
        display: grid;
        grid-template-columns: minmax(0, 1fr) auto;
        gap: var(--space-1) var(--space-4);
        padding: var(--space-3) var(--space-4);
      }
      li + li {
        border-top: 1px solid var(--border);
      }
      li p {
        overflow-wrap: anywhere;
      }
    `,
  ];

  override connectedCallback() {
    super.connectedCallback();
    void loadSetup();
    this.stop = changes.subscribe(() => void this.load(true));
  }

  override disconnectedCallback() {
    super.disconnectedCallback();
    this.stop();
  }

  protected override willUpdate(changed: Map<PropertyKey, unknown>) {
    if (changed.has('query')) void this.load(false);
  }

  private asked(): Record<'state', (typeof STATES)[number]> & Partial<Record<FilterName, string>> {
    const q = new URLSearchParams(this.query);
    const filters = FILTERS.flatMap((name) => (/^\d{1,10}$/.test(q.get(name) ?? '') ? [[name, q.get(name)!]] : []));
    return { state: oneOf(STATES, q.get('state'), 'open'), ...(Object.fromEntries(filters) as Partial<Record<FilterName, string>>) };
  }

  private async load(keep: boolean) {
    const { query } = this;
    void this.pages.restart({ keep });
    try {
      const counts = await api.get<ActionCounts>('/api/complaints/actions/counts', this.asked());
      if (query === this.query) this.counts = counts;
    } catch (err) {
      toast('danger', errorText(err));
    }
  }

  private go(change: Partial<Record<'state' | FilterName, string>>) {
    const q = new URLSearchParams(Object.entries({ ...this.asked(), ...change }).filter(([, value]) => value));
    navigate(`/complaints/actions?${q}`, { focus: false });
  }

  override render() {
    const { state: shown } = this.asked();
    return html`<header>
        <div>
          <h1 tabindex="-1">${t().title}</h1>
          <p class="muted small">${t().lead}</p>
        </div>
        <a class="button" href="/complaints/reports">${icon('chart')}${t().reports}</a>
      </header>
      <div class="tools">
        <span class="row" role="group" aria-label=${t().state}
          >${STATES.map((one) => html`<button class="button ${one === shown ? 'primary' : ''}" aria-pressed=${one === shown} @click=${() => this.go({ state: one })}>${t().states[one]}</button>`)}</span
        >
        ${this.filters()}
      </div>
      ${this.departments()} ${this.list()}`;
  }

  private filters() {
    const asked = this.asked();
    const found = this.setup.value;
    const select = (name: FilterName, options: readonly [string, string][]) =>
      html`<label class="field"
        ><span>${t().filters[name]}</span
        ><select @change=${(e: Event) => this.go({ [name]: (e.target as HTMLSelectElement).value })}>
          ${[['', t().any] as const, ...options].map(([value, words]) => html`<option value=${value} ?selected=${value === (asked[name] ?? '')}>${words}</option>`)}
        </select></label
      >`;
    // with how much is on each, the most overdue first
    const counted = this.counts?.owners.flatMap(({ owner, open, overdue }) => (owner ? [[String(owner.id), `${owner.name} · ${t().counted(open, overdue)}`] as [string, string]] : [])) ?? []; // prettier-ignore
    const others = (found?.people ?? []).filter(({ id }) => !counted.some(([known]) => known === String(id))).map(({ id, name }): [string, string] => [String(id), name]); // prettier-ignore
    const causes = (found?.categories ?? []).filter(({ kind }) => kind === 'cause').map((one): [string, string] => [String(one.id), labelOf(one)]); // prettier-ignore
    const departments = (found?.departments ?? []).map(({ id, name }): [string, string] => [String(id), name]);
    return html`${select('owner', [...counted, ...others])} ${select('department', [...departments, ['0', t().noDepartment]])}
    ${select('cause', [...causes, ['0', t().noCause]])}`;
  }

  private departments() {
    const { departments = [] } = this.counts ?? {};
    if (departments.length === 0) return nothing;
    return html`<p class="counts small" role="status">
      ${departments.map(
        ({ id, open, overdue }) =>
          html`<span
            >${this.departmentOf(id)}:
            <strong>${t().counted(open, 0)}</strong
            >${overdue > 0 ? html` <allo-badge tone="danger">${t().late(overdue)}</allo-badge>` : nothing}</span
          >`,
      )}
    </p>`;
  }

  private departmentOf = (id: number | null): string =>
    this.setup.value?.departments.find((one) => one.id === id)?.name ?? t().noDepartment;

  private list() {
    const { pages } = this;
    if (pages.items.length === 0) {
      if (pages.state === 'loading') return html`<div class="panel list">${skeleton(8)}</div>`;
      if (pages.state === 'failed') return html`<div class="panel">${trouble(pages.error, () => void pages.retry())}</div>`;
      return html`<div class="panel">${empty({ icon: 'check', title: t().none, text: t().noneText })}</div>`;
    }
    return html`<ul class="panel list">
        ${repeat(
          pages.items,
          (one) => one.id,
          (one) => html`<li>${this.line(one)}</li>`,
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

  private line(one: Action) {
    const cause = labelOf(this.setup.value?.categories.find(({ id }) => id === one.causeId));
    const late = one.doneAt === null && one.dueAt <= serverNow();
    return html`<div>
        <p dir="auto"><strong>${one.text}</strong></p>
        ${one.result ? html`<p dir="auto">${one.result}</p>` : nothing}
        <p class="muted small" dir="auto">
          <a href="/complaints/${one.complaint.id}">${one.complaint.number}</a>
          ${one.complaint.subject}${cause ? html` · ${cause}` : nothing} · ${this.departmentOf(one.departmentId)}
        </p>
      </div>
      <div class="small">
        <p>${one.owner?.name ?? '—'}</p>
        <p class="num">
          ${one.doneAt === null ? t().by(moment(one.dueAt)) : t().done(moment(one.doneAt))}
          ${late ? html`<allo-badge tone="danger">${t().states.overdue}</allo-badge>` : nothing}
        </p>
      </div>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'allo-complaint-actions': ComplaintActions;
  }
}
