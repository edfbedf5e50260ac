import { Invitation, Inviter, SessionState } from 'sip.js';
import type { Session, Web, UserAgent, URI } from 'sip.js';
import { isLive } from '../phone.ts';
import type { PhoneCall, PhoneEnd, PhoneProblem, PhoneStats } from '../phone.ts';
import { CallSound } from './call-sound.ts';
import { dialogOf, replacing } from './dialog.ts';
import type { DialogIds, KeptCall } from './dialog.ts';
import { problemOfMicrophone } from '../devices/microphone.ts';
import { readStats } from './media.ts';
import { answeredElsewhere, problemOfStatus } from './outcome.ts';
import { messageOf } from './log.ts';
import type { PhoneLog } from './log.ts';
import { refer } from './transfer.ts';
import { startTimer, stopTimer } from './timers.ts';
import { linkedId } from './untrusted.ts';

export interface Surroundings {
  readonly ua: UserAgent;
  /** An address that the server knows, for calls that replace a dialog and reach nobody there. */
  readonly home: URI;
  /** The view of the call has changed. */
  changed(): void;
  /** Whether the far end can be told anything now. */
  reachable(): boolean;
  /** The sound has been away for longer than the network needs to mend itself. */
  soundLost(): void;
  /** There is sound, by a new connection or an old one. */
  soundBack(): void;
  /** The session will ask for the microphone of this call. */
  owns(session: Session, call: SipCall): void;
  log: PhoneLog;
}

/** ICE mends itself within some seconds, or not at all. */
const MENDS_WITHIN_MS = 5_000;
const AGAIN_MS = 2_000;
/** Answers that say that the dialog to be replaced is no more; others may be different at the next try. */
const GONE = new Set([404, 481, 603, 604]);

/** A call with its sound. Its session may be replaced by another on the way. `view` is replaced, never changed. */
export class SipCall {
  view: PhoneCall;
  /** Of the session as the server knows it; null before the answer. */
  dialog: DialogIds | null;
  /** Null after a reload of the page, until the call is taken up again. */
  private session: Inviter | Invitation | null = null;
  private readonly around: Surroundings;
  private readonly sound = new CallSound({
    view: () => this.view,
    peer: () => this.peerConnection(),
    takeMicrophone: () => this.takeMicrophone(),
    mended: () => this.view.problem && this.update({ problem: null }),
    speaking: (speakingMuted) => this.update({ speakingMuted }),
    log: (...line) => this.around.log(...line),
  });
  private preparing = false;
  private transferring = false;
  private lostTimer: number | undefined;
  /** The far end has not been told yet that we hung up, because the socket was gone, or the call was just being taken up again. */
  private owesGoodbye = false;

  constructor(session: Inviter | Invitation | KeptCall['dialog'], view: PhoneCall, around: Surroundings) {
    this.view = view;
    this.around = around;
    if (session instanceof Inviter || session instanceof Invitation) {
      this.dialog = null;
      this.attach(session);
    } else this.dialog = session;
  }

  private attach(session: Inviter | Invitation): void {
    this.session = session;
    this.around.owns(session, this);
    const ours = () => session === this.session;
    session.stateChange.addListener((state) => ours() && this.sessionBecame(session, state));
    session.delegate = {
      onBye: (bye) => {
        void bye.accept();
        if (ours()) this.end(this.transferring ? 'transferred' : 'remote');
      },
      onCancel: (cancel) => this.end(answeredElsewhere(cancel.request.getHeader('reason')) ? 'elsewhere' : 'cancelled'),
      onSessionDescriptionHandler: (handler) => this.listenTo(session, handler as Web.SessionDescriptionHandler),
    };
  }

  /** @returns whether the microphone is ours and the call still wants it. */
  private async takeMicrophone(): Promise<boolean> {
    try {
      await this.sound.open();
    } catch (error) {
      const problem = problemOfMicrophone(error);
      this.around.log('warn', 'media', `no microphone: ${messageOf(error)}`);
      if (isLive(this.view)) this.update({ problem });
      return false;
    }
    if (isLive(this.view)) return true;
    this.closeMedia(); // The caller gave up while the browser was asking.
    return false;
  }

  get microphone(): MediaStream | null {
    return this.sound.microphone;
  }

  /** What comes from the far end; null before there is sound. */
  get far(): MediaStream | null {
    return this.sound.far;
  }

  inConference(conference: boolean): void {
    if (conference === this.view.conference) return;
    if (!conference) this.hear(null);
    this.update({ conference });
  }

  /** The far end hears us, and the other call of a conference with us. */
  hear(other: MediaStream | null): void {
    this.sound.mixWith(other);
  }

  async answer(): Promise<void> {
    if (this.view.mending && this.view.problem) return this.revive(); // the microphone was refused after a reload
    if (!(this.session instanceof Invitation) || this.view.state !== 'ringing' || this.preparing) return;
    this.preparing = true;
    try {
      if (this.view.problem) this.update({ problem: null });
      if (await this.takeMicrophone()) await this.session.accept();
    } catch (error) {
      this.around.log('error', 'call', `cannot answer: ${messageOf(error)}`);
      this.end('failed', 'media-failed');
    } finally {
      this.preparing = false;
    }
  }

  async dial(): Promise<void> {
    if (!(this.session instanceof Inviter)) return;
    if (!(await this.takeMicrophone())) return this.end('failed', this.view.problem);
    try {
      await this.session.invite({
        requestDelegate: {
          onAccept: ({ message }) => this.learnCall(message.getHeader('x-allo-call')),
          onProgress: ({ message }) => {
            this.learnCall(message.getHeader('x-allo-call'));
            if (message.body) this.update({ earlyMedia: true });
          },
          onReject: ({ message }) => this.end('failed', problemOfStatus(message.statusCode ?? 0)),
        },
      });
    } catch (error) {
      this.around.log('error', 'call', `cannot dial: ${messageOf(error)}`);
      this.end('failed', 'media-failed');
    }
  }

  /** Not so after a reload of the page, until the call is taken up again. */
  get started(): boolean {
    return this.session !== null;
  }

  /** Whether the call goes on at the server while its sound here is gone. */
  get wantsRevival(): boolean {
    if (!this.dialog || this.view.state !== 'talking' || this.preparing) return false;
    if (!this.session || this.session.state === SessionState.Terminated) return true;
    const state = this.peerConnection()?.connectionState;
    return state === 'disconnected' || state === 'failed';
  }

  /**
   * Puts a new session in the place of the one whose sound is gone. Never an ICE restart instead: it seems to work, and with a single
   * candidate the sound stops for good some seconds later.
   */
  async revive(): Promise<void> {
    const { dialog } = this;
    if (!dialog || this.preparing) return;
    this.preparing = true;
    this.update({ mending: true, problem: null });
    try {
      if (!(await this.takeMicrophone())) return;
      const old = this.session;
      // The old session stops its tracks when it ends.
      if (old) this.sound.copyMicrophone();
      const session = new Inviter(this.around.ua, this.around.home, { extraHeaders: replacing(dialog) });
      this.attach(session);
      this.sound.applyMute();
      (old?.sessionDescriptionHandler as Web.SessionDescriptionHandler | undefined)?.close();
      await session.invite({
        requestDelegate: {
          onReject: ({ message }) => {
            const status = message.statusCode ?? 0;
            this.around.log('warn', 'call', `INVITE with Replaces was answered with ${status}`);
            if (GONE.has(status)) this.end('failed', 'call-lost');
          },
        },
      });
    } catch (error) {
      this.around.log('error', 'call', `cannot take the call up again: ${messageOf(error)}`);
    } finally {
      this.preparing = false;
    }
  }

  async hangup(): Promise<void> {
    if (!isLive(this.view)) return;
    const { session } = this;
    const reviving = this.view.mending && session?.state !== SessionState.Established;
    if (reviving) this.owesGoodbye = true;
    this.end('local');
    if (reviving || !session) return;
    if (this.around.reachable()) await this.tellOver(session);
    else this.owesGoodbye = true;
  }

  /** To be called when the phone is registered again. */
  async settle(): Promise<void> {
    if (!this.owesGoodbye || this.session?.state === SessionState.Establishing) return;
    this.owesGoodbye = false;
    if (this.session) await this.tellOver(this.session);
  }

  mute(on: boolean): void {
    if (!isLive(this.view)) return;
    this.update({ muted: on, speakingMuted: false });
    this.sound.applyMute();
  }

  async hold(on: boolean): Promise<void> {
    const { session } = this;
    if (!session || this.view.state !== 'talking' || this.view.held === on || this.view.mending || this.preparing) return;
    this.preparing = true;
    try {
      await new Promise<void>((resolve, reject) => {
        session
          .invite({
            sessionDescriptionHandlerOptions: { hold: on } as Web.SessionDescriptionHandlerOptions,
            requestDelegate: {
              onAccept: () => resolve(),
              onReject: ({ message }) => reject(new Error(`re-INVITE was answered with ${message.statusCode}`)),
            },
          })
          .catch(reject);
      });
      if (isLive(this.view)) this.update({ held: on, problem: null });
      this.sound.applyMute();
    } catch (error) {
      this.around.log('warn', 'call', `cannot hold or take back: ${messageOf(error)}`);
      if (isLive(this.view)) this.update({ problem: 'hold-failed' });
    } finally {
      this.preparing = false;
    }
  }

  dtmf(tones: string): boolean {
    const sender = this.peerConnection()?.getSenders()[0]?.dtmf;
    if (this.view.state !== 'talking' || !sender?.canInsertDTMF || !/^[\d*#A-D]+$/.test(tones)) return false;
    sender.insertDTMF(sender.toneBuffer + tones, TONE_MS, TONE_GAP_MS);
    return true;
  }

  /** @param target a number, or the call whose far end is to talk with this one's. */
  async transfer(target: URI | SipCall): Promise<void> {
    const { session } = this;
    const to = target instanceof SipCall ? target.session : target;
    if (!session || !to || this.view.state !== 'talking' || this.transferring) return;
    const both = target instanceof SipCall ? [this, target] : [this];
    for (const call of both) call.transferring = true;
    let done = false;
    try {
      done = await refer(session, to);
    } catch (error) {
      this.around.log('warn', 'call', `cannot transfer: ${messageOf(error)}`);
    }
    for (const call of both) {
      call.transferring = false;
      if (!done && isLive(call.view)) call.update({ problem: 'transfer-failed' });
      if (done) await call.leave();
    }
  }

  async stats(): Promise<PhoneStats | null> {
    const pc = this.peerConnection();
    return pc && pc.connectionState !== 'closed' ? readStats((await pc.getStats()) as unknown as Map<string, { type: string }>) : null;
  }

  /** Forgets the call here; the far end is told nothing. */
  abandon(): void {
    this.end('local');
  }

  /** Out of a call that is somebody else's now. */
  private async leave(): Promise<void> {
    const { session } = this;
    this.end('transferred');
    if (session) await this.tellOver(session);
  }

  private async tellOver(session: Session): Promise<void> {
    try {
      if (session.state === SessionState.Established) await session.bye();
      else if (session instanceof Inviter && session.state !== SessionState.Terminating && session.state !== SessionState.Terminated)
        await session.cancel();
      else if (session instanceof Invitation && session.state !== SessionState.Terminated) await session.reject({ statusCode: 603 });
    } catch (error) {
      this.around.log('warn', 'call', `cannot say good-bye: ${messageOf(error)}`);
    }
  }

  private sessionBecame(session: Session, state: SessionState): void {
    if (state === SessionState.Established) {
      this.dialog = dialogOf(session) ?? this.dialog;
      if (this.owesGoodbye) void this.settle();
      else if (isLive(this.view)) this.established();
    }
    if (state !== SessionState.Terminated) return;
    stopTimer(this.lostTimer);
    // A session that was to revive the call is followed by another one.
    if (this.view.mending && this.dialog) this.lostTimer = startTimer(() => this.around.soundLost(), AGAIN_MS);
    // SIP.js ends the session before it tells us which answer ended it.
    else queueMicrotask(() => this.end(this.view.answeredAt ? 'remote' : 'failed', this.view.answeredAt ? null : 'refused'));
  }

  private established(): void {
    const { held } = this.view;
    this.update({ state: 'talking', answeredAt: this.view.answeredAt ?? Date.now(), problem: null, held: false });
    // A session that was put in the place of a held one begins unheld.
    if (held) queueMicrotask(() => void this.hold(true));
  }

  private listenTo(session: Session, handler: Web.SessionDescriptionHandler): void {
    this.sound.far = handler.remoteMediaStream;
    const pc = handler.peerConnection;
    pc?.addEventListener('connectionstatechange', () => {
      if (!isLive(this.view) || session !== this.session) return;
      this.soundBecame(pc.connectionState);
    });
  }

  private soundBecame(state: RTCPeerConnectionState): void {
    stopTimer(this.lostTimer);
    if (state === 'connected') {
      if (this.view.mending || this.view.problem) this.update({ mending: false, problem: null });
      this.around.soundBack();
      this.sound.play();
    } else if (this.view.state !== 'talking') {
      if (state === 'failed') this.update({ problem: 'media-failed' });
    } else if (state === 'disconnected') {
      this.update({ mending: true });
      this.lostTimer = startTimer(() => this.around.soundLost(), MENDS_WITHIN_MS);
    } else if (state === 'failed') {
      this.update({ mending: true });
      this.around.soundLost();
    }
  }

  private learnCall(header: string | undefined): void {
    const alloCall = this.view.alloCall ?? linkedId(header);
    if (alloCall !== this.view.alloCall) this.update({ alloCall });
  }

  private end(endReason: PhoneEnd, problem: PhoneProblem | null = null): void {
    if (!isLive(this.view)) return;
    this.update({
      state: 'ended',
      endedAt: Date.now(),
      endReason,
      problem,
      mending: false,
      held: false,
      conference: false,
      speakingMuted: false,
    });
    this.sound.ended();
    if (!this.owesGoodbye) this.closeMedia();
  }

  private closeMedia(): void {
    stopTimer(this.lostTimer);
    this.sound.closeMicrophone();
    this.peerConnection()?.close();
  }

  private peerConnection(): RTCPeerConnection | undefined {
    return (this.session?.sessionDescriptionHandler as Web.SessionDescriptionHandler | undefined)?.peerConnection;
  }

  private update(change: Partial<PhoneCall>): void {
    this.view = { ...this.view, ...change };
    this.around.changed();
  }
}

const TONE_MS = 120;
const TONE_GAP_MS = 80;
