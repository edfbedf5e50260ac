import { css, html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { DossierEntry } from '../../server/dossier/contract.ts';
import { AlloElement } from '../ui/allo-element.ts';
import { c } from './card-strings.ts';
import { dossierApi } from './dossier-api.ts';

const SHOWN = 5;

/** The freshest of what was learnt about a client: to be read before the first word is said. */
@customElement('allo-freshest')
export class Freshest extends AlloElement {
  @property({ type: Number }) client = 0;
  @property({ type: Number }) version = 0;
  @state() private items: readonly DossierEntry[] = [];

  static override styles = [
    ...AlloElement.styles,
    css`
      dl {
        display: grid;
        grid-template-columns: max-content minmax(0, 1fr);
        gap: var(--space-1) var(--space-3);
        margin-top: var(--space-3);
        padding-top: var(--space-3);
        border-top: 1px solid var(--border);
      }
      dt {
        color: var(--text-muted);
        font-size: var(--text-s);
      }
      dd {
        overflow-wrap: anywhere;
      }
    `,
  ];

  protected override willUpdate(changed: Map<PropertyKey, unknown>) {
    if (changed.has('client')) this.items = [];
    if (changed.has('client') || changed.has('version')) void this.load();
  }

  private async load() {
    const id = this.client;
    try {
      const { items } = await dossierApi.read(id);
      if (id === this.client) this.items = items.slice(0, SHOWN);
    } catch {
      // the card says itself when the server is away; this is an aid beside it
    }
  }

  override render() {
    if (this.items.length === 0) return nothing;
    return html`<dl aria-label=${c().freshest}>
      ${this.items.map(
        (e) =>
          html`<dt>${c().dossier[e.kind]}</dt>
            <dd dir="auto">${e.text}${e.answer ? html` <span class="muted">→ ${e.answer}</span>` : nothing}</dd>`,
      )}
    </dl>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'allo-freshest': Freshest;
  }
}
