import type { SegmentEnd } from '../facts.ts';
import { join } from './merge.ts';
import { closeHold, closeOffer, closeSegment, closeVisit, declare, openSegment, setConsult } from './segments.ts';
import type { BridgeState, CallState, ChannelState, Emit, State, Talk } from './state.ts';

/**
 * Talk is the time in which an operator's channel and another party hear one another: they are in one bridge, or in two that a Local
 * channel joins. A channel that changes the bridge (Local channels optimised away, a phone that replaces its leg) is alone for some
 * milliseconds: within this gap it is still the same talk.
 */
const MOVE_MS = 2_000;

export function enterBridge(state: State, channel: ChannelState, id: string, holding: boolean, at: number, emit: Emit): void {
  if (channel.bridge?.id === id) return;
  if (channel.bridge) leaveBridge(state, channel, at, emit);
  let bridge = state.bridges.get(id);
  if (!bridge) state.bridges.set(id, (bridge = { id, holding, members: new Set() }));
  bridge.members.add(channel);
  channel.bridge = bridge;
  joinBridge(state, channel, at, emit);
  for (const member of connected(state, channel)) review(state, member, at, 'customer', emit);
}

/** Whoever is in one bridge is in one call. */
export function joinBridge(state: State, channel: ChannelState, at: number, emit: Emit): void {
  if (!channel.bridge || channel.bridge.holding) return;
  for (const member of channel.bridge.members) join(state, channel, member, at, emit);
}

export function leaveBridge(state: State, channel: ChannelState, at: number, emit: Emit): void {
  const { bridge } = channel;
  if (!bridge) return;
  const before = connected(state, channel);
  bridge.members.delete(channel);
  channel.bridge = null;
  if (bridge.members.size === 0) state.bridges.delete(bridge.id);
  if (channel.consult === 'ordered') setConsult(state, channel, 'asking', at, emit);
  for (const member of before) review(state, member, at, member === channel ? 'agent' : 'customer', emit);
}

/** Every channel reachable from this one, itself included: through its bridge, and through the wires of Local channels. */
function connected(state: State, start: ChannelState): Set<ChannelState> {
  const found = new Set([start]);
  // a Set hands out what is added while it is walked
  for (const channel of found) {
    if (channel.bridge && !channel.bridge.holding) for (const member of channel.bridge.members) found.add(member);
    if (channel.wire !== null) for (const half of state.wires.get(channel.wire) ?? []) found.add(half);
  }
  return found;
}

type Hearing = 'talk' | 'consult' | 'transfer';

/**
 * What the channel hears now. Operators among themselves, or with somebody outside who is not the customer, consult; in a call without a
 * customer they talk. Somebody outside to whom the call was handed over, and who hears the customer, is a transfer.
 */
function hearing(state: State, channel: ChannelState): Hearing | null {
  const { call, party } = channel;
  if (!channel.bridge || channel.bridge.holding || party === 'local' || channel.id === call.customer) return null;
  let kind: Hearing | null = null;
  for (const other of connected(state, channel)) {
    if (other === channel || other.party === 'local') continue;
    if (other.id === other.call.customer) return party === 'trunk' ? 'transfer' : 'talk';
    if (party === 'agent') kind = call.direction === 'internal' ? 'talk' : 'consult';
  }
  return kind;
}

/** Begins, goes on with, or suspends the talk of a channel that is not the customer's, by who is connected to it now. */
function review(state: State, channel: ChannelState, at: number, whoLeft: SegmentEnd, emit: Emit, from = at): void {
  const hears = hearing(state, channel);
  const { talk } = channel;
  if (hears === null) {
    if (talk && !talk.left) talk.left = { at, reason: channel.transferring ? 'transferred' : whoLeft };
    return;
  }
  if (hears === 'talk') setConsult(state, channel, null, at, emit);
  if (talk && kindOf(channel, talk) === hears && (!talk.left || at - talk.left.at <= MOVE_MS)) {
    talk.left = null;
    return;
  }
  if (talk) {
    const consulted = kindOf(channel, talk) === 'consult' && hears === 'talk' && !hasTalked(channel);
    const reason = consulted ? 'transferred' : (talk.left?.reason ?? (hears === 'consult' ? whoLeft : 'agent'));
    endTalk(state, channel, talk, talk.left?.at ?? at, reason, emit);
  }
  beginTalk(state, channel, hears, from, at, emit);
}

/** Whoever has talked to the customer before is back; to whoever has not the customer is handed over. */
function hasTalked(channel: ChannelState): boolean {
  for (let n = channel.counts.talk ?? 0; n > 0; n--) if (channel.call.segments.get(`talk:${channel.id}:${n}`)?.kind === 'talk') return true;
  return false;
}

const kindOf = (channel: ChannelState, talk: Talk) => channel.call.segments.get(talk.segment)?.kind;

function beginTalk(state: State, channel: ChannelState, kind: Hearing, from: number, at: number, emit: Emit): void {
  const { call } = channel;
  channel.up = true;
  if (kind === 'talk') takeFromQueue(state, channel, at, emit);
  call.taken = false;
  const queue = queueOf(channel);
  declare(state, call, at, emit);
  closeOffer(state, channel, at, 'answered', emit);
  if (kind !== 'consult') {
    call.answeredAt ??= Math.max(from, call.startedAt);
    closeHold(state, channel, at, 'agent', emit);
  }
  channel.talk = { segment: openSegment(state, channel, kind, from, emit, queue), left: null };
}

/** Whoever is taken out of a queue by order hears an operator, and the queue has said nothing. */
function takeFromQueue(state: State, operator: ChannelState, at: number, emit: Emit): void {
  for (const other of connected(state, operator)) {
    if (other.visit === null) continue;
    operator.pickedFrom ??= other.call.segments.get(other.visit)?.queue ?? null;
    closeVisit(state, other, other.visitLeft ?? at, 'answered', emit);
  }
}

/** The queue for which this channel was rung; of a channel found talking, the queue that the snapshot shows. */
function queueOf(channel: ChannelState): string | null {
  if (channel.pickedFrom !== null) return channel.pickedFrom;
  if (!channel.counts.offer && channel.call.adopted) return channel.call.queue;
  return channel.call.segments.get(`offer:${channel.id}:${channel.counts.offer ?? 0}`)?.queue ?? null;
}

/** Ends a talk that nobody hears any more; one that goes on stays. */
export function closeTalk(state: State, channel: ChannelState, emit: Emit): void {
  const { talk } = channel;
  if (!talk?.left) return;
  closeHold(state, channel, talk.left.at, talk.left.reason, emit);
  endTalk(state, channel, talk, talk.left.at, talk.left.reason, emit);
}

/** The talk alone: while the operator consults, the customer is still on hold. */
function endTalk(state: State, channel: ChannelState, talk: Talk, at: number, reason: SegmentEnd, emit: Emit): void {
  channel.talk = null;
  closeSegment(state, channel.call, talk.segment, at, reason, emit);
}

/** Ends the talk whoever still hears it. */
export function breakTalk(state: State, channel: ChannelState, at: number, reason: SegmentEnd, emit: Emit): void {
  if (channel.talk && !channel.talk.left) channel.talk.left = { at, reason };
  closeTalk(state, channel, emit);
}

/** A party of the call is gone: nobody is on the way to another bridge any more. */
export function settleTalks(state: State, call: CallState, emit: Emit): void {
  for (const channel of call.channels) closeTalk(state, channel, emit);
}

/** Puts a channel where the snapshot finds it, without judging yet. */
export function placeInBridge(state: State, channel: ChannelState, id: string): void {
  if (channel.bridge?.id === id || (id === '' && !channel.bridge)) return;
  if (channel.bridge) {
    channel.bridge.members.delete(channel);
    if (channel.bridge.members.size === 0) state.bridges.delete(channel.bridge.id);
    channel.bridge = null;
  }
  if (id === '') return;
  let bridge: BridgeState | undefined = state.bridges.get(id);
  if (!bridge) state.bridges.set(id, (bridge = { id, holding: false, members: new Set() }));
  bridge.members.add(channel);
  channel.bridge = bridge;
}

/** After a snapshot: a talk that is no more is lost; one that nobody saw begin has lasted since `from` at most. */
export function reviewFound(state: State, channel: ChannelState, at: number, from: number, emit: Emit): void {
  review(state, channel, at, 'lost', emit, from);
  if (channel.talk?.left) closeTalk(state, channel, emit);
}
