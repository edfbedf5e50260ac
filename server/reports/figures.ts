import type { TargetSeconds } from '../queues/contract.ts';
import type { VisitSums, WorkSums } from './cells.ts';

/**
 * The figures of metrics.md out of sums, each null where there is nothing to divide by ("no data", never 100 %). Rates are sums over sums.
 * Shares 0..1, times in ms.
 */
const ratio = (over: number, under: number): number | null => (under > 0 ? over / under : null);

/** Sums of visits and, of their queues' targets: who was answered within them, the lowest and the highest (see codeOf). */
export interface MeasuredVisits extends VisitSums {
  quick: number;
  target_min: number;
  target_max: number;
}

/** A target as one number, by its seconds first: rows of different queues share a target when the lowest is the highest. */
export const codeOf = ({ seconds, percent }: { seconds: number; percent: number }): number => seconds * 1000 + percent;
const secondsOf = (code: number): number => Math.floor(code / 1000);

/** T that all share, s, and the share wanted within it. */
const sharedTarget = ({ target_min: least, target_max: most }: MeasuredVisits): { target: number | null; goal: number | null } => ({
  target: secondsOf(least) === secondsOf(most) && most > 0 ? secondsOf(least) : null,
  goal: least === most && most % 1000 > 0 ? (most % 1000) / 100 : null,
});

export interface QueueFigures {
  offered: number;
  answered: number;
  abandoned: number;
  abandonedShort: number;
  flowed: number;
  /** Of them: asked to be called back; were spoken with then. */
  callBacks: number;
  callBacksReached: number;
  waiting: number;
  target: number | null;
  goal: number | null;
  slStrict: number | null;
  slShort: number | null;
  slAnswered: number | null;
  asa: number | null;
  timeToAbandon: number | null;
  waitMax: number;
  abandonRate: number | null;
  aht: number | null;
  talk: number | null;
  hold: number | null;
  wrap: number | null;
}

/** `short` is tau, s: an abandon within it does not count. */
export const queueFigures = (sums: MeasuredVisits, short: TargetSeconds = 5): QueueFigures => {
  const { entered, answered, abandoned, flowed, quick } = sums;
  const shortly = sums[`abandoned_${short}`];
  return {
    offered: entered,
    answered,
    abandoned,
    abandonedShort: shortly,
    flowed,
    callBacks: sums.call_backs,
    callBacksReached: sums.call_backs_reached,
    waiting: entered - answered - abandoned - flowed,
    ...sharedTarget(sums),
    slStrict: ratio(quick, answered + abandoned),
    slShort: ratio(quick, answered + abandoned - shortly),
    slAnswered: ratio(quick, answered),
    asa: ratio(sums.wait_answered, answered),
    timeToAbandon: ratio(sums.wait_abandoned, abandoned),
    waitMax: sums.wait_max,
    abandonRate: ratio(abandoned - shortly, entered - shortly),
    aht: ratio(sums.talk + sums.hold + sums.wrap, answered),
    talk: ratio(sums.talk, answered),
    hold: ratio(sums.hold, answered),
    wrap: ratio(sums.wrap, answered),
  };
};

export interface Resolution {
  closed: number;
  repeated: number;
}

/** First-call resolution over the calls whose window has closed. */
export const resolutionFigures = ({ closed, repeated }: Resolution): { fcr: number | null; fcrCalls: number; repeated: number } => ({
  fcr: closed > 0 ? 1 - repeated / closed : null,
  fcrCalls: closed,
  repeated,
});

export interface OperatorFigures {
  handled: number;
  aht: number | null;
  talk: number | null;
  hold: number | null;
  wrap: number | null;
  offers: number;
  missedRate: number | null;
  rejectedRate: number | null;
  transferRate: number | null;
  blind: number;
  attended: number;
  toQueue: number;
}

export const operatorFigures = (sums: WorkSums): OperatorFigures => ({
  handled: sums.handled,
  aht: ratio(sums.talk + sums.hold + sums.wrap, sums.handled),
  talk: ratio(sums.talk, sums.handled),
  hold: ratio(sums.hold, sums.handled),
  wrap: ratio(sums.wrap, sums.handled),
  offers: sums.offers,
  missedRate: ratio(sums.missed, sums.offers),
  rejectedRate: ratio(sums.rejected, sums.offers),
  transferRate: ratio(sums.blind + sums.attended + sums.to_queue, sums.handled),
  blind: sums.blind,
  attended: sums.attended,
  toQueue: sums.to_queue,
});

export interface ShiftFigures {
  loggedIn: number;
  occupancy: number | null;
  utilisation: number | null;
  onBreak: number;
}

/** From ms by state. A break counts in utilisation, not in occupancy; dialling counts as ringing. */
export const shiftFigures = (ms: Readonly<Record<string, number>>): ShiftFigures => {
  const of = (...states: string[]): number => states.reduce((sum, state) => sum + (ms[state] ?? 0), 0);
  const busy = of('talking', 'hold', 'wrap-up');
  const ringing = of('ringing', 'dialling');
  const loggedIn = busy + ringing + of('available', 'break', 'unreachable');
  return {
    loggedIn,
    occupancy: ratio(busy + ringing, busy + ringing + of('available')),
    utilisation: ratio(busy, loggedIn),
    onBreak: of('break'),
  };
};
