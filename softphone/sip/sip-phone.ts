import { Inviter, UserAgent, URI, Web } from 'sip.js';
import type { Invitation, Session } from 'sip.js';
import { isLive, PhoneError } from '../phone.ts';
import type { Phone, PhoneAccount, PhoneCall, PhoneState, Registration } from '../phone.ts';
import { dialable } from '../number.ts';
import { SipCall } from './sip-call.ts';
import { RegistrationKeeper } from './registration.ts';
import { mendNames } from './mend.ts';
import type { LogLevel, PhoneLog } from './log.ts';
import { linkedId, shownName, shownNumber, unescaped } from './untrusted.ts';

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

/** @throws Error when the account has no valid extension, domain or server. */
export function createSipPhone(account: PhoneAccount, options: SipPhoneOptions = {}): Phone {
  return new SipPhone(account, options.log ?? (() => {}));
}

class SipPhone implements Phone {
  state: PhoneState = { registration: 'off', since: Date.now(), calls: [] };
  private readonly listeners = new Set<(state: PhoneState) => void>();
  private readonly ua: UserAgent;
  private readonly domain: string;
  private readonly keeper: RegistrationKeeper;
  private readonly log: PhoneLog;
  private calls: SipCall[] = [];
  private count = 0;

  constructor(account: PhoneAccount, log: PhoneLog) {
    const uri = UserAgent.makeURI(`sip:${account.extension}@${account.domain}`);
    if (!uri) throw new Error('bad extension or domain of the phone account');
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
      delegate: { onInvite: (invitation) => this.invited(invitation), onDisconnect: () => this.keeper.disconnected() },
    });
    const { transport } = this.ua;
    const deliver = transport.onMessage;
    transport.onMessage = (message) => deliver?.(mendNames(message));
    this.keeper = new RegistrationKeeper(this.ua, (registration) => this.registrationBecame(registration), log);
  }

  subscribe(listener: (state: PhoneState) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  start(): void {
    this.keeper.start();
  }

  async stop(): Promise<void> {
    await this.keeper.stop();
    for (const call of this.calls) call.abandon();
  }

  async call(number: string): Promise<void> {
    const digits = dialable(number);
    if (this.state.registration !== 'registered') throw new PhoneError('not-registered');
    if (this.state.calls.some(isLive)) throw new PhoneError('line-busy');
    const session = new Inviter(this.ua, new URI('sip', digits, this.domain), { earlyMedia: true });
    await this.add(session, { direction: 'out', state: 'calling', number: digits, name: '', alloCall: null }).dial();
  }

  async answer(id: string): Promise<void> {
    await this.find(id)?.answer();
  }

  async hangup(id: string): Promise<void> {
    await this.find(id)?.hangup();
  }

  mute(id: string, on: boolean): void {
    this.find(id)?.mute(on);
  }

  async stats(id: string) {
    return (await this.find(id)?.stats()) ?? null;
  }

  private find(id: string): SipCall | undefined {
    return this.calls.find((call) => call.view.id === id);
  }

  private invited(invitation: Invitation): void {
    if (this.state.calls.some(isLive)) {
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
    });
    invitation.progress({ statusCode: 180 }).catch((error: unknown) => this.log('warn', 'call', String(error)));
  }

  private add(session: Inviter | Invitation, what: Pick<PhoneCall, 'direction' | 'state' | 'number' | 'name' | 'alloCall'>): SipCall {
    const now = Date.now();
    const view: PhoneCall = {
      ...what,
      id: `${now}-${++this.count}`,
      startedAt: now,
      answeredAt: null,
      endedAt: null,
      muted: false,
      earlyMedia: false,
      problem: null,
      endReason: null,
    };
    const call = new SipCall(session, view, {
      changed: () => this.changed(),
      reachable: () => this.ua.isConnected() && this.state.registration !== 'lost',
      log: this.log,
    });
    this.sessions.set(session, call);
    this.calls = [call];
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
    if (registration === 'registered') for (const call of this.calls) void call.settle();
  }

  private changed(): void {
    this.state = { ...this.state, calls: this.calls.map((call) => call.view) };
    for (const listener of this.listeners) listener(this.state);
  }
}
