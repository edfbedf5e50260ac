import { LitElement } from 'lit';
import { property, state } from 'lit/decorators.js';
import { isLive, PhoneError } from '../phone.ts';
import type { Phone, PhoneAccount, PhoneCall, PhoneErrorCode, PhoneState, PhoneStats } from '../phone.ts';
import { OwnPhone } from './own-phone.ts';
import type { Log } from './own-phone.ts';
import { askPermissions } from './permissions.ts';
import type { Refusal } from './permissions.ts';
import { Ringer } from './ringer.ts';
import type { DirectoryEntry } from './transfer-view.ts';

export const OFF: PhoneState = { registration: 'off', since: 0, calls: [], here: true };

/** What <allo-softphone> can do, without its looks: properties, methods, and which call they mean. */
export abstract class PhoneElement extends LitElement {
  /** Whom to register; null stops the phone. A new object with the same content changes nothing. */
  @property({ attribute: false }) account: PhoneAccount | null = null;
  /** A phone that the page made itself, and starts and stops itself; `account` is then only shown. */
  @property({ attribute: false }) phone: Phone | null = null;
  /** To whom a call can be transferred; the host keeps it fresh. */
  @property({ attribute: false }) directory: readonly DirectoryEntry[] = [];
  /** A second caller rings while there is a call, instead of hearing busy. */
  @property({ type: Boolean, attribute: 'call-waiting' }) callWaiting = false;
  /** Answers by itself what asks for it. */
  @property({ type: Boolean, attribute: 'auto-answer' }) autoAnswer = false;
  /** What the test of the devices calls; without it there is no echo. */
  @property({ attribute: 'echo-number' }) echoNumber = '';
  /** What the server does with the call in front, as the page knows it: `recording`, `paused`, '' for neither. */
  @property() recording: 'recording' | 'paused' | '' = '';
  /** Where the phone logs to. Nowhere without it. */
  @property({ attribute: false }) log: Log | null = null;
  @property({ reflect: true, converter: { toAttribute: (lang: string) => lang || null, fromAttribute: (lang) => lang ?? '' } })
  override lang = '';

  @state() protected current: PhoneState = OFF;
  @state() protected typed = '';
  @state() protected dialError: PhoneErrorCode | null = null;
  @state() protected target = '';
  @state() protected targetError: PhoneErrorCode | null = null;
  /** Tones sent in the call in front. */
  @state() protected sent = '';

  protected readonly ringer = new Ringer(() => this.requestUpdate());
  protected readonly own = new OwnPhone(
    () => this.requestUpdate(),
    (...line) => this.log?.(...line),
  );
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
    const { call } = this;
    if (call?.state !== 'talking') return;
    for (const each of call.conference ? this.calls : [call]) this.active?.mute(each.id, !call.muted);
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

  /** Three talk: both calls and we. `join` leaves the two to themselves, `hangup` drops the one in front, holding it ends the conference. */
  async merge(): Promise<void> {
    if (this.call?.state === 'talking' && this.other?.state === 'talking') await this.active?.merge(this.call.id, this.other.id);
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

  protected async tried(what: (phone: Phone, call: PhoneCall) => Promise<void>): Promise<PhoneErrorCode | null> {
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

  protected get active(): Phone | null {
    return this.phone ?? this.own.phone;
  }

  protected get calls(): readonly PhoneCall[] {
    return this.current.calls.filter(isLive);
  }

  /** The call in front: what is talked or dialled, else what rings, else what is held. */
  protected get call(): PhoneCall | null {
    const { calls } = this;
    return (
      calls.find((call) => call.state !== 'ringing' && !call.held) ?? calls.find((call) => call.state === 'ringing') ?? calls[0] ?? null
    );
  }

  protected get other(): PhoneCall | null {
    return this.calls.find((call) => call.id !== this.call?.id) ?? null;
  }
}
