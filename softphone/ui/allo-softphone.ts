import { html, LitElement, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { isLive, PhoneError } from '../phone.ts';
import type { Phone, PhoneAccount, PhoneCall, PhoneErrorCode, PhoneProblem, PhoneState, PhoneStats, Registration } from '../phone.ts';
import { cleanNumber } from '../number.ts';
import { Attention } from './attention.ts';
import { Clock } from './clock.ts';
import { Ringer } from './ringer.ts';
import { langOf, strings } from './strings.ts';
import type { Strings } from './strings.ts';
import { styles } from './styles.ts';
import { callView, caller, dialView, lastCallView, ringingView, statusView } from './views.ts';

/** What unlock() did not get. */
export type Refusal = Extract<PhoneProblem, 'microphone-refused' | 'microphone-missing' | 'media-failed'> | 'sound' | 'notifications';

export type PhoneStateEvent = CustomEvent<{ registration: Registration; since: number }>;
export type PhoneCallEvent = CustomEvent<{ call: PhoneCall }>;

type Log = (level: 'debug' | 'log' | 'warn' | 'error', category: string, message: string) => void;

const OFF: PhoneState = { registration: 'off', since: 0, calls: [] };

/**
 * A telephone in the page: registers an extension over SIP and WebSocket, rings, talks.
 *
 * @attr lang - `ru` or `en`; without it the language of the document
 * @attr hidden
 *
 * @fires phone-state - PhoneStateEvent: the registration changed, or its time
 * @fires phone-call - PhoneCallEvent: a call began, changed or ended
 *
 * @csspart panel - the whole
 * @csspart status - the line with the state of the connection
 * @csspart call - the call that rings, is being dialled or talked
 * @csspart caller - name, or else number, of the other side
 * @csspart number - the number below a name
 * @csspart time - the timer of a talk
 * @csspart answer - and `reject`, `hangup`, `mute`, `dial-button`: the buttons
 * @csspart dial - the form with the number to call
 * @csspart last-call - how the last call ended
 *
 * @cssproperty --surface - and --surface-2, --text, --text-muted, --border: the panel
 * @cssproperty --danger - and --success, --warning, --focus-ring: what carries a meaning
 * @cssproperty --space-1 - to --space-4: distances
 * @cssproperty --radius - of corners
 * @cssproperty --hit-target - least height of what is clicked
 * @cssproperty --font - family
 */
@customElement('allo-softphone')
export class AlloSoftphone extends LitElement {
  static override styles = styles;

  /** Whom to register; null stops the phone. A new object with the same content changes nothing. */
  @property({ attribute: false }) account: PhoneAccount | null = null;
  /** A phone that the page made itself, and starts and stops itself; `account` is then only shown. */
  @property({ attribute: false }) phone: Phone | null = null;
  /** Where the phone logs to. Nowhere without it. */
  @property({ attribute: false }) log: Log | null = null;
  @property({ reflect: true, converter: { toAttribute: (lang: string) => lang || null, fromAttribute: (lang) => lang ?? '' } })
  override lang = '';

  @state() private current: PhoneState = OFF;
  @state() private typed = '';
  @state() private dialError: PhoneErrorCode | null = null;
  @state() private failed = false;

  private readonly ringer = new Ringer(() => this.requestUpdate());
  private readonly attention = new Attention();
  private own: Phone | null = null;
  private ownAccount = 'null';
  private unsubscribe = () => {};
  private subscribedTo: Phone | null = null;
  private hadFocus = false;

  constructor() {
    super();
    new Clock(this, () => this.call !== null);
  }

  /** The gesture that starts a shift: call it from a click or a key. Asks for microphone, sound and notifications. @returns what was refused. */
  async unlock(): Promise<readonly Refusal[]> {
    const sound = this.ringer.unlock();
    const notifications = 'Notification' in window ? Notification.requestPermission() : Promise.resolve('denied');
    const { openMicrophone, problemOfMicrophone } = await import('../sip/media.ts');
    const refused: Refusal[] = [];
    try {
      for (const track of (await openMicrophone()).getTracks()) track.stop();
    } catch (error) {
      refused.push(problemOfMicrophone(error) as Refusal);
    }
    if (!(await sound)) refused.push('sound');
    if ((await notifications) !== 'granted') refused.push('notifications');
    return refused;
  }

  async answer(): Promise<void> {
    void this.ringer.unlock();
    if (this.call) await this.active?.answer(this.call.id);
  }

  async hangup(): Promise<void> {
    if (this.call) await this.active?.hangup(this.call.id);
  }

  toggleMute(): void {
    if (this.call?.state === 'talking') this.active?.mute(this.call.id, !this.call.muted);
  }

  /** @returns why it could not be tried, which the panel says as well; null when the call is under way. */
  async dial(number: string): Promise<PhoneErrorCode | null> {
    this.dialError = null;
    try {
      if (!this.active) throw new PhoneError('not-registered');
      await this.active.call(number);
      this.typed = '';
    } catch (error) {
      if (!(error instanceof PhoneError)) throw error;
      this.dialError = error.code;
    }
    return this.dialError;
  }

  /** Of the sound of the call that is on; null without one. */
  async stats(): Promise<PhoneStats | null> {
    return (this.call && (await this.active?.stats(this.call.id))) ?? null;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.requestUpdate();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    // A page that only moves the element does not lose its registration.
    queueMicrotask(() => {
      if (!this.isConnected) this.leave();
    });
  }

  protected override willUpdate(): void {
    this.hadFocus = Boolean(this.renderRoot && this.shadowRoot?.activeElement);
    if (!this.isConnected) return;
    this.follow(this.phone ? null : this.account);
    this.listen(this.active);
  }

  protected override updated(): void {
    const call = this.call;
    this.ringer.play(call?.state === 'ringing' ? 'ring' : call?.state === 'calling' && !call.earlyMedia ? 'ringback' : null);
    if (call?.state === 'ringing') this.attention.call(this.t.incomingFrom(caller(call, this.t)));
    else this.attention.done();
    if (this.hadFocus && !this.shadowRoot?.activeElement) this.shadowRoot?.querySelector<HTMLElement>('[data-focus]')?.focus();
  }

  override render() {
    const { t, call, current } = this;
    const now = Date.now();
    const lang = langOf(this.languageInForce);
    const on = { answer: () => void this.answer(), hangup: () => void this.hangup(), toggleMute: () => this.toggleMute() };
    return html`
      <section class="panel" part="panel" aria-label=${t.phone} lang=${lang}>
        ${statusView(current, this.account?.extension ?? null, lang, t)}
        ${this.failed ? html`<p class="notice problem" role="alert">${t.phoneFailed}</p>` : nothing}
        ${!this.ringer.allowed && current.registration !== 'off' ? this.soundNotice() : nothing}
        ${call?.state === 'ringing' ? ringingView(call, now, t, on) : nothing}
        ${call && call.state !== 'ringing' ? callView(call, now, t, on) : nothing}
        ${!call || call.state === 'ringing' ? this.dialForm(call !== null) : nothing} ${call ? nothing : this.lastCall()}
        <p class="hidden" role="status">${this.spoken}</p>
      </section>
    `;
  }

  private get t(): Strings {
    return strings[langOf(this.languageInForce)];
  }

  private get languageInForce(): string {
    return this.lang || document.documentElement.lang;
  }

  private get active(): Phone | null {
    return this.phone ?? this.own;
  }

  private get call(): PhoneCall | null {
    return this.current.calls.find(isLive) ?? null;
  }

  /** What a screen reader hears of a call beside its ring. */
  private get spoken(): string {
    const call = this.call ?? this.current.calls[0];
    if (!call || call.state === 'ringing') return '';
    if (call.state === 'ended') return call.problem ? this.t.problem[call.problem] : this.t.ended[call.endReason ?? 'remote'];
    if (call.state === 'calling') return `${this.t.calling} ${caller(call, this.t)}`;
    return call.muted ? this.t.muted : this.t.talkingWith(caller(call, this.t));
  }

  private soundNotice() {
    return html`<div class="notice">
      <p>${this.t.soundOff}</p>
      <button part="sound" @click=${() => void this.unlock()}>${this.t.soundOn}</button>
    </div>`;
  }

  private dialForm(busy: boolean) {
    return dialView(
      {
        typed: this.typed,
        error: this.dialError,
        disabled: busy || this.current.registration !== 'registered',
        input: (event) => this.type((event.target as HTMLInputElement).value),
        paste: (event) => this.paste(event),
        submit: (event) => {
          event.preventDefault();
          void this.dial(this.typed);
        },
      },
      this.t,
    );
  }

  private lastCall() {
    const last = this.current.calls[0];
    return last ? lastCallView(last, this.current.registration !== 'registered', this.t, () => void this.dial(last.number)) : nothing;
  }

  private type(text: string): void {
    this.typed = text;
    this.dialError = null;
  }

  /** What is pasted loses its decoration at once, so that one sees what will be dialled. */
  private paste(event: ClipboardEvent): void {
    event.preventDefault();
    const input = event.target as HTMLInputElement;
    input.setRangeText(
      cleanNumber(event.clipboardData?.getData('text') ?? '').slice(0, 64),
      input.selectionStart ?? 0,
      input.selectionEnd ?? 0,
      'end',
    );
    this.type(input.value);
  }

  /** Makes the phone of an account, and unmakes the one before. */
  private follow(account: PhoneAccount | null): void {
    const wanted = JSON.stringify(account);
    if (wanted === this.ownAccount) return;
    this.ownAccount = wanted;
    this.failed = false;
    void this.own?.stop();
    this.own = null;
    if (account) void this.make(account, wanted);
  }

  private async make(account: PhoneAccount, wanted: string): Promise<void> {
    try {
      const { createSipPhone } = await import('../sip/sip-phone.ts');
      if (this.ownAccount !== wanted) return;
      this.own = createSipPhone(account, { log: (...line) => this.log?.(...line) });
    } catch (error) {
      this.log?.('error', 'phone', String(error));
      this.failed = this.ownAccount === wanted;
      return;
    }
    this.own.start();
    this.requestUpdate();
  }

  private listen(phone: Phone | null): void {
    if (phone === this.subscribedTo) return;
    this.unsubscribe();
    this.subscribedTo = phone;
    this.unsubscribe = phone?.subscribe((next) => this.take(next)) ?? (() => {});
    // Who has clicked in this page before may hear it.
    if (phone && navigator.userActivation.hasBeenActive) void this.ringer.unlock();
    this.take(phone?.state ?? { ...OFF, since: Date.now() });
  }

  private take(next: PhoneState): void {
    const before = this.current;
    this.current = next;
    const { registration, since } = next;
    if (registration !== before.registration || since !== before.since) {
      this.tell('phone-state', { registration, since });
      if (registration === 'registered' && this.dialError === 'not-registered') this.dialError = null;
    }
    for (const call of next.calls) if (!before.calls.includes(call)) this.tell('phone-call', { call });
  }

  private leave(): void {
    this.follow(null);
    this.listen(null);
    this.attention.done();
    void this.ringer.close();
  }

  private tell<N extends keyof SoftphoneEvents>(name: N, detail: SoftphoneEvents[N]['detail']): void {
    this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true, composed: true }));
  }
}

interface SoftphoneEvents {
  'phone-state': PhoneStateEvent;
  'phone-call': PhoneCallEvent;
}

declare global {
  interface HTMLElementTagNameMap {
    'allo-softphone': AlloSoftphone;
  }
  interface GlobalEventHandlersEventMap {
    'phone-state': PhoneStateEvent;
    'phone-call': PhoneCallEvent;
  }
}
