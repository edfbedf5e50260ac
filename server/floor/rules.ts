import type { QueueBriefs } from '../queues/contract.ts';
import { USUAL_TARGET } from '../queues/contract.ts';
import type { RuleOf } from './tally.ts';

/** By what each queue's calls are counted: its own target. `short`: tau, s; an abandon within it does not count (metrics.md). Pure. */
export const rulesOf = (queues: QueueBriefs, short: number) => {
  const seconds = new Map([...queues].map(([ref, { target }]) => [ref, target.seconds]));
  const of: RuleOf = (queue) => ({ target: seconds.get(queue) ?? USUAL_TARGET.seconds, short });
  return {
    of,
    seconds,
    /** Nothing need be counted anew. */
    same: (other: { seconds: ReadonlyMap<string, number> }): boolean =>
      other.seconds.size === seconds.size && [...seconds].every(([ref, target]) => other.seconds.get(ref) === target),
  };
};
