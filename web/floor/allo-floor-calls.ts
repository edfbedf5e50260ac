import { css, html, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import type { FloorCall, FloorPerson, FloorQueue } from '../../server/floor/contract.ts';
import { api } from '../core/api.ts';
import { duration } from '../core/format.ts';
import { onAction } from '../core/keys.ts';
import { orderFault } from '../core/order-faults.ts';
import { Ticking, serverNow } from '../core/time.ts';
import { toast } from '../core/toasts.ts';
import { AlloElement } from '../ui/allo-element.ts';
import { icon } from '../ui/icons.ts';
import { t } from './strings.ts';

type Mode = 'listen' | 'whisper' | 'barge';

const nameOf = (person: FloorPerson): string => person.name ?? person.extension;
const talks = (person: FloorPerson): boolean => person.at === 'talking' || person.at === 'hold' || person.at === 'consult';

/** Who waits, and who talks; a row that has the focus is told by a key what to do. */
@customElement('allo-floor-calls')
export class FloorCalls extends AlloElement {
  @property({ attribute: false }) calls: readonly FloorCall[] = [];
  @property({ attribute: false }) queues: readonly FloorQueue[] = [];
  private silence = () => {};

  static override styles = [
    ...AlloElement.styles,
    css`
      :host {
        display: grid;
        gap: var(--space-4);
        align-content: start;
        min-width: 0;
      }
      h2 {
        margin-bottom: var(--space-2);
      }
      li {
        display: flex;
        flex-wrap: wrap;
        gap: var(--space-1) var(--space-3);
        align-items: center;
        padding: var(--space-2) 0;
        border-top: 1px solid var(--border);
      }
      li:focus-visible {
        outline-offset: -1px;
      }
      .time {
        flex: 0 0 3.6rem;
        font-size: var(--text-l);
        font-weight: 650;
      }
      /* who it is keeps its room: what can be done goes below when both do not fit */
      .time + * {
        flex: 1 1 14rem;
        min-width: 0;
      }
      .orders {
        display: flex;
        margin-left: auto;
        gap: var(--space-1);
      }
      .orders .button {
        min-height: 1.9rem;
        padding: 0 var(--space-2);
      }
    `,
  ];

  constructor() {
    super();
    new Ticking(this, () => this.calls.length > 0);
  }

  override connectedCallback() {
    super.connectedCallback();
    this.silence = onAction({
      listen: () => this.atFocus((call) => this.talker(call) && this.spy(call, 'listen')),
      whisper: () => this.atFocus((call) => this.talker(call) && this.spy(call, 'whisper')),
      barge: () => this.atFocus((call) => this.talker(call) && this.spy(call, 'barge')),
      take: () => this.atFocus((call) => (call.waitingSince === null ? undefined : this.take(call))),
    });
  }

  /** @returns whether a row has the focus in which this can be done */
  private atFocus(order: (call: FloorCall) => Promise<void> | undefined): boolean {
    const ref = this.shadowRoot?.activeElement?.closest('li')?.dataset.ref;
    const call = this.calls.find((one) => one.ref === ref);
    return call !== undefined && order(call) !== undefined;
  }

  override disconnectedCallback() {
    super.disconnectedCallback();
    this.silence();
  }

  override render() {
    const waiting = this.calls.filter((call) => call.waitingSince !== null).sort((a, b) => a.waitingSince! - b.waitingSince!);
    const others = this.calls.filter((call) => call.waitingSince === null).sort((a, b) => a.startedAt - b.startedAt);
    return html`<section class="panel">
        <h2>${t().callers} <span class="muted num">${waiting.length}</span></h2>
        ${waiting.length === 0 ? html`<p class="muted">${t().noCallers}</p>` : this.list(waiting, (call) => this.waits(call))}
      </section>
      <section class="panel">
        <h2>${t().calls} <span class="muted num">${others.length}</span></h2>
        ${others.length === 0 ? html`<p class="muted">${t().noCalls}</p>` : this.list(others, (call) => this.talk(call))}
      </section>`;
  }

  private list(calls: readonly FloorCall[], row: (call: FloorCall) => unknown) {
    return html`<ul>
      ${repeat(
        calls,
        (call) => call.ref,
        (call) => html`<li tabindex="0" data-ref=${call.ref} aria-label=${this.who(call)}>${row(call)}</li>`,
      )}
    </ul>`;
  }

  private who({ clients, number, callerName }: FloorCall): string {
    return clients?.[0]?.name || (number ? [callerName, number].filter(Boolean).join(' · ') : callerName || t().withheld);
  }

  private person(call: FloorCall) {
    const { clients, number } = call;
    const queue = this.queues.find((q) => q.ref === call.queue)?.label;
    const client = clients?.[0];
    const known = clients === null ? t().looking : client ? client.company || number : number ? t().unknown : t().withheld;
    return html`<div class="cut">
      <div class="cut">
        ${client ? html`<a href="/clients/${client.id}"><strong dir="auto">${client.name}</strong></a>` : html`<strong dir="auto">${this.who(call)}</strong>`}
        ${clients && clients.length > 1 ? html`<span class="muted small">${t().more(clients.length - 1)}</span>` : nothing}
      </div>
      <div class="small muted cut" dir="auto">${[queue ?? t().direction[call.direction], known].join(' · ')}</div>
      ${
        call.people.length > 0
          ? html`<div class="small cut">${call.people.map((p) => `${nameOf(p)}: ${t().at[p.at]}`).join(', ')}</div>`
          : nothing
      }
    </div>`;
  }

  private waits(call: FloorCall) {
    return html`<span class="num time">${duration(serverNow() - call.waitingSince!)}</span>${this.person(call)}
      <div class="orders">
        <button class="button" title="T" @click=${() => void this.take(call)}>${icon('phone-in')}${t().take}</button>
      </div>`;
  }

  private talk(call: FloorCall) {
    const since = call.answeredAt ?? call.startedAt;
    return html`<span class="num time">${duration(serverNow() - since)}</span>${this.person(call)}
      <div class="orders">
        ${
          this.talker(call)
            ? html`<button class="button" title="${t().listen} (L)" @click=${() => void this.spy(call, 'listen')}>
                  ${icon('ear')}${t().listen}
                </button>
                <button class="button" title="W" @click=${() => void this.spy(call, 'whisper')}>${t().whisper}</button>
                <button class="button" title="B" @click=${() => void this.spy(call, 'barge')}>${t().barge}</button>`
            : nothing
        }
      </div>`;
  }

  private talker({ people }: FloorCall): FloorPerson | undefined {
    return people.find(talks);
  }

  private spy(call: FloorCall, mode: Mode): Promise<void> {
    const { userId } = this.talker(call)!;
    return this.order(call, 'spy', { mode, ...(userId !== null && { userId }) });
  }

  private take(call: FloorCall): Promise<void> {
    return this.order(call, 'pickup');
  }

  private async order({ ref }: FloorCall, path: string, body?: object) {
    try {
      await api.post(`/api/calls/${encodeURIComponent(ref)}/${path}`, body);
      toast('info', t().ringsYou);
    } catch (err) {
      toast('danger', orderFault(err));
    }
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'allo-floor-calls': FloorCalls;
  }
}
