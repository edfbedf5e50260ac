import type { CallEnd, SegmentEnd } from '../facts.ts';
import type { CallState, ChannelState } from './state.ts';

/** Q.850, as far as they matter here. */
const BUSY = 17;
const NO_USER_RESPONSE = 18;
const NO_ANSWER = 19;
const ABSENT = 20;
const REJECTED = 21;
const ANSWERED_ELSEWHERE = 26;
const NORMAL = 16;

/** Why an operator's phone stopped ringing without an answer: Hangup's cause tells what DialEnd's status leaves open. */
export function offerEnd(channel: ChannelState, cause: number): SegmentEnd {
  if (cause === ANSWERED_ELSEWHERE || channel.call.taken) return 'elsewhere';
  if (channel.refused || cause === REJECTED) return 'rejected';
  if (cause === BUSY) return 'busy';
  switch (channel.dialEnd?.status) {
    case 'BUSY':
      return 'busy';
    case 'FORWARD':
      return 'transferred';
    case 'NOANSWER':
      return 'no-answer';
    case 'CHANUNAVAIL':
    case 'CONGESTION':
      return 'failed';
    default:
      // an Originate that nobody picked up has no DialEnd
      if (cause === NO_ANSWER || cause === NO_USER_RESPONSE) return 'no-answer';
      if (cause === ABSENT) return 'failed';
      return answeredBeside(channel) ? 'elsewhere' : 'cancelled';
  }
}

/** Another phone that rang for the same call took it. */
function answeredBeside(channel: ChannelState): boolean {
  const mine = channel.offer === null ? undefined : channel.call.segments.get(channel.offer);
  for (const segment of channel.call.segments.values()) {
    if (segment.kind === 'offer' && segment.endReason === 'answered' && segment.to! >= (mine?.from ?? Infinity)) return true;
  }
  return false;
}

export function callEnd(call: CallState): CallEnd {
  if (call.answeredAt !== null) return 'completed';
  if (call.gaveUp) return 'abandoned';
  switch (call.dialStatus) {
    case 'BUSY':
      return 'busy';
    case 'NOANSWER':
      return call.cause === null ? 'no-answer' : byCause(call.cause);
    case 'CONGESTION':
    case 'CHANUNAVAIL':
      return 'failed';
  }
  if (call.queue !== null) return 'no-answer';
  if (call.cause !== null && call.cause !== NORMAL) return byCause(call.cause);
  // whoever called, or was called by a dialler, and neither hung up nor made Dial stop was let go
  return call.initiator === null && call.dialStatus !== 'CANCEL' ? 'no-answer' : 'abandoned';
}

function byCause(cause: number): CallEnd {
  if (cause === BUSY || cause === REJECTED) return 'busy';
  return cause === NORMAL || cause === NO_ANSWER || cause === NO_USER_RESPONSE ? 'no-answer' : 'failed';
}
