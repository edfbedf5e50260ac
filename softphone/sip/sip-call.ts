import { Invitation, Inviter, SessionState } from 'sip.js';
import type { Session, Web } from 'sip.js';
import { isLive } from '../phone.ts';
import type { PhoneCall, PhoneEnd, PhoneProblem, PhoneStats } from '../phone.ts';
import { openMicrophone, problemOfMicrophone, readStats } from './media.ts';
import { answeredElsewhere, problemOfStatus } from './outcome.ts';
import { messageOf } from './log.ts';
import type { PhoneLog } from './log.ts';
import { linkedId } from './untrusted.ts';

interface Surroundings {
  /** The view of the call has changed. */
  changed(): void;
  /** Whether the far end can be told anything now. */
  reachable(): boolean;
  log: PhoneLog;
}

/** One SIP session with its sound. `view` is replaced, never changed. */
export class SipCall {
  view: PhoneCall;
  /** Taken by the session's description handler when it makes its offer or answer. */
  microphone: MediaStream | null = null;
  private readonly session: Inviter | Invitation;
  private readonly around: Surroundings;
  private readonly speaker = new Audio();
  private preparing = false;
  /** The far end has not been told yet that we hung up, because the socket was gone. */
  private owesGoodbye = false;

  constructor(session: Inviter | Invitation, view: PhoneCall, around: Surroundings) {
    this.session = session;
    this.view = view;
    this.around = around;
    this.speaker.autoplay = true;
    session.stateChange.addListener((state) => this.sessionBecame(state));
    session.delegate = {
      onBye: (bye) => {
        void bye.accept();
        this.end('remote');
      },
      onCancel: (cancel) => this.end(answeredElsewhere(cancel.request.getHeader('reason')) ? 'elsewhere' : 'cancelled'),
      onSessionDescriptionHandler: (handler) => this.listenTo(handler as Web.SessionDescriptionHandler),
    };
  }

  /** @returns whether the microphone is ours and the call still wants it. */
  private async takeMicrophone(): Promise<boolean> {
    try {
      this.microphone ??= await openMicrophone();
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

  async answer(): Promise<void> {
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

  async hangup(): Promise<void> {
    if (!isLive(this.view)) return;
    const { session } = this;
    this.end('local');
    if (this.around.reachable()) await this.tellOver(session);
    else this.owesGoodbye = true;
  }

  /** To be called when the phone is registered again. */
  async settle(): Promise<void> {
    if (!this.owesGoodbye) return;
    this.owesGoodbye = false;
    await this.tellOver(this.session);
  }

  mute(on: boolean): void {
    if (!isLive(this.view)) return;
    for (const track of this.microphone?.getAudioTracks() ?? []) track.enabled = !on;
    this.update({ muted: on });
  }

  async stats(): Promise<PhoneStats | null> {
    const pc = this.peerConnection();
    return pc && pc.connectionState !== 'closed' ? readStats((await pc.getStats()) as unknown as Map<string, { type: string }>) : null;
  }

  /** Forgets the call here; the far end is told nothing. */
  abandon(): void {
    this.end('local');
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

  private sessionBecame(state: SessionState): void {
    if (state === SessionState.Established && isLive(this.view)) this.update({ state: 'talking', answeredAt: Date.now(), problem: null });
    // SIP.js ends the session before it tells us which answer ended it.
    if (state === SessionState.Terminated)
      queueMicrotask(() => this.end(this.view.answeredAt ? 'remote' : 'failed', this.view.answeredAt ? null : 'refused'));
  }

  private listenTo(handler: Web.SessionDescriptionHandler): void {
    this.speaker.srcObject = handler.remoteMediaStream;
    const pc = handler.peerConnection;
    pc?.addEventListener('connectionstatechange', () => {
      if (!isLive(this.view)) return;
      if (pc.connectionState === 'failed') this.update({ problem: 'media-failed' });
      if (pc.connectionState === 'connected') {
        if (this.view.problem) this.update({ problem: null });
        this.speaker.play().catch((error: unknown) => this.around.log('warn', 'media', `cannot play: ${messageOf(error)}`));
      }
    });
  }

  private learnCall(header: string | undefined): void {
    const alloCall = this.view.alloCall ?? linkedId(header);
    if (alloCall !== this.view.alloCall) this.update({ alloCall });
  }

  private end(endReason: PhoneEnd, problem: PhoneProblem | null = null): void {
    if (!isLive(this.view)) return;
    this.update({ state: 'ended', endedAt: Date.now(), endReason, problem });
    this.closeMedia();
  }

  private closeMedia(): void {
    for (const track of this.microphone?.getTracks() ?? []) track.stop();
    this.microphone = null;
    this.speaker.srcObject = null;
    this.peerConnection()?.close();
  }

  private peerConnection(): RTCPeerConnection | undefined {
    return (this.session.sessionDescriptionHandler as Web.SessionDescriptionHandler | undefined)?.peerConnection;
  }

  private update(change: Partial<PhoneCall>): void {
    this.view = { ...this.view, ...change };
    this.around.changed();
  }
}
