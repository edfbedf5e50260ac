import { css, html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { LikelyReply } from '../../server/duplicates/contract.ts';
import { AlloElement } from '../ui/allo-element.ts';
import '../ui/allo-number.ts';
import { icon } from '../ui/icons.ts';
import { duplicatesApi } from './api.ts';
import type { Typed } from './api.ts';
import { reasonBadges } from './reasons.ts';
import { t } from './strings.ts';

const TYPING_MS = 300;

/** Who somebody may be whose card is being typed; nothing while nobody is alike. */
@customElement('allo-likely')
export class Likely extends AlloElement {
  @property({ attribute: false }) typed: Typed | null = null;
  @state() private items: LikelyReply['items'] = [];
  private asked = '';
  private timer: ReturnType<typeof setTimeout> | undefined;

  static override styles = [
    ...AlloElement.styles,
    css`
      /* Seen wherever the form is scrolled to. */
      :host {
        position: sticky;
        bottom: var(--space-2);
        display: block;
      }
      section.panel {
        margin-top: var(--space-4);
        box-shadow: var(--shadow);
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
      a {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: var(--space-1) var(--space-3);
        min-height: var(--hit-target);
        padding: var(--space-1) var(--space-4);
        color: inherit;
        text-decoration: none;
      }
      a:hover {
        background: var(--surface-3);
      }
      li + li {
        border-top: 1px solid var(--border);
      }
    `,
  ];

  override disconnectedCallback() {
    super.disconnectedCallback();
    clearTimeout(this.timer);
  }

  protected override willUpdate(changed: Map<PropertyKey, unknown>) {
    if (!changed.has('typed')) return;
    const asked = JSON.stringify(this.typed);
    if (asked === this.asked) return;
    this.asked = asked;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.look(asked), TYPING_MS);
  }

  private async look(asked: string) {
    const { typed } = this;
    const enough = typed && (typed.name.trim().length > 2 || typed.phones.some((n) => n.length > 5) || typed.emails.some((a) => a.includes('@')) || typed.inn.length > 9); // prettier-ignore
    try {
      const { items } = enough ? await duplicatesApi.likely(typed) : { items: [] };
      if (asked === this.asked) this.items = items;
    } catch {
      this.items = []; // a help, no more: saving says what is wrong
    }
  }

  override render() {
    return html`<div role="status">
      ${
        this.items.length === 0
          ? nothing
          : html`<section class="panel">
              <h2>${icon('people')}${t().maybeKnown}</h2>
              <ul>
                ${this.items.map(
                  ({ client, reasons }) =>
                    html`<li>
                      <a href="/clients/${client.id}">
                        <span class="muted">${icon(client.kind === 'company' ? 'company' : 'person')}</span>
                        <strong dir="auto">${client.name}</strong>
                        ${client.company ? html`<span class="muted" dir="auto">${client.company}</span>` : nothing}
                        ${client.phone ? html`<span class="num muted"><allo-number .value=${client.phone}></allo-number></span>` : nothing}
                        <span class="row">${reasonBadges(reasons)}</span>
                      </a>
                    </li>`,
                )}
              </ul>
            </section>`
      }
    </div>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'allo-likely': Likely;
  }
}
