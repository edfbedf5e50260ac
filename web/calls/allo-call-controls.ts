import { css, html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { CallReply, LiveCall } from '../../server/calls/contract.ts';
import { errorText } from '../core/error-words.ts';
import { onAction } from '../core/keys.ts';
import { toast } from '../core/toasts.ts';
import { AlloElement } from '../ui/allo-element.ts';
import { icon } from '../ui/icons.ts';
import type { IconName } from '../ui/icons.ts';
import './allo-transfer.ts';
import { callsApi } from './api.ts';
import { controlWords as t } from './control-strings.ts';
import { orderFault, unreached } from '../core/order-faults.ts';

type Open = 'none' | 'transfer' | 'keys';
const KEYS = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '*', '0', '#'];

/** Right after the answer the log has it not yet, and so nobody may record. */
const LOG_MS = 2_000;

/** What an operator does with the talk on their phone, as far as the server says they may. What is so now, the live call tells. */
@customElement('allo-call-controls')
export class CallControls extends AlloElement {
  @property({ attribute: false }) call!: LiveCall;
  /** The phone in the browser hands over and holds by itself. */
  @property({ type: Boolean }) recordingOnly = false;
  @state() private can: CallReply['can'] | null = null;
  @state() private open: Open = 'none';
  @state() private busy = false;
  /** The operator has gone back to the other side, rather than being sent there. */
  private back = false;
  /** For whoever hears the screen: what holding it ended in. */
  private wasHeld = false;
  private later: ReturnType<typeof setTimeout> | undefined;
  private silence = () => {};

  static override styles = [
    ...AlloElement.styles,
    css`
      .buttons {
        display: flex;
        flex-wrap: wrap;
        gap: var(--space-2);
      }
      .buttons .button {
        flex: 1 1 auto;
        padding: 0 var(--space-2);
      }
      .keys {
        display: grid;
        grid-template-columns: repeat(3, 1fr);
        gap: var(--space-1);
        margin-top: var(--space-2);
      }
      .state {
        margin-bottom: var(--space-2);
      }
      .recording {
        flex: 1 0 100%;
        color: var(--danger);
        font-weight: 600;
      }
      .recording[data-paused] {
        color: var(--warning);
      }
      allo-transfer {
        display: block;
        margin-top: var(--space-2);
      }
    `,
  ];

  override connectedCallback() {
    super.connectedCallback();
    const order = (run: () => void) => () => {
      if (!this.can?.control || this.recordingOnly || this.busy) return false;
      run();
      return true;
    };
    this.silence = onAction({
      hold: order(() => void this.run(this.call.held ? callsApi.resume(this.call.ref) : callsApi.hold(this.call.ref))),
      transfer: order(() => this.toggle('transfer')),
      keypad: order(() => this.toggle('keys')),
      park: order(() => void this.park()),
      join: order(() => void (this.call.consult === 'talking' && this.run(callsApi.hangUp(this.call.ref)))),
      swap: order(() => void (this.call.consult !== null && this.cancel())),
      record: () => this.record(),
      recordPause: () => this.pause(),
    });
  }

  override disconnectedCallback() {
    super.disconnectedCallback();
    clearTimeout(this.later);
    this.silence();
  }

  protected override willUpdate(changed: Map<PropertyKey, unknown>) {
    if (!changed.has('call')) return;
    const before = changed.get('call') as LiveCall | undefined;
    this.wasHeld = before?.ref === this.call.ref && (this.wasHeld || before.held);
    if (this.call.consult !== null) this.open = 'none';
    else if (before?.ref === this.call.ref && before.consult === 'ringing' && this.call.phase === 'talking' && !this.back)
      toast('info', unreached());
    if (this.call.consult === null) this.back = false;
    if (before?.ref === this.call.ref) return;
    Object.assign(this, { can: null, open: 'none' });
    void this.load();
    clearTimeout(this.later);
    this.later = setTimeout(() => void this.load(), LOG_MS);
  }

  private async load() {
    const { ref } = this.call;
    try {
      const { can } = await callsApi.read(ref);
      if (ref === this.call.ref) this.can = can;
    } catch (err) {
      toast('danger', errorText(err));
    }
  }

  private async run(order: Promise<unknown>): Promise<boolean> {
    this.busy = true;
    try {
      await order;
      return true;
    } catch (err) {
      toast('danger', orderFault(err));
      return false;
    } finally {
      this.busy = false;
    }
  }

  override render() {
    const { can, call } = this;
    if (!can) return nothing;
    const state = call.consult === 'ringing' ? t().asking : call.consult === 'talking' ? t().asked : '';
    return html`<p class="hidden" role="status">${this.recordingOnly ? '' : call.held ? t().onHold : this.wasHeld ? t().backOnLine : ''}</p>
      ${state && !this.recordingOnly ? html`<p class="small state" role="status">${state}</p>` : nothing}
      <div class="buttons">
        ${can.control && !this.recordingOnly ? this.controls() : nothing}${can.record ? this.recordings() : nothing}
      </div>
      ${this.open === 'keys' ? this.keys() : nothing}
      ${
        this.open === 'transfer'
          ? html`<allo-transfer
              @transfer-wanted=${(e: CustomEvent<{ to: { number: string } | { userId: number }; attended: boolean }>) =>
                void this.transfer(e.detail.to, e.detail.attended)}
            ></allo-transfer>`
          : nothing
      }`;
  }

  private button(name: IconName, words: string, run: () => void, pressed: boolean | null = null) {
    return html`<button class="button" ?disabled=${this.busy} aria-pressed=${pressed === null ? nothing : String(pressed)} @click=${run}>
      ${icon(name)}${words}
    </button>`;
  }

  private controls() {
    const { ref, consult, held } = this.call;
    if (consult !== null)
      return html`${this.button('back', t().cancelAttended, () => this.cancel())}
      ${consult === 'talking' ? this.button('transfer', t().completeAttended, () => void this.run(callsApi.hangUp(ref))) : nothing}`;
    return html`${this.button(held ? 'play' : 'pause', held ? t().resume : t().hold, () => void this.run(held ? callsApi.resume(ref) : callsApi.hold(ref)))}
    ${this.button('transfer', t().transfer, () => this.toggle('transfer'), this.open === 'transfer')}
    ${this.button('park', t().park, () => void this.park())}
    ${this.button('keypad', t().keys, () => this.toggle('keys'), this.open === 'keys')}`;
  }

  private recordings() {
    const { ref, recording } = this.call;
    if (recording === null) return this.button('record', t().record, () => void this.run(callsApi.record(ref)));
    const paused = recording === 'paused';
    return html`<p class="row small recording" role="status" ?data-paused=${paused}>
        ${icon('record')}${paused ? t().recordingPaused : t().recordingOn}
      </p>
      ${this.button(paused ? 'record' : 'shield', paused ? t().recordOn : t().recordPause, () => this.pause())}
      ${this.button('stop', t().recordStop, () => void this.run(callsApi.recordStop(ref)))}`;
  }

  private toggle(open: Open) {
    this.open = this.open === open ? 'none' : open;
    const first = open === 'keys' ? '.keys button' : 'allo-transfer';
    void this.updateComplete.then(() => this.renderRoot.querySelector<HTMLElement>(first)?.focus());
  }

  /** Begins a recording, or ends the one that runs. */
  private record(): boolean {
    const { ref, recording } = this.call;
    if (!this.can?.record || this.busy) return false;
    void this.run(recording === null ? callsApi.record(ref) : callsApi.recordStop(ref));
    return true;
  }

  private pause(): boolean {
    const { ref, recording } = this.call;
    if (recording === null || !this.can?.record || this.busy) return false;
    void this.run(callsApi.recordPause(ref, recording !== 'paused'));
    return true;
  }

  private keys() {
    const press = (digits: string) => callsApi.keys(this.call.ref, digits).catch((err: unknown) => toast('danger', orderFault(err)));
    return html`<div class="keys" role="group" aria-label=${t().keys}>
      ${KEYS.map((key) => html`<button class="button num" @click=${() => void press(key)}>${key}</button>`)}
    </div>`;
  }

  private async transfer(to: { number: string } | { userId: number }, attended: boolean) {
    const { ref } = this.call;
    if (!(await this.run(attended ? callsApi.attended(ref, to) : callsApi.transfer(ref, to)))) return;
    this.open = 'none';
    if (!attended) toast('info', t().transferred);
  }

  private cancel() {
    this.back = true;
    void this.run(callsApi.cancelAttended(this.call.ref));
  }

  private async park() {
    this.busy = true;
    try {
      const { space } = await callsApi.park(this.call.ref);
      toast('info', t().parked(space));
    } catch (err) {
      toast('danger', orderFault(err));
    } finally {
      this.busy = false;
    }
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'allo-call-controls': CallControls;
  }
}
