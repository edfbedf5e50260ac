import { changed, closeOffer, closeHold, closeSegment, declare, view } from './segments.ts';
import { callEnd, offerEnd } from './endings.ts';
import type { CallEnd } from '../facts.ts';
import type { ChannelInfo } from './signals.ts';
import { kindOf } from './state.ts';
import type { CallState, ChannelState, Emit, State } from './state.ts';
import { breakTalk, leaveBridge, settleTalks } from './talk.ts';
import { closeWaits } from './waits.ts';

/** @returns undefined for a channel that is nobody's */
export function addChannel(state: State, info: ChannelInfo, at: number, startedAt: number): ChannelState | undefined {
  const kind = kindOf(info.name, state.extensions);
  if (!kind || info.id === '' || info.linkedid === '') return undefined;
  const call = state.linked.get(info.linkedid) ?? createCall(state, info.linkedid, startedAt);
  // field by field: a literal that begins with a spread costs V8 ten times as much, and every channel is made here
  const channel: ChannelState = {
    party: kind.party,
    agent: kind.agent,
    wire: kind.wire,
    id: info.id,
    name: info.name,
    calling: info.calling,
    linkedid: info.linkedid,
    call,
    up: info.up,
    bridge: null,
    hangingUp: false,
    refused: false,
    transferring: false,
    consult: null,
    dialledThrough: null,
    pickedFrom: null,
    dialEnd: null,
    offer: null,
    visit: null,
    visitLeft: null,
    menu: null,
    parked: null,
    space: '',
    hold: null,
    talk: null,
    counts: {},
  };
  state.channels.set(channel.id, channel);
  call.channels.add(channel);
  if (channel.wire !== null) {
    const halves = state.wires.get(channel.wire);
    if (halves) halves.add(channel);
    else state.wires.set(channel.wire, new Set([channel]));
  } else if (call.origin === null) {
    setOrigin(state, call, channel, info);
  }
  if (channel.party === 'trunk') call.customer ??= channel.id;
  return channel;
}

function createCall(state: State, linkedid: string, startedAt: number): CallState {
  const call: CallState = {
    key: linkedid,
    linkedids: new Set([linkedid]),
    channels: new Set(),
    origin: null,
    customer: null,
    direction: 'in',
    from: '',
    fromName: '',
    to: '',
    queue: null,
    initiator: null,
    startedAt,
    answeredAt: null,
    cause: null,
    amd: null,
    adopted: false,
    declared: false,
    silent: false,
    taken: false,
    gaveUp: false,
    dialStatus: null,
    segments: new Map(),
  };
  state.calls.set(call.key, call);
  state.linked.set(linkedid, call);
  return call;
}

/** Who calls whom, as far as the first party's channel tells. */
function setOrigin(state: State, call: CallState, channel: ChannelState, info: ChannelInfo): void {
  call.origin = channel.id;
  const order = state.ordered.get(channel.id);
  if (order) {
    state.ordered.delete(channel.id);
    call.initiator = order.agent;
    call.from = order.agent ?? '';
    call.fromName = info.callerName;
    call.to = order.number;
    call.direction = state.extensions.test(order.number) ? 'internal' : 'out';
  } else if (channel.party === 'agent') {
    call.initiator = channel.agent;
    call.from = channel.agent ?? '';
    call.fromName = info.callerName;
    call.to = channel.calling ? info.exten : '';
    call.direction = state.extensions.test(call.to) ? 'internal' : 'out';
  } else if (channel.calling) {
    call.from = info.number;
    call.fromName = info.callerName;
    call.to = info.exten;
  } else {
    call.direction = 'out';
    call.to = info.number;
  }
}

/** Calls that are calls from their first channel on; others show it later. */
export const isPlain = (call: CallState, channel: ChannelState, ordered: boolean): boolean =>
  ordered || (call.origin === channel.id && channel.party === 'trunk' && channel.calling);

/** The dialling says more about the call's direction and number than its first channel did. */
export function learnFromDial(state: State, call: CallState, dest: ChannelState, exten: string, at: number, emit: Emit): void {
  if (call.initiator === null) return;
  const to = call.to === '' ? exten : call.to;
  const outside = dest.party === 'trunk' || [...call.channels].some((c) => c.party === 'trunk');
  const direction = outside ? 'out' : dest.party === 'agent' ? 'internal' : call.direction;
  if (to === call.to && direction === call.direction) return;
  call.to = to;
  call.direction = direction;
  changed(state, call, at, emit);
}

export function removeChannel(state: State, channel: ChannelState, at: number, cause: number, emit: Emit): void {
  const { call } = channel;
  if (channel.party === 'trunk' && call.direction === 'out' && call.answeredAt === null && cause > 0 && call.cause !== cause) {
    call.cause = cause;
    changed(state, call, at, emit);
  }
  leaveBridge(state, channel, at, emit);
  if (channel.id === call.customer) for (const other of call.channels) closeHold(state, other, at, 'customer', emit);
  if (channel.talk && !channel.talk.left) breakTalk(state, channel, at, 'agent', emit);
  closeHold(state, channel, at, channel.transferring ? 'transferred' : 'agent', emit);
  if (channel.offer !== null) closeOffer(state, channel, channel.dialEnd?.at ?? at, offerEnd(channel, cause), emit);
  closeWaits(state, channel, at, false, emit);
  if (channel.party !== 'local') settleTalks(state, call, emit);
  forget(state, channel);
  if (call.channels.size === 0) endCall(state, call, at, callEnd(call), emit);
}

/** A channel that was gone when we looked again: how its part in the call ended is not known. */
export function loseChannel(state: State, channel: ChannelState, at: number, emit: Emit): void {
  const { call } = channel;
  state.stats.lost++;
  if (channel.bridge) {
    channel.bridge.members.delete(channel);
    if (channel.bridge.members.size === 0) state.bridges.delete(channel.bridge.id);
  }
  if (channel.talk) breakTalk(state, channel, at, 'lost', emit);
  closeHold(state, channel, at, 'lost', emit);
  closeOffer(state, channel, at, 'lost', emit);
  closeWaits(state, channel, at, true, emit);
  forget(state, channel);
  if (call.channels.size === 0) endCall(state, call, at, 'lost', emit);
}

function forget(state: State, channel: ChannelState): void {
  state.channels.delete(channel.id);
  state.pickups.delete(channel.id);
  channel.call.channels.delete(channel);
  if (channel.wire === null) return;
  const halves = state.wires.get(channel.wire);
  halves?.delete(channel);
  if (halves?.size === 0) state.wires.delete(channel.wire);
}

/** A code of the PBX, such as a pick-up where nothing rang: nobody was called. */
const SERVICE = /^[*#]/;

function endCall(state: State, call: CallState, now: number, reason: CallEnd, emit: Emit): void {
  // a clock set back ends no call before it began
  const at = Math.max(now, call.startedAt);
  state.calls.delete(call.key);
  for (const linkedid of call.linkedids) state.linked.delete(linkedid);
  for (const [id, segment] of call.segments) if (segment.to === null) closeSegment(state, call, id, at, 'lost', emit);
  // dialled by an operator, without a party at the other end: a wrong number, a service of the PBX
  if (call.initiator !== null && call.to !== '' && !SERVICE.test(call.to)) declare(state, call, at, emit);
  if (call.declared) emit({ kind: 'call.ended', pbx: state.pbx, key: call.key, at, call: view(state, call, { at, reason }) });
}
