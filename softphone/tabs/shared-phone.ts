import { PhoneError } from '../phone.ts';
import type { Phone, PhoneState, PhoneStats } from '../phone.ts';
import { CallStore } from '../sip/dialog.ts';
import { ASKS } from './messages.ts';
import type { Ask, TabMessage } from './messages.ts';

/** A leader that is asleep does not answer. */
const ANSWER_WITHIN_MS = 5_000;

/**
 * One phone for all tabs of a browser: the tab that has the lock leads, speaks SIP and sounds; the others show its state and pass on what
 * is asked of them. When the leader goes, the next tab leads, and takes up the calls that were on.
 */
export class SharedPhone implements Phone {
  state: PhoneState = { registration: 'connecting', since: Date.now(), calls: [], here: false };
  private waitingWanted = false;
  private readonly owner: string;
  private readonly make: () => Phone;
  private readonly store: CallStore;
  private readonly listeners = new Set<(state: PhoneState) => void>();
  private readonly waiting = new Map<string, (message: Extract<TabMessage, { kind: 'answer' }>) => void>();
  private channel: BroadcastChannel | null = null;
  private leading: Phone | null = null;
  private giveUp = new AbortController();

  /** @param owner the address of record */
  constructor(owner: string, make: () => Phone) {
    this.owner = owner;
    this.make = make;
    this.store = new CallStore(owner);
  }

  get callWaiting(): boolean {
    return this.waitingWanted;
  }

  set callWaiting(on: boolean) {
    this.waitingWanted = on;
    if (this.leading) this.leading.callWaiting = on;
  }

  subscribe(listener: (state: PhoneState) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  start(): void {
    if (this.channel) return;
    const name = `allo-softphone ${this.owner}`;
    this.channel = new BroadcastChannel(name);
    this.channel.onmessage = ({ data }: MessageEvent<TabMessage>) => void this.heard(data);
    this.say({ kind: 'hello' });
    // Absent on a page that is neither https nor localhost, which has no microphone either.
    if (!('locks' in navigator)) return this.lead();
    const { signal } = (this.giveUp = new AbortController());
    const held = () => {
      this.lead();
      return new Promise<void>((release) => (this.release = release));
    };
    navigator.locks.request(name, { signal }, held).catch((error: unknown) => {
      if (!signal.aborted) throw error;
    });
  }

  private release = (): void => {};

  async stop(): Promise<void> {
    this.giveUp.abort();
    const { leading } = this;
    this.leading = null;
    await leading?.stop();
    this.channel?.close();
    this.channel = null;
    this.release();
    this.become({ registration: 'off', since: Date.now(), calls: [], here: leading !== null });
  }

  async call(number: string): Promise<void> {
    await this.ask('call', number);
  }

  async answer(id: string): Promise<void> {
    await this.ask('answer', id);
  }

  async hangup(id: string): Promise<void> {
    await this.ask('hangup', id);
  }

  mute(id: string, on: boolean): void {
    this.ask('mute', id, on).catch(() => undefined); // its state shows whether it came about
  }

  async hold(id: string, on: boolean): Promise<void> {
    await this.ask('hold', id, on);
  }

  dtmf(id: string, tones: string): boolean {
    if (this.leading) return this.leading.dtmf(id, tones);
    this.ask('dtmf', id, tones).catch(() => undefined); // as above
    return true;
  }

  async transfer(id: string, number: string): Promise<void> {
    await this.ask('transfer', id, number);
  }

  async join(id: string, other: string): Promise<void> {
    await this.ask('join', id, other);
  }

  async merge(id: string, other: string): Promise<void> {
    await this.ask('merge', id, other);
  }

  async stats(id: string): Promise<PhoneStats | null> {
    return (await this.ask('stats', id)) as PhoneStats | null;
  }

  private lead(): void {
    const phone = (this.leading = this.make());
    phone.subscribe((state) => {
      this.become(state);
      this.tell();
    });
    phone.callWaiting = this.callWaiting;
    phone.start();
  }

  /** @throws PhoneError as the leader would; not-registered when no tab leads. */
  private async ask(what: Ask, ...args: unknown[]): Promise<unknown> {
    if (this.leading) return this.run(what, args);
    const id = crypto.randomUUID();
    const { value, error } = await new Promise<Pick<Extract<TabMessage, { kind: 'answer' }>, 'value' | 'error'>>((resolve) => {
      const timer = setTimeout(() => resolve({ value: null, error: 'not-registered' }), ANSWER_WITHIN_MS);
      this.waiting.set(id, (message) => {
        clearTimeout(timer);
        resolve(message);
      });
      this.say({ kind: 'ask', id, what, args });
    });
    this.waiting.delete(id);
    if (error !== null) throw error === 'failed' ? new Error('the tab that leads could not do it') : new PhoneError(error);
    return value;
  }

  private async run(what: Ask, args: readonly unknown[]): Promise<unknown> {
    const method = this.leading![what] as (...args: readonly unknown[]) => unknown;
    return method.apply(this.leading, args as unknown[]);
  }

  private async heard(message: TabMessage): Promise<void> {
    if (message.kind === 'answer') return this.waiting.get(message.id)?.(message);
    if (!this.leading) {
      if (message.kind !== 'state') return;
      this.store.save(message.kept);
      return this.become({ ...message.state, here: false });
    }
    if (message.kind === 'hello') this.tell();
    if (message.kind === 'ask' && ASKS.includes(message.what)) this.say(await this.replied(message.id, message.what, message.args));
  }

  private async replied(id: string, what: Ask, args: readonly unknown[]): Promise<TabMessage> {
    try {
      return { kind: 'answer', id, value: (await this.run(what, args)) ?? null, error: null };
    } catch (error) {
      return { kind: 'answer', id, value: null, error: error instanceof PhoneError ? error.code : 'failed' };
    }
  }

  private tell(): void {
    this.say({ kind: 'state', state: this.state, kept: this.store.load() });
  }

  private say(message: TabMessage): void {
    this.channel?.postMessage(message);
  }

  private become(state: PhoneState): void {
    const { registration, since } = this.state;
    this.state = state.registration === registration ? { ...state, since } : state;
    for (const listener of this.listeners) listener(this.state);
  }
}
