import { openLeg, ringPhone, TRUNK } from './plant.ts';
import type { Plant } from './plant.ts';
import type { Cause, Channel } from './switchboard.ts';
import type { Timers } from './timers.ts';

/** Why a dialled leg was not answered. */
export interface Ending {
  readonly status: 'BUSY' | 'NOANSWER' | 'CANCEL';
  readonly leg: Cause;
  readonly caller: Cause;
  /** The dialplan's line, after the Dial, that hangs the caller up. */
  readonly priority?: number;
}

const BUSY: Ending = { status: 'BUSY', leg: 'busy', caller: 'busy', priority: 4 };
const RANG_OUT: Ending = { status: 'NOANSWER', leg: 'unknown', caller: 'no-answer', priority: 5 };
const HUNG_UP_BY_COMMAND: Ending = { status: 'NOANSWER', leg: 'unknown', caller: 'clearing', priority: 3 };
export const CANCELLED: Ending = { status: 'CANCEL', leg: 'cancelled', caller: 'cancelled' };
export const OPERATOR_GAVE_UP: Ending = { status: 'CANCEL', leg: 'clearing', caller: 'unknown' };
export const TAKEN: Ending = { status: 'CANCEL', leg: 'elsewhere', caller: 'unknown' };

export interface DialOrder {
  /** An extension, or a number of the world. */
  readonly number: string;
  readonly answered: (leg: Channel) => void;
  /** Before the leg is closed, and after. */
  readonly failing?: (ending: Ending) => void;
  readonly failed: (ending: Ending) => void;
}

export interface Dialling {
  readonly leg: Channel;
  /** Ends the ringing. */
  fail(ending: Ending): void;
}

/** `caller` hears a phone or somebody outside ring, until it is answered or not. The order of events is that of Asterisk 22. */
export function dial(plant: Plant, caller: Channel, { number, answered, failing, failed }: DialOrder): Dialling {
  const { board, behaviour } = plant;
  const outside = plant.phoneName(number) === undefined;
  const occupied = !outside && board.busy(number);
  const timers = plant.timers.group();
  const leg = openLeg(plant, caller, {
    endpoint: outside ? TRUNK : number,
    context: outside ? 'from-trunk' : 'from-internal',
    application: 'AppDial',
  });
  const dialString = outside ? `${number}@${TRUNK}` : number;
  if (outside) board.identify(leg, { num: number, name: caller.connectedName }, { num: caller.callerNum, name: caller.callerName });
  board.connect(leg, { num: caller.callerNum, name: caller.callerName });
  board.run(caller, 'Dial', `PJSIP/${dialString}`);
  board.dialBegin(caller, leg, dialString);
  if (!outside) board.connect(caller, { num: leg.callerNum, name: leg.callerName });

  const fail = (ending: Ending) => {
    timers.clear();
    if (ending === BUSY) board.request(leg, 'busy');
    board.dialEnd(caller, leg, ending.status);
    failing?.(ending);
    board.close(leg, ending.leg);
    failed(ending);
  };
  const answer = () => {
    timers.clear();
    board.setState(leg, 6);
    leg.exten = '';
    board.dialEnd(caller, leg, 'ANSWER');
    answered(leg);
  };
  leg.hungUp = (by) => fail(by === 'phone' ? BUSY : HUNG_UP_BY_COMMAND);
  timers.after(behaviour.dialMs, () => fail(RANG_OUT));
  if (occupied) timers.after(0, () => fail(BUSY));
  else {
    board.setState(leg, 5);
    board.dialState(caller, leg);
    if (outside) world(plant, timers, answer, () => fail(BUSY));
    else ringPhone(plant, timers, leg, answer);
  }
  return { leg, fail };
}

/** Somebody outside answers, is busy, or does neither. */
function world({ random, behaviour }: Plant, timers: Timers, answered: () => void, busy: () => void): void {
  const after = (run: () => void) => timers.after(random.between(behaviour.customerRingsMs), run);
  const draw = random.between([0, 1]);
  if (draw < behaviour.customerBusy) after(busy);
  else if (draw < behaviour.customerBusy + behaviour.customerAnswers) after(answered);
}
