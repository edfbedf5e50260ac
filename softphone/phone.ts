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
  /** Seconds after which the server asks us to answer by ourselves, as a dialler does; null: it does not. */
  readonly answerAfter: number | null;
  readonly startedAt: number;
  readonly answeredAt: number | null;
  readonly endedAt: number | null;
  readonly muted: boolean;
  /** Somebody speaks into the muted microphone. */
  readonly speakingMuted: boolean;
  /** We have put the far end on hold: it hears music, we hear nothing. */
  readonly held: boolean;
  /** Our two calls hear each other and us. */
  readonly conference: boolean;
  /** The sound is gone, after a reload of the page or a lost network, and is being brought back. */
  readonly mending: boolean;
  /** The far end sends sound before the answer (its own ring-back or an announcement). */
  readonly earlyMedia: boolean;
  /** Why it could not be answered or dialled; null while all is well. */
  readonly problem: PhoneProblem | null;
  readonly endReason: PhoneEnd | null;
}

/** `call-lost`: it ended while its sound was being brought back; `transfer-failed`, `hold-failed`: the call goes on as before. */
export type PhoneProblem =
  | 'microphone-refused'
  | 'microphone-missing'
  | 'media-failed'
  | 'busy'
  | 'no-answer'
  | 'refused'
  | 'not-found'
  | 'call-lost'
  | 'transfer-failed'
  | 'hold-failed';

/** `cancelled`: the caller gave up; `elsewhere`: another phone answered; `transferred`: by us, to another; `failed`: see `problem`. */
export type PhoneEnd = 'local' | 'remote' | 'cancelled' | 'elsewhere' | 'transferred' | 'failed';

export interface PhoneState {
  readonly registration: Registration;
  /** Since when it has been so. */
  readonly since: number;
  /** The live calls, and the last one that ended, until another begins. */
  readonly calls: readonly PhoneCall[];
  /** False: another tab of this browser rings and talks, and this one shows it. */
  readonly here: boolean;
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
  /** Null until the far end has reported. */
  readonly roundTripMs: number | null;
}

export interface Phone {
  readonly state: PhoneState;
  /** Whether a second caller rings while there is a call; else they hear busy. */
  callWaiting: boolean;
  /** @returns unsubscribe. Called after every change with the new state. */
  subscribe(listener: (state: PhoneState) => void): () => void;
  /** Connects and registers, and goes on trying with back-off until stop(). */
  start(): void;
  /** Hangs nothing up that Asterisk could keep: unregisters and closes. */
  stop(): Promise<void>;
  /** Holds the call there is. @throws PhoneError when it cannot even be tried; what happens to the call itself is told by its state. */
  call(number: string): Promise<void>;
  /** Holds the other call. When the microphone cannot be had, the call goes on ringing with a `problem`, and this may be called again. */
  answer(id: string): Promise<void>;
  hangup(id: string): Promise<void>;
  mute(id: string, on: boolean): void;
  /** Taking a call back holds the other one: so two calls are swapped. */
  hold(id: string, on: boolean): Promise<void>;
  /** Digits, `*`, `#` and A to D, one after the other. @returns whether they could be sent. */
  dtmf(id: string, tones: string): boolean;
  /** Blind: the far end is connected with the number, and we are out of it. @throws PhoneError bad-number */
  transfer(id: string, number: string): Promise<void>;
  /** Attended: the far ends of our two calls are connected with each other, and we are out of it. */
  join(id: string, other: string): Promise<void>;
  /** Three talk: our two calls and us. Holding one of them, or its end, leaves the other as it is. */
  merge(id: string, other: string): Promise<void>;
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

/** Two lines: a call talked, and another held or coming in. */
export const LINES = 2;
