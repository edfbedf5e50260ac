import type { Behaviour } from './options.ts';
import type { Queues } from './queues.ts';
import type { Random } from './random.ts';
import type { Channel, Emit, Switchboard } from './switchboard.ts';
import type { Timers } from './timers.ts';

/** What the parts of the simulated PBX share. */
export interface Plant {
  readonly emit: Emit;
  readonly now: () => number;
  readonly board: Switchboard;
  readonly queues: Queues;
  readonly random: Random;
  readonly timers: Timers;
  readonly behaviour: Behaviour;
  /** Name of a known extension; undefined: not one of ours. */
  readonly phoneName: (extension: string) => string | undefined;
}

/** Name of the endpoint through which the world calls. */
export const TRUNK = 'trunk';

/** How one call behaves, where it differs from the rest. */
export interface CallOrder {
  readonly from: string;
  readonly name: string;
  readonly patienceMs?: number;
  readonly talkMs?: number;
}

/** This phone is worked by the simulator, not by a person. */
export const alone = (plant: Plant, extension: string): boolean =>
  plant.behaviour.answering === 'alone' || !plant.queues.attended(extension);

/** The phone rings: it can be picked up, and does so itself after a while if nobody sits at it. */
export function ringPhone(plant: Plant, timers: Timers, leg: Channel, answered: () => void): void {
  leg.pickUp = () => {
    leg.pickUp = null;
    answered();
  };
  if (alone(plant, leg.endpoint) && plant.random.chance(plant.behaviour.answerShare))
    timers.after(plant.random.between(plant.behaviour.answerAfterMs), () => leg.pickUp?.());
}

/** Two parties talk until one of them hangs up. `over` says who it was, and closes both channels. */
export function talk(
  plant: Plant,
  timers: Timers,
  parties: { customer: Channel; operator: Channel; talkMs?: number },
  over: (by: 'customer' | 'agent', cause: number) => void,
): void {
  const { customer, operator } = parties;
  const end = (by: 'customer' | 'agent', cause: number) => {
    timers.clear();
    const [first, second] = by === 'customer' ? [customer, operator] : [operator, customer];
    plant.board.request(first, cause);
    plant.board.unbridge(first, second);
    over(by, cause);
  };
  plant.board.bridge(operator, customer);
  customer.hungUp = (cause) => end('customer', cause);
  operator.hungUp = (cause) => end('agent', cause);
  const agentEnds = alone(plant, operator.endpoint) && plant.random.chance(plant.behaviour.agentEndsShare);
  timers.after(parties.talkMs ?? plant.random.between(plant.behaviour.talkMs), () => end(agentEnds ? 'agent' : 'customer', 16));
}
