import type { SegmentEnd } from '../facts.ts';
import type { SignalOf } from './signals.ts';
import { changed, closeSegment, closeVisit, openSegment, view, declare } from './segments.ts';
import { join } from './merge.ts';
import type { ChannelState, Emit, State } from './state.ts';

/** Where the caller waits: menus of the dialplan, queues, parking spaces. */

export function queueJoin(state: State, channel: ChannelState, queue: string, at: number, emit: Emit): void {
  settleVisit(state, channel, emit);
  closeMenu(state, channel, at, 'transferred', emit);
  if (channel.visit !== null) return;
  const { call } = channel;
  call.queue ??= queue;
  declare(state, call, at, emit);
  channel.visit = openSegment(state, channel, 'queue', at, emit, queue);
  if (call.declared) emit({ kind: 'call.queued', pbx: state.pbx, key: call.key, at, queue, call: view(state, call) });
}

/** The same event comes for answer, hang-up, time-out, key and an empty queue: what it was the dialplan tells next, if it does. */
export function queueLeave(state: State, channel: ChannelState, at: number, emit: Emit): void {
  if (channel.visit === null || channel.visitLeft !== null) return;
  const answered = wasAnswered(channel);
  if (channel.transferring && !answered) closeMoved(state, channel, at, emit);
  // who hangs up while the operator hears the queue's announcement has not been put through
  else if (channel.hangingUp) closeVisit(state, channel, at, 'abandoned', emit);
  else if (answered) closeVisit(state, channel, at, 'answered', emit);
  else channel.visitLeft = at;
}

/** Sent elsewhere by order. */
function closeMoved(state: State, channel: ChannelState, at: number, emit: Emit): void {
  channel.transferring = false;
  closeVisit(state, channel, at, 'transferred', emit);
}

const RESULTS: Readonly<Record<string, SegmentEnd>> = {
  KEY: 'key',
  CALLBACK: 'call-back',
  LEAVEEMPTY: 'empty',
  LEAVEUNAVAIL: 'empty',
  WITHDRAW: 'failed',
};

/** Of a caller whom the queue did not let in there is no visit: the dialplan alone tells which queue it was. */
const TURNED_AWAY = ['FULL', 'JOINEMPTY', 'JOINUNAVAIL'];

type QueueResult = Pick<SignalOf<'queue.result'>, 'status' | 'queue' | 'number' | 'at'>;

export function queueResult(state: State, channel: ChannelState, { status, queue, number, at }: QueueResult, emit: Emit): void {
  const { call } = channel;
  // "anonymous" is no number
  if (status === 'CALLBACK' && call.origin === channel.id && !/\d/.test(call.from) && /\d/.test(number)) {
    call.from = number;
    changed(state, call, at, emit);
  }
  if (channel.visitLeft !== null) closeVisit(state, channel, channel.visitLeft, RESULTS[status] ?? 'timeout', emit);
  else if (TURNED_AWAY.includes(status) && queue !== '' && call.queue === null) {
    call.queue = queue;
    changed(state, call, at, emit);
  }
}

/** The caller's way has gone on, and nobody has told why he left the queue. */
export function settleVisit(state: State, channel: ChannelState, emit: Emit): void {
  if (channel.visitLeft !== null) closeVisit(state, channel, channel.visitLeft, 'timeout', emit);
}

/** One of the phones that rang for this visit answered, and is there. */
function wasAnswered(channel: ChannelState): boolean {
  const visit = channel.visit === null ? undefined : channel.call.segments.get(channel.visit);
  if (!visit) return false;
  for (const phone of channel.call.channels) {
    const offer = channel.call.segments.get(`offer:${phone.id}:${phone.counts.offer ?? 0}`);
    if (offer?.endReason === 'answered' && offer.to! >= visit.from) return true;
  }
  return false;
}

export function menu(state: State, channel: ChannelState, choice: string | null, at: number, emit: Emit): void {
  if (choice !== null) return closeMenu(state, channel, at, choice === '' ? 'timeout' : 'key', emit);
  if (channel.menu !== null && channel.call.segments.get(channel.menu)?.from === at) return;
  settleVisit(state, channel, emit);
  closeMenu(state, channel, at, 'transferred', emit);
  channel.menu = openSegment(state, channel, 'ivr', at, emit, null);
}

export function closeMenu(state: State, channel: ChannelState, at: number, reason: SegmentEnd, emit: Emit): void {
  if (channel.menu === null) return;
  const open = channel.menu;
  channel.menu = null;
  closeSegment(state, channel.call, open, at, reason, emit);
}

/** An operator who waited in a queue, or stood in a menu, is replaced by the caller: it is the same wait, and the two calls are one. */
export function takePlace(state: State, who: ChannelState | undefined, of: ChannelState | undefined, at: number, emit: Emit): void {
  if (!who || !of) return;
  join(state, who, of, at, emit);
  if (who.call !== of.call) return;
  if (who.visit === null) [who.visit, who.visitLeft, of.visit, of.visitLeft] = [of.visit, of.visitLeft, null, null];
  if (who.menu === null) [who.menu, of.menu] = [of.menu, null];
}

export function park(state: State, channel: ChannelState, space: string, at: number, emit: Emit): void {
  if (channel.parked !== null) return;
  for (const operator of channel.call.channels) {
    // the parting comes before this event or after it
    if (operator.talk?.left) operator.talk.left = { at: operator.talk.left.at, reason: 'transferred' };
    else if (operator.bridge !== null && operator.bridge === channel.bridge) operator.transferring = operator !== channel;
  }
  channel.space = space;
  channel.parked = openSegment(state, channel, 'hold', at, emit, null);
}

export function unpark(state: State, channel: ChannelState, at: number, reason: SegmentEnd, emit: Emit): void {
  if (channel.parked === null) return;
  const parked = channel.parked;
  channel.parked = null;
  channel.space = '';
  closeSegment(state, channel.call, parked, at, reason, emit);
}

/** The caller's channel goes: whatever it waited for is over. */
export function closeWaits(state: State, channel: ChannelState, at: number, lost: boolean, emit: Emit): void {
  const reason: SegmentEnd = lost ? 'lost' : channel.hangingUp ? 'abandoned' : 'timeout';
  settleVisit(state, channel, emit);
  closeVisit(state, channel, at, reason, emit);
  closeMenu(state, channel, at, reason, emit);
  unpark(state, channel, at, reason, emit);
}
