import { css, html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import type { AgentStateName, BreakReason } from '../../server/agents/contract.ts';
import type { FloorCall, FloorOperator, FloorQueue } from '../../server/floor/contract.ts';
import { api } from '../core/api.ts';
import { breakWords } from '../core/break-words.ts';
import { DUE_TYPE } from '../core/drag.ts';
import { errorText } from '../core/error-words.ts';
import { duration } from '../core/format.ts';
import { orderFault } from '../core/order-faults.ts';
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
  @property({ attribute: false }) queues: readonly FloorQueue[] = [];
  /** The past moment that is shown, in which nothing can be ordered; null: now. */
  @property({ attribute: false }) at: number | null = null;
  @state() private over: number | null = null;
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
        grid-template-columns: minmax(0, 1fr) auto 6rem;
        gap: var(--space-1) var(--space-2);
        align-items: center;
        min-height: 2.5rem;
      }
      li.over {
        outline: 2px solid var(--accent);
        background: var(--accent-soft);
        border-radius: var(--radius);
      }
      select {
        min-height: 1.9rem;
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
                  (o) =>
                    html`<li
                      class=${this.over === o.userId ? 'over' : ''}
                      @dragover=${(e: DragEvent) => this.hover(e, o)}
                      @dragleave=${() => (this.over = null)}
                      @drop=${(e: DragEvent) => this.drop(e, o)}
                    >
                      ${this.operator(o)}
                    </li>`,
                )}
              </ul>`,
        )}
    </section>`;
  }

  private operator(o: FloorOperator) {
    const ms = (this.at ?? serverNow()) - o.since;
    const over = o.state === 'break' && o.limitMinutes > 0 && ms > o.limitMinutes * 60_000;
    return html`<div class="cut">
        <div class="cut"><strong dir="auto">${o.name}</strong> <span class="muted small num">${o.extension}</span></div>
        ${this.detail(o)}
      </div>
      <span class="num ${over ? 'danger' : ''}">
        ${over ? html`${icon('warning')}<span class="hidden">${t().over}</span>` : nothing} <strong>${duration(ms)}</strong>
      </span>
      ${this.at === null ? this.menu(o) : nothing}`;
  }

  private menu(o: FloorOperator) {
    const others = this.queues.filter(({ ref }) => ref.startsWith(`${o.pbx}:`) && !o.queues.includes(ref));
    const label = (ref: string) => this.queues.find((queue) => queue.ref === ref)?.label ?? ref;
    return html`<select aria-label=${t().orders(o.name)} @change=${(e: Event) => void this.chosen(e, o)}>
      <option value="">${t().more}</option>
      ${o.state === 'break' || o.state === 'wrap-up' ? html`<option value="ready">${o.state === 'break' ? t().back : t().ready}</option>` : nothing}
      <option value="message">${t().messageTo}</option>
      <optgroup label=${t().breaks}>
        ${this.reasons.map(({ code, label: words }) => html`<option value="break ${code}">${breakWords(code, words)}</option>`)}
      </optgroup>
      <optgroup label=${t().addQueue}>${others.map(({ ref, label: name }) => html`<option value="add ${ref}">${name}</option>`)}</optgroup>
      <optgroup label=${t().removeQueue}>${o.queues.map((ref) => html`<option value="remove ${ref}">${label(ref)}</option>`)}</optgroup>
      <option value="offline">${t().endShift}</option>
    </select>`;
  }

  private detail(o: FloorOperator) {
    const call = this.calls.find(({ ref }) => ref === o.call);
    const words = o.state === 'break' && o.reason ? breakWords(o.reason, o.label) : call ? call.clients?.[0]?.name || call.number : '';
    return words ? html`<div class="small muted cut" dir="auto">${words}</div>` : nothing;
  }

  private async chosen(e: Event, o: FloorOperator) {
    const select = e.target as HTMLSelectElement;
    const [what, ...rest] = select.value.split(' ');
    const value = rest.join(' ');
    select.value = '';
    if (what === 'message') this.emit('message-wanted', { userId: o.userId });
    if (what === 'ready' || what === 'offline') await this.order(o, 'state', { state: what });
    if (what === 'break') await this.order(o, 'state', { state: 'break', reason: value });
    if (what === 'add' || what === 'remove') await this.order(o, 'queues', { queue: value, serves: what === 'add' });
  }

  private async order(o: FloorOperator, path: 'state' | 'queues', body: object) {
    try {
      await api.post(`/api/floor/operators/${o.userId}/${path}`, body);
      toast('success', t().stateSet(o.name));
    } catch (err) {
      toast('danger', orderFault(err));
    }
  }

  private hover(e: DragEvent, o: FloorOperator) {
    if (this.at !== null || !e.dataTransfer?.types.includes(DUE_TYPE)) return;
    e.preventDefault();
    this.over = o.userId;
  }

  private drop(e: DragEvent, o: FloorOperator) {
    e.preventDefault();
    this.over = null;
    this.emit('due-given', { key: e.dataTransfer?.getData(DUE_TYPE) ?? '', userId: o.userId });
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'allo-floor-operators': FloorOperators;
  }
}
