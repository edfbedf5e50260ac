import { css, html, nothing } from 'lit';
import { customElement, query, state } from 'lit/decorators.js';
import type { Shift } from '../../server/agents/contract.ts';
import type { LiveCall } from '../../server/calls/contract.ts';
import '../agents/allo-shift.ts';
import { readDirectory, shift, sipAccount } from '../agents/store.ts';
import { callsApi } from '../calls/api.ts';
import '../calls/allo-call-now.ts';
import '../calls/allo-waiting.ts';
import '../calls/allo-wrap-up.ts';
import { command, desk } from '../calls/store.ts';
import { api } from '../core/api.ts';
import { errorText } from '../core/error-words.ts';
import { locale } from '../core/i18n.ts';
import { session } from '../core/session.ts';
import { Select } from '../core/store.ts';
import { toast } from '../core/toasts.ts';
import { AlloElement } from '../ui/allo-element.ts';
import { icon } from '../ui/icons.ts';
import type { AlloSoftphone, DirectoryEntry, PhoneAccount, PhoneTransferEvent } from '../../softphone/index.ts';
import { t } from './strings.ts';

/** The right column: shift, the calls that are up, the phone, what is to be said after a call. */
@customElement('allo-phone-panel')
export class PhonePanel extends AlloElement {
  @state() private calling = false;
  @state() private account: PhoneAccount | null = null;
  @state() private softphone: 'none' | 'loading' | 'here' = 'none';
  @query('allo-softphone') private readonly phone!: AlloSoftphone | null;
  @state() private directory: readonly DirectoryEntry[] = [];
  private readonly shift = new Select(this, shift, (s) => s);
  private readonly recording = new Select(this, desk, (d) => d.calls.find((c) => c.phase === 'talking' && !c.held)?.recording ?? '');
  private readonly demo = new Select(this, session, (s) => s.state === 'in' && s.me.demo);

  static override styles = [
    ...AlloElement.styles,
    css`
      :host {
        --below: var(--space-3);
      }
      allo-softphone {
        max-width: none;
        margin-bottom: var(--below);
      }
      p {
        margin-top: var(--space-1);
      }
    `,
  ];

  protected override willUpdate() {
    const s = this.shift.value;
    if (s?.modes.includes('softphone')) void this.loadPhone();
    const wanted = s !== null && inBrowser(s);
    if (!wanted) this.account = null;
    else if (!this.account && !this.asking) void this.register();
  }

  private asking = false;

  /** The element and its code come only to those who may talk by the browser; it has to be there before the click that unlocks it. */
  private async loadPhone() {
    if (this.softphone !== 'none') return;
    this.softphone = 'loading';
    try {
      await import('../../softphone/index.ts');
      this.softphone = 'here';
    } catch {
      this.softphone = 'none';
      toast('danger', t().noPhone);
    }
  }

  private async register() {
    this.asking = true;
    try {
      const { server, ...account } = await sipAccount();
      const url = new URL(server, location.href);
      url.protocol = url.protocol.replace('http', 'ws');
      this.account = { ...account, server: url.href };
    } catch (err) {
      toast('danger', errorText(err));
    } finally {
      this.asking = false;
    }
  }

  override render() {
    const s = this.shift.value;
    const browser = s !== null && inBrowser(s);
    return html`<allo-call-now .controls=${!browser}></allo-call-now>
      ${
        this.softphone === 'here'
          ? html`<allo-softphone
              .account=${this.account}
              lang=${locale.get()}
              echo-number=${ECHO}
              auto-answer
              .recording=${this.recording.value}
              .directory=${this.directory}
              @phone-transfer=${(e: PhoneTransferEvent) => this.keepDirectory(e.detail.open)}
              ?hidden=${!browser}
            ></allo-softphone>`
          : nothing
      }
      ${s?.since != null ? html`<allo-waiting></allo-waiting>` : nothing}
      <allo-wrap-up></allo-wrap-up>
      <allo-shift @shift-starting=${(e: CustomEvent<{ mode: Shift['mode'] }>) => void this.unlock(e.detail.mode)}></allo-shift>
      ${this.demo.value && s?.extension ? this.callMe() : nothing}`;
  }

  /** Within the click that starts the shift: a browser lets a page ring and listen only after one. */
  private async unlock(mode: Shift['mode']) {
    if (mode !== 'softphone') {
      if ('Notification' in window && Notification.permission === 'default') await Notification.requestPermission();
      return;
    }
    for (const refusal of (await this.phone?.unlock()) ?? []) toast('danger', t().refused[refusal] ?? refusal);
  }

  private reading: ReturnType<typeof setInterval> | undefined;

  /** Who is free is asked only while it is looked at. */
  private keepDirectory(open: boolean) {
    clearInterval(this.reading);
    if (!open) return;
    const read = () =>
      readDirectory().then(
        (list) => (this.directory = list),
        (err: unknown) => {
          clearInterval(this.reading);
          toast('danger', errorText(err));
        },
      );
    this.reading = setInterval(() => void read(), DIRECTORY_MS);
    void read();
  }

  override disconnectedCallback() {
    super.disconnectedCallback();
    clearInterval(this.reading);
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
    if (this.talksHere) void this.phone!.answer();
    else if (call?.phase === 'ringing') void command(callsApi.answer(call.ref));
    else return false;
    return true;
  }

  hangUp(call: LiveCall | undefined): boolean {
    if (this.talksHere) void this.phone!.hangup();
    else if (call) void command(callsApi.hangUp(call.ref));
    else return false;
    return true;
  }

  /** In the browser's phone; a desk phone's controls listen for themselves. @returns whether that is where one talks */
  inBrowser(run: (phone: AlloSoftphone) => void): boolean {
    if (this.talksHere) run(this.phone!);
    return this.talksHere;
  }

  /** The note of the talk, or what is to be said after it. */
  focusNote(): boolean {
    const form = this.renderRoot.querySelector('allo-wrap-up')?.renderRoot.querySelector('allo-outcome-form');
    const note = form?.renderRoot.querySelector('textarea');
    note?.focus();
    return Boolean(note);
  }

  async toggleShift(): Promise<void> {
    await this.renderRoot.querySelector('allo-shift')?.toggle();
  }

  /** From the browser the call goes out at once; a phone on the desk rings first, then the number is dialled. */
  async dial(number: string, clientId?: number): Promise<void> {
    if (this.talksHere) await this.phone!.dial(number);
    else await command(callsApi.dial(number, clientId));
  }

  private get talksHere(): boolean {
    const s = this.shift.value;
    return s !== null && inBrowser(s) && this.phone !== null;
  }
}

const DIRECTORY_MS = 2_000;
/** Of the dialplan that ships: whoever calls it hears themselves. */
const ECHO = '600';

const inBrowser = (s: Shift): boolean => s.since !== null && s.mode === 'softphone';

declare global {
  interface HTMLElementTagNameMap {
    'allo-phone-panel': PhonePanel;
  }
}
