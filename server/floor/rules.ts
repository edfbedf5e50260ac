import type { QueueBriefs } from '../queues/contract.ts';
import { USUAL_TARGET } from '../queues/contract.ts';
import type { RuleOf } from './tally.ts';

/** tau, s: an abandon within it is short, and does not count (metrics.md). */
export const SHORT_S = 5;

/** By what each queue's calls are counted: its own target. Pure. */
export const rulesOf = (queues: QueueBriefs) => {
  const seconds = new Map([...queues].map(([ref, { target }]) => [ref, target.seconds]));
  const of: RuleOf = (queue) => ({ target: seconds.get(queue) ?? USUAL_TARGET.seconds, short: SHORT_S });
  return {
    of,
    seconds,
    /** Nothing need be counted anew. */
    same: (other: { seconds: ReadonlyMap<string, number> }): boolean =>
      other.seconds.size === seconds.size && [...seconds].every(([ref, target]) => other.seconds.get(ref) === target),
  };
};
