import { Inviter, UserAgent, URI, Web } from 'sip.js';
import type { Invitation, Session } from 'sip.js';
import { isLive, LINES, PhoneError } from '../phone.ts';
import type { Phone, PhoneAccount, PhoneCall, PhoneState, Registration } from '../phone.ts';
import { dialable } from '../number.ts';
import { CallStore } from './dialog.ts';
import type { KeptCall } from './dialog.ts';
import { SipCall } from './sip-call.ts';
import type { Surroundings } from './sip-call.ts';
import { RegistrationKeeper } from './registration.ts';
import { mendNames } from './mend.ts';
import type { LogLevel, PhoneLog } from './log.ts';
import { startTimer, stopTimer } from './timers.ts';
import { answerAfter, linkedId, shownName, shownNumber, unescaped } from './untrusted.ts';

export interface SipPhoneOptions {
  /** Nothing is logged without it. */
  readonly log?: PhoneLog;
}

/** Gathering waits tens of seconds on a dead network interface; what was found until now is enough. */
const ICE_GATHERING_MS = 500;
/** Seconds. How long a call rings is the server's decision. */
const NEVER_GIVE_UP_FIRST = 3600;
/** No more than a busy phone says anyway. */
const BUSY = 486;
/** When the socket is back ICE may be too, a moment later. */
const ICE_FIRST_MS = 1_500;

/** @throws Error when the account has no valid extension, domain or server. */
export function checkAccount(account: PhoneAccount): void {
  if (!UserAgent.makeURI(`sip:${account.extension}@${account.domain}`)) throw new Error('bad extension or domain of the phone account');
  if (!/^wss?:$/.test(new URL(account.server).protocol)) throw new Error('the server of the phone account is no address of a WebSocket');
}

/** @throws Error when the account has no valid extension, domain or server. */
export function createSipPhone(account: PhoneAccount, options: SipPhoneOptions = {}): Phone {
  return new SipPhone(account, options.log ?? (() => {}));
}

class SipPhone implements Phone {
  state: PhoneState = { registration: 'off', since: Date.now(), calls: [], here: true };
  callWaiting = false;
  private readonly listeners = new Set<(state: PhoneState) => void>();
  private readonly ua: UserAgent;
  private readonly domain: string;
  private readonly keeper: RegistrationKeeper;
  private readonly log: PhoneLog;
  private readonly store: CallStore;
  private readonly around: Surroundings;
  private calls: SipCall[] = [];
  private count = 0;

  constructor(account: PhoneAccount, log: PhoneLog) {
    checkAccount(account);
    const uri = UserAgent.makeURI(`sip:${account.extension}@${account.domain}`)!;
    this.domain = account.domain;
    this.log = log;
    const peerConnectionConfiguration: RTCConfiguration = { iceServers: [...account.iceServers] };
    this.ua = new UserAgent({
      uri,
      authorizationUsername: account.extension,
      authorizationPassword: account.password,
      transportOptions: { server: account.server, connectionTimeout: 5, traceSip: false },
      gracefulShutdown: false,
      noAnswerTimeout: NEVER_GIVE_UP_FIRST,
      sendInitialProvisionalResponse: false,
      logBuiltinEnabled: false,
      logConfiguration: false,
      logLevel: 'warn',
      logConnector: (level: LogLevel, category: string, _label: string | undefined, content: string) => log(level, category, content),
      sessionDescriptionHandlerFactoryOptions: { iceGatheringTimeout: ICE_GATHERING_MS, peerConnectionConfiguration },
      sessionDescriptionHandlerFactory: (session, factoryOptions) =>
        Web.defaultSessionDescriptionHandlerFactory(() => this.microphoneOf(session))(session, factoryOptions),
      delegate: {
        onInvite: (invitation) => this.invited(invitation),
        onConnect: () => this.takeUp(),
        onDisconnect: () => this.keeper.disconnected(),
      },
    });
    const { transport } = this.ua;
    const deliver = transport.onMessage;
    transport.onMessage = (message) => deliver?.(mendNames(message));
    this.store = new CallStore(`${account.extension}@${account.domain}`);
    this.around = {
      ua: this.ua,
      home: uri,
      changed: () => this.changed(),
      reachable: () => this.ua.isConnected() && this.state.registration !== 'lost',
      soundLost: () => this.keeper.probe(),
      soundBack: () => this.mix(),
      owns: (session, call) => this.sessions.set(session, call),
      log,
    };
    this.keeper = new RegistrationKeeper(
      this.ua,
      (registration) => this.registrationBecame(registration),
      () => this.reached(),
      log,
    );
  }

  subscribe(listener: (state: PhoneState) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  start(): void {
    this.remember();
    this.keeper.start();
  }

  async stop(): Promise<void> {
    await this.keeper.stop();
    for (const call of this.calls) call.abandon();
  }

  async call(number: string): Promise<void> {
    const digits = dialable(number);
    if (this.state.registration !== 'registered') throw new PhoneError('not-registered');
    const live = this.state.calls.filter(isLive);
    if (live.length >= LINES || live.some((call) => call.state !== 'talking')) throw new PhoneError('line-busy');
    await this.holdOthers();
    const session = new Inviter(this.ua, new URI('sip', digits, this.domain), { earlyMedia: true });
    await this.add(session, { direction: 'out', state: 'calling', number: digits, name: '', alloCall: null }).dial();
  }

  async answer(id: string): Promise<void> {
    await this.holdOthers(id);
    await this.find(id)?.answer();
  }

  async hangup(id: string): Promise<void> {
    await this.find(id)?.hangup();
  }

  mute(id: string, on: boolean): void {
    this.find(id)?.mute(on);
  }

  async hold(id: string, on: boolean): Promise<void> {
    if (!on) await this.holdOthers(id);
    else this.split();
    await this.find(id)?.hold(on);
  }

  dtmf(id: string, tones: string): boolean {
    return this.find(id)?.dtmf(tones) ?? false;
  }

  async transfer(id: string, number: string): Promise<void> {
    const target = new URI('sip', dialable(number), this.domain);
    await this.find(id)?.transfer(target);
  }

  async join(id: string, other: string): Promise<void> {
    const target = this.find(other);
    if (target && other !== id) await this.find(id)?.transfer(target);
  }

  async merge(id: string, other: string): Promise<void> {
    const both = [id, other].flatMap((each) => this.find(each) ?? []);
    if (id === other || both.length < 2 || both.some((call) => call.view.state !== 'talking')) return;
    for (const call of both) await call.hold(false);
    if (both.some((call) => call.view.held || !isLive(call.view))) return; // it says why itself
    for (const call of both) call.inConference(true);
    this.mix();
  }

  async stats(id: string) {
    return (await this.find(id)?.stats()) ?? null;
  }

  private find(id: string): SipCall | undefined {
    return this.calls.find((call) => call.view.id === id);
  }

  private async holdOthers(id = ''): Promise<void> {
    await Promise.all(this.calls.filter((call) => call.view.id !== id).map((call) => call.hold(true)));
  }

  /** Calls that the page talked before its reload. Their microphones are asked for while the socket is being opened. */
  private remember(): void {
    if (this.calls.some((call) => isLive(call.view))) return;
    this.calls = this.store.load().map(
      ({ dialog, view }) =>
        new SipCall(
          dialog,
          {
            ...view,
            state: 'talking',
            answerAfter: null,
            speakingMuted: false,
            endedAt: null,
            mending: true,
            earlyMedia: false,
            problem: null,
            endReason: null,
          },
          this.around,
        ),
    );
    if (this.calls.length > 0) this.changed();
  }

  /** The socket is open: an INVITE needs no registration. */
  private takeUp(): void {
    for (const call of this.calls) if (!call.started) void call.revive();
  }

  private invited(invitation: Invitation): void {
    const live = this.state.calls.filter(isLive);
    if (live.length > 0 && (!this.callWaiting || live.length >= LINES || live.some((call) => call.state !== 'talking'))) {
      invitation.reject({ statusCode: BUSY }).catch((error: unknown) => this.log('warn', 'call', String(error)));
      return;
    }
    const { request, remoteIdentity } = invitation;
    this.add(invitation, {
      direction: 'in',
      state: 'ringing',
      number: shownNumber(remoteIdentity.uri.user),
      name: shownName(unescaped(remoteIdentity.displayName)),
      alloCall: linkedId(request.getHeader('x-allo-call')),
      answerAfter: answerAfter(request.getHeader('call-info'), request.getHeader('alert-info')),
    });
    invitation.progress({ statusCode: 180 }).catch((error: unknown) => this.log('warn', 'call', String(error)));
  }

  private add(
    session: Inviter | Invitation,
    what: Pick<PhoneCall, 'direction' | 'state' | 'number' | 'name' | 'alloCall'> & { answerAfter?: number | null },
  ): SipCall {
    const now = Date.now();
    const view: PhoneCall = {
      answerAfter: null,
      ...what,
      id: `${now}-${++this.count}`,
      startedAt: now,
      answeredAt: null,
      endedAt: null,
      muted: false,
      speakingMuted: false,
      held: false,
      conference: false,
      mending: false,
      earlyMedia: false,
      problem: null,
      endReason: null,
    };
    const call = new SipCall(session, view, this.around);
    this.calls = [...this.calls.filter((other) => isLive(other.view)), call];
    this.changed();
    return call;
  }

  private readonly sessions = new WeakMap<Session, SipCall>();

  private async microphoneOf(session: Session): Promise<MediaStream> {
    const stream = this.sessions.get(session)?.microphone;
    if (!stream) throw new Error('the call has no microphone');
    return stream;
  }

  private registrationBecame(registration: Registration): void {
    this.state = { ...this.state, registration, since: Date.now() };
    this.changed();
  }

  /** The server has answered a REGISTER: what could not be said before is said, and sound that has not come back by itself is fetched. */
  private reached(): void {
    for (const call of this.calls) void call.settle();
    stopTimer(this.reviving);
    this.reviving = startTimer(() => {
      for (const call of this.calls) if (call.wantsRevival) void call.revive();
    }, ICE_FIRST_MS);
  }

  private reviving: number | undefined;

  /** Each of the two hears the other one's sound; which is another after a new leg. */
  private mix(): void {
    const [a, b] = this.joined;
    if (!a || !b) return;
    a.hear(b.far);
    b.hear(a.far);
  }

  private split(): void {
    for (const call of this.joined) call.inConference(false);
  }

  private get joined(): SipCall[] {
    return this.calls.filter((call) => isLive(call.view) && call.view.conference);
  }

  private changed(): void {
    if (this.joined.length === 1 && this.calls.filter((call) => isLive(call.view)).length === 1) return this.split(); // and comes back here
    this.store.save(this.calls.flatMap(kept));
    this.keeper.hurry = this.calls.some((call) => call.view.mending);
    this.state = { ...this.state, calls: this.calls.map((call) => call.view) };
    for (const listener of this.listeners) listener(this.state);
  }
}

function kept(call: SipCall): KeptCall[] {
  const { id, direction, number, name, alloCall, startedAt, answeredAt, muted, held, conference, state } = call.view;
  if (!call.dialog || state !== 'talking') return [];
  return [{ dialog: call.dialog, view: { id, direction, number, name, alloCall, startedAt, answeredAt, muted, held, conference } }];
}
