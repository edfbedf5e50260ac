import { CANCELLED, dial, OPERATOR_GAVE_UP, TAKEN } from './dialling.ts';
import { plainTalk, TRUNK } from './plant.ts';
import type { CallOrder, Plant } from './plant.ts';
import type { Cause, Channel } from './switchboard.ts';

/** A phone rings for an order of its owner. */
interface RingOrder {
  readonly extension: string;
  readonly channelId: string;
  readonly timeoutMs: number;
  /** `reason`: 3 rang in vain, 4 answered, 0 hung up. */
  readonly done: (channel: Channel, answered: boolean, reason: number) => void;
}

export interface OriginateOrder extends RingOrder {
  readonly context: string;
  readonly number: string;
  /** As the operator's phone shows the customer. */
  readonly callerNum: string;
  readonly callerName: string;
}

/** Calls without a queue: straight to an extension, and those that an operator makes. The order of events is that of Asterisk 22. */
export function createDirectCalls(plant: Plant) {
  const { board, random, behaviour } = plant;

  /** Rings until it is answered, which ends the caller's way, or the caller is gone. */
  function reach(caller: Channel, number: string, talkMs?: number): void {
    const { fail } = dial(plant, caller, {
      number,
      answered(leg) {
        caller.letGo = null;
        if (caller.state !== 6) board.setState(caller, 6);
        plainTalk(plant, { called: leg, calling: caller, operator: leg.endpoint === TRUNK ? caller : leg, talkMs });
      },
      failing(ending) {
        if (ending === TAKEN) return;
        if (ending.priority) Object.assign(caller, { context: 'allo-dialstatus', exten: 's', priority: ending.priority });
        board.softRequest(caller, ending === CANCELLED ? 'cancelled' : undefined);
      },
      failed(ending) {
        if (ending !== TAKEN) board.close(caller, ending.caller);
      },
    });
    caller.hungUp = (by) => {
      const early = caller.state !== 6;
      if (by === 'phone') board.request(caller, 'cancelled');
      fail(early ? CANCELLED : OPERATOR_GAVE_UP);
    };
    caller.letGo = () => {
      caller.letGo = null;
      fail(TAKEN);
    };
  }

  return {
    reach,

    /** A caller from outside dials an extension. @returns the Linkedid */
    enter(extension: string, order: CallOrder): string {
      const caller = board.open({
        endpoint: TRUNK,
        state: 4,
        context: 'from-trunk',
        exten: extension,
        callerNum: order.from,
        callerName: order.name,
      });
      reach(caller, extension, order.talkMs);
      if (order.patienceMs !== undefined) plant.timers.after(order.patienceMs, () => caller.state === 4 && caller.hungUp('phone'));
      return caller.linkedid;
    },

    /** Rings the operator's phone; when it is picked up, `lifted`. */
    originate(order: OriginateOrder, lifted: (leg: Channel) => void): void {
      const timers = plant.timers.group();
      const customer = { num: order.callerNum, name: order.callerName };
      const leg = board.open({
        endpoint: order.extension,
        context: 'from-internal',
        exten: 's',
        uniqueid: order.channelId || undefined,
        callerNum: order.extension,
        callerName: plant.phoneName(order.extension) ?? '',
      });
      if (customer.num) {
        board.identify(leg, customer);
        board.connect(leg, customer);
      }
      board.dialBegin(null, leg, order.extension);
      const failed = (cause: Cause, reason: number) => {
        timers.clear();
        order.done(leg, false, reason);
        board.close(leg, cause);
      };
      leg.hungUp = () => {
        board.dialEnd(null, leg, 'NOANSWER');
        failed('unknown', 0);
      };
      leg.pickUp = () => {
        leg.pickUp = null;
        timers.clear();
        order.done(leg, true, 4);
        board.setState(leg, 6);
        board.dialEnd(null, leg, 'ANSWER');
        leg.hungUp = () => board.close(leg, 'clearing');
        lifted(leg);
      };
      board.setState(leg, 5);
      board.dialState(null, leg);
      timers.after(order.timeoutMs, () => failed('no-answer', 3));
      if (behaviour.liftAfterMs) timers.after(random.between(behaviour.liftAfterMs), () => leg.pickUp?.());
    },
  };
}
