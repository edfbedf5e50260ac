import { css, html, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { LiveCall } from '../../server/calls/contract.ts';
import { duration } from '../core/format.ts';
import { formatNumber } from '../core/numbers.ts';
import { place } from '../core/router.ts';
import { Select } from '../core/store.ts';
import { Ticking, serverNow } from '../core/time.ts';
import { AlloElement } from '../ui/allo-element.ts';
import { icon } from '../ui/icons.ts';
import '../ui/allo-number.ts';
import { incomingPath, pathOf } from './desk.ts';
import { callerWords, desk } from './store.ts';
import { t } from './strings.ts';

const ringing = (calls: readonly LiveCall[]) => calls.filter((c) => c.phase === 'ringing');

/** Says every ring once to a screen reader. On a narrow screen it also shows, over the page's edge, a call whose page is not the one that is open. */
@customElement('allo-call-alert')
export class CallAlert extends AlloElement {
  /** The softphone says its own rings; this one then adds who it is, politely. */
  @property({ type: Boolean }) polite = false;

  private readonly desk = new Select(this, desk, (d) => d.calls);
  private readonly place = new Select(this, place, (p) => p.path);

  static override styles = [
    ...AlloElement.styles,
    css`
      :host {
        position: fixed;
        z-index: 20;
        left: var(--space-2);
        right: var(--space-2);
        bottom: 0;
      }
      /* Where the right column is seen, the call stands at its top already and nothing need be covered. */
      @media (min-width: 901px) {
        article {
          display: none !important;
        }
      }
      article {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: var(--space-1);
        margin-bottom: var(--space-2);
        padding: var(--space-3) var(--space-4);
        border: 2px solid var(--success);
        border-radius: var(--radius-l);
        background: var(--surface);
        box-shadow: var(--shadow);
        animation: arrive 0.16s ease-out;
      }
      @keyframes arrive {
        from {
          transform: translateY(0.75rem);
        }
      }
      .phase {
        color: var(--success);
        font-weight: 600;
        font-size: var(--text-s);
      }
      .name {
        display: -webkit-box;
        -webkit-box-orient: vertical;
        -webkit-line-clamp: 3;
        overflow: hidden;
        font-size: var(--text-l);
        font-weight: 650;
        overflow-wrap: anywhere;
      }
      .button {
        margin-top: var(--space-2);
      }
      .num {
        margin-left: auto;
      }
    `,
  ];

  constructor() {
    super();
    new Ticking(this, () => ringing(this.desk.value).length > 0);
  }

  override render() {
    const calls = ringing(this.desk.value);
    const elsewhere = calls.filter((c) => (pathOf(c) ?? incomingPath(c.ref)) !== this.place.value);
    return html`<div class="hidden" role=${this.polite ? 'status' : 'alert'}>
        ${calls.map((c) => html`<p>${t().announce(callerWords(c), c.queue ?? '')}</p>`)}
      </div>
      <div class="hidden" role="status">${this.desk.value.map((c) => this.spoken(c))}</div>
      ${elsewhere.map((c) => this.call(c))}`;
  }

  /** That it was answered and that it ended; the softphone says that itself. */
  private spoken(c: LiveCall) {
    if (this.polite) return nothing;
    if (c.phase === 'talking') return html`<p>${t().spokenTalking(callerWords(c))}</p>`;
    return c.phase === 'ended' ? html`<p>${t().spokenEnded(callerWords(c))}</p>` : nothing;
  }

  private call(c: LiveCall) {
    const known = c.clients?.length === 1;
    return html`<article>
      <p class="row phase">
        ${icon('phone-in')}<span class="cut">${t().incoming}${c.queue ? html` · ${t().queue(c.queue)}` : nothing}</span>
        <span class="num">${duration(serverNow() - (c.offeredAt ?? c.startedAt))}</span>
      </p>
      <p class="name" dir="auto">${callerWords(c)}</p>
      ${c.clients?.[0]?.company ? html`<p class="cut">${c.clients[0].company}</p>` : nothing}
      ${callerWords(c) === formatNumber(c.number) ? nothing : html`<p class="muted"><allo-number .value=${c.number}></allo-number></p>`}
      ${c.clients === null ? html`<p class="small muted">${t().lookingUp}</p>` : nothing}
      ${c.clients?.length === 0 ? html`<p class="small muted">${t().unknownNumber}</p>` : nothing}
      <a class="button" href=${pathOf(c) ?? incomingPath(c.ref)}>${known ? t().openCard : t().open}</a>
    </article>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'allo-call-alert': CallAlert;
  }
}
