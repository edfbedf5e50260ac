import { css, html, nothing } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import type { FloorCall, FloorOperator, FloorPerson, FloorQueue } from '../../server/floor/contract.ts';
import { ApiError, api } from '../core/api.ts';
import { clock, duration } from '../core/format.ts';
import { locale } from '../core/i18n.ts';
import { onAction } from '../core/keys.ts';
import { formatNumber, loadPlans } from '../core/numbers.ts';
import { orderFault } from '../core/order-faults.ts';
import { Ticking, serverNow } from '../core/time.ts';
import { toast } from '../core/toasts.ts';
import type { AlloDialog } from '../ui/allo-dialog.ts';
import '../ui/allo-badge.ts';
import '../ui/allo-dialog.ts';
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
  @property({ attribute: false }) operators: readonly FloorOperator[] = [];
  /** How many are up; those that are listed may be fewer. */
  @property({ attribute: false }) up = 0;
  /** The past moment that is shown, in which nothing can be ordered; null: now. */
  @property({ attribute: false }) at: number | null = null;
  @query('allo-dialog') private readonly dialog!: AlloDialog;
  @state() private ending: FloorCall | null = null;
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
      .orders select {
        width: 5.5rem;
        min-height: 1.9rem;
      }
      .wraps {
        white-space: normal;
      }
      .confirm {
        margin-top: var(--space-4);
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
    loadPlans();
    this.silence = onAction({
      listen: () => this.atFocus((call) => this.talker(call) && this.spy(call, 'listen')),
      whisper: () => this.atFocus((call) => this.talker(call) && this.spy(call, 'whisper')),
      barge: () => this.atFocus((call) => this.talker(call) && this.spy(call, 'barge')),
      take: () => this.atFocus((call) => (call.waitingSince === null || call.callBack ? undefined : this.take(call))),
      takeOver: () => this.atFocus((call) => this.talker(call) && this.order(call, 'take-over', undefined, t().ringsYou)),
      move: () => this.atFocus((call) => (call.callBack ? undefined : this.openMenu(call))),
      end: () => this.atFocus((call) => (call.callBack ? undefined : this.askEnd(call))),
    });
  }

  /** @returns whether a row has the focus in which this can be done */
  private atFocus(order: (call: FloorCall) => Promise<void> | undefined): boolean {
    if (this.at !== null) return false;
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
        ${this.up > this.calls.length ? html`<p class="small muted">${t().shownOf(this.calls.length, this.up)}</p>` : nothing}
        ${others.length === 0 ? html`<p class="muted">${t().noCalls}</p>` : this.list(others, (call) => this.talk(call))}
      </section>
      <allo-dialog .heading=${this.ending ? t().endAsk(this.who(this.ending)) : ''} @dialog-closed=${() => (this.ending = null)}>
        <p>${t().endText}</p>
        <p class="confirm"><button class="button danger" @click=${() => void this.end()}>${icon('hang-up')}${t().end}</button></p>
      </allo-dialog>`;
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
    return clients?.[0]?.name || (number ? [callerName, formatNumber(number)].filter(Boolean).join(' · ') : callerName || t().withheld);
  }

  private person(call: FloorCall) {
    const { clients, number } = call;
    const queue = this.queues.find((q) => q.ref === call.queue)?.label;
    const client = clients?.[0];
    const known = clients === null ? t().looking : client ? client.company || formatNumber(number) : number ? t().unknown : t().withheld;
    return html`<div class="cut">
      <div class="cut">
        ${client ? html`<a href="/clients/${client.id}"><strong dir="auto">${client.name}</strong></a>` : html`<strong dir="auto">${this.who(call)}</strong>`}
        ${this.standing(call)}
        ${clients && clients.length > 1 ? html`<span class="muted small">${t().others(clients.length - 1)}</span>` : nothing}
      </div>
      <div class="small muted cut" dir="auto">${[queue ?? t().direction[call.direction], known].join(' · ')}</div>
      ${call.callBack ? html`<div class="small wraps">${icon('phone-out')} ${this.callBackWords(call.callBack)}</div>` : nothing}
      ${
        call.people.length > 0
          ? html`<div class="small cut">${call.people.map((p) => `${nameOf(p)}: ${t().at[p.at]}`).join(', ')}</div>`
          : nothing
      }
    </div>`;
  }

  private callBackWords({ dialling, attempts, nextAt }: NonNullable<FloorCall['callBack']>): string {
    const when = dialling ? t().callBackNow : nextAt > (this.at ?? serverNow()) ? t().callBackAt(clock(nextAt)) : t().callBack;
    return attempts > 0 ? `${when} · ${t().callBackTries(attempts)}` : when;
  }

  private kept({ id, dialling }: NonNullable<FloorCall['callBack']>) {
    return html`<div class="orders">
      <button class="button" ?disabled=${dialling} @click=${() => void this.withdraw(id)}>${t().withdraw}</button>
    </div>`;
  }

  private async withdraw(id: number) {
    try {
      await api.post(`/api/callbacks/${id}/withdraw`);
      toast('info', t().withdrawn);
    } catch (err) {
      toast('danger', err instanceof ApiError && err.code === 'conflict' ? t().withdrawLate : orderFault(err));
    }
  }

  private standing({ standing, clients }: FloorCall) {
    if (!standing) return nothing;
    const { stage, complaints } = standing;
    return html`${stage ? html`<allo-badge>${stage[locale.get()]}</allo-badge>` : nothing}
    ${
      complaints > 0
        ? html`<a href="/clients/${clients![0]!.id}"
            ><allo-badge tone="danger">${icon('warning')}${t().complaints(complaints)}</allo-badge></a
          >`
        : nothing
    }`;
  }

  private waits(call: FloorCall) {
    if (call.callBack)
      return html`<span class="num time">${duration((this.at ?? serverNow()) - call.waitingSince!)}</span>${this.person(call)}
        ${this.at === null ? this.kept(call.callBack) : nothing}`;
    return html`<span class="num time">${duration((this.at ?? serverNow()) - call.waitingSince!)}</span>${this.person(call)}
      ${
        this.at === null
          ? html`<div class="orders">
              <button class="button" title="T" @click=${() => void this.take(call)}>${icon('phone-in')}${t().take}</button>
              ${this.menu(call)}
            </div>`
          : nothing
      }`;
  }

  /** What moves the call elsewhere or ends it. */
  private menu(call: FloorCall) {
    const pbx = call.ref.slice(0, call.ref.indexOf(':') + 1);
    const inCall = new Set(call.people.map(({ userId }) => userId));
    return html`<select aria-label=${t().doWith(this.who(call))} title="M" @change=${(e: Event) => this.chosen(e, call)}>
      <option value="">${t().more}</option>
      ${this.talker(call) ? html`<option value="take-over">${t().takeOver}</option>` : nothing}
      <option value="end">${t().end}</option>
      <optgroup label=${t().moveQueue}>
        ${this.queues
          .filter(({ ref }) => ref.startsWith(pbx) && !(ref === call.queue && call.waitingSince !== null))
          .map(({ ref, label }) => html`<option value="queue ${ref}">${label}</option>`)}
      </optgroup>
      <optgroup label=${t().moveOperator}>
        ${this.operators
          .filter(({ userId, pbx: at }) => `${at}:` === pbx && !inCall.has(userId))
          .map(({ userId, name, state: is }) => html`<option value="user ${userId}">${name} (${t().states[is]})</option>`)}
      </optgroup>
    </select>`;
  }

  private openMenu(call: FloorCall): Promise<void> {
    this.renderRoot.querySelector<HTMLSelectElement>(`li[data-ref="${CSS.escape(call.ref)}"] select`)?.focus();
    return Promise.resolve();
  }

  private chosen(e: Event, call: FloorCall) {
    const select = e.target as HTMLSelectElement;
    const { value } = select;
    select.value = '';
    const goal = value.slice(value.indexOf(' ') + 1);
    if (value === 'take-over') void this.order(call, 'take-over', undefined, t().ringsYou);
    else if (value === 'end') void this.askEnd(call);
    else if (value.startsWith('queue ')) void this.order(call, 'move', { queue: goal }, t().moved);
    else if (value.startsWith('user ')) void this.order(call, 'move', { userId: Number(goal) }, t().moved);
  }

  private askEnd(call: FloorCall): Promise<void> {
    this.ending = call;
    return this.dialog.show();
  }

  private async end() {
    const call = this.ending;
    this.dialog.close();
    if (call) await this.order(call, 'end', undefined, t().ended);
  }

  private talk(call: FloorCall) {
    const since = call.answeredAt ?? call.startedAt;
    return html`<span class="num time">${duration((this.at ?? serverNow()) - since)}</span>${this.person(call)}
      <div class="orders">
        ${
          this.at === null && this.talker(call)
            ? html`<button class="button" title="${t().listen} (L)" @click=${() => void this.spy(call, 'listen')}>
                  ${icon('ear')}${t().listen}
                </button>
                <button class="button" title="W" @click=${() => void this.spy(call, 'whisper')}>${t().whisper}</button>
                <button class="button" title="B" @click=${() => void this.spy(call, 'barge')}>${t().barge}</button>`
            : nothing
        }
        ${this.at === null ? this.menu(call) : nothing}
      </div>`;
  }

  private talker({ people }: FloorCall): FloorPerson | undefined {
    return people.find(talks);
  }

  private spy(call: FloorCall, mode: Mode): Promise<void> {
    const { userId } = this.talker(call)!;
    return this.send(`/api/calls/${encodeURIComponent(call.ref)}/spy`, { mode, ...(userId !== null && { userId }) }, t().ringsYou);
  }

  private take({ ref }: FloorCall): Promise<void> {
    return this.send(`/api/calls/${encodeURIComponent(ref)}/pickup`, undefined, t().ringsYou);
  }

  private order({ ref }: FloorCall, path: 'move' | 'take-over' | 'end', body: object | undefined, done: string): Promise<void> {
    return this.send(`/api/floor/calls/${encodeURIComponent(ref)}/${path}`, body, done);
  }

  private async send(path: string, body: object | undefined, done: string) {
    try {
      await api.post(path, body);
      toast('info', done);
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
