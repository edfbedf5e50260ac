import { css, html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { CallReply } from '../../server/calls/contract.ts';
import { ApiError } from '../core/api.ts';
import { errorText } from '../core/error-words.ts';
import { onKey } from '../core/keys.ts';
import { toast } from '../core/toasts.ts';
import { AlloElement } from '../ui/allo-element.ts';
import { icon } from '../ui/icons.ts';
import type { IconName } from '../ui/icons.ts';
import './allo-transfer.ts';
import { callsApi } from './api.ts';
import { controlWords as t } from './control-strings.ts';

type Open = 'none' | 'transfer' | 'keys';
const KEYS = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '*', '0', '#'];

/** How long a rule takes to begin a recording after the answer. */
const RULE_MS = 2_000;

/** What an operator does with the talk on their desk phone, as far as the server says they may. */
@customElement('allo-call-controls')
export class CallControls extends AlloElement {
  @property() ref = '';
  @state() private reply: CallReply | null = null;
  @state() private open: Open = 'none';
  @state() private busy = false;
  @state() private held = false;
  @state() private consulting = false;
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
      }
      .keys {
        display: grid;
        grid-template-columns: repeat(3, 1fr);
        gap: var(--space-1);
        margin-top: var(--space-2);
      }
      allo-transfer {
        display: block;
        margin-top: var(--space-2);
      }
    `,
  ];

  override connectedCallback() {
    super.connectedCallback();
    this.silence = onKey((chord) => chord === 'Alt+KeyP' && this.pause());
  }

  override disconnectedCallback() {
    super.disconnectedCallback();
    clearTimeout(this.later);
    this.silence();
  }

  protected override willUpdate(changed: Map<PropertyKey, unknown>) {
    if (!changed.has('ref')) return;
    Object.assign(this, { reply: null, open: 'none', held: false, consulting: false });
    void this.load();
    clearTimeout(this.later);
    this.later = setTimeout(() => void this.load(), RULE_MS);
  }

  private async load() {
    const { ref } = this;
    try {
      const reply = await callsApi.read(ref);
      if (ref !== this.ref) return;
      this.reply = reply;
      this.held = reply.call.segments.some((s) => s.kind === 'hold' && s.to === null);
    } catch (err) {
      toast('danger', errorText(err));
    }
  }

  private async run(order: Promise<unknown>): Promise<boolean> {
    this.busy = true;
    try {
      await order;
      await this.load();
      return true;
    } catch (err) {
      const unheeded = err instanceof ApiError && err.data.reason === 'unsupported';
      toast('danger', unheeded ? t().holdUnsupported : errorText(err));
      return false;
    } finally {
      this.busy = false;
    }
  }

  private get recording() {
    return this.reply?.call.recordings.find((r) => r.state === 'recording' || r.state === 'paused') ?? null;
  }

  override render() {
    const can = this.reply?.can;
    if (!can) return nothing;
    return html`<div class="buttons">${can.control ? this.controls() : nothing}${can.record ? this.recordings() : nothing}</div>
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
    if (this.consulting)
      return html`${this.button('back', t().cancelAttended, () => void this.cancel())}
      ${this.button('transfer', t().completeAttended, () => void this.run(callsApi.hangUp(this.ref)))}`;
    const toggle = (open: Open) => () => (this.open = this.open === open ? 'none' : open);
    return html`${this.button(this.held ? 'play' : 'pause', this.held ? t().resume : t().hold, () => void this.hold())}
    ${this.button('transfer', t().transfer, toggle('transfer'), this.open === 'transfer')}
    ${this.button('park', t().park, () => void this.park())} ${this.button('keypad', t().keys, toggle('keys'), this.open === 'keys')}`;
  }

  private recordings() {
    const { recording } = this;
    if (!recording) return this.button('record', t().record, () => void this.run(callsApi.record(this.ref)));
    return html`${this.button(recording.state === 'paused' ? 'record' : 'shield', recording.state === 'paused' ? t().recordOn : t().recordPause, () => this.pause())}
    ${this.button('stop', t().recordStop, () => void this.run(callsApi.recordStop(this.ref)))}`;
  }

  private pause(): boolean {
    const { recording } = this;
    if (!recording || !this.reply?.can.record || this.busy) return false;
    void this.run(callsApi.recordPause(this.ref, recording.state !== 'paused'));
    return true;
  }

  private keys() {
    const press = (digits: string) => callsApi.keys(this.ref, digits).catch((err: unknown) => toast('danger', errorText(err)));
    return html`<div class="keys" role="group" aria-label=${t().keys}>
      ${KEYS.map((key) => html`<button class="button num" @click=${() => void press(key)}>${key}</button>`)}
    </div>`;
  }

  private async hold() {
    await this.run(this.held ? callsApi.resume(this.ref) : callsApi.hold(this.ref));
  }

  private async transfer(to: { number: string } | { userId: number }, attended: boolean) {
    if (!(await this.run(attended ? callsApi.attended(this.ref, to) : callsApi.transfer(this.ref, to)))) return;
    this.open = 'none';
    this.consulting = attended;
    toast('info', attended ? t().asking : t().transferred);
  }

  private async cancel() {
    if (await this.run(callsApi.cancelAttended(this.ref))) this.consulting = false;
  }

  private async park() {
    this.busy = true;
    try {
      const { space } = await callsApi.park(this.ref);
      toast('info', t().parked(space));
    } catch (err) {
      toast('danger', errorText(err));
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
