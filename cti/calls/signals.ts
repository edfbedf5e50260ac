import type { Amd } from '../facts.ts';

/** What happened at the PBX, as far as calls are concerned: one AMI event, freed from AMI's spelling. */

/** Names a channel in an event: by Uniqueid, with the Linkedid it has now. */
export interface Touch {
  readonly id: string;
  readonly linkedid: string;
}

export interface ChannelInfo extends Touch {
  /** "PJSIP/101-0000000a" */
  readonly name: string;
  /** It calls the PBX (an INVITE came in), rather than being called by it. Known at its birth only. */
  readonly calling: boolean;
  readonly up: boolean;
  readonly number: string;
  readonly callerName: string;
  readonly exten: string;
}

/** A channel of the snapshot. */
export interface FoundChannel extends ChannelInfo {
  /** Dialled by Dial or Queue: Asterisk's "(Outgoing Line)". */
  readonly dialled: boolean;
  /** Listens in: no party of a call. */
  readonly spying: boolean;
  /** '' when in none. */
  readonly bridge: string;
  readonly ageMs: number;
  /** The queue it waits in, or whose member it talks to; '' when in none. */
  readonly queue: string;
}

export interface FoundEntry {
  readonly id: string;
  readonly queue: string;
  readonly waitMs: number;
}

export type Signal = { readonly at: number } & (
  | { readonly kind: 'channel.new'; readonly channel: ChannelInfo }
  | { readonly kind: 'channel.state'; readonly channel: Touch; readonly up: boolean }
  | { readonly kind: 'channel.caller'; readonly channel: Touch; readonly number: string; readonly callerName: string }
  | { readonly kind: 'channel.renamed'; readonly channel: Touch; readonly name: string }
  | { readonly kind: 'channel.hangup-requested'; readonly channel: Touch }
  | { readonly kind: 'channel.gone'; readonly channel: Touch; readonly cause: number }
  /** `from` is null when nobody dials: an Originate. `exten`: what the dialling channel executes; of an Originate, the number it calls. */
  | { readonly kind: 'dial.begin'; readonly from: Touch | null; readonly exten: string; readonly dest: Touch }
  /** `status`: DialStatus, or FORWARD when the phone named another in its place. */
  | { readonly kind: 'dial.end'; readonly from: Touch | null; readonly dest: Touch; readonly status: string }
  | { readonly kind: 'queue.join' | 'queue.leave'; readonly channel: Touch; readonly queue: string }
  /**
   * How the caller left the queue, or was not let in, as the dialplan tells: QUEUESTATUS, KEY, or CALLBACK. `queue`: '' when it does not say. `number`: of
   * the channel by then; whoever withheld it has told it to be called back.
   */
  | { readonly kind: 'queue.result'; readonly channel: Touch; readonly status: string; readonly queue: string; readonly number: string }
  /** A menu of the dialplan begins (null), or has ended: by a key, or without one (''). */
  | { readonly kind: 'menu'; readonly channel: Touch; readonly choice: string | null }
  /** Who lifted has been judged by the dialplan's AMD. */
  | { readonly kind: 'amd'; readonly channel: Touch; readonly verdict: Amd }
  /** The caller waits in a parking space; ended: another channel fetched him, nobody did in time, he hung up. */
  | { readonly kind: 'parked'; readonly channel: Touch; readonly space?: string }
  | { readonly kind: 'unparked'; readonly channel: Touch; readonly by: 'fetched' | 'timeout' | 'gave-up' }
  | { readonly kind: 'bridge.enter'; readonly channel: Touch; readonly bridge: string; readonly holding: boolean }
  | { readonly kind: 'bridge.leave'; readonly channel: Touch; readonly bridge: string }
  | { readonly kind: 'hold' | 'unhold' | 'spy'; readonly channel: Touch }
  /** A phone has taken the call that rings at another one. */
  | { readonly kind: 'pickup'; readonly channel: Touch; readonly target: Touch }
  /** The transferring channels are about to leave. `place`: `who` goes on in the application (a queue, a menu) in which `of` was. */
  | { readonly kind: 'transfer'; readonly channels: readonly Touch[]; readonly place?: { readonly who: Touch; readonly of: Touch } }
  /** We are about to originate: the call that this channel will begin is the agent's call to `number`; null: the dialler's. */
  | {
      readonly kind: 'originate.ordered';
      readonly id: string;
      readonly agent: string | null;
      readonly number: string;
    }
  /** The operator refuses by command: his ringing phone is about to be hung up, which Asterisk does not tell from "no answer". */
  | { readonly kind: 'offer.refused'; readonly key: string; readonly agent: string; readonly refused: boolean }
  /** The phone that is rung as channel `id` will take the caller of call `key` from where it waits. */
  | { readonly kind: 'pickup.ordered'; readonly id: string; readonly key: string }
  /** The operator on this channel is about to ask somebody first; `ordered` false: it came to nothing. */
  | { readonly kind: 'consult.ordered'; readonly key: string; readonly name: string; readonly ordered: boolean }
  /** The caller on this channel is about to be sent elsewhere; `ordered` false: it came to nothing. */
  | { readonly kind: 'move.ordered'; readonly key: string; readonly name: string; readonly ordered: boolean }
  /** Asterisk refused the order. */
  | { readonly kind: 'originate.refused'; readonly id: string }
  /** It took the order but could not make the channel. */
  | { readonly kind: 'originate.failed'; readonly id: string }
  | { readonly kind: 'snapshot'; readonly channels: readonly FoundChannel[]; readonly entries: readonly FoundEntry[] }
);

export type SignalOf<K extends Signal['kind']> = Extract<Signal, { kind: K }>;
