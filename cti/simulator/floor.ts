import { createCalled } from './called.ts';
import type { CampaignCall } from './called.ts';
import { createDirectCalls } from './direct-calls.ts';
import type { OriginateOrder } from './direct-calls.ts';
import { createHandOver } from './hand-over.ts';
import { DEFAULT_BEHAVIOUR } from './options.ts';
import type { SimulatorOptions } from './options.ts';
import { createParking } from './parking.ts';
import { plainTalk } from './plant.ts';
import type { CallOrder, Plant } from './plant.ts';
import { createQueueCalls } from './queue-calls.ts';
import { createQueues } from './queues.ts';
import type { Queues, Refusal } from './queues.ts';
import { createRandom } from './random.ts';
import type { Random } from './random.ts';
import { createSwitchboard, snapshot } from './switchboard.ts';
import type { Channel, Emit, Switchboard } from './switchboard.ts';
import type { Timers } from './timers.ts';

export interface Floor {
  readonly board: Switchboard;
  readonly queues: Queues;
  readonly random: Random;
  readonly hasPhone: (extension: string) => boolean;
  readonly phones: () => readonly string[];
  /** A caller from outside. @returns the Linkedid @throws Error when `to` is neither a queue (name or number) nor an extension */
  callIn(to: string, order: CallOrder): string;
  /** Rings the operator's phone, then the number. */
  originate(order: OriginateOrder): void;
  /** Calls somebody outside, who is put into the queue when they answer. @returns false: there is no such queue */
  callOut(queue: string, call: CampaignCall): boolean;
  /** Rings a phone, which then runs an application: `data` as in the dialplan. */
  ringInto(order: OriginateOrder, application: Application, data: string): void;
  readonly handOver: ReturnType<typeof createHandOver>;
  /** Sends a caller who waits elsewhere. @returns what Asterisk says instead of doing it; null: done */
  redirect(caller: Channel, context: string, exten: string): string | null;
  readonly parking: ReturnType<typeof createParking>;
  queueAdd(queue: string, extension: string, order: { name: string; penalty: number; paused: boolean }): Refusal | null;
  queueRemove(queue: string, extension: string): Refusal | null;
  queuePenalty(queue: string, extension: string, penalty: number): Refusal | null;
  queuePause(queue: string, extension: string, paused: boolean, reason: string): Refusal | null;
  /** Picks the extension's phone up, if it rings. */
  pickUp(extension: string): void;
}

/** What a phone that was rung for it can run. ChanSpy: NAME OF A CHANNEL,OPTIONS. Bridge: the same. ParkedCall: LOT,SPACE. */
export const APPLICATIONS = ['ChanSpy', 'Bridge', 'ParkedCall'] as const;
export type Application = (typeof APPLICATIONS)[number];

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
  const parking = createParking(plant, directCalls.reach);

  /** The dialplan: where a channel goes that dials, or is sent to, this number. */
  function onward(caller: Channel, number: string): void {
    Object.assign(caller, { context: 'allo-originate', exten: number });
    const queue = queues.byNumber(number) ?? queues.get(number);
    if (parking.has(number)) return parking.fetch(number, caller);
    if (queue) return queueCalls.wait(queue, caller, { from: caller.callerNum, name: caller.callerName });
    if (!names.has(number)) {
      caller.context = 'allo-trunk-out';
      if (names.has(caller.endpoint)) board.identify(caller, { num: caller.endpoint, name: '' });
      caller.priority = 2;
    }
    directCalls.reach(caller, number);
  }

  const run: Record<Application, (leg: Channel, data: string) => void> = {
    ChanSpy(leg, data) {
      const target = board.find(data.split(',', 1)[0]!);
      if (!target) return board.close(leg, 'clearing');
      board.run(leg, 'ChanSpy', data);
      emit('ChanSpyStart', 'call', [...snapshot(leg, 'Spyer'), ...snapshot(target, 'Spyee')]);
      const deaf = board.onClosed((channel) => {
        if (channel === target || channel === leg) deaf();
        if (channel === target) board.close(leg, 'clearing');
      });
    },
    Bridge(leg, data) {
      const caller = board.find(data.split(',', 1)[0]!);
      if (!caller?.letGo) return board.close(leg, 'clearing');
      caller.letGo('taken');
      if (caller.state !== 6) board.setState(caller, 6);
      leg.linkedid = caller.linkedid;
      plainTalk(plant, { called: leg, calling: caller, operator: leg });
    },
    ParkedCall(leg, data) {
      const space = data.split(',')[1] ?? '';
      if (parking.has(space)) parking.fetch(space, leg);
      else board.close(leg, 'clearing');
    },
  };

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
    originate: (order) => directCalls.originate(order, (leg) => onward(leg, order.number)),
    callOut(name, call) {
      const queue = queues.get(name);
      if (queue) createCalled(plant, (leg, order) => queueCalls.wait(queue, leg, order))(call);
      return queue !== undefined;
    },
    ringInto: (order, application, data) => directCalls.originate(order, (leg) => run[application](leg, data)),
    handOver: createHandOver(plant, onward),
    redirect(caller, context, exten) {
      if (!context || !exten) return 'Context and Exten not specified';
      if (!caller.letGo) return 'Channel waits for nobody';
      caller.letGo('sent');
      onward(caller, exten);
      return null;
    },
    parking,
    queueAdd: (queue, extension, order) => settled(queues.add(queue, extension, order)),
    queueRemove: (queue, extension) => settled(queues.remove(queue, extension)),
    queuePenalty: (queue, extension, penalty) => settled(queues.penalty(queue, extension, penalty)),
    queuePause: (queue, extension, paused, reason) => settled(queues.pause(queue, extension, paused, reason)),
    pickUp(extension) {
      board
        .channels()
        .find((c) => c.endpoint === extension && c.pickUp)
        ?.pickUp?.();
    },
  };
}
