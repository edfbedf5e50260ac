import { css, html, nothing } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import type { WaitingCall } from '../../server/calls/contract.ts';
import { duration } from '../core/format.ts';
import { onAction } from '../core/keys.ts';
import { formatNumber } from '../core/numbers.ts';
import { Select } from '../core/store.ts';
import { Ticking, serverNow } from '../core/time.ts';
import { AlloElement } from '../ui/allo-element.ts';
import { icon } from '../ui/icons.ts';
import '../ui/allo-number.ts';
import { callsApi } from './api.ts';
import { isActive } from './desk.ts';
import { command, desk } from './store.ts';
import { t } from './strings.ts';
import { waiting } from './waiting.ts';

/** As many as are shown; of the rest only how many they are. */
const SHOWN = 5;
/** Longer than this is long. */
const LONG_MS = 60_000;

const nameOf = (c: WaitingCall): string => c.client?.name || c.callerName || formatNumber(c.number) || t().unknownNumber;

/** Who waits now and may be taken: in the operator's queues, ringing at colleagues, parked. Nothing while nobody waits. */
@customElement('allo-waiting')
export class Waiting extends AlloElement {
  /** My phone is asked to ring. */
  @state() private taking = false;
  private readonly calls = new Select(this, waiting, (w) => w);
  private readonly busy = new Select(this, desk, (d) => d.calls.some(isActive));
  private silence = () => {};

  static override styles = [
    ...AlloElement.styles,
    css`
      section {
        margin-bottom: var(--below, 0);
        padding: var(--space-3);
        border: 1px solid var(--border);
        border-left: 4px solid var(--warning);
        border-radius: var(--radius);
        background: var(--surface);
      }
      h2 {
        font-size: var(--text-m);
      }
      li {
        padding: var(--space-2) 0;
      }
      li + li {
        border-top: 1px solid var(--border);
      }
      li:last-child {
        padding-bottom: 0;
      }
      .count {
        margin-left: auto;
        color: var(--text-muted);
      }
      .name {
        font-weight: 600;
      }
      .time {
        margin-left: auto;
        font-weight: 600;
      }
      .time.long {
        color: var(--warning);
      }
      .how {
        margin-top: 1px;
      }
      .how + .row {
        margin-top: var(--space-1);
      }
    `,
  ];

  constructor() {
    super();
    new Ticking(this, () => this.calls.value.length > 0);
  }

  override connectedCallback() {
    super.connectedCallback();
    this.silence = onAction({ pickUp: () => this.pickUpFirst() });
  }

  override disconnectedCallback() {
    super.disconnectedCallback();
    this.silence();
  }

  override render() {
    const calls = this.calls.value;
    if (calls.length === 0) return nothing;
    return html`<section aria-labelledby="waiting">
      <div class="row">
        <h2 id="waiting">${t().waitingNow}</h2>
        <span class="count num">${calls.length}</span>
      </div>
      <ul>
        ${repeat(
          calls.slice(0, SHOWN),
          (c) => c.ref,
          (c, i) => this.line(c, i === 0),
        )}
      </ul>
      ${calls.length > SHOWN ? html`<p class="small muted">${t().waitingMore(calls.length - SHOWN)}</p>` : nothing}
    </section>`;
  }

  private line(c: WaitingCall, first: boolean) {
    const name = nameOf(c);
    const known = Boolean(c.client?.name || c.callerName);
    const waited = serverNow() - c.since;
    return html`<li>
      <p class="row">
        ${icon(c.state === 'parked' ? 'park' : c.state === 'ringing' ? 'phone-in' : 'clock')}
        <span class="name cut" dir="auto" title=${name}>${name}</span>
        <span class="num time ${waited > LONG_MS ? 'long' : ''}">${duration(waited)}</span>
      </p>
      <p class="how small muted cut" title=${this.how(c)}>${this.how(c)}</p>
      <div class="row">
        <span class="grow small muted cut">${known ? html`<allo-number .value=${c.number}></allo-number>` : nothing}</span>
        <button
          class="button"
          title=${first ? 'Alt+U' : ''}
          aria-label="${t().pickUp}: ${name}"
          ?disabled=${this.busy.value || this.taking}
          @click=${() => void this.pickUp(c)}
        >
          ${icon('phone')}${t().pickUp}
        </button>
      </div>
    </li>`;
  }

  private how(c: WaitingCall): string {
    const queue = c.queue === null ? '' : t().queue(c.queue);
    if (c.state === 'parked') return t().parkedAt(c.space, c.parkedBy?.name ?? null);
    if (c.state === 'queue') return queue;
    const whom = c.ringing.map(({ name }) => name).join(', ');
    return [queue, whom && t().ringsAt(whom)].filter(Boolean).join(' · ');
  }

  private pickUpFirst(): boolean {
    const [first] = this.calls.value;
    if (!first || this.busy.value || this.taking) return false;
    void this.pickUp(first);
    return true;
  }

  private async pickUp(c: WaitingCall) {
    this.taking = true;
    await command(callsApi.pickUp(c.ref));
    this.taking = false;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'allo-waiting': Waiting;
  }
}
