import { css, html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import type { AgentStateName, BreakReason } from '../../server/agents/contract.ts';
import type { FloorCall, FloorOperator } from '../../server/floor/contract.ts';
import { api } from '../core/api.ts';
import { breakWords } from '../core/break-words.ts';
import { errorText } from '../core/error-words.ts';
import { duration } from '../core/format.ts';
import { Ticking, serverNow } from '../core/time.ts';
import { toast } from '../core/toasts.ts';
import { AlloElement } from '../ui/allo-element.ts';
import { icon } from '../ui/icons.ts';
import type { IconName } from '../ui/icons.ts';
import { t } from './strings.ts';

/** In the order in which they are listed, each with its shape. */
export const STATES: readonly [AgentStateName, IconName, 'success' | 'accent' | 'warning' | 'danger' | 'muted'][] = [
  ['unreachable', 'offline', 'danger'],
  ['available', 'check', 'success'],
  ['ringing', 'phone-in', 'accent'],
  ['dialling', 'phone-out', 'accent'],
  ['talking', 'phone', 'accent'],
  ['hold', 'pause', 'accent'],
  ['wrap-up', 'pencil', 'warning'],
  ['break', 'clock', 'muted'],
];

/** Those on shift, by what they are at. */
@customElement('allo-floor-operators')
export class FloorOperators extends AlloElement {
  @property({ attribute: false }) operators: readonly FloorOperator[] = [];
  @property({ attribute: false }) calls: readonly FloorCall[] = [];
  @state() private reasons: readonly BreakReason[] = [];

  static override styles = [
    ...AlloElement.styles,
    css`
      h3 {
        display: flex;
        align-items: center;
        gap: var(--space-2);
        margin-top: var(--space-3);
        padding-bottom: var(--space-1);
        border-bottom: 1px solid var(--border);
      }
      .success {
        color: var(--success);
      }
      .accent {
        color: var(--accent);
      }
      .warning {
        color: var(--warning);
      }
      .danger {
        color: var(--danger);
      }
      li {
        display: grid;
        grid-template-columns: minmax(0, 1fr) auto 7.5rem;
        gap: var(--space-1) var(--space-2);
        align-items: center;
        min-height: 2.5rem;
      }
      select,
      .button {
        min-height: 1.9rem;
        width: 100%;
        padding: 0 var(--space-2);
        white-space: nowrap;
      }
    `,
  ];

  constructor() {
    super();
    new Ticking(this, () => this.operators.length > 0);
  }

  override connectedCallback() {
    super.connectedCallback();
    api.get<{ items: BreakReason[] }>('/api/agents/break-reasons').then(
      ({ items }) => (this.reasons = items),
      (err: unknown) => toast('danger', errorText(err)),
    );
  }

  override render() {
    const groups = STATES.map(([name, shape, tone]) => ({ name, shape, tone, of: this.operators.filter((o) => o.state === name) }));
    return html`<section class="panel">
      <h2>${t().operators} <span class="muted num">${this.operators.length}</span></h2>
      ${this.operators.length === 0 ? html`<p class="muted">${t().nobody}</p>` : nothing}
      ${groups
        .filter(({ of }) => of.length > 0)
        .map(
          ({ name, shape, tone, of }) =>
            html`<h3 class=${tone}>${icon(shape)}${t().states[name]} <span class="num">${of.length}</span></h3>
              <ul>
                ${repeat(
                  of.sort((a, b) => a.since - b.since),
                  (o) => o.userId,
                  (o) => html`<li>${this.operator(o)}</li>`,
                )}
              </ul>`,
        )}
    </section>`;
  }

  private operator(o: FloorOperator) {
    const ms = serverNow() - o.since;
    const over = o.state === 'break' && o.limitMinutes > 0 && ms > o.limitMinutes * 60_000;
    return html`<div class="cut">
        <div class="cut"><strong dir="auto">${o.name}</strong> <span class="muted small num">${o.extension}</span></div>
        ${this.detail(o)}
      </div>
      <span class="num ${over ? 'danger' : ''}">
        ${over ? html`${icon('warning')}<span class="hidden">${t().over}</span>` : nothing} <strong>${duration(ms)}</strong>
      </span>
      ${
        o.state === 'break'
          ? html`<button class="button" aria-label=${t().backOf(o.name)} @click=${() => void this.set(o, null)}>${t().back}</button>`
          : html`<select aria-label=${t().sendOn(o.name)} @change=${(e: Event) => this.chosen(e, o)}>
              <option value="">${t().sendTo}</option>
              ${this.reasons.map(({ code, label }) => html`<option value=${code}>${breakWords(code, label)}</option>`)}
            </select>`
      }`;
  }

  private detail(o: FloorOperator) {
    const call = this.calls.find(({ ref }) => ref === o.call);
    const words = o.state === 'break' && o.reason ? breakWords(o.reason, o.label) : call ? call.clients?.[0]?.name || call.number : '';
    return words ? html`<div class="small muted cut" dir="auto">${words}</div>` : nothing;
  }

  private chosen(e: Event, o: FloorOperator) {
    const select = e.target as HTMLSelectElement;
    const { value } = select;
    select.value = '';
    if (value) void this.set(o, value);
  }

  private async set(o: FloorOperator, reason: string | null) {
    try {
      await api.post(`/api/agents/${o.userId}/break`, { reason });
      if (reason !== null) toast('success', t().breakSet(o.name));
    } catch (err) {
      toast('danger', errorText(err));
    }
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'allo-floor-operators': FloorOperators;
  }
}
