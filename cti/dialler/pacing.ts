import { createBudget } from './budget.ts';
import { Durations } from './durations.ts';
import { Hazard } from './hazard.ts';

/**
 * How many calls to place now. Every half second the floor is looked at as it will be when a call placed now would be answered: how many operators
 * are free by then (idle now, or freed by then: hazard of the conversation at its age, age of the wrap-up), and how many of the calls that ring are
 * answered before it (by their ages, so that one older than any plausible answer hardly counts). From the mean and variance of that balance follows
 * the probability that one more call finds nobody; calls are placed while it is below what the budget risks (budget.ts).
 * Pure: time comes with the events. Hazards of ring and handle time, a threshold, and feedback on the measured abandonment.
 */

/** `targetAbandonRate`: of the humans who answered, 0 to 1. */
export interface PacerOptions {
  targetAbandonRate: number;
  maxLines: number;
  /** ms between two decisions */
  tickMs: number;
}

/** What a dialler sees, in order of time; `at` in ms of one clock. */
export type PacerEvent = { at: number } & (
  | { type: 'dial'; id: number | string }
  | { type: 'answer'; id: number | string; kind: 'human' | 'machine' }
  | { type: 'fail'; id: number | string; reason: string }
  | { type: 'connect'; id: number | string; agent: number | string; waited: number }
  | { type: 'abandon'; id: number | string; waited: number }
  | { type: 'talk-end'; id: number | string; agent: number | string }
  | { type: 'ready' | 'login' | 'logout'; agent: number | string }
);

/** The floor at the moment of a decision; lists hold since when, ms. `waiting`: humans on the line with no operator yet. */
export interface PacerSnapshot {
  now: number;
  idle: number;
  talking: readonly number[];
  wrapUp: readonly number[];
  dialling: readonly number[];
  waiting: number;
  /** lines in use, whatever for */
  lines: number;
}

export interface Pacer {
  observe(event: PacerEvent): void;
  /** @returns a whole number, 0 or more: calls to place now */
  decide(snapshot: PacerSnapshot): number;
}

/** At so many points of the time until an answer the floor is foreseen. */
const MOMENTS = 6;
const STEP_MS = 500;
/** A freed operator is in time for a human who answered so long ago; the regulators' two seconds, less the connecting. */
const PATIENCE_MS = 1_750;
/** Calls of one decision: by the operators there are, so that a shift that begins all idle does not burst. */
const BURST = 0.3;
/** Outcomes after which one counts for a third in the rate of answers. */
const RATE_WINDOW = 400;
/** With nothing heard for so long, nothing that was learned is believed: one call for each idle operator. */
const STALE_MS = 180_000;

/** The cumulative normal distribution. Abramowitz and Stegun, Handbook of Mathematical Functions, 26.2.17: error below 7.5e-8 */
const normal = (z: number): number => {
  const t = 1 / (1 + 0.2316419 * Math.abs(z));
  const tail =
    0.3989422804 *
    Math.exp((-z * z) / 2) *
    t *
    (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  return z > 0 ? 1 - tail : tail;
};

/** The chance of something of this age within the next `ms`, by how long such things last. */
const soon = (durations: Durations, age: number, ms: number): number => {
  const before = durations.within(age);
  return before > 0.98 ? 0.9 : Math.min(0.99, (durations.within(age + ms) - before) / (1 - before));
};

export const createPacer = ({ targetAbandonRate, maxLines }: PacerOptions): Pacer => {
  const budget = createBudget(targetAbandonRate);
  const untilAnswer = new Durations({ binMs: STEP_MS, bins: 120, halfLife: 400, priorMean: 8_000, priorWeight: 10 });
  const untilOutcome = new Durations({ binMs: STEP_MS, bins: 120, halfLife: 800, priorMean: 15_000, priorWeight: 10 });
  const wrapUps = new Durations({ binMs: STEP_MS, bins: 1_200, halfLife: 300, priorMean: 20_000, priorWeight: 5 });
  const talks = new Hazard();
  const dialled = new Map<number | string, number>();
  const talkingSince = new Map<number | string, number>();
  const wrapUpSince = new Map<number | string, number>();
  // believed at first, cautiously: every second call is answered, few operators leave after a call
  let humans = 5;
  let outcomes = 10;
  let stayed = 20;
  let left = 0.5;
  let heardAt = -Infinity;

  const outcome = (id: number | string, at: number, human: boolean) => {
    const since = dialled.get(id);
    dialled.delete(id);
    humans = humans * (1 - 1 / RATE_WINDOW) + (human ? 1 : 0);
    outcomes = outcomes * (1 - 1 / RATE_WINDOW) + 1;
    heardAt = at;
    if (since === undefined) return;
    untilOutcome.add(at - since);
    if (human) untilAnswer.add(at - since);
  };
  const wrappedUp = (agent: number | string, at: number) => {
    const since = wrapUpSince.get(agent);
    wrapUpSince.delete(agent);
    if (since !== undefined) wrapUps.add(at - since);
    return since !== undefined;
  };

  /** Share of calls a human answers, a standard error to the cautious side. */
  const answerRate = () => {
    const rate = humans / outcomes;
    return Math.min(0.99, rate + Math.sqrt((rate * (1 - rate)) / outcomes));
  };

  /** Mean and variance of the free operators at the moments at which a call placed now may be answered. */
  const foresee = (floor: PacerSnapshot, rate: number) =>
    untilAnswer.quantiles(MOMENTS).map((ms) => {
      let mean = floor.idle - floor.waiting;
      let variance = 0;
      const add = (chance: number, sign: 1 | -1) => {
        mean += sign * chance;
        variance += chance * (1 - chance);
      };
      const inTime = ms + PATIENCE_MS;
      const stay = stayed / (stayed + left);
      // ms of the time ahead by which a conversation may end so that its wrap-up is over as well
      let room = 0;
      for (let t = 0; t < inTime; t += STEP_MS) room += wrapUps.within(t + STEP_MS / 2) * Math.min(STEP_MS, inTime - t);
      for (const since of floor.talking) add(Math.min(0.95, talks.at(floor.now - since) * room) * stay, 1);
      for (const since of floor.wrapUp) add(soon(wrapUps, floor.now - since, inTime) * stay, 1);
      for (const since of floor.dialling) {
        const age = floor.now - since;
        const open = 1 - untilOutcome.within(age);
        const answers = rate * Math.max(0, untilAnswer.within(age + ms) - untilAnswer.within(age));
        add(open > 0.005 ? Math.min(0.95, answers / open) : 0.02, -1);
      }
      return { mean, variance, answered: rate * untilAnswer.within(ms) };
    });

  return {
    observe(event) {
      switch (event.type) {
        case 'dial':
          dialled.set(event.id, event.at);
          break;
        case 'answer':
          outcome(event.id, event.at, event.kind === 'human');
          break;
        case 'fail':
          outcome(event.id, event.at, false);
          break;
        case 'connect':
          talkingSince.set(event.agent, event.at);
          budget.hear(false);
          break;
        case 'abandon':
          budget.hear(true);
          break;
        case 'talk-end': {
          const since = talkingSince.get(event.agent);
          if (since !== undefined) talks.add(event.at - since);
          talkingSince.delete(event.agent);
          wrapUpSince.set(event.agent, event.at);
          break;
        }
        case 'ready':
          if (wrappedUp(event.agent, event.at)) stayed++;
          break;
        case 'logout':
          if (wrappedUp(event.agent, event.at)) left++;
          talkingSince.delete(event.agent);
          break;
        case 'login':
          break;
      }
    },

    decide(floor) {
      const operators = floor.idle + floor.talking.length + floor.wrapUp.length;
      const room = Math.max(0, Math.floor(maxLines - floor.lines));
      if (operators === 0 || room === 0) return 0;
      const silent = heardAt > -Infinity && floor.now - heardAt > STALE_MS;
      if (silent || !(targetAbandonRate > 0)) return Math.min(room, Math.max(0, floor.idle - floor.dialling.length - floor.waiting));
      const moments = foresee(floor, answerRate());
      const risk = budget.risk();
      const most = Math.min(room, Math.max(2, Math.ceil(operators * BURST)));
      let calls = 0;
      for (; calls < most; calls++) {
        let nobody = 0;
        for (const { mean, variance } of moments) nobody += normal((0.5 - mean) / Math.sqrt(variance + 0.05)) / MOMENTS;
        if (nobody > risk) break;
        for (const moment of moments) {
          moment.mean -= moment.answered;
          moment.variance += moment.answered * (1 - moment.answered);
        }
      }
      return calls;
    },
  };
};
