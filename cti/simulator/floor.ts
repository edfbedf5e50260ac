import { createDirectCalls } from './direct-calls.ts';
import type { OriginateOrder, SpyOrder } from './direct-calls.ts';
import { DEFAULT_BEHAVIOUR } from './options.ts';
import type { SimulatorOptions } from './options.ts';
import type { CallOrder, Plant } from './plant.ts';
import { createQueueCalls } from './queue-calls.ts';
import { createQueues } from './queues.ts';
import type { Queues, Refusal } from './queues.ts';
import { createRandom } from './random.ts';
import type { Random } from './random.ts';
import { createSwitchboard } from './switchboard.ts';
import type { Emit, Switchboard } from './switchboard.ts';
import type { Timers } from './timers.ts';

export interface Floor {
  readonly board: Switchboard;
  readonly queues: Queues;
  readonly random: Random;
  readonly hasPhone: (extension: string) => boolean;
  readonly phones: () => readonly string[];
  /** A caller from outside. @returns the Linkedid @throws Error when `to` is neither a queue (name or number) nor an extension */
  callIn(to: string, order: CallOrder): string;
  originate(order: OriginateOrder): void;
  /** Rings a supervisor's phone, which then listens in. */
  spy(order: SpyOrder): void;
  queueAdd(queue: string, extension: string, order: { name: string; penalty: number; paused: boolean }): Refusal | null;
  queueRemove(queue: string, extension: string): Refusal | null;
  queuePause(queue: string, extension: string, paused: boolean, reason: string): Refusal | null;
  /** Picks the extension's phone up, if it rings. */
  pickUp(extension: string): void;
}

/** The office: phones, queues and the calls between them. */
export function createFloor(options: SimulatorOptions, emit: Emit, timers: Timers): Floor {
  const names = new Map(options.extensions.map((e) => [e.extension, e.name]));
  const now = Date.now;
  const board: Switchboard = createSwitchboard({ emit, now, onDevice: (endpoint) => deviceChanged(endpoint) });
  const queues = createQueues({ options: options.queues, names, emit, now, deviceState: board.deviceState });
  const plant: Plant = {
    emit,
    now,
    board,
    queues,
    random: createRandom(options.seed ?? 1),
    timers,
    behaviour: { ...DEFAULT_BEHAVIOUR, ...options.behaviour },
    phoneName: (extension) => names.get(extension),
  };
  const queueCalls = createQueueCalls(plant);
  const directCalls = createDirectCalls(plant);

  function deviceChanged(endpoint: string): void {
    for (const member of queues.membershipsOf(endpoint)) {
      queues.tell('QueueMemberStatus', member);
      queueCalls.kick(queues.get(member.queue)!);
    }
  }

  /** Passes a refusal on; otherwise lets the queues look again at who is free. */
  function settled(result: object | Refusal): Refusal | null {
    if ('refused' in result) return result;
    for (const queue of queues.all()) queueCalls.kick(queue);
    return null;
  }

  return {
    board,
    queues,
    random: plant.random,
    hasPhone: (extension) => names.has(extension),
    phones: () => [...names.keys()],
    callIn(to, order) {
      const queue = queues.get(to) ?? queues.byNumber(to);
      if (queue) return queueCalls.enter(queue, order);
      if (names.has(to)) return directCalls.enter(to, order);
      throw new Error(`the simulated PBX has no queue and no extension "${to}"`);
    },
    originate: directCalls.originate,
    spy: directCalls.spy,
    queueAdd: (queue, extension, order) => settled(queues.add(queue, extension, order)),
    queueRemove: (queue, extension) => settled(queues.remove(queue, extension)),
    queuePause: (queue, extension, paused, reason) => settled(queues.pause(queue, extension, paused, reason)),
    pickUp(extension) {
      board
        .channels()
        .find((c) => c.endpoint === extension && c.pickUp)
        ?.pickUp?.();
    },
  };
}
