import { openLeg, ringPhone, talk, TRUNK } from './plant.ts';
import type { CallOrder, Plant } from './plant.ts';
import { snapshot } from './switchboard.ts';
import type { Cause, Channel } from './switchboard.ts';
import type { Timers } from './timers.ts';

export interface OriginateOrder {
  readonly extension: string;
  readonly context: string;
  readonly number: string;
  readonly channelId: string;
  /** As the operator's phone shows the customer. */
  readonly callerNum: string;
  readonly callerName: string;
  readonly timeoutMs: number;
  /** `reason`: 3 rang in vain, 4 answered, 0 hung up. */
  readonly done: (channel: Channel, answered: boolean, reason: number) => void;
}

export interface SpyOrder extends Pick<OriginateOrder, 'extension' | 'channelId' | 'timeoutMs' | 'done'> {
  /** Name of the channel that is listened to. */
  readonly target: string;
}

interface Ending {
  readonly status: 'BUSY' | 'NOANSWER' | 'CANCEL';
  readonly leg: Cause;
  readonly caller: Cause;
  /** The dialplan's line, after the Dial, that hangs the caller up. */
  readonly priority?: number;
}

/** Why a dialled leg was not answered. */
const BUSY: Ending = { status: 'BUSY', leg: 'busy', caller: 'busy', priority: 4 };
const RANG_OUT: Ending = { status: 'NOANSWER', leg: 'unknown', caller: 'no-answer', priority: 5 };
const HUNG_UP_BY_COMMAND: Ending = { status: 'NOANSWER', leg: 'unknown', caller: 'clearing', priority: 3 };
const CANCELLED: Ending = { status: 'CANCEL', leg: 'cancelled', caller: 'cancelled' };
const OPERATOR_GAVE_UP: Ending = { status: 'CANCEL', leg: 'clearing', caller: 'unknown' };

interface Dialling {
  readonly endpoint: string;
  readonly dialString: string;
  readonly ringMs: number;
  readonly talkMs?: number;
}

/** Calls without a queue: straight to an extension, and those that an operator makes. The order of events is that of Asterisk 22. */
export function createDirectCalls(plant: Plant) {
  const { board, random, behaviour } = plant;

  /** `caller` hears the ringing of the leg until it is answered or not. `fate` decides which. */
  function dial(
    caller: Channel,
    { endpoint, dialString, ringMs, talkMs }: Dialling,
    fate: (timers: Timers, leg: Channel, ends: { rings(): void; answered(): void; failed(ending: Ending): void }) => void,
  ): void {
    const timers = plant.timers.group();
    const outside = endpoint === TRUNK;
    const leg = openLeg(plant, caller, { endpoint, context: outside ? 'from-trunk' : 'from-internal', application: 'AppDial' });
    if (outside) board.identify(leg, { num: caller.exten, name: caller.connectedName }, { num: caller.callerNum, name: caller.callerName });
    board.connect(leg, { num: caller.callerNum, name: caller.callerName });
    board.run(caller, 'Dial', `PJSIP/${dialString}`);
    board.dialBegin(caller, leg, dialString);
    if (!outside) board.connect(caller, { num: leg.callerNum, name: leg.callerName });

    const failed = (ending: Ending) => {
      timers.clear();
      if (ending === BUSY) board.request(leg, 'busy');
      board.dialEnd(caller, leg, ending.status);
      if (ending.priority) Object.assign(caller, { context: 'allo-dialstatus', exten: 's', priority: ending.priority });
      board.softRequest(caller, ending === CANCELLED ? 'cancelled' : undefined);
      board.close(leg, ending.leg);
      board.close(caller, ending.caller);
    };
    const answered = () => {
      timers.clear();
      board.setState(leg, 6);
      leg.exten = '';
      board.dialEnd(caller, leg, 'ANSWER');
      if (caller.state !== 6) board.setState(caller, 6);
      talk(plant, { called: leg, calling: caller, operator: outside ? caller : leg, talkMs }, ({ first, second, by }) => {
        if (by === 'phone') board.request(first, 'clearing');
        board.unbridge(first, second);
        board.softRequest(caller);
        board.close(leg, 'clearing');
        board.close(caller, 'clearing');
      });
    };
    const rings = () => {
      board.setState(leg, 5);
      board.dialState(caller, leg);
    };
    caller.hungUp = (by) => {
      const early = caller.state !== 6;
      if (by === 'phone') board.request(caller, 'cancelled');
      failed(early ? CANCELLED : OPERATOR_GAVE_UP);
    };
    leg.hungUp = (by) => failed(by === 'phone' ? BUSY : HUNG_UP_BY_COMMAND);
    timers.after(ringMs, () => failed(RANG_OUT));
    fate(timers, leg, { rings, answered, failed });
  }

  function toPhone(caller: Channel, extension: string, order: { ringMs: number; talkMs?: number }): void {
    const occupied = board.busy(extension);
    dial(caller, { ...order, endpoint: extension, dialString: extension }, (timers, leg, ends) => {
      if (occupied) return void timers.after(0, () => ends.failed(BUSY));
      ends.rings();
      ringPhone(plant, timers, leg, ends.answered);
    });
  }

  function toWorld(caller: Channel, number: string): void {
    dial(caller, { endpoint: TRUNK, dialString: `${number}@${TRUNK}`, ringMs: behaviour.dialMs }, (timers, _leg, ends) => {
      ends.rings();
      const after = (run: () => void) => timers.after(random.between(behaviour.customerRingsMs), run);
      const draw = random.between([0, 1]);
      if (draw < behaviour.customerBusy) after(() => ends.failed(BUSY));
      else if (draw < behaviour.customerBusy + behaviour.customerAnswers) after(ends.answered);
    });
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
      toPhone(caller, extension, { talkMs: order.talkMs, ringMs: behaviour.dialMs });
      if (order.patienceMs !== undefined) plant.timers.after(order.patienceMs, () => caller.state === 4 && caller.hungUp('phone'));
      return caller.linkedid;
    },

    /** Rings the operator's phone; when it is picked up, dials the number. */
    originate(order: OriginateOrder): void {
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
        if (plant.phoneName(order.number) !== undefined) {
          Object.assign(leg, { context: order.context, exten: order.number });
          toPhone(leg, order.number, { ringMs: behaviour.dialMs });
        } else {
          Object.assign(leg, { context: 'allo-trunk-out', exten: order.number });
          board.identify(leg, { num: order.extension, name: '' });
          leg.priority = 2;
          toWorld(leg, order.number);
        }
      };
      board.setState(leg, 5);
      board.dialState(null, leg);
      timers.after(order.timeoutMs, () => failed('no-answer', 3));
      if (behaviour.liftAfterMs) timers.after(random.between(behaviour.liftAfterMs), () => leg.pickUp?.());
    },

    /** Rings the supervisor's phone; when it is lifted, it listens until either of them hangs up. */
    spy(order: SpyOrder): void {
      const timers = plant.timers.group();
      const leg = board.open({
        endpoint: order.extension,
        context: 'default',
        exten: 's',
        uniqueid: order.channelId || undefined,
        callerNum: order.extension,
        callerName: plant.phoneName(order.extension) ?? '',
      });
      board.dialBegin(null, leg, order.extension);
      const end = (cause: Cause) => {
        timers.clear();
        board.close(leg, cause);
      };
      const inVain = (cause: Cause, reason: number) => {
        order.done(leg, false, reason);
        end(cause);
      };
      leg.hungUp = () => inVain('unknown', 0);
      leg.pickUp = () => {
        const target = board.find(order.target);
        leg.pickUp = null;
        timers.clear();
        order.done(leg, true, 4);
        board.setState(leg, 6);
        board.dialEnd(null, leg, 'ANSWER');
        board.run(leg, 'ChanSpy', order.target);
        leg.hungUp = () => end('clearing');
        if (!target) return end('clearing');
        plant.emit('ChanSpyStart', 'call', [...snapshot(leg, 'Spyer'), ...snapshot(target, 'Spyee')]);
        const deaf = board.onClosed((channel) => {
          if (channel === target) end('clearing');
          if (channel === target || channel === leg) deaf();
        });
      };
      board.setState(leg, 5);
      board.dialState(null, leg);
      timers.after(order.timeoutMs, () => inVain('no-answer', 3));
      if (behaviour.liftAfterMs) timers.after(random.between(behaviour.liftAfterMs), () => leg.pickUp?.());
    },
  };
}
