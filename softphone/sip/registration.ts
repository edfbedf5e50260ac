import { Registerer, UserAgentState } from 'sip.js';
import type { UserAgent } from 'sip.js';
import type { Registration } from '../phone.ts';
import { backoffMs } from './backoff.ts';
import { messageOf } from './log.ts';
import type { PhoneLog } from './log.ts';
import { startTimer, stopTimer } from './timers.ts';

/** The server may shorten it. Refreshed at half of what it grants. */
const EXPIRES_SECONDS = 180;
const LEAST_SECONDS = 2;
/** A socket that does not answer a REGISTER for so long is dead, whatever the browser says. */
const ANSWER_WITHIN_MS = 8_000;
/** A wrong password does not mend itself in seconds, and servers ban those who insist. */
const AFTER_REFUSAL_MS = 60_000;
/** Looked at so often; a clock that has gone on by much more means that the machine slept, and its socket may only look open. */
const AWAKE_MS = 5_000;
const SLEPT_MS = 15_000;
const HURRY_MS = 1_500;
/** The same of a socket, when somebody waits for their sound. */
const HURRIED_ANSWER_WITHIN_MS = 3_000;
const UNREGISTER_WITHIN_MS = 2_000;

interface AnswerHeaders {
  getHeader(name: string): string | undefined;
  getHeaders(name: string): string[];
}

const REFUSALS = new Set([401, 403, 404, 407]);

/** Keeps one extension registered over a socket that it brings back by itself. The dialogs of calls live on meanwhile. */
export class RegistrationKeeper {
  private readonly ua: UserAgent;
  private readonly changed: (registration: Registration) => void;
  private readonly reached: () => void;
  private readonly log: PhoneLog;
  private registration: Registration = 'off';
  private registerer: Registerer | null = null;
  /** The registerer's REGISTER has no final answer yet. */
  private waiting = false;
  private running = false;
  private connecting = false;
  private attempt = 0;
  /** Answers to an older REGISTER than this one are of no interest. */
  private turn = 0;
  private timer: number | undefined;
  private watchdog: number | undefined;

  /** Somebody waits for the sound of a call: attempts come quickly, whatever the server thinks of it. */
  hurry = false;

  /** @param reached is called whenever the server has accepted a REGISTER. */
  constructor(ua: UserAgent, changed: (registration: Registration) => void, reached: () => void, log: PhoneLog) {
    this.ua = ua;
    this.reached = reached;
    this.changed = changed;
    this.log = log;
  }

  start(): void {
    if (this.running) return;
    this.running = true;
    window.addEventListener('online', this.wake);
    document.addEventListener('visibilitychange', this.wake);
    this.awakeAt = Date.now();
    this.awake = startTimer(this.noticeSleep, AWAKE_MS);
    this.become('connecting');
    void this.connect();
  }

  private awake: number | undefined;
  private awakeAt = 0;

  private readonly noticeSleep = (): void => {
    this.awake = startTimer(this.noticeSleep, AWAKE_MS);
    const slept = Date.now() - this.awakeAt > SLEPT_MS;
    this.awakeAt = Date.now();
    if (slept) this.probe();
  };

  async stop(): Promise<void> {
    if (!this.running) return;
    this.running = false;
    stopTimer(this.awake);
    window.removeEventListener('online', this.wake);
    document.removeEventListener('visibilitychange', this.wake);
    this.clearTimers();
    this.turn++;
    if (this.registration === 'registered' && this.ua.isConnected()) await this.unregister();
    await this.ua.stop();
    this.become('off');
  }

  /** To be called when the user agent says that its socket is gone. */
  disconnected(): void {
    this.clearTimers();
    this.turn++;
    if (!this.running) return;
    if (this.registration === 'registered') this.become('lost');
    this.later();
  }

  /** Is the server still there? A socket that is dead is found out and replaced. */
  probe(): void {
    if (!this.running || this.connecting || this.watchdog !== undefined) return;
    this.attempt = 0;
    if (this.ua.isConnected()) this.register();
    else void this.connect();
  }

  private become(registration: Registration): void {
    if (registration === this.registration) return;
    this.registration = registration;
    this.changed(registration);
  }

  /** The network or the tab is back: what waited for its turn is tried now, and what looks registered is asked whether it is. */
  private readonly wake = (): void => {
    if (document.visibilityState !== 'hidden') this.probe();
  };

  private later(delay = Math.min(backoffMs(this.attempt++), this.hurry ? HURRY_MS : Infinity)): void {
    stopTimer(this.timer);
    this.timer = startTimer(() => void this.connect(), delay);
  }

  private async connect(): Promise<void> {
    if (!this.running || this.connecting) return;
    stopTimer(this.timer);
    this.connecting = true;
    try {
      await (this.ua.state === UserAgentState.Started ? this.ua.reconnect() : this.ua.start());
    } catch (error) {
      this.log('warn', 'registration', `cannot connect: ${messageOf(error)}`);
      if (this.running) this.later();
      return;
    } finally {
      this.connecting = false;
    }
    if (this.running) this.register();
  }

  private register(): void {
    stopTimer(this.timer);
    stopTimer(this.watchdog);
    const turn = ++this.turn;
    const current = (then: () => void) => {
      if (turn !== this.turn) return;
      stopTimer(this.watchdog);
      this.watchdog = undefined;
      then();
    };
    this.watchdog = startTimer(
      () => current(() => this.dropSocket('no answer to REGISTER')),
      this.hurry ? HURRIED_ANSWER_WITHIN_MS : ANSWER_WITHIN_MS,
    );
    const registerer = this.freshRegisterer();
    const answered = (then: () => void) => {
      if (registerer === this.registerer) this.waiting = false;
      current(then);
    };
    this.waiting = true;
    const requestDelegate = {
      onAccept: ({ message }: { message: AnswerHeaders }) => answered(() => this.accepted(grantedSeconds(message))),
      onReject: (response: { message: { statusCode?: number } }) => answered(() => this.rejected(response.message.statusCode ?? 0)),
    };
    registerer.register({ requestDelegate }).catch((error: unknown) => current(() => this.dropSocket(messageOf(error))));
  }

  /** A Registerer that waits for an answer which the lost socket swallowed is unusable until SIP.js gives up on it, so it is replaced. */
  private freshRegisterer(): Registerer {
    if (this.registerer && this.waiting) {
      void this.registerer.dispose();
      this.registerer = null;
    }
    this.registerer ??= new Registerer(this.ua, { expires: EXPIRES_SECONDS, refreshFrequency: 99, logConfiguration: false });
    return this.registerer;
  }

  private accepted(seconds: number): void {
    this.attempt = 0;
    this.become('registered');
    this.reached();
    this.timer = startTimer(() => this.register(), (seconds / 2) * 1000);
  }

  private rejected(status: number): void {
    this.log('warn', 'registration', `REGISTER was answered with ${status}`);
    if (REFUSALS.has(status)) {
      this.become('refused');
      this.later(AFTER_REFUSAL_MS);
    } else {
      if (this.registration === 'registered') this.become('lost');
      this.later();
    }
  }

  private dropSocket(why: string): void {
    this.log('warn', 'registration', `dropping the socket: ${why}`);
    if (!this.ua.isConnected()) return this.disconnected();
    // A dead socket closes when the browser gives up on it; the next connect() does not wait for that, which fails this promise.
    this.ua.transport.disconnect().catch((error: unknown) => this.log('debug', 'registration', messageOf(error)));
  }

  private async unregister(): Promise<void> {
    const registerer = this.freshRegisterer();
    await new Promise<void>((resolve) => {
      const timer = startTimer(resolve, UNREGISTER_WITHIN_MS);
      const done = () => {
        stopTimer(timer);
        resolve();
      };
      registerer.unregister({ requestDelegate: { onAccept: done, onReject: done } }).catch((error: unknown) => {
        this.log('warn', 'registration', messageOf(error));
        done();
      });
    });
  }

  private clearTimers(): void {
    stopTimer(this.timer);
    stopTimer(this.watchdog);
    this.timer = this.watchdog = undefined;
  }
}

/** RFC 3261 section 10.2.4: beside the contact, or for the whole answer; the registrar may tell of other contacts too, none lives shorter for us. */
function grantedSeconds(message: AnswerHeaders): number {
  const contacts = message.getHeaders('contact').map((contact) => /;\s*expires\s*=\s*(\d+)/i.exec(contact)?.[1]);
  const told = [...contacts, message.getHeader('expires')].map(Number).filter((seconds) => seconds > 0);
  return Math.max(LEAST_SECONDS, Math.min(EXPIRES_SECONDS, ...told));
}
