import { addChannel, isPlain, learnFromDial, loseChannel, removeChannel } from './channels.ts';
import { offerEnd } from './endings.ts';
import { find, join } from './merge.ts';
import { changed, closeHold, closeOffer, closeVisit, declare, openSegment, setConsult } from './segments.ts';
import type { Signal, SignalOf, Touch } from './signals.ts';
import { takeSnapshot } from './snapshot.ts';
import { agentOfInterface } from './state.ts';
import type { CallState, ChannelState, Emit, State } from './state.ts';
import { enterBridge, leaveBridge } from './talk.ts';
import { closeMenu, menu, park, queueJoin, queueLeave, queueResult, settleVisit, takePlace, unpark } from './waits.ts';

const BACKWARDS_MS = 1_000;

/**
 * One signal into the state of all calls; what it means goes out as facts. Without clock and I/O: the same signals give the same facts. The
 * state is changed in place (ten thousand events a second), and belongs to the tracker alone. Signals that repeat, or that a snapshot has
 * overtaken, change nothing; those of channels never seen are passed over.
 */
export function reduce(state: State, signal: Signal, emit: Emit): void {
  const { at } = signal;
  state.stats.signals++;
  if (at < state.at - BACKWARDS_MS) state.stats.backwards++;
  state.at = at;
  switch (signal.kind) {
    case 'channel.new':
      return channelNew(state, signal, emit);
    case 'originate.ordered':
      state.ordered.set(signal.id, { agent: signal.agent, number: signal.number, at });
      return;
    case 'offer.refused':
      for (const rung of state.linked.get(signal.key)?.channels ?? [])
        if (rung.agent === signal.agent && !rung.up) rung.refused = signal.refused;
      return;
    case 'pickup.ordered':
      state.pickups.set(signal.id, { key: signal.key, at });
      return;
    case 'consult.ordered':
      for (const channel of state.linked.get(signal.key)?.channels ?? [])
        if (channel.name === signal.name) setConsult(state, channel, signal.ordered ? 'ordered' : null, at, emit);
      return;
    case 'move.ordered':
      for (const channel of state.linked.get(signal.key)?.channels ?? [])
        if (channel.name === signal.name) channel.transferring = signal.ordered;
      return;
    case 'originate.refused':
      state.ordered.delete(signal.id);
      state.pickups.delete(signal.id);
      return;
    case 'originate.failed':
      return originateFailed(state, signal, emit);
    case 'dial.begin':
      return dialBegin(state, signal, emit);
    case 'dial.end':
      return dialEnd(state, signal, emit);
    case 'transfer':
      for (const touch of signal.channels) {
        const transferrer = find(state, touch, at, emit);
        if (!transferrer) continue;
        transferrer.transferring = true;
        if (transferrer.talk?.left) transferrer.talk.left = { at: transferrer.talk.left.at, reason: 'transferred' };
      }
      return signal.place && takePlace(state, find(state, signal.place.who, at, emit), find(state, signal.place.of, at, emit), at, emit);
    case 'snapshot':
      return takeSnapshot(state, signal.channels, signal.entries, at, emit);
  }

  const channel = find(state, signal.channel, at, emit);
  if (!channel) return;
  switch (signal.kind) {
    case 'channel.state':
      channel.up ||= signal.up;
      return;
    case 'channel.caller':
      return callerKnown(state, channel, signal, emit);
    case 'channel.renamed':
      channel.name = signal.name;
      return;
    case 'channel.hangup-requested':
      channel.hangingUp = true;
      // who was rung and is not up has refused
      channel.call.gaveUp ||= channel.call.origin === channel.id && (channel.calling || channel.up) && givesUp(channel.call);
      return;
    case 'channel.gone':
      return removeChannel(state, channel, at, signal.cause, emit);
    case 'queue.join':
      return queueJoin(state, channel, signal.queue, at, emit);
    case 'queue.leave':
      return queueLeave(state, channel, at, emit);
    case 'queue.result':
      return queueResult(state, channel, signal, emit);
    case 'menu':
      return menu(state, channel, signal.choice, at, emit);
    case 'amd':
      if (channel.call.amd === signal.verdict) return;
      channel.call.amd = signal.verdict;
      return changed(state, channel.call, at, emit);
    case 'pickup':
      return pickUp(state, channel, signal.target, at, emit);
    case 'parked':
      return park(state, channel, signal.space ?? '', at, emit);
    case 'unparked':
      return unpark(state, channel, at, UNPARKED[signal.by], emit);
    case 'bridge.enter':
      return enterBridge(state, channel, signal.bridge, signal.holding, at, emit);
    case 'bridge.leave':
      if (channel.bridge?.id === signal.bridge) leaveBridge(state, channel, at, emit);
      return;
    case 'hold':
      if (channel.talk && channel.hold === null) channel.hold = openSegment(state, channel, 'hold', at, emit);
      return;
    case 'unhold':
      return closeHold(state, channel, at, 'agent', emit);
    case 'spy':
      channel.call.silent ||= !channel.call.declared;
      return;
    default:
      return signal satisfies never;
  }
}

const UNPARKED = { fetched: 'answered', timeout: 'timeout', 'gave-up': 'abandoned' } as const;

function pickUp(state: State, picker: ChannelState, touch: Touch, at: number, emit: Emit): void {
  const target = find(state, touch, at, emit);
  if (!target) return;
  join(state, picker, target, at, emit);
  picker.pickedFrom = (target.offer !== null && target.call.segments.get(target.offer)?.queue) || null;
  for (const channel of target.call.channels) closeVisit(state, channel, channel.visitLeft ?? at, 'answered', emit);
}

/** Whoever hangs up after all phones have been let ring (into a voice-mail, say) has not given up: nobody answered. */
function givesUp(call: CallState): boolean {
  if (call.answeredAt !== null) return false;
  let offered = false;
  for (const segment of call.segments.values()) {
    if (segment.kind !== 'offer' && segment.kind !== 'queue') continue;
    if (segment.to === null) return true;
    offered = true;
  }
  return !offered || call.direction !== 'in';
}

function channelNew(state: State, { channel: info, at }: SignalOf<'channel.new'>, emit: Emit): void {
  const known = state.channels.get(info.id);
  if (known && known.name === info.name) return void find(state, info, at, emit);
  if (known) {
    state.stats.reborn++;
    // the first of a call: none of its others is left
    for (const channel of info.id === info.linkedid ? [...known.call.channels] : [known]) loseChannel(state, channel, at, emit);
  }
  const ordered = state.ordered.has(info.id);
  const channel = addChannel(state, info, at, at);
  if (channel && isPlain(channel.call, channel, ordered)) declare(state, channel.call, at, emit);
}

/** A call that we ordered and that never came to be: it is told, begun and ended, because somebody was given its key. */
function originateFailed(state: State, { id, at }: SignalOf<'originate.failed'>, emit: Emit): void {
  state.pickups.delete(id);
  const order = state.ordered.get(id);
  if (!order || !state.ordered.delete(id)) return;
  const { agent, number } = order;
  const call = {
    pbx: state.pbx,
    key: id,
    direction: state.extensions.test(number) ? 'internal' : 'out',
    from: agent ?? '',
    fromName: '',
    to: number,
    queue: null,
    initiator: agent,
    startedAt: at,
    answeredAt: null,
    endedAt: null,
    endReason: null,
    cause: null,
    adopted: false,
    segments: [],
  } as const;
  emit({ kind: 'call.started', pbx: state.pbx, key: id, at, call });
  emit({ kind: 'call.ended', pbx: state.pbx, key: id, at, call: { ...call, endedAt: at, endReason: 'failed' } });
}

function dialBegin(state: State, { from, exten, dest, at }: SignalOf<'dial.begin'>, emit: Emit): void {
  const caller = from && find(state, from, at, emit);
  const rung = find(state, dest, at, emit);
  if (!rung || rung.party === 'local') return;
  if (caller) ringsFor(state, caller, rung);
  const { call } = rung;
  if (caller) {
    settleVisit(state, caller, emit);
    closeMenu(state, caller, at, 'transferred', emit);
  }
  if (from) {
    learnFromDial(state, call, rung, caller ? exten : '', at, emit);
    declare(state, call, at, emit);
  } else if (rung.party === 'trunk' && call.origin === rung.id) {
    // nobody of ours calls: a dialler does
    if (call.to === '') call.to = exten;
    declare(state, call, at, emit);
  }
  if (rung.party !== 'agent' || rung.up || rung.counts.offer) return;
  rung.offer = openSegment(state, rung, 'offer', at, emit);
}

/** The far half of a Local channel named like an operator rings a phone for him: his mobile is his as long as the call lasts. */
function ringsFor(state: State, caller: ChannelState, rung: ChannelState): void {
  if (caller.wire === null) return;
  rung.dialledThrough = caller.wire;
  const agent = agentOfInterface(caller.wire, state.extensions);
  if (agent === null || rung.party !== 'trunk' || rung.calling || !caller.name.endsWith(';2')) return;
  rung.party = 'agent';
  rung.agent = agent;
  if (rung.call.customer === rung.id) rung.call.customer = null;
}

const behindWire = (local: ChannelState): ChannelState[] =>
  [...local.call.channels].filter((channel) => channel.dialledThrough === local.wire && channel.offer !== null);

/** The caller has hung up, and all that rang for him stops. */
const isLeaving = (call: CallState): boolean => [...call.channels].some((channel) => channel.id === call.origin && channel.hangingUp);

function dialEnd(state: State, { from, dest, status, at }: SignalOf<'dial.end'>, emit: Emit): void {
  if (from) find(state, from, at, emit);
  const rung = find(state, dest, at, emit);
  // a queue says NOANSWER and then CANCEL of the same phone: the first is the reason
  if (!rung || rung.dialEnd) return;
  if (rung.party === 'local') {
    if (status === 'NOANSWER') for (const behind of behindWire(rung)) behind.dialEnd ??= { at, status };
    return;
  }
  if (status === 'ANSWER') {
    rung.up = true;
    const waiting = state.linked.get(state.pickups.get(rung.id)?.key ?? '');
    if (waiting) waiting.taken = true;
    closeOffer(state, rung, at, 'answered', emit);
    return;
  }
  if (from || rung.party === 'trunk') rung.call.dialStatus = status;
  rung.dialEnd = { at, status };
  // of the others, the Hangup that follows at once knows more
  if (status === 'FORWARD' || (status === 'CANCEL' && isLeaving(rung.call))) closeOffer(state, rung, at, offerEnd(rung, 0), emit);
}

/** The trunk may tell the number after the channel's birth; what the dialplan makes of it later is not the caller's. */
function callerKnown(state: State, channel: ChannelState, { number, callerName, at }: SignalOf<'channel.caller'>, emit: Emit): void {
  const { call } = channel;
  if (call.origin !== channel.id || call.direction !== 'in') return;
  const from = call.from === '' ? number : call.from;
  const fromName = call.fromName === '' ? callerName : call.fromName;
  if (from === call.from && fromName === call.fromName) return;
  call.from = from;
  call.fromName = fromName;
  changed(state, call, at, emit);
}
