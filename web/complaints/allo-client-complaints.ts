import { css, html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { ComplaintBrief } from '../../server/complaints/contract.ts';
import { Ticking } from '../core/time.ts';
import { AlloElement } from '../ui/allo-element.ts';
import { icon } from '../ui/icons.ts';
import { complaintLine, lineStyles } from './line.ts';
import { changes, complaintsApi, loadSetup } from './store.ts';
import { t } from './strings.ts';

/** What of a client's complaints is open: on their card before everything else. Nothing where there is none. */
@customElement('allo-client-complaints')
export class ClientComplaints extends AlloElement {
  @property({ type: Number }) client = 0;
  @state() private items: readonly ComplaintBrief[] = [];
  private stop = () => {};

  static override styles = [
    ...AlloElement.styles,
    lineStyles,
    css`
      .panel {
        margin-top: var(--space-3);
        padding: 0;
        border-color: var(--warning);
        overflow: hidden;
      }
      h2 {
        display: flex;
        align-items: center;
        gap: var(--space-2);
        padding: var(--space-2) var(--space-4);
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
      const { items } = await complaintsApi.list({ scope: 'client', clientId: id, limit: 5 });
      if (items.length > 0) await loadSetup();
      if (id === this.client) this.items = items;
    } catch {
      // the card itself says what is wrong: no permission, no connection
    }
  }

  override render() {
    if (this.items.length === 0) return nothing;
    return html`<section class="panel" aria-labelledby="open">
      <h2 id="open">${icon('warning')}${t().ofClient}</h2>
      <ul>
        ${this.items.map((one) => html`<li>${complaintLine(one)}</li>`)}
      </ul>
    </section>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'allo-client-complaints': ClientComplaints;
  }
}
