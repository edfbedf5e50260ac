import { ringPhone, talk, TRUNK } from './plant.ts';
import type { CallOrder, Plant } from './plant.ts';
import type { Channel } from './switchboard.ts';
import type { Timers } from './timers.ts';

/** Hang-up causes of Q.850, as the dialplan gives them to a caller who was not answered. */
const CAUSE = { CANCEL: 16, BUSY: 17, NOANSWER: 19 } as const;

export interface OriginateOrder {
  readonly extension: string;
  readonly context: string;
  readonly number: string;
  readonly channelId: string;
  /** As the operator's phone shows the customer. */
  readonly callerNum: string;
  readonly callerName: string;
  readonly timeoutMs: number;
  /** Reason is app_dial's: 3 rang in vain, 4 answered. */
  readonly done: (channel: Channel, answered: boolean, reason: number) => void;
}

/** Calls without a queue: straight to an extension, and those that an operator makes. */
export function createDirectCalls(plant: Plant) {
  const { board, random, behaviour } = plant;

  /** `caller` hears the ringing of `leg` until it is answered or not. Both end when either does. */
  function dial(
    caller: Channel,
    order: {
      endpoint: string;
      dialString: string;
      num: string;
      name: string;
      context: string;
      exten: string;
      talkMs?: number;
      ringMs: number;
    },
    fate: (timers: Timers, leg: Channel, ends: { answered(): void; failed(status: keyof typeof CAUSE): void }) => void,
    toOperator: boolean,
  ): void {
    const timers = plant.timers.group();
    const leg = board.open({
      endpoint: order.endpoint,
      context: order.context,
      exten: order.exten,
      linkedid: caller.linkedid,
      callerNum: order.num,
      callerName: order.name,
      connectedNum: caller.callerNum,
      connectedName: caller.callerName,
    });
    board.run(leg, 'AppDial', '(Outgoing Line)');
    board.run(caller, 'Dial', `PJSIP/${order.dialString}`);
    board.dialBegin(caller, leg, order.dialString);
    const failed = (status: keyof typeof CAUSE) => {
      timers.clear();
      board.dialEnd(caller, leg, status);
      board.close(leg, status === 'BUSY' ? 17 : 0);
      board.close(caller, CAUSE[status]);
    };
    const answered = () => {
      timers.clear();
      board.setState(leg, 6);
      board.dialEnd(caller, leg, 'ANSWER');
      if (caller.state !== 6) board.setState(caller, 6);
      const parties = toOperator ? { customer: caller, operator: leg } : { customer: leg, operator: caller };
      talk(plant, plant.timers.group(), { ...parties, talkMs: order.talkMs }, (_by, cause) => {
        board.close(leg, cause);
        board.close(caller, cause);
      });
    };
    caller.hungUp = (cause) => {
      board.request(caller, cause);
      failed('CANCEL');
    };
    leg.hungUp = (cause) => {
      board.request(leg, cause);
      failed('BUSY');
    };
    timers.after(order.ringMs, () => failed('NOANSWER'));
    fate(timers, leg, { answered, failed });
  }

  function toPhone(caller: Channel, extension: string, order: { ringMs: number; talkMs?: number }): void {
    const occupied = board.busy(extension);
    dial(
      caller,
      {
        ...order,
        endpoint: extension,
        dialString: extension,
        num: extension,
        name: plant.phoneName(extension) ?? '',
        context: 'from-internal',
        exten: '',
      },
      (timers, leg, ends) => {
        if (occupied) return void timers.after(0, () => ends.failed('BUSY'));
        board.setState(leg, 5);
        board.dialState(caller, leg, 'RINGING');
        if (caller.state !== 6) board.setState(caller, 4);
        ringPhone(plant, timers, leg, ends.answered);
      },
      true,
    );
  }

  function toWorld(caller: Channel, number: string): void {
    dial(
      caller,
      { endpoint: TRUNK, dialString: `${number}@${TRUNK}`, num: number, name: '', context: 'from-trunk', exten: number, ringMs: 60_000 },
      (timers, leg, ends) => {
        const after = (run: () => void) => timers.after(random.between(behaviour.customerRingsMs), run);
        if (random.chance(behaviour.customerBusy)) return void after(() => ends.failed('BUSY'));
        board.setState(leg, 5);
        board.dialState(caller, leg, 'RINGING');
        if (random.chance(behaviour.customerAnswers / (1 - behaviour.customerBusy || 1))) after(ends.answered);
        else after(() => ends.failed('NOANSWER'));
      },
      false,
    );
  }

  return {
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
      toPhone(caller, extension, { talkMs: order.talkMs, ringMs: order.patienceMs ?? behaviour.dialMs });
      return caller.linkedid;
    },

    /** Rings the operator's phone; when it is picked up, dials the number. */
    originate(order: OriginateOrder): void {
      const timers = plant.timers.group();
      const leg = board.open({
        endpoint: order.extension,
        context: order.context,
        exten: order.number,
        uniqueid: order.channelId || undefined,
        callerNum: order.callerNum,
        callerName: order.callerName,
        connectedNum: order.callerNum,
        connectedName: order.callerName,
      });
      board.dialBegin(null, leg, order.extension);
      const failed = (cause: number) => {
        timers.clear();
        board.dialEnd(null, leg, 'NOANSWER');
        board.close(leg, cause);
        order.done(leg, false, 3);
      };
      leg.hungUp = (cause) => {
        board.request(leg, cause);
        failed(cause);
      };
      leg.pickUp = () => {
        leg.pickUp = null;
        timers.clear();
        board.setState(leg, 6);
        board.dialEnd(null, leg, 'ANSWER');
        order.done(leg, true, 4);
        if (plant.phoneName(order.number) !== undefined) toPhone(leg, order.number, { ringMs: behaviour.dialMs });
        else toWorld(leg, order.number);
      };
      board.setState(leg, 5);
      board.dialState(null, leg, 'RINGING');
      timers.after(order.timeoutMs, () => failed(0));
      if (behaviour.liftAfterMs) timers.after(random.between(behaviour.liftAfterMs), () => leg.pickUp?.());
    },
  };
}
