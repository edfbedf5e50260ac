import type { SegmentEnd } from '../facts.ts';
import { closeHold, closeOffer, closeSegment, declare, openSegment } from './segments.ts';
import type { BridgeState, CallState, ChannelState, Emit, State } from './state.ts';

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
  for (const member of connected(state, channel)) review(state, member, at, 'customer', emit);
}

export function leaveBridge(state: State, channel: ChannelState, at: number, emit: Emit): void {
  const { bridge } = channel;
  if (!bridge) return;
  const before = connected(state, channel);
  bridge.members.delete(channel);
  channel.bridge = null;
  if (bridge.members.size === 0) state.bridges.delete(bridge.id);
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

/** Begins, goes on with, or suspends the talk of an operator's channel, by who is connected to it now. */
function review(state: State, channel: ChannelState, at: number, whoLeft: SegmentEnd, emit: Emit, from = at): void {
  if (channel.party !== 'agent') return;
  let hears = false;
  if (channel.bridge && !channel.bridge.holding) {
    for (const other of connected(state, channel)) if (other !== channel && other.party !== 'local') hears = true;
  }
  const { talk } = channel;
  if (!hears) {
    if (talk && !talk.left) talk.left = { at, reason: channel.transferring ? 'transferred' : whoLeft };
  } else if (talk?.left && at - talk.left.at <= MOVE_MS) {
    talk.left = null;
  } else if (!talk || talk.left) {
    closeTalk(state, channel, emit);
    beginTalk(state, channel, from, at, emit);
  }
}

function beginTalk(state: State, channel: ChannelState, from: number, at: number, emit: Emit): void {
  const { call } = channel;
  channel.up = true;
  const queue = queueOf(channel);
  declare(state, call, at, emit);
  closeOffer(state, channel, at, 'answered', emit);
  call.answeredAt ??= from;
  channel.talk = { segment: openSegment(state, channel, 'talk', from, emit, queue), left: null };
}

/** The queue for which this channel was rung; of a channel found talking, the queue that the snapshot shows. */
function queueOf(channel: ChannelState): string | null {
  if (!channel.counts.offer && channel.call.adopted) return channel.call.queue;
  return channel.call.segments.get(`offer:${channel.id}:${channel.counts.offer ?? 0}`)?.queue ?? null;
}

/** Ends a talk that nobody hears any more; one that goes on stays. */
export function closeTalk(state: State, channel: ChannelState, emit: Emit): void {
  const { talk } = channel;
  if (!talk?.left) return;
  channel.talk = null;
  closeHold(state, channel, talk.left.at, talk.left.reason, emit);
  closeSegment(state, channel.call, talk.segment, talk.left.at, talk.left.reason, emit);
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
