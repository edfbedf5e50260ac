import type { Call, CallEnd, Segment, SegmentEnd, SegmentKind } from '../facts.ts';
import type { CallState, ChannelState, Emit, State } from './state.ts';

/** The call as the outside sees it, a copy. */
export const view = (state: State, call: CallState, end: { at: number; reason: CallEnd } | null = null): Call => ({
  pbx: state.pbx,
  key: call.key,
  direction: call.direction,
  from: call.from,
  fromName: call.fromName,
  to: call.to,
  queue: call.queue,
  initiator: call.initiator,
  startedAt: call.startedAt,
  answeredAt: call.answeredAt,
  endedAt: end && end.at,
  endReason: end && end.reason,
  cause: call.cause,
  adopted: call.adopted,
  segments: [...call.segments.values()],
  ...askingIn(call),
  ...spaceOf(call),
  ...(call.amd !== null && { amd: call.amd }),
});

const askingIn = (call: CallState): Pick<Call, 'asking'> => {
  const asking: string[] = [];
  for (const { agent, consult } of call.channels) if (agent !== null && consult === 'asking') asking.push(agent);
  return asking.length > 0 ? { asking } : {};
};

const spaceOf = (call: CallState): Pick<Call, 'space'> => {
  for (const { space } of call.channels) if (space !== '') return { space };
  return {};
};

/** First word of a call to the outside, with what it already holds. */
export function declare(state: State, call: CallState, at: number, emit: Emit): void {
  if (call.declared || call.silent) return;
  call.declared = true;
  const seen = view(state, call);
  const said = { pbx: state.pbx, key: call.key, at, call: seen };
  emit({ kind: call.adopted ? 'call.adopted' : 'call.started', ...said });
  for (const segment of seen.segments) if (segment.to === null) emit({ kind: 'segment.started', ...said, segment });
}

export function changed(state: State, call: CallState, at: number, emit: Emit): void {
  if (call.declared) emit({ kind: 'call.changed', pbx: state.pbx, key: call.key, at, call: view(state, call) });
}

/** How far the operator is with asking somebody first; told where the outside sees it. */
export function setConsult(state: State, channel: ChannelState, consult: ChannelState['consult'], at: number, emit: Emit): void {
  if (channel.consult === consult) return;
  const told = channel.consult === 'asking' || consult === 'asking';
  channel.consult = consult;
  if (told) changed(state, channel.call, at, emit);
}

/** @returns the id of the new segment */
export function openSegment(
  state: State,
  channel: ChannelState,
  kind: SegmentKind,
  at: number,
  emit: Emit,
  queue: string | null = openQueue(channel.call),
): string {
  const ordinal = (channel.counts[kind] = (channel.counts[kind] ?? 0) + 1);
  const segment: Segment = {
    id: `${kind}:${channel.id}:${ordinal}`,
    kind,
    agent: kind === 'queue' || kind === 'ivr' ? null : channel.agent,
    channel: channel.name,
    queue,
    from: at,
    to: null,
    endReason: null,
  };
  const { call } = channel;
  call.segments.set(segment.id, segment);
  if (call.declared) emit({ kind: 'segment.started', pbx: state.pbx, key: call.key, at, call: view(state, call), segment });
  return segment.id;
}

export function closeSegment(state: State, call: CallState, id: string, at: number, endReason: SegmentEnd, emit: Emit): void {
  const open = call.segments.get(id);
  if (!open || open.to !== null) return;
  const segment: Segment = { ...open, to: Math.max(at, open.from), endReason };
  call.segments.set(id, segment);
  if (call.declared) emit({ kind: 'segment.ended', pbx: state.pbx, key: call.key, at, call: view(state, call), segment });
}

/** The queue in which the call waits now. */
function openQueue(call: CallState): string | null {
  for (const channel of call.channels)
    if (channel.visit !== null && channel.visitLeft === null) return call.segments.get(channel.visit)?.queue ?? null;
  return null;
}

export function closeVisit(state: State, channel: ChannelState, at: number, reason: SegmentEnd, emit: Emit): void {
  if (channel.visit === null) return;
  const visit = channel.visit;
  channel.visit = null;
  channel.visitLeft = null;
  closeSegment(state, channel.call, visit, at, reason, emit);
}

export function closeOffer(state: State, channel: ChannelState, at: number, reason: SegmentEnd, emit: Emit): void {
  if (channel.offer === null) return;
  const offer = channel.offer;
  channel.offer = null;
  closeSegment(state, channel.call, offer, at, reason, emit);
}

export function closeHold(state: State, channel: ChannelState, at: number, reason: SegmentEnd, emit: Emit): void {
  if (channel.hold === null) return;
  const hold = channel.hold;
  channel.hold = null;
  closeSegment(state, channel.call, hold, at, reason, emit);
  setConsult(state, channel, null, at, emit);
}
