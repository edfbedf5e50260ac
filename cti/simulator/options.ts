/** [at least, at most]; durations are drawn evenly between them. */
export type Range = readonly [number, number];

export interface QueueOptions {
  readonly name: string;
  /** The number that callers dial to enter it. */
  readonly number: string;
  /** ringall: every free member at once; the first to answer takes the call. rrmemory: one after the other, in turn. */
  readonly strategy: 'ringall' | 'rrmemory';
  /** How long a member's phone rings before the queue tries the next. */
  readonly ringMs: number;
  /** The pause before the queue tries again. */
  readonly retryMs: number;
  /** Extensions that are members from the start (queues.conf); the simulator works them as colleagues until a person takes their place. */
  readonly members?: readonly string[];
  /** Its callers may press a key and be called back. */
  readonly callBack?: boolean;
}

export interface PhoneOptions {
  readonly extension: string;
  readonly name: string;
}

export interface Behaviour {
  /** A caller in a queue gives up after this. */
  readonly patienceMs: Range;
  /** The share that presses the key instead of waiting, where the queue has one, and after how long. */
  readonly callBackShare: number;
  readonly callBackAfterMs: Range;
  /** How long customers talk before they hang up. */
  readonly talkMs: Range;
  /**
   * Who picks up. command: a phone that a person has taken (QueueAdd, or a call placed from it) waits for PJSIPNotify `talk`, colleagues answer by
   * themselves. alone: every phone answers by itself, for load.
   */
  readonly answering: 'command' | 'alone';
  /** Of the calls offered to a phone that answers by itself: the share it takes. */
  readonly answerShare: number;
  /** The share that such a phone refuses (486). */
  readonly refuseShare: number;
  readonly answerAfterMs: Range;
  /** Of the talks of such phones: the share that the operator ends, not the customer. */
  readonly agentEndsShare: number;
  /** An operator who clicked to call lifts the handset after this; null: only on PJSIPNotify `talk`. */
  readonly liftAfterMs: Range | null;
  /** A direct call to an extension rings this long, and so does a customer whom an operator calls. */
  readonly dialMs: number;
  /** Customers who are called: shares that answer and that are busy (the rest does not pick up), and how long they ring before that. */
  readonly customerAnswers: number;
  readonly customerBusy: number;
  readonly customerRingsMs: Range;
}

export interface Caller {
  readonly number: string;
  readonly name: string;
}

export interface Traffic {
  /** Evenly spread: 120 an hour is a call every 20 to 40 seconds. */
  readonly callsPerHour: number;
  /** Who calls next. */
  readonly caller: () => Caller | Promise<Caller>;
  /** Hears what `caller` threw; that call is left out. */
  readonly failed: (err: unknown) => void;
  /** Calls come only to queues in which a person is on shift and not paused. */
  readonly onShiftOnly: boolean;
  /** No further call comes while so many wait. */
  readonly maxWaiting?: number;
  /** Ends after so many calls. */
  readonly limit?: number;
}

export interface SimulatorOptions {
  /** On 127.0.0.1; 0: any free one. */
  readonly port: number;
  readonly user: string;
  readonly secret: string;
  readonly queues: readonly QueueOptions[];
  readonly extensions: readonly PhoneOptions[];
  readonly behaviour?: Partial<Behaviour>;
  readonly traffic?: Traffic;
  /** Where recordings are written, below monitor/; none: nothing is recorded. */
  readonly spool?: string;
  /** The same seed makes the same choices. */
  readonly seed?: number;
}

/** As of a small office where people answer: the demo. */
export const DEFAULT_BEHAVIOUR: Behaviour = {
  patienceMs: [40_000, 120_000],
  callBackShare: 0.3,
  callBackAfterMs: [8_000, 20_000],
  talkMs: [25_000, 120_000],
  answering: 'command',
  answerShare: 0.8,
  refuseShare: 0,
  answerAfterMs: [7_000, 14_000],
  agentEndsShare: 0.5,
  liftAfterMs: [1_000, 2_000],
  dialMs: 30_000,
  customerAnswers: 0.7,
  customerBusy: 0.1,
  customerRingsMs: [3_000, 12_000],
};
