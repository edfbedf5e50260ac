import { declare, view } from './segments.ts';
import type { Touch } from './signals.ts';
import { bornAt } from './state.ts';
import type { CallState, ChannelState, Emit, State } from './state.ts';

/** Which call a channel belongs to, and how two calls become one. */

/** The channel an event speaks of, with its Linkedid brought up to date; undefined when it is nobody's or we never saw it. */
export function find(state: State, { id, linkedid }: Touch, at: number, emit: Emit): ChannelState | undefined {
  const channel = state.channels.get(id);
  if (!channel) state.stats.strangers++;
  if (channel && linkedid !== '' && channel.linkedid !== linkedid) relink(state, channel, linkedid, at, emit);
  return channel;
}

/** The channel belongs to another call now, as Asterisk says: the two are one, under the Linkedid that Asterisk kept, which is the older. */
function relink(state: State, channel: ChannelState, linkedid: string, at: number, emit: Emit): void {
  channel.linkedid = linkedid;
  const from = channel.call;
  const into = state.linked.get(linkedid);
  if (into === from) return;
  if (into) merge(state, from, into, at, emit);
  else rename(state, from, linkedid, at, emit);
}

/**
 * Two channels of different calls hear one another: the calls are one, the older names it. Asterisk says so itself, at once or when one of
 * them leaves; of a conference room it never does. Two callers from outside in one room stay two calls.
 */
export function join(state: State, one: ChannelState, other: ChannelState, at: number, emit: Emit): void {
  const [a, b] = [one.call, other.call];
  if (a === b || a.silent || b.silent || (a.direction === 'in' && b.direction === 'in' && a.customer !== null && b.customer !== null))
    return;
  const [bornA, bornB] = [bornAt(a.key) ?? a.startedAt, bornAt(b.key) ?? b.startedAt];
  if (bornA < bornB || (bornA === bornB && isOlder(a.key, b.key))) merge(state, b, a, at, emit);
  else merge(state, a, b, at, emit);
}

/** Of "1700000000.9" and "1700000000.10" the first. */
const isOlder = (a: string, b: string): boolean => a.length < b.length || (a.length === b.length && a < b);

function rename(state: State, call: CallState, linkedid: string, at: number, emit: Emit): void {
  const merged = call.key;
  state.calls.delete(merged);
  call.key = linkedid;
  call.linkedids.add(linkedid);
  state.calls.set(linkedid, call);
  state.linked.set(linkedid, call);
  if (call.declared) emit({ kind: 'call.merged', pbx: state.pbx, key: linkedid, merged, at, call: view(state, call) });
}

function merge(state: State, from: CallState, into: CallState, at: number, emit: Emit): void {
  const consulting = from.initiator !== null && takesPart(into, from.initiator);
  for (const channel of from.channels) {
    channel.call = into;
    into.channels.add(channel);
  }
  for (const [id, segment] of from.segments) {
    // what the operators said among themselves is not talk with the customer
    into.segments.set(id, consulting && segment.kind === 'talk' ? { ...segment, kind: 'consult' } : segment);
  }
  for (const linkedid of from.linkedids) {
    into.linkedids.add(linkedid);
    state.linked.set(linkedid, into);
  }
  state.calls.delete(from.key);
  into.origin ??= from.origin;
  into.customer ??= from.customer;
  into.queue ??= from.queue;
  into.amd ??= from.amd;
  if (!consulting) into.answeredAt ??= from.answeredAt;
  if (!into.declared) {
    into.silent &&= from.silent;
    if (from.declared || into.answeredAt !== null) declare(state, into, at, emit);
  }
  if (from.declared) emit({ kind: 'call.merged', pbx: state.pbx, key: into.key, merged: from.key, at, call: view(state, into) });
  else if (into.declared) {
    const said = { pbx: state.pbx, key: into.key, at, call: view(state, into) };
    for (const segment of from.segments.values())
      emit({ kind: segment.to === null ? 'segment.started' : 'segment.ended', ...said, segment });
  }
}

function takesPart(call: CallState, agent: string): boolean {
  for (const segment of call.segments.values()) if (segment.agent === agent && segment.kind === 'talk') return true;
  return false;
}
