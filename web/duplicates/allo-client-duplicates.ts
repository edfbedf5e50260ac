import { css, html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { ClientDuplicates } from '../../server/duplicates/contract.ts';
import { AlloElement } from '../ui/allo-element.ts';
import { icon } from '../ui/icons.ts';
import { duplicatesApi } from './api.ts';
import { mergePath, reasonBadges } from './reasons.ts';
import { t } from './strings.ts';

/** On a card: others that may be of the same client. Nothing where there are none. */
@customElement('allo-client-duplicates')
export class ClientDuplicatesNote extends AlloElement {
  @property({ type: Number }) client = 0;
  /** Changes when there is something new to load. */
  @property({ type: Number }) version = 0;
  @state() private data: ClientDuplicates | null = null;

  static override styles = [
    ...AlloElement.styles,
    css`
      .panel {
        margin-top: var(--space-3);
        padding: var(--space-2) var(--space-4);
      }
      li {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: var(--space-1) var(--space-3);
      }
      .button {
        margin-left: auto;
      }
    `,
  ];

  protected override willUpdate(changed: Map<PropertyKey, unknown>) {
    if (changed.has('client')) this.data = null;
    if (changed.has('client') || changed.has('version')) void this.load();
  }

  private async load() {
    const id = this.client;
    try {
      const data = await duplicatesApi.ofClient(id);
      if (id === this.client) this.data = data;
    } catch {
      // the card itself says what is wrong: no permission, no connection
    }
  }

  override render() {
    const { data } = this;
    if (!data || data.items.length === 0) return nothing;
    return html`<ul class="panel" aria-label=${t().maybeSame}>
      ${data.items.map(
        ({ client, reasons }) =>
          html`<li>
            <span class="muted">${icon('people')} ${t().maybeSame}:</span>
            <a href="/clients/${client.id}" dir="auto">${client.name}</a>
            <span class="row">${reasonBadges(reasons)}</span>
            ${data.can.merge ? html`<a class="button" href=${mergePath(this.client, client.id)}>${t().mergeWith}</a>` : nothing}
          </li>`,
      )}
    </ul>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'allo-client-duplicates': ClientDuplicatesNote;
  }
}
