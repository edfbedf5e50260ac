import { html, nothing } from 'lit';
import type { PropertyValues } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import type { Phone, PhoneCall, PhoneState } from '../phone.ts';
import { devices } from '../devices/devices.ts';
import { Attention } from './attention.ts';
import { AutoAnswer } from './auto-answer.ts';
import './allo-softphone-settings.ts';
import { Clock } from './clock.ts';
import { deviceNotices } from './device-views.ts';
import type { SoftphoneEvents } from './events.ts';
import { OFF, PhoneElement } from './phone-element.ts';
import { langOf, strings } from './strings.ts';
import type { Strings } from './strings.ts';
import { styles } from './styles.ts';
import { callKey, isPlain } from './call-keys.ts';
import type { CallKeys } from './call-keys.ts';
import { QualityWatch, qualityView } from './quality.ts';
import { transferView } from './transfer-view.ts';
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

/**
 * A telephone in the page: registers an extension over SIP and WebSocket, rings, talks.
 *
 * @attr lang - `ru` or `en`; without it the language of the document
 * @attr call-waiting - a second caller rings while there is a call, instead of hearing busy
 * @attr auto-answer - answers by itself what asks for it (Call-Info or Alert-Info with `answer-after`), after two pips, never beside a call
 * @attr echo-number - what the test of the devices calls, to hear oneself
 * @attr recording - `recording` or `paused`: what the server does with the call, shown beside it
 * @attr hidden
 *
 * With the focus in the panel, and not in a field: M mutes, H holds and takes back, T transfers, J connects both calls, C makes a conference of
 * them, S swaps, K shows the keys, D sound and devices; digits, * and # are sent as tones; Escape closes what was opened.
 *
 * @fires phone-state - PhoneStateEvent: the registration changed, or its time
 * @fires phone-transfer - PhoneTransferEvent: the form of a transfer opened or closed, so that the page can keep `directory` fresh meanwhile
 * @fires phone-call - PhoneCallEvent: a call began, changed or ended
 *
 * @csspart panel - the whole
 * @csspart status - the line with the state of the connection
 * @csspart elsewhere - the line that says that another tab has the phone
 * @csspart call - the call that rings, is being dialled or talked
 * @csspart caller - name, or else number, of the other side
 * @csspart number - the number below a name
 * @csspart time - the timer of a talk
 * @csspart recording - that the call is recorded, or the recording paused
 * @csspart answer - and `reject`, `hangup`, `mute`, `hold`, `transfer`, `join`, `merge`, `keys`, `settings-button`, `swap`, `other-hangup`, `dial-button`: the buttons
 * @csspart other-call - the call that is held or rings beside the one in front
 * @csspart keypad - the keys for tones
 * @csspart transfer-form - with `transfer-now` and `ask-first`
 * @csspart settings - devices, volumes and their test
 * @csspart device-notice - a device that is gone, or back
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
export class AlloSoftphone extends PhoneElement {
  static override styles = styles;

  @state() private pane: Pane | null = null;
  @state() private settingsOpen = false;

  private readonly attention = new Attention();
  private readonly sound = new QualityWatch(this, async () => (this.call?.state === 'talking' ? this.stats() : null));
  private readonly byItself = new AutoAnswer((id) => {
    this.ringer.pip();
    void this.active?.answer(id);
  });
  private unfollow = () => {};
  private unsubscribe = () => {};
  private subscribedTo: Phone | null = null;
  private hadFocus = false;

  constructor() {
    super();
    new Clock(this, () => this.call !== null);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.unfollow = devices().follow(() => this.devicesChanged());
    this.requestUpdate();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.unfollow();
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
    if (this.active) this.active.callWaiting = this.knocks;
  }

  protected override updated(changed: PropertyValues): void {
    if (changed.has('pane') && (this.pane === 'transfer') !== ((changed.get('pane') as Pane | null) === 'transfer'))
      this.tell('phone-transfer', { open: this.pane === 'transfer' });
    const { call, calls } = this;
    // In another tab's phone, that tab rings.
    const rings = this.current.here ? calls.find((each) => each.state === 'ringing') : undefined;
    this.byItself.look(this.current, this.autoAnswer);
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
        ${statusView(current, this.account?.extension ?? null, lang, t, { open: this.settingsOpen, toggle: () => this.toggleSettings() })}
        ${deviceNotices(t)} ${this.settingsOpen ? this.settingsPanel() : nothing}
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
      recording: this.recording,
      two: this.other?.state === 'talking',
      pane: this.pane,
      hangup: () => void this.hangup(),
      toggleMute: () => this.toggleMute(),
      toggleHold: () => void this.toggleHold(),
      join: () => void this.join(),
      merge: () => void this.merge(),
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

  private show(pane: Pane | null): void {
    this.pane = pane === this.pane ? null : pane;
    this.targetError = null;
    if (this.pane === 'transfer') void this.updateComplete.then(() => this.shadowRoot?.querySelector<HTMLElement>('#target')?.focus());
  }

  private readonly key = (event: KeyboardEvent): void => {
    const actions: CallKeys = {
      KeyM: () => this.toggleMute(),
      KeyH: () => void this.toggleHold(),
      KeyT: () => void this.toggleTransfer(),
      KeyK: () => void this.toggleKeypad(),
      KeyS: () => void this.swap(),
      KeyJ: () => void this.join(),
      KeyC: () => void this.merge(),
    };
    if (event.code === 'KeyD' && isPlain(event)) this.toggleSettings();
    else if (event.key === 'Escape' && this.pane) this.show(null);
    else if (event.key === 'Escape' && this.settingsOpen) this.toggleSettings();
    else if (this.call?.state !== 'talking' || !callKey(event, actions, (tone) => this.sendTones(tone))) return;
    event.preventDefault();
  };

  /** Opens or closes the form of a transfer, while a call is talked. @returns whether there is such a call */
  toggleTransfer(): boolean {
    const possible = this.call?.state === 'talking' && !this.other;
    if (possible) this.show('transfer');
    return possible;
  }

  /** Opens or closes the keys for tones, while a call is talked. @returns whether there is such a call */
  toggleKeypad(): boolean {
    if (this.call?.state === 'talking') this.show('keys');
    return this.call?.state === 'talking';
  }

  /** Opens or closes sound and devices. */
  toggleSettings(): void {
    this.settingsOpen = !this.settingsOpen;
    if (this.settingsOpen) void this.updateComplete.then(() => this.shadowRoot?.querySelector('allo-softphone-settings')?.focusFirst());
  }

  private settingsPanel() {
    return html`<allo-softphone-settings
      .t=${this.t}
      .callWaiting=${this.knocks}
      .busy=${this.call !== null}
      .echo=${this.echoNumber !== '' && this.call === null && this.current.registration === 'registered'}
      @settings-echo=${() => void this.dial(this.echoNumber)}
    ></allo-softphone-settings>`;
  }

  private devicesChanged(): void {
    this.ringer.useDevices();
    this.requestUpdate();
  }

  /** The operator's own choice goes before the page's. */
  private get knocks(): boolean {
    return devices().settings.callWaiting ?? this.callWaiting;
  }

  private get t(): Strings {
    return strings[langOf(this.languageInForce)];
  }

  private get languageInForce(): string {
    return this.lang || document.documentElement.lang;
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
