import type { Amd, Direction, Fact, Segment, SegmentEnd, SegmentKind } from '../facts.ts';

/** agent: an operator's phone. trunk: everybody else. local: one half of a wire between two channels. */
export type Party = 'agent' | 'trunk' | 'local';

export interface Talk {
  readonly segment: string;
  /** Nobody is connected any more, since when and through whom; the segment stays open until it is sure that it does not go on. */
  left: { readonly at: number; readonly reason: SegmentEnd } | null;
}

export interface ChannelState {
  readonly id: string;
  name: string;
  /** A mobile that is rung in an operator's place becomes his. */
  party: Party;
  agent: string | null;
  /** Name of the wire that a Local channel is one half of; null for others. */
  readonly wire: string | null;
  /** It called the PBX, rather than being called. */
  readonly calling: boolean;
  linkedid: string;
  call: CallState;
  up: boolean;
  bridge: BridgeState | null;
  /** The far end has hung up; the channel's own end follows. */
  hangingUp: boolean;
  /** Its operator has refused the call by command. */
  refused: boolean;
  /** Its operator is handing the call over. */
  transferring: boolean;
  /** Its operator asks somebody first, by order: ordered, then away from the other side. */
  consult: 'ordered' | 'asking' | null;
  /** The wire through which it was dialled: a ring group, a follow-me, a member of FreePBX's. */
  dialledThrough: string | null;
  /** The queue whose call it has picked up from another phone. */
  pickedFrom: string | null;
  /** How the dialling of this channel ended, when it did not answer; the Hangup that follows says why. */
  dialEnd: { readonly at: number; readonly status: string } | null;
  /** Open segments, by id. */
  offer: string | null;
  visit: string | null;
  /** It has left the queue unanswered, since when: the dialplan may still tell why. */
  visitLeft: number | null;
  menu: string | null;
  parked: string | null;
  /** The number of its parking space; '' while it is in none, or it was not told. */
  space: string;
  hold: string | null;
  talk: Talk | null;
  /** How many segments of a kind the channel has had: their ordinals. */
  readonly counts: Partial<Record<SegmentKind, number>>;
}

export interface BridgeState {
  readonly id: string;
  /** Parking and the like: its members do not hear one another. */
  readonly holding: boolean;
  readonly members: Set<ChannelState>;
}

export interface CallState {
  key: string;
  readonly linkedids: Set<string>;
  readonly channels: Set<ChannelState>;
  /** The first party, who calls or is called first. Null while only Local channels are up. */
  origin: string | null;
  /** The first party from outside; any other from outside is somebody the call was handed to. */
  customer: string | null;
  direction: Direction;
  from: string;
  fromName: string;
  to: string;
  queue: string | null;
  initiator: string | null;
  startedAt: number;
  answeredAt: number | null;
  cause: number | null;
  amd: Amd | null;
  adopted: boolean;
  /** Told to the outside. A phone that merely listens in, or rings for a reason unknown, is no call yet. */
  declared: boolean;
  /** Never to be told: a supervisor who listens. */
  silent: boolean;
  /** A phone is up that takes the caller from the others that ring. */
  taken: boolean;
  /** The caller hung up before anybody answered. */
  gaveUp: boolean;
  /** Of the last dialling that did not succeed. */
  dialStatus: string | null;
  readonly segments: Map<string, Segment>;
}

/** Counted since the tracker began. */
export interface TrackerStats {
  signals: number;
  /** Signals for channels never seen: of Asterisk's own making, older than the snapshot, or lost on the way. */
  strangers: number;
  /** Signals more than a second older than the one before: the PBX's clock was set back. */
  backwards: number;
  /** Uniqueids that came again for another channel: Asterisk has restarted unseen. */
  reborn: number;
  /** Channels that were gone when a snapshot came. */
  lost: number;
}

export interface State {
  readonly stats: TrackerStats;
  /** Of the last signal. */
  at: number;
  readonly pbx: string;
  readonly extensions: RegExp;
  readonly channels: Map<string, ChannelState>;
  /** By key. */
  readonly calls: Map<string, CallState>;
  /** By every Linkedid the call has had. */
  readonly linked: Map<string, CallState>;
  readonly bridges: Map<string, BridgeState>;
  /** By the name of the wire: its halves that are up. */
  readonly wires: Map<string, Set<ChannelState>>;
  /** Calls we have ordered whose channel is not there yet, by its Uniqueid. */
  readonly ordered: Map<string, { readonly agent: string | null; readonly number: string; readonly at: number }>;
  /** Phones that are rung to take a caller: Uniqueid -> key of the caller's call. */
  readonly pickups: Map<string, { readonly key: string; readonly at: number }>;
}

export type Emit = (fact: Fact) => void;

/** Names of operators' phones, where nothing else is set: two to six digits. */
export const DEFAULT_EXTENSIONS = /^\d{2,6}$/;

export const createState = (pbx: string, extensions: RegExp = DEFAULT_EXTENSIONS): State => ({
  stats: { signals: 0, strangers: 0, backwards: 0, reborn: 0, lost: 0 },
  at: 0,
  pbx,
  // with these flags a pattern would remember where it last matched
  extensions: new RegExp(extensions.source, extensions.flags.replace(/[gy]/g, '')),
  channels: new Map(),
  calls: new Map(),
  linked: new Map(),
  bridges: new Map(),
  wires: new Map(),
  ordered: new Map(),
  pickups: new Map(),
});

/** Channels of Asterisk's own making, which speak for nobody. */
const NOBODY = /^(AMI|Announcer|Bridge|CBAnn|CBRec|Message|MulticastRTP|Recorder|Snoop|Surrogate|UnicastRTP)\//;
const LOCAL = /^(Local\/.+);[12]$/;
/** Technology, endpoint, number of the channel: "PJSIP/101-0000000a". */
const ENDPOINT = /^[^/]+\/(.+)-[^-]*$/;

export type ChannelKind = Pick<ChannelState, 'party' | 'agent' | 'wire'>;

/** @returns null for a channel that is nobody's. */
export function kindOf(name: string, extensions: RegExp): ChannelKind | null {
  if (NOBODY.test(name)) return null;
  const wire = LOCAL.exec(name)?.[1];
  if (wire !== undefined) return { party: 'local', agent: null, wire };
  const endpoint = ENDPOINT.exec(name)?.[1];
  if (endpoint !== undefined && extensions.test(endpoint)) return { party: 'agent', agent: endpoint, wire: null };
  return { party: 'trunk', agent: null, wire: null };
}

/** "PJSIP/101", "Local/101@from-queue/n" (FreePBX) -> "101"; null for a queue member who is no operator's phone. */
export function agentOfInterface(name: string, extensions: RegExp = DEFAULT_EXTENSIONS): string | null {
  const address = /^[^/]+\/([^@/]+)/.exec(name)?.[1];
  return address !== undefined && extensions.test(address) ? address : null;
}

/** When the channel or call was born, by its id ("1700000000.12", "allo-main-1700000000.12"), whole seconds; null when it does not tell. */
export function bornAt(id: string): number | null {
  const seconds = /(?:^|-)(\d{9,11})\.\d+$/.exec(id)?.[1];
  return seconds === undefined ? null : Number(seconds) * 1000;
}
