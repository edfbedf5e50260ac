import { css, html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import type { ComplaintBrief, Status } from '../../server/complaints/contract.ts';
import { navigate } from '../core/router.ts';
import { toast } from '../core/toasts.ts';
import { AlloElement } from '../ui/allo-element.ts';
import { skeleton, states, trouble } from '../ui/states.ts';
import { severityBadge, whoOf } from './line.ts';
import { complaintsApi, fault, setup } from './store.ts';
import { t } from './strings.ts';
import { timeLeft } from './time-left.ts';

const COLUMNS: readonly Status[] = ['new', 'acknowledged', 'in-work', 'waiting-client', 'waiting-department', 'reopened', 'resolved'];
/** In a column; the rest the queue has. */
const MOST = 50;

/** By status, side by side. A card is dragged to where the table of transitions lets it go, or sent there by its menu. */
@customElement('allo-complaint-board')
export class ComplaintBoard extends AlloElement {
  @property() scope = 'mine';
  /** Another value: load again. */
  @property({ attribute: false }) version: unknown = null;
  @state() private columns: ReadonlyMap<Status, readonly ComplaintBrief[]> | null = null;
  @state() private failure: unknown = null;
  @state() private dragged: ComplaintBrief | null = null;

  static override styles = [
    ...AlloElement.styles,
    states,
    css`
      .board {
        display: grid;
        grid-template-columns: repeat(7, minmax(11rem, 1fr));
        gap: var(--space-2);
        overflow-x: auto;
        align-items: start;
      }
      section {
        padding: var(--space-2);
        border-radius: var(--radius-l);
        background: var(--surface-2);
        min-height: 8rem;
      }
      section.may {
        outline: 2px dashed var(--accent);
        outline-offset: -2px;
      }
      h2 {
        display: flex;
        justify-content: space-between;
        padding: var(--space-1);
        font-size: var(--text-s);
      }
      article {
        margin-top: var(--space-2);
        padding: var(--space-2);
        border: 1px solid var(--border);
        border-radius: var(--radius);
        background: var(--surface);
        cursor: grab;
      }
      article a {
        display: block;
        overflow-wrap: anywhere;
        font-weight: 600;
      }
      article p {
        margin: var(--space-1) 0;
      }
      select {
        min-height: 1.75rem;
        font-size: var(--text-s);
      }
    `,
  ];

  protected override willUpdate(changed: Map<PropertyKey, unknown>) {
    if (changed.has('scope') || changed.has('version')) void this.load();
  }

  private async load() {
    try {
      const lists = await Promise.all(COLUMNS.map((status) => complaintsApi.list({ scope: this.scope, status, limit: MOST })));
      this.columns = new Map(COLUMNS.map((status, i) => [status, lists[i]!.items]));
      this.failure = null;
    } catch (err) {
      this.failure = err;
    }
  }

  private waysFrom = (status: Status): Status[] =>
    (setup.get()?.transitions ?? []).filter(({ from }) => from === status).map(({ to }) => to);

  override render() {
    if (this.failure) return html`<div class="panel">${trouble(this.failure, () => void this.load())}</div>`;
    if (!this.columns) return html`<div class="panel">${skeleton(8)}</div>`;
    return html`<div class="board">${COLUMNS.map((status) => this.column(status, this.columns!.get(status) ?? []))}</div>`;
  }

  private column(status: Status, items: readonly ComplaintBrief[]) {
    const may = this.dragged !== null && this.waysFrom(this.dragged.status).includes(status);
    return html`<section
      class=${may ? 'may' : ''}
      aria-label=${t().statuses[status]}
      @dragover=${(e: DragEvent) => {
        if (may) e.preventDefault();
      }}
      @drop=${(e: DragEvent) => {
        e.preventDefault();
        if (this.dragged && may) void this.move(this.dragged, status);
      }}
    >
      <h2><span>${t().statuses[status]}</span><span class="num muted">${items.length === MOST ? `${MOST}+` : items.length}</span></h2>
      ${repeat(
        items,
        (one) => one.id,
        (one) => this.card(one),
      )}
    </section>`;
  }

  private card(one: ComplaintBrief) {
    return html`<article draggable="true" @dragstart=${() => (this.dragged = one)} @dragend=${() => (this.dragged = null)}>
      <a href="/complaints/${one.id}" dir="auto">${one.subject}</a>
      <p class="muted small cut" dir="auto">${one.number} · ${whoOf(one)}</p>
      <p>${timeLeft(one.dueAt)} ${severityBadge(one)}</p>
      <select aria-label="${t().moveTo}: ${one.number}" @change=${(e: Event) => this.chosen(e.target as HTMLSelectElement, one)}>
        <option value="" selected>${t().moveTo}…</option>
        ${this.waysFrom(one.status).map((status) => html`<option value=${status}>${t().statuses[status]}</option>`)}
      </select>
      ${one.owner ? html`<p class="muted small cut">${one.owner.name}</p>` : nothing}
    </article>`;
  }

  private chosen(select: HTMLSelectElement, one: ComplaintBrief) {
    const status = select.value as Status | '';
    select.value = '';
    if (status) void this.move(one, status);
  }

  /** What asks for more than a word is done on the complaint's own page. */
  private async move(one: ComplaintBrief, status: Status) {
    this.dragged = null;
    if (status === 'resolved' || status === 'closed' || status === 'waiting-department')
      return navigate(`/complaints/${one.id}?to=${status}`);
    try {
      await complaintsApi.act(one.id, 'status', { version: one.version, status });
    } catch (err) {
      toast('danger', fault(err));
    }
    await this.load();
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'allo-complaint-board': ComplaintBoard;
  }
}
