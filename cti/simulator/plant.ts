import type { Behaviour } from './options.ts';
import type { Queues } from './queues.ts';
import type { Random } from './random.ts';
import type { Channel, Emit, HungUpBy, Switchboard } from './switchboard.ts';
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
  /** How long the caller waits for an answer. */
  readonly patienceMs?: number;
  /** The operator's phone takes it by itself, a moment after it rings. */
  readonly answersItself?: boolean;
  /** Has waited before: goes before everybody. */
  readonly first?: boolean;
  /** How long the caller talks before hanging up. */
  readonly talkMs?: number;
}

/** A channel to a phone or the trunk, which is about to be rung; it knows then who calls. */
export function openLeg(plant: Plant, caller: Channel, leg: { endpoint: string; context: string; application: string }): Channel {
  const { board } = plant;
  const channel = board.open({
    endpoint: leg.endpoint,
    context: leg.context,
    exten: 's',
    linkedid: caller.linkedid,
    callerNum: leg.endpoint === TRUNK ? '' : leg.endpoint,
    callerName: plant.phoneName(leg.endpoint) ?? '',
  });
  board.run(channel, leg.application, '(Outgoing Line)');
  channel.exten = caller.exten;
  return channel;
}

/** This phone is worked by the simulator, not by a person. */
export const alone = (plant: Plant, extension: string): boolean =>
  plant.behaviour.answering === 'alone' || !plant.queues.attended(extension);

/** The phone rings: it can be picked up, and acts by itself after a while if no person has it. */
export function ringPhone(plant: Plant, timers: Timers, leg: Channel, answered: () => void): void {
  leg.pickUp = () => {
    leg.pickUp = null;
    answered();
  };
  if (!alone(plant, leg.endpoint)) return;
  const { refuseShare, answerShare, answerAfterMs } = plant.behaviour;
  const draw = plant.random.between([0, 1]);
  const later = (run: () => void) => timers.after(plant.random.between(answerAfterMs), run);
  if (draw < refuseShare) later(() => leg.hungUp('phone'));
  else if (draw < refuseShare + answerShare) later(() => leg.pickUp?.());
}

export type Side = 'customer' | 'agent';

interface Parties {
  readonly called: Channel;
  readonly calling: Channel;
  readonly operator: Channel;
  readonly talkMs?: number;
}

/** Two parties talk until one of them hangs up; `over` then says who it was, unbridges and closes both. `parted`: one was taken out instead. */
export function talk(
  plant: Plant,
  parties: Parties,
  over: (ended: { first: Channel; second: Channel; side: Side; by: HungUpBy }) => void,
  parted: () => void = () => {},
): void {
  const { called, calling, operator } = parties;
  const customer = operator === called ? calling : called;
  let timers = plant.timers.group();
  const end = (side: Side, by: HungUpBy) => {
    timers.clear();
    const [first, second] = side === 'customer' ? [customer, operator] : [operator, customer];
    over({ first, second, side, by });
  };
  const begin = () => {
    timers = plant.timers.group();
    customer.hungUp = (by) => end('customer', by);
    operator.hungUp = (by) => end('agent', by);
    const agentEnds = alone(plant, operator.endpoint) && plant.random.chance(plant.behaviour.agentEndsShare);
    timers.after(parties.talkMs ?? plant.random.between(plant.behaviour.talkMs), () => end(agentEnds ? 'agent' : 'customer', 'phone'));
  };
  if (!called.bridge) plant.board.bridge(called, calling);
  begin();
  called.talk = calling.talk = {
    suspend: () => timers.clear(),
    resume: begin,
    release() {
      timers.clear();
      called.talk = calling.talk = null;
      parted();
    },
  };
}

/** Talk outside of any queue: when it is over both are gone. */
export function plainTalk(plant: Plant, parties: Parties): void {
  const { board } = plant;
  talk(plant, parties, ({ first, second, by }) => {
    if (by === 'phone') board.request(first, 'clearing');
    board.unbridge(first, second);
    board.softRequest(parties.calling);
    board.close(parties.called, 'clearing');
    board.close(parties.calling, 'clearing');
  });
}
