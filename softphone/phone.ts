/** The port between the softphone's screen and whatever speaks SIP behind it. Times are epoch ms by the browser's clock. */

export interface PhoneAccount {
  readonly extension: string;
  readonly password: string;
  /** SIP domain of the address of record. */
  readonly domain: string;
  /** ws:// or wss:// address of the SIP server or proxy. */
  readonly server: string;
  readonly iceServers: readonly RTCIceServer[];
}

export type Registration = 'off' | 'connecting' | 'registered' | 'refused' | 'lost';

export interface PhoneCall {
  readonly id: string;
  readonly direction: 'in' | 'out';
  readonly state: 'ringing' | 'calling' | 'talking' | 'ended';
  /** Untrusted: as the SIP peer sent them. */
  readonly number: string;
  readonly name: string;
  /** X-Allo-Call header: the Linkedid that joins this SIP call to the tracker's call. */
  readonly alloCall: string | null;
  readonly startedAt: number;
  readonly answeredAt: number | null;
  readonly endedAt: number | null;
  readonly muted: boolean;
  /** Why it could not be answered or dialled; null while all is well. */
  readonly problem: PhoneProblem | null;
}

export type PhoneProblem = 'microphone-refused' | 'microphone-missing' | 'media-failed' | 'busy' | 'no-answer' | 'refused' | 'not-found';

export interface PhoneState {
  readonly registration: Registration;
  /** Since when it has been so. */
  readonly since: number;
  readonly calls: readonly PhoneCall[];
}

export interface Phone {
  readonly state: PhoneState;
  /** @returns unsubscribe. Called after every change with the new state. */
  subscribe(listener: (state: PhoneState) => void): () => void;
  /** Connects and registers, and goes on trying with back-off until stop(). */
  start(): void;
  /** Hangs nothing up that Asterisk could keep: unregisters and closes. */
  stop(): Promise<void>;
  call(number: string): Promise<void>;
  answer(id: string): Promise<void>;
  hangup(id: string): Promise<void>;
  mute(id: string, on: boolean): void;
}
