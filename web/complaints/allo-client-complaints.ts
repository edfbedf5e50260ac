import { css, html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { ComplaintBrief } from '../../server/complaints/contract.ts';
import { Ticking } from '../core/time.ts';
import { AlloElement } from '../ui/allo-element.ts';
import { icon } from '../ui/icons.ts';
import { complaintLine, lineStyles } from './line.ts';
import { changes, complaintsApi, loadSetup } from './store.ts';
import { t } from './strings.ts';

/** Open ones first, by the time they have left; then whatever was closed last. */
const byNeed = (a: ComplaintBrief, b: ComplaintBrief): number =>
  (a.closedAt === null ? 0 : 1) - (b.closedAt === null ? 0 : 1) ||
  (a.dueAt ?? Infinity) - (b.dueAt ?? Infinity) ||
  (b.closedAt ?? 0) - (a.closedAt ?? 0);

/** What a client complained about and is open, or was lately: on their card right below the name. Nothing where there is none. */
@customElement('allo-client-complaints')
export class ClientComplaints extends AlloElement {
  @property({ type: Number }) client = 0;
  /** At most so many. */
  @property({ type: Number }) most = 3;
  @state() private items: readonly ComplaintBrief[] = [];
  private stop = () => {};

  static override styles = [
    ...AlloElement.styles,
    lineStyles,
    css`
      section {
        margin-top: var(--space-3);
        border: 1px solid var(--warning);
        border-radius: var(--radius);
        overflow: hidden;
      }
      .line {
        padding-block: var(--space-2);
      }
      .more {
        padding: 0 var(--space-4) var(--space-2);
      }
      :host([narrow]) .line {
        grid-template-columns: minmax(0, 1fr);
      }
      :host([narrow]) .marks {
        justify-content: flex-start;
      }
      h2 {
        display: flex;
        align-items: center;
        gap: var(--space-2);
        padding: var(--space-1) var(--space-4);
        background: var(--warning-soft);
        color: var(--warning);
        font-size: var(--text-m);
      }
    `,
  ];

  constructor() {
    super();
    new Ticking(this, () => this.items.length > 0);
  }

  override connectedCallback() {
    super.connectedCallback();
    this.stop = changes.subscribe(({ clientId }) => {
      if (clientId === null || clientId === this.client) void this.load();
    });
  }

  override disconnectedCallback() {
    super.disconnectedCallback();
    this.stop();
  }

  protected override willUpdate(changed: Map<PropertyKey, unknown>) {
    if (!changed.has('client')) return;
    this.items = [];
    void this.load();
  }

  private async load() {
    const id = this.client;
    try {
      const { items } = await complaintsApi.similar(id);
      if (items.length > 0) await loadSetup();
      if (id === this.client) this.items = items.sort(byNeed);
    } catch {
      // the card itself says what is wrong: no permission, no connection
    }
  }

  override render() {
    if (this.items.length === 0) return nothing;
    const open = this.items.some((one) => one.closedAt === null);
    const more = this.items.length - this.most;
    return html`<section aria-labelledby="title">
      <h2 id="title">${icon('warning')}${open ? t().ofClient : t().ofClientClosed}</h2>
      <ul>
        ${this.items.slice(0, this.most).map((one) => html`<li>${complaintLine(one, true)}</li>`)}
      </ul>
      ${more > 0 ? html`<p class="more small muted">${t().andMore(more)}</p>` : nothing}
    </section>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'allo-client-complaints': ClientComplaints;
  }
}
