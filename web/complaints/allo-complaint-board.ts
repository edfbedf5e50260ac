import { css, html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import type { ComplaintBrief, Status } from '../../server/complaints/contract.ts';
import { navigate } from '../core/router.ts';
import { toast } from '../core/toasts.ts';
import { AlloElement } from '../ui/allo-element.ts';
import { skeleton, states, trouble } from '../ui/states.ts';
import { whoOf } from './line.ts';
import { severityBadge } from './severity.ts';
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
  /** Whose ways are shown. */
  @state() private opened: number | null = null;
  /** The card that was sent somewhere: the keyboard goes on from it. */
  private sent: number | null = null;

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
      .move {
        min-height: 1.75rem;
        padding: 0 var(--space-2);
        font-size: var(--text-s);
      }
      .ways {
        display: grid;
        gap: 2px;
        margin-top: var(--space-1);
      }
      .ways .button {
        justify-content: flex-start;
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
    return html`<article
      draggable="true"
      @dragstart=${(e: DragEvent) => this.take(e, one)}
      @dragend=${() => (this.dragged = null)}
      @keydown=${(e: KeyboardEvent) => this.key(e, one)}
    >
      <a href="/complaints/${one.id}" dir="auto">${one.subject}</a>
      <p class="muted small cut" dir="auto">${one.number} · ${whoOf(one)}</p>
      <p>${timeLeft(one.dueAt)} ${severityBadge(one)}</p>
      ${this.menu(one)} ${one.owner ? html`<p class="muted small cut">${one.owner.name}</p>` : nothing}
    </article>`;
  }

  /** The keyboard's way, and that of whoever cannot drag. */
  private menu(one: ComplaintBrief) {
    const open = this.opened === one.id;
    const ways = this.waysFrom(one.status);
    if (ways.length === 0) return nothing;
    return html`<button
        class="button move"
        data-card=${one.id}
        aria-expanded=${open}
        aria-label="${t().moveTo}: ${one.number}"
        @click=${() => void this.unfold(open ? null : one.id)}
      >
        ${t().moveTo}…
      </button>
      ${
        open
          ? html`<div class="ways" role="group" aria-label="${t().moveTo}: ${one.number}">
              ${ways.map((status) => html`<button class="button quiet" @click=${() => void this.move(one, status)}>${t().statuses[status]}</button>`)}
            </div>`
          : nothing
      }`;
  }

  private async unfold(id: number | null) {
    this.opened = id;
    await this.updateComplete;
    if (id !== null) this.renderRoot.querySelector<HTMLElement>('.ways button')?.focus();
  }

  private key(e: KeyboardEvent, one: ComplaintBrief) {
    if (this.opened !== one.id) return;
    if (e.key === 'Escape') {
      e.preventDefault();
      void this.unfold(null);
      this.renderRoot.querySelector<HTMLElement>(`[data-card="${one.id}"]`)?.focus();
    }
    if (e.key !== 'ArrowDown' && e.key !== 'ArrowUp') return;
    e.preventDefault();
    const ways = [...this.renderRoot.querySelectorAll<HTMLElement>('.ways button')];
    const at = ways.indexOf(e.target as HTMLElement);
    ways.at((at + (e.key === 'ArrowDown' ? 1 : -1)) % ways.length)?.focus();
  }

  private take(e: DragEvent, one: ComplaintBrief) {
    this.dragged = one;
    // without data there is no drag in Firefox
    e.dataTransfer?.setData('text/plain', one.number);
    if (e.dataTransfer) e.dataTransfer.effectAllowed = 'move';
  }

  protected override updated() {
    if (this.sent === null || !this.columns) return;
    this.renderRoot.querySelector<HTMLElement>(`[data-card="${this.sent}"]`)?.focus();
  }

  /** What asks for more than a word is done on the complaint's own page. */
  private async move(one: ComplaintBrief, status: Status) {
    this.dragged = null;
    this.opened = null;
    if (status === 'resolved' || status === 'closed' || status === 'waiting-department')
      return navigate(`/complaints/${one.id}?to=${status}`);
    try {
      await complaintsApi.act(one.id, 'status', { version: one.version, status });
    } catch (err) {
      toast('danger', fault(err));
    }
    await this.load();
    this.sent = one.id;
    this.requestUpdate();
    await this.updateComplete;
    this.sent = null;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'allo-complaint-board': ComplaintBoard;
  }
}
