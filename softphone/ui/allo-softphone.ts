import { html, LitElement, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { isLive, PhoneError } from '../phone.ts';
import type { Phone, PhoneAccount, PhoneCall, PhoneErrorCode, PhoneState, PhoneStats } from '../phone.ts';
import { Attention } from './attention.ts';
import { Clock } from './clock.ts';
import type { SoftphoneEvents } from './events.ts';
import { OwnPhone } from './own-phone.ts';
import type { Log } from './own-phone.ts';
import { askPermissions } from './permissions.ts';
import type { Refusal } from './permissions.ts';
import { Ringer } from './ringer.ts';
import { langOf, strings } from './strings.ts';
import type { Strings } from './strings.ts';
import { styles } from './styles.ts';
import { callKey } from './call-keys.ts';
import type { CallKeys } from './call-keys.ts';
import { QualityWatch, qualityView } from './quality.ts';
import { transferView } from './transfer-view.ts';
import type { DirectoryEntry } from './transfer-view.ts';
import {
  askedView,
  callView,
  caller,
  dialView,
  keysView,
  lastCallView,
  otherCallView,
  pasted,
  ringingView,
  spokenOf,
  statusView,
} from './views.ts';
import type { Pane } from './views.ts';

const OFF: PhoneState = { registration: 'off', since: 0, calls: [], here: true };
/**
 * A telephone in the page: registers an extension over SIP and WebSocket, rings, talks.
 *
 * @attr lang - `ru` or `en`; without it the language of the document
 * @attr call-waiting - a second caller rings while there is a call, instead of hearing busy
 * @attr hidden
 *
 * With the focus in the panel, and not in a field: M mutes, H holds and takes back, T transfers, J connects both calls, S swaps, K shows the
 * keys; digits, * and # are sent as tones; Escape closes what was opened.
 *
 * @fires phone-state - PhoneStateEvent: the registration changed, or its time
 * @fires phone-call - PhoneCallEvent: a call began, changed or ended
 *
 * @csspart panel - the whole
 * @csspart status - the line with the state of the connection
 * @csspart elsewhere - the line that says that another tab has the phone
 * @csspart call - the call that rings, is being dialled or talked
 * @csspart caller - name, or else number, of the other side
 * @csspart number - the number below a name
 * @csspart time - the timer of a talk
 * @csspart answer - and `reject`, `hangup`, `mute`, `hold`, `transfer`, `join`, `keys`, `swap`, `other-hangup`, `dial-button`: the buttons
 * @csspart other-call - the call that is held or rings beside the one in front
 * @csspart keypad - the keys for tones
 * @csspart transfer-form - with `transfer-now` and `ask-first`
 * @csspart quality - the sign of the sound's quality, with details
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
  /** To whom a call can be transferred; the host keeps it fresh. */
  @property({ attribute: false }) directory: readonly DirectoryEntry[] = [];
  /** A second caller rings while there is a call, instead of hearing busy. */
  @property({ type: Boolean, attribute: 'call-waiting' }) callWaiting = false;
  /** Where the phone logs to. Nowhere without it. */
  @property({ attribute: false }) log: Log | null = null;
  @property({ reflect: true, converter: { toAttribute: (lang: string) => lang || null, fromAttribute: (lang) => lang ?? '' } })
  override lang = '';

  @state() private current: PhoneState = OFF;
  @state() private typed = '';
  @state() private dialError: PhoneErrorCode | null = null;
  @state() private pane: Pane | null = null;
  @state() private target = '';
  @state() private targetError: PhoneErrorCode | null = null;
  /** Tones sent in the call in front. */
  @state() private sent = '';

  private readonly ringer = new Ringer(() => this.requestUpdate());
  private readonly attention = new Attention();
  private readonly sound = new QualityWatch(this, async () => (this.call?.state === 'talking' ? this.stats() : null));
  private readonly own = new OwnPhone(
    () => this.requestUpdate(),
    (...line) => this.log?.(...line),
  );
  private unsubscribe = () => {};
  private subscribedTo: Phone | null = null;
  private hadFocus = false;

  constructor() {
    super();
    new Clock(this, () => this.call !== null);
  }

  /** The gesture that starts a shift: call it from a click or a key. Asks for microphone, sound and notifications. @returns what was refused. */
  async unlock(): Promise<readonly Refusal[]> {
    return askPermissions(this.ringer.unlock());
  }

  /** What rings, be it beside another call. */
  async answer(): Promise<void> {
    void this.ringer.unlock();
    const call = this.calls.find((each) => each.state === 'ringing') ?? this.call;
    if (call) await this.active?.answer(call.id);
  }

  async hangup(): Promise<void> {
    if (this.call) await this.active?.hangup(this.call.id);
  }

  toggleMute(): void {
    if (this.call?.state === 'talking') this.active?.mute(this.call.id, !this.call.muted);
  }

  /** Puts the call in front on hold, or takes it back. */
  async toggleHold(): Promise<void> {
    if (this.call?.state === 'talking') await this.active?.hold(this.call.id, !this.call.held);
  }

  /** Takes the held call, and holds the one in front. */
  async swap(): Promise<void> {
    if (this.other?.state === 'talking') await this.active?.hold(this.other.id, false);
  }

  /** Digits, `*` and `#`, to the call in front. @returns whether they could be sent. */
  sendTones(tones: string): boolean {
    const done = this.call !== null && (this.active?.dtmf(this.call.id, tones) ?? false);
    if (done) this.sent += tones;
    return done;
  }

  /** Blind, of the call in front. @returns why it could not be tried; how it ends, the call tells. */
  async transfer(number: string): Promise<PhoneErrorCode | null> {
    return this.tried(async (phone, call) => phone.transfer(call.id, number));
  }

  /** The far ends of our two calls talk with each other, and we are out of it. */
  async join(): Promise<void> {
    if (this.call?.state === 'talking' && this.other?.state === 'talking') await this.active?.join(this.other.id, this.call.id);
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
    this.own.follow(this.phone ? null : this.account);
    this.listen(this.active);
    if (this.active) this.active.callWaiting = this.callWaiting;
  }

  protected override updated(): void {
    const { call, calls } = this;
    // In another tab's phone, that tab rings.
    const rings = this.current.here ? calls.find((each) => each.state === 'ringing') : undefined;
    const ringback = this.current.here && call?.state === 'calling' && !call.earlyMedia;
    this.ringer.play(rings ? (rings === call ? 'ring' : 'knock') : ringback ? 'ringback' : null);
    if (rings) this.attention.call(this.t.incomingFrom(caller(rings, this.t)));
    else this.attention.done();
    if (this.hadFocus && !this.shadowRoot?.activeElement) this.shadowRoot?.querySelector<HTMLElement>('[data-focus]')?.focus();
  }

  override render() {
    const { t, call, other, current } = this;
    const now = Date.now();
    const lang = langOf(this.languageInForce);
    return html`
      <section class="panel" part="panel" aria-label=${t.phone} lang=${lang} @keydown=${this.key}>
        ${statusView(current, this.account?.extension ?? null, lang, t)}
        ${this.own.failed ? html`<p class="notice problem" role="alert">${t.phoneFailed}</p>` : nothing}
        ${!this.ringer.allowed && current.here && current.registration !== 'off' ? this.soundNotice() : nothing}
        ${call?.state === 'ringing' ? ringingView(call, now, t, { answer: () => void this.answer(), hangup: () => void this.hangup() }) : nothing}
        ${call && call.state !== 'ringing' ? this.callInFront(call, now) : nothing} ${other ? this.otherCall(other, now) : nothing}
        ${!call || (call.state === 'ringing' && !other) ? this.dialForm(call !== null) : nothing} ${call ? nothing : this.lastCall()}
        <p class="hidden" role="status">${spokenOf(call ?? current.calls.at(-1), t)}</p>
      </section>
    `;
  }

  private callInFront(call: PhoneCall, now: number) {
    const on = {
      two: this.other?.state === 'talking',
      pane: this.pane,
      hangup: () => void this.hangup(),
      toggleMute: () => this.toggleMute(),
      toggleHold: () => void this.toggleHold(),
      join: () => void this.join(),
      show: (pane: Pane) => this.show(pane),
    };
    return callView(call, now, this.t, on, call.state === 'talking' ? this.paneBelow() : nothing);
  }

  private paneBelow() {
    return html`${askedView(this.current.calls, this.t)} ${this.openPane()}`;
  }

  private openPane() {
    if (this.pane === 'keys') return keysView(this.sent, this.t, (key) => this.sendTones(key));
    if (this.pane === 'transfer' && !this.other) return this.transferForm();
    return this.sound.value ? qualityView(this.sound.value, this.t) : nothing;
  }

  private transferForm() {
    return transferView(
      {
        typed: this.target,
        directory: this.directory,
        error: this.targetError,
        input: (text) => {
          this.target = text;
          this.targetError = null;
        },
        blind: () => void this.transfer(this.target),
        ask: () => void this.tried((phone) => phone.call(this.target)),
      },
      this.t,
    );
  }

  private otherCall(other: PhoneCall, now: number) {
    return otherCallView(other, now, this.t, {
      answer: () => void this.answer(),
      hangup: () => void this.active?.hangup(other.id),
      take: () => void this.swap(),
    });
  }

  private async tried(what: (phone: Phone, call: PhoneCall) => Promise<void>): Promise<PhoneErrorCode | null> {
    this.targetError = null;
    try {
      if (!this.active || !this.call) throw new PhoneError('not-registered');
      await what(this.active, this.call);
      this.target = '';
    } catch (error) {
      if (!(error instanceof PhoneError)) throw error;
      this.targetError = error.code;
    }
    return this.targetError;
  }

  private show(pane: Pane | null): void {
    this.pane = pane === this.pane ? null : pane;
    this.targetError = null;
    if (this.pane === 'transfer') void this.updateComplete.then(() => this.shadowRoot?.querySelector<HTMLElement>('#target')?.focus());
  }

  private readonly key = (event: KeyboardEvent): void => {
    const actions: CallKeys = {
      KeyM: () => this.toggleMute(),
      KeyH: () => void this.toggleHold(),
      KeyT: () => (this.other ? undefined : this.show('transfer')),
      KeyK: () => this.show('keys'),
      KeyS: () => void this.swap(),
      KeyJ: () => void this.join(),
    };
    if (event.key === 'Escape' && this.pane) this.show(null);
    else if (this.call?.state !== 'talking' || !callKey(event, actions, (tone) => this.sendTones(tone))) return;
    event.preventDefault();
  };

  private get t(): Strings {
    return strings[langOf(this.languageInForce)];
  }

  private get languageInForce(): string {
    return this.lang || document.documentElement.lang;
  }

  private get active(): Phone | null {
    return this.phone ?? this.own.phone;
  }

  private get calls(): readonly PhoneCall[] {
    return this.current.calls.filter(isLive);
  }

  /** The call in front: what is talked or dialled, else what rings, else what is held. */
  private get call(): PhoneCall | null {
    const { calls } = this;
    return (
      calls.find((call) => call.state !== 'ringing' && !call.held) ?? calls.find((call) => call.state === 'ringing') ?? calls[0] ?? null
    );
  }

  private get other(): PhoneCall | null {
    return this.calls.find((call) => call.id !== this.call?.id) ?? null;
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
        paste: (event) => this.type(pasted(event)),
        submit: (event) => {
          event.preventDefault();
          void this.dial(this.typed);
        },
      },
      this.t,
    );
  }

  private lastCall() {
    const last = this.current.calls.at(-1);
    return last ? lastCallView(last, this.current.registration !== 'registered', this.t, () => void this.dial(last.number)) : nothing;
  }

  private type(text: string): void {
    this.typed = text;
    this.dialError = null;
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
    const front = this.call?.id;
    this.current = next;
    if (this.call?.id !== front) this.beginCall();
    const { registration, since } = next;
    if (registration !== before.registration || since !== before.since) {
      this.tell('phone-state', { registration, since });
      if (registration === 'registered' && this.dialError === 'not-registered') this.dialError = null;
    }
    for (const call of next.calls) if (!before.calls.includes(call)) this.tell('phone-call', { call });
  }

  /** Another call has come to the front. */
  private beginCall(): void {
    this.pane = null;
    this.sent = '';
    this.sound.watch(this.call?.id);
  }

  private leave(): void {
    this.own.follow(null);
    this.listen(null);
    this.attention.done();
    void this.ringer.close();
  }

  private tell<N extends keyof SoftphoneEvents>(name: N, detail: SoftphoneEvents[N]['detail']): void {
    this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true, composed: true }));
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'allo-softphone': AlloSoftphone;
  }
}
