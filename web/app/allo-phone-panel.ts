import { css, html, nothing } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import type { LiveCall } from '../../server/calls/contract.ts';
import '../agents/allo-shift.ts';
import { shift } from '../agents/store.ts';
import { callsApi } from '../calls/api.ts';
import '../calls/allo-call-now.ts';
import '../calls/allo-wrap-up.ts';
import { command } from '../calls/store.ts';
import { api } from '../core/api.ts';
import { session } from '../core/session.ts';
import { Select } from '../core/store.ts';
import { toast } from '../core/toasts.ts';
import { AlloElement } from '../ui/allo-element.ts';
import { icon } from '../ui/icons.ts';
import { t } from './strings.ts';

/** The right column: shift, the calls that are up, the phone, what is to be said after a call. */
@customElement('allo-phone-panel')
export class PhonePanel extends AlloElement {
  @state() private calling = false;
  private readonly shift = new Select(this, shift, (s) => s);
  private readonly demo = new Select(this, session, (s) => s.state === 'in' && s.me.demo);

  static override styles = [
    ...AlloElement.styles,
    css`
      :host {
        display: grid;
        gap: var(--space-3);
      }
    `,
  ];

  override render() {
    const s = this.shift.value;
    return html`<allo-call-now .controls=${s?.mode !== 'softphone' || s.since === null}></allo-call-now>
      <allo-shift></allo-shift>
      <allo-wrap-up></allo-wrap-up>
      ${this.demo.value && s?.extension ? this.callMe() : nothing}`;
  }

  private callMe() {
    return html`<div>
      <button class="button wide" ?disabled=${this.calling} @click=${() => void this.ring()}>${icon('phone-in')}${t().callMe}</button>
      <p class="small muted">${t().callMeHint}</p>
    </div>`;
  }

  private async ring() {
    this.calling = true;
    await command(api.post('/api/demo/call-me').then(() => toast('info', t().callMeSent)));
    this.calling = false;
  }

  /** @returns whether there was something to answer */
  answer(call: LiveCall | undefined): boolean {
    if (call?.phase !== 'ringing') return false;
    void command(callsApi.answer(call.ref));
    return true;
  }

  hangUp(call: LiveCall | undefined): boolean {
    if (!call) return false;
    void command(callsApi.hangUp(call.ref));
    return true;
  }

  mute(): boolean {
    return false;
  }

  async dial(number: string, clientId?: number): Promise<void> {
    await command(callsApi.dial(number, clientId));
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'allo-phone-panel': PhonePanel;
  }
}
