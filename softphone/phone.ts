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

/** `lost`: was registered, is not now, and is being brought back. `refused`: the server said no to this extension or password. */
export type Registration = 'off' | 'connecting' | 'registered' | 'refused' | 'lost';

export interface PhoneCall {
  readonly id: string;
  readonly direction: 'in' | 'out';
  readonly state: 'ringing' | 'calling' | 'talking' | 'ended';
  /** Untrusted: what the SIP peer sent, without control characters and cut to a length; still to be shown as text only. */
  readonly number: string;
  readonly name: string;
  /** X-Allo-Call header: the Linkedid that joins this SIP call to the tracker's call. */
  readonly alloCall: string | null;
  readonly startedAt: number;
  readonly answeredAt: number | null;
  readonly endedAt: number | null;
  readonly muted: boolean;
  /** The far end sends sound before the answer (its own ring-back or an announcement). */
  readonly earlyMedia: boolean;
  /** Why it could not be answered or dialled; null while all is well. */
  readonly problem: PhoneProblem | null;
  readonly endReason: PhoneEnd | null;
}

export type PhoneProblem = 'microphone-refused' | 'microphone-missing' | 'media-failed' | 'busy' | 'no-answer' | 'refused' | 'not-found';

/** `cancelled`: the caller gave up; `elsewhere`: another phone answered; `failed`: see `problem`. */
export type PhoneEnd = 'local' | 'remote' | 'cancelled' | 'elsewhere' | 'failed';

export interface PhoneState {
  readonly registration: Registration;
  /** Since when it has been so. */
  readonly since: number;
  /** The live calls, and the last one that ended, until another begins. */
  readonly calls: readonly PhoneCall[];
}

export interface PhoneStats {
  readonly packetsSent: number;
  readonly packetsReceived: number;
  readonly bytesSent: number;
  readonly bytesReceived: number;
  /** As in `audio/opus`; null before the first packet. */
  readonly codec: string | null;
  /** Of what we receive. */
  readonly jitterMs: number;
  /** Packets that never came. */
  readonly lost: number;
}

export interface Phone {
  readonly state: PhoneState;
  /** @returns unsubscribe. Called after every change with the new state. */
  subscribe(listener: (state: PhoneState) => void): () => void;
  /** Connects and registers, and goes on trying with back-off until stop(). */
  start(): void;
  /** Hangs nothing up that Asterisk could keep: unregisters and closes. */
  stop(): Promise<void>;
  /** @throws PhoneError when it cannot even be tried; what happens to the call itself is told by its state. */
  call(number: string): Promise<void>;
  /** When the microphone cannot be had, the call goes on ringing with a `problem`, and this may be called again. */
  answer(id: string): Promise<void>;
  hangup(id: string): Promise<void>;
  mute(id: string, on: boolean): void;
  /** @returns null when the call has no media (yet, or any more). */
  stats(id: string): Promise<PhoneStats | null>;
}

export type PhoneErrorCode = 'bad-number' | 'not-registered' | 'line-busy';

export class PhoneError extends Error {
  readonly code: PhoneErrorCode;

  constructor(code: PhoneErrorCode) {
    super(code);
    this.code = code;
  }
}

export const isLive = (call: PhoneCall) => call.state !== 'ended';
