import type { AmiMessage } from '../ami/message.ts';
import type { SnapshotLists } from '../ami/snapshot.ts';
import type { Call, Fact } from '../facts.ts';
import { reduce } from './reducer.ts';
import { view } from './segments.ts';
import type { Signal } from './signals.ts';
import { createState } from './state.ts';
import type { TrackerStats } from './state.ts';
import { translate, translateSnapshot } from './translate.ts';

export interface TrackerOptions {
  readonly pbx: string;
  readonly extensions?: RegExp;
  readonly onFact: (fact: Fact) => void;
}

/** A channel of a call, as an order needs it. */
export interface Leg {
  readonly name: string;
  /** Extension of the operator whose phone it is; null: the party outside. */
  readonly agent: string | null;
  readonly up: boolean;
  /** The bridge it is in; null: it hears nobody. */
  readonly bridge: string | null;
  /** In a bridge where the members do not hear one another: parked. */
  readonly parked: boolean;
  /** This operator holds the other side. */
  readonly holding: boolean;
  /** This operator asks somebody first, by order: ordered, then away from the other side. */
  readonly consult: 'ordered' | 'asking' | null;
}

export interface Tracker {
  /** `at`: epoch ms by Asterisk's clock. */
  event(message: AmiMessage, at: number): void;
  snapshot(lists: Pick<SnapshotLists, 'channels' | 'queues'>, at: number): void;
  signal(signal: Signal): void;
  /** The calls that are up. */
  calls(): Call[];
  /** Names of the operator's channels in the call ("PJSIP/101-0000000a"), the one that was up first first; empty when he has none. */
  channels(key: string, agent: string): string[];
  /** Every phone of the call, the oldest first. */
  legs(key: string): Leg[];
  /** What was odd, for whoever watches the PBX. */
  stats(): Readonly<TrackerStats>;
  /** How much is held, which is nothing when nobody calls. */
  size(): { calls: number; channels: number; bridges: number };
}

/** Holds the state of all calls of one PBX. */
export function createTracker({ pbx, extensions, onFact }: TrackerOptions): Tracker {
  const state = createState(pbx, extensions);
  const signal = (s: Signal) => reduce(state, s, onFact);
  return {
    signal,
    event(message, at) {
      const s = translate(message, at);
      if (s) signal(s);
    },
    snapshot: (lists, at) => signal(translateSnapshot(lists.channels, lists.queues, at)),
    calls: () => [...state.calls.values()].filter((call) => call.declared).map((call) => view(state, call)),
    channels(key, agent) {
      const mine = [...(state.linked.get(key)?.channels ?? [])].filter((channel) => channel.agent === agent);
      return mine.sort((a, b) => Number(b.up) - Number(a.up)).map((channel) => channel.name);
    },
    legs: (key) =>
      [...(state.linked.get(key)?.channels ?? [])]
        .filter((channel) => channel.party !== 'local')
        .map(({ name, agent, up, bridge, hold, consult }) => ({
          name,
          agent,
          up,
          bridge: bridge?.id ?? null,
          parked: bridge?.holding ?? false,
          holding: hold !== null,
          consult,
        })),
    stats: () => state.stats,
    size: () => ({
      calls: state.calls.size + state.linked.size + state.ordered.size + state.pickups.size,
      channels: state.channels.size + state.wires.size,
      bridges: state.bridges.size,
    }),
  };
}
