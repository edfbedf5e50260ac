import type { FloorFigures } from './contract.ts';

/** Counts visits to queues by the minute in which they entered (metrics.md). Pure but for what it holds. */

export interface Visit {
  /** "PBX:NAME" */
  queue: string;
  from: number;
  to: number | null;
  end: string | null;
}

/** T and tau of the service level, s. */
export interface Rule {
  target: number;
  short: number;
}

interface Segment {
  kind: string;
  queue: string | null;
  from: number;
  to: number | null;
  endReason: string | null;
}

export const visitsOf = (pbx: string, segments: readonly Segment[]): Visit[] =>
  segments
    .filter((s) => s.kind === 'queue' && s.queue !== null)
    .map((s) => ({ queue: `${pbx}:${s.queue!}`, from: s.from, to: s.to, end: s.endReason }));

export interface Counts {
  offered: number;
  answered: number;
  /** Answered within T. */
  quick: number;
  abandoned: number;
  /** Abandoned within tau. */
  short: number;
  /** Waits of the answered, ms. */
  waits: number;
}
const NAMES = ['offered', 'answered', 'quick', 'abandoned', 'short', 'waits'] as const;
export const noCounts = (): Counts => ({ offered: 0, answered: 0, quick: 0, abandoned: 0, short: 0, waits: 0 });

const MINUTE_MS = 60_000;
/** The window, and midnights of some time zones. */
const SUMS_KEPT = 8;

/** `failing`: callers who wait now, longer than T: each is a failure already. */
export const figuresOf = (counts: Counts, failing: number): FloorFigures => {
  const under = counts.answered + counts.abandoned - counts.short + failing;
  return {
    offered: counts.offered,
    answered: counts.answered,
    abandoned: counts.abandoned,
    abandonedShort: counts.short,
    serviceLevel: under > 0 ? counts.quick / under : null,
    good: counts.quick,
    of: Math.max(0, under),
    asa: counts.answered > 0 ? counts.waits / counts.answered : null,
  };
};

/** One visit more (1) or less (-1). */
export const addVisit = (counts: Counts, visit: Visit, sign: 1 | -1, { target, short }: Rule): void => {
  counts.offered += sign;
  if (visit.to === null) return;
  const wait = Math.max(0, visit.to - visit.from);
  if (visit.end === 'answered') {
    counts.answered += sign;
    counts.waits += sign * wait;
    if (wait <= target * 1000) counts.quick += sign;
  } else if (visit.end === 'abandoned') {
    counts.abandoned += sign;
    if (wait <= short * 1000) counts.short += sign;
  }
};

/** By queue: its own. */
export type RuleOf = (queue: string) => Rule;

export const createTally = (first: RuleOf) => {
  let ruleOf = first;
  const byCall = new Map<string, readonly Visit[]>();
  /** Queue -> minute -> sums. */
  const queues = new Map<string, Map<number, Counts>>();
  /** Queue -> first minute -> what has been summed up since; until something of it changes. */
  const sums = new Map<string, Map<number, Counts>>();

  const add = (visit: Visit, sign: 1 | -1): void => {
    const minutes = queues.get(visit.queue) ?? new Map<number, Counts>();
    queues.set(visit.queue, minutes);
    const minute = Math.floor(visit.from / MINUTE_MS);
    const counts = minutes.get(minute) ?? noCounts();
    minutes.set(minute, counts);
    const rule = ruleOf(visit.queue);
    addVisit(counts, visit, sign, rule);
    for (const [first, sum] of sums.get(visit.queue) ?? []) if (minute >= first) addVisit(sum, visit, sign, rule);
  };

  const set = (ref: string, visits: readonly Visit[]): void => {
    for (const visit of byCall.get(ref) ?? []) add(visit, -1);
    for (const visit of visits) add(visit, 1);
    if (visits.length > 0) byCall.set(ref, visits);
    else byCall.delete(ref);
  };

  return {
    /** The visits of a call as they are now, in the place of those before. */
    set,
    /** Counts anew what is held: a queue has another target now. */
    setRules(now: RuleOf): void {
      ruleOf = now;
      queues.clear();
      sums.clear();
      for (const visits of byCall.values()) for (const visit of visits) add(visit, 1);
    },
    queues: (): string[] => [...queues.keys()],
    /** Of the visits that entered at `since` or later, by whole minutes. Asked four times a second for each queue, of few moments. */
    counts(queue: string, since: number): Readonly<Counts> {
      const first = Math.floor(since / MINUTE_MS);
      const known = sums.get(queue)?.get(first);
      if (known) return known;
      const sum = noCounts();
      for (const [minute, counts] of queues.get(queue) ?? []) if (minute >= first) for (const name of NAMES) sum[name] += counts[name];
      const kept = sums.get(queue) ?? new Map<number, Counts>();
      sums.set(queue, kept);
      if (kept.size >= SUMS_KEPT) kept.clear();
      kept.set(first, sum);
      return sum;
    },
    forget(before: number): void {
      for (const [ref, visits] of byCall) if (visits.every((visit) => visit.to !== null && visit.to < before)) set(ref, []);
      for (const minutes of queues.values()) for (const [minute, { offered }] of minutes) if (offered === 0) minutes.delete(minute);
    },
  };
};

export type Tally = ReturnType<typeof createTally>;
