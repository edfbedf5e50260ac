import { isLive, LINES, PhoneError } from './phone.ts';
import type { Phone, PhoneCall, PhoneEnd, PhoneProblem, PhoneState, PhoneStats, Registration } from './phone.ts';
import { dialable } from './number.ts';

/** A phone without SIP for tests of screens: what the far end and the network do is scripted. */
export class FakePhone implements Phone {
  state: PhoneState = { registration: 'off', since: Date.now(), calls: [], here: true };
  callWaiting = false;
  /** Tones that were sent, over all calls. */
  tones = '';
  /** What stats() gives of a call that is talked. */
  sound: PhoneStats = {
    packetsSent: 50,
    packetsReceived: 50,
    bytesSent: 4000,
    bytesReceived: 4000,
    codec: 'audio/opus',
    jitterMs: 2,
    lost: 0,
    roundTripMs: 20,
  };
  /** The next answer() or call() meets this problem with the microphone, once. */
  nextProblem: PhoneProblem | null = null;
  private readonly listeners = new Set<(state: PhoneState) => void>();
  private count = 0;

  subscribe(listener: (state: PhoneState) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  start(): void {
    this.setRegistration('registered');
  }

  async stop(): Promise<void> {
    for (const call of this.state.calls) this.end(call.id, 'local');
    this.setRegistration('off');
  }

  async call(number: string): Promise<void> {
    const digits = dialable(number);
    if (this.state.registration !== 'registered') throw new PhoneError('not-registered');
    const live = this.state.calls.filter(isLive);
    if (live.length >= LINES || live.some((call) => call.state !== 'talking')) throw new PhoneError('line-busy');
    this.holdOthers();
    const { id } = this.begin({ direction: 'out', state: 'calling', number: digits });
    const problem = this.takeProblem();
    if (problem) this.end(id, 'failed', problem);
  }

  async answer(id: string): Promise<void> {
    if (this.find(id)?.state !== 'ringing') return;
    this.holdOthers(id);
    const problem = this.takeProblem();
    this.update(id, problem ? { problem } : { state: 'talking', answeredAt: Date.now(), problem: null });
  }

  async hangup(id: string): Promise<void> {
    this.end(id, 'local');
  }

  mute(id: string, on: boolean): void {
    this.update(id, { muted: on, speakingMuted: false });
  }

  /** The operator speaks into the muted microphone. */
  speak(): void {
    this.update(this.live().id, { speakingMuted: this.live().muted });
  }

  async hold(id: string, on: boolean): Promise<void> {
    if (this.find(id)?.state !== 'talking') return;
    if (!on) this.holdOthers(id);
    if (on) this.split();
    this.update(id, { held: on });
  }

  dtmf(id: string, tones: string): boolean {
    if (this.find(id)?.state !== 'talking') return false;
    this.tones += tones;
    return true;
  }

  async transfer(id: string, number: string): Promise<void> {
    dialable(number);
    const problem = this.takeProblem();
    if (problem) this.update(id, { problem });
    else this.end(id, 'transferred');
  }

  async join(id: string, other: string): Promise<void> {
    for (const each of [id, other]) this.end(each, 'transferred');
  }

  async merge(id: string, other: string): Promise<void> {
    for (const each of [id, other]) this.update(each, { held: false, conference: true });
  }

  async stats(id: string): Promise<PhoneStats | null> {
    return this.find(id)?.state === 'talking' ? this.sound : null;
  }

  setRegistration(registration: Registration, since = Date.now()): void {
    this.change({ ...this.state, registration, since });
  }

  /** Somebody calls us. @returns the id of the call. */
  ring(caller: { number: string; name?: string; alloCall?: string; answerAfter?: number }): string {
    return this.begin({ direction: 'in', state: 'ringing', ...caller }).id;
  }

  remoteAnswers(answeredAt = Date.now()): void {
    this.update(this.live().id, { state: 'talking', answeredAt });
  }

  /** The far end ends the call, whatever it is doing: hangs up, gives up, refuses. */
  remoteHangsUp(endReason: PhoneEnd = 'remote', problem: PhoneProblem | null = null): void {
    this.end(this.live().id, endReason, problem);
  }

  /** The sound of the call is lost, or is back. */
  mending(on: boolean): void {
    this.update(this.live().id, { mending: on });
  }

  private split(): void {
    for (const call of this.state.calls) if (call.conference) this.update(call.id, { conference: false });
  }

  private holdOthers(id = ''): void {
    for (const call of this.state.calls) if (call.id !== id && call.state === 'talking') this.update(call.id, { held: true });
  }

  /** The newest call that is up. */
  private live(): PhoneCall {
    const call = this.state.calls.findLast(isLive);
    if (!call) throw new Error('there is no call');
    return call;
  }

  private find(id: string): PhoneCall | undefined {
    return this.state.calls.find((call) => call.id === id);
  }

  private takeProblem(): PhoneProblem | null {
    const problem = this.nextProblem;
    this.nextProblem = null;
    return problem;
  }

  private begin(
    what: Pick<PhoneCall, 'direction' | 'state' | 'number'> & { name?: string; alloCall?: string; answerAfter?: number },
  ): PhoneCall {
    const call: PhoneCall = {
      name: '',
      alloCall: null,
      answerAfter: null,
      ...what,
      id: `fake-${++this.count}`,
      startedAt: Date.now(),
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
    this.change({ ...this.state, calls: [...this.state.calls.filter(isLive), call] });
    return call;
  }

  private end(id: string, endReason: PhoneEnd, problem: PhoneProblem | null = null): void {
    this.split();
    this.update(id, { state: 'ended', endedAt: Date.now(), endReason, problem });
  }

  private update(id: string, change: Partial<PhoneCall>): void {
    const calls = this.state.calls.map((call) => (call.id === id && isLive(call) ? { ...call, ...change } : call));
    this.change({ ...this.state, calls });
  }

  private change(state: PhoneState): void {
    this.state = state;
    for (const listener of this.listeners) listener(state);
  }
}
