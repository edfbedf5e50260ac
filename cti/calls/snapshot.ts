import { addChannel, loseChannel } from './channels.ts';
import { find } from './merge.ts';
import { closeOffer, closeVisit, declare, openSegment } from './segments.ts';
import type { FoundChannel, FoundEntry } from './signals.ts';
import { bornAt } from './state.ts';
import type { CallState, ChannelState, Emit, State } from './state.ts';
import { joinBridge, placeInBridge, reviewFound } from './talk.ts';

/** An order whose channel has not come after so long was lost with the connection. */
const ORDER_MS = 60_000;

/** What is up now. What we did not know is adopted; what is gone is lost; what is as we knew it says nothing. */
export function takeSnapshot(state: State, found: readonly FoundChannel[], entries: readonly FoundEntry[], at: number, emit: Emit): void {
  const alive = new Set(found.map((info) => info.id));
  for (const channel of [...state.channels.values()]) if (!alive.has(channel.id)) loseChannel(state, channel, at, emit);

  const born = (info: FoundChannel) => bornAt(info.id) ?? at - info.ageMs;
  const fresh = new Set<CallState>();
  const news = new Set<ChannelState>();
  // the oldest first: it began the call
  for (const info of [...found].sort((a, b) => born(a) - born(b) || Number(b.id === b.linkedid) - Number(a.id === a.linkedid))) {
    const known = find(state, info, at, emit);
    if (known) {
      known.up ||= info.up;
      continue;
    }
    const isNew = !state.linked.has(info.linkedid);
    // whoever was not dialled has dialled
    const channel = addChannel(state, { ...info, calling: !info.dialled }, at, bornAt(info.linkedid) ?? born(info));
    if (!channel) continue;
    news.add(channel);
    if (isNew) fresh.add(channel.call);
    if (info.spying) channel.call.silent = true;
    if (info.queue !== '') channel.call.queue ??= info.queue;
  }
  for (const call of fresh) {
    call.adopted = true;
    if ([...call.channels].some((c) => c.party === 'trunk') && call.initiator !== null) call.direction = 'out';
  }
  for (const info of found) {
    const channel = state.channels.get(info.id);
    if (channel) placeInBridge(state, channel, info.bridge);
  }
  for (const channel of [...state.channels.values()]) joinBridge(state, channel, at, emit);

  // silent until they are whole: `call.adopted` tells the call with all that it holds
  const told: Emit = (fact) => {
    if (!('call' in fact) || !fresh.has(state.calls.get(fact.key)!)) emit(fact);
  };
  const waiting = new Map(entries.map((entry) => [entry.id, entry]));
  for (const channel of state.channels.values()) {
    const entry = waiting.get(channel.id);
    if (entry && channel.visit === null) {
      channel.call.queue ??= entry.queue;
      channel.visit = openSegment(state, channel, 'queue', at - entry.waitMs, told, entry.queue);
    } else if (!entry && channel.visit !== null) {
      closeVisit(state, channel, at, channel.bridge ? 'answered' : 'lost', told);
    }
  }
  for (const info of found) {
    const channel = state.channels.get(info.id);
    if (channel?.party !== 'agent') continue;
    const from = news.has(channel) ? born(info) : at;
    if (news.has(channel) && !channel.up && (info.dialled || !channel.calling))
      channel.offer = openSegment(state, channel, 'offer', from, told);
    else if (channel.up) closeOffer(state, channel, at, 'answered', told);
    reviewFound(state, channel, at, from, told);
  }
  for (const call of fresh) {
    call.declared = false; // what began to tell it was not heard
    if (isEvident(call)) declare(state, call, at, emit);
  }
  for (const orders of [state.ordered, state.pickups]) for (const [id, order] of orders) if (at - order.at > ORDER_MS) orders.delete(id);
  emit({ kind: 'pbx.synced', pbx: state.pbx, at, live: [...state.calls.values()].filter((c) => c.declared).map((c) => c.key) });
}

/** One that rings alone may be anything: a supervisor about to listen, a party called into a room; as when its birth is seen, that is no call yet. */
const isEvident = (call: CallState): boolean =>
  call.channels.size > 1 ||
  [...call.channels].some((c) => c.party === 'trunk' && c.calling) ||
  [...call.segments.values()].some((s) => s.kind !== 'offer');
