/**
 * From calls to sums: what one call adds to the cells of the hours it touched. Pure. A visit to a queue belongs, with all that followed from
 * it, to the hour in which it entered; an offer, a talk, a wrap-up of an operator to the hour in which it began (metrics.md).
 */

export interface HistorySegment {
  kind: string;
  userId: number | null;
  queue: string | null;
  from: number;
  /** null: it goes on. */
  to: number | null;
  endReason: string | null;
}

/** A call as the log has it, with its segments by begin, and the wrap-ups that followed. */
export interface HistoryCall {
  pbx: string;
  direction: 'in' | 'out' | 'internal';
  startedAt: number;
  endedAt: number | null;
  outcome: string | null;
  segments: readonly HistorySegment[];
  wraps: readonly { userId: number; from: number; to: number }[];
  /** The client called again within the window of first-call resolution; null: it is still open, or nobody knows who called. */
  calledAgain: boolean | null;
  /** A call back to somebody who asked for it instead of waiting: the visit is counted where they asked. */
  isCallBack: boolean;
  /** Whoever asked for one in this call was spoken with then. */
  calledBack: boolean;
}

export const HOUR_MS = 3_600_000;
export const hourOf = (at: number): number => Math.floor(at / HOUR_MS) * HOUR_MS;

/** Waits are counted up to each of these, in seconds: a service level can be asked for any of them, also long after. */
export const THRESHOLDS = [5, 10, 15, 20, 30, 45, 60, 90, 120, 180, 300, 600] as const;

type Sums<K extends string> = Record<K, number>;

/** Sums of the visits that entered one queue in one hour. Times in ms. */
export const VISIT_SUMS = [
  'entered',
  'answered',
  'abandoned',
  'flowed',
  'call_backs',
  'call_backs_reached',
  'wait_answered',
  'wait_abandoned',
  'wait_max',
  'talk',
  'hold',
  'wrap',
  ...THRESHOLDS.map((s) => `answered_${s}` as const),
  ...THRESHOLDS.map((s) => `abandoned_${s}` as const),
] as const;
export type VisitSums = Sums<(typeof VISIT_SUMS)[number]>;

/** Sums of what one operator did in one hour, for one queue ('' when the call came from none) and direction. Times in ms. */
export const WORK_SUMS = [
  'offers',
  'taken',
  'missed',
  'rejected',
  'ring',
  'handled',
  'talk',
  'hold',
  'wrap',
  'blind',
  'attended',
  'to_queue',
] as const;
export type WorkSums = Sums<(typeof WORK_SUMS)[number]>;

export interface VisitKey {
  hour: number;
  pbx: string;
  queue: string;
}
export interface WorkKey extends VisitKey {
  userId: number;
  direction: string;
}
/** User 0: the visit itself, whoever took it. */
export interface ResolutionKey extends VisitKey {
  userId: number;
}
export interface OutcomeKey extends VisitKey {
  userId: number;
  outcome: string;
}

const zeros = <K extends string>(names: readonly K[]): Sums<K> => Object.fromEntries(names.map((name) => [name, 0])) as Sums<K>;

/** Cells by their key: added to, then written as they are. */
const table = <K extends object, S extends object>(zero: () => S) => {
  const cells = new Map<string, K & S>();
  return {
    at(key: K): S {
      const name = Object.values(key).join('\u0000');
      let cell = cells.get(name);
      if (!cell) cells.set(name, (cell = { ...key, ...zero() }));
      return cell;
    },
    rows: (): (K & S)[] => [...cells.values()],
  };
};

const FLOWED = new Set(['timeout', 'key', 'empty', 'transferred', 'call-back']);
const MISSED = new Set(['no-answer', 'failed']);
const REJECTED = new Set(['rejected', 'busy']);

const length = (s: { from: number; to: number | null }): number => (s.to === null ? 0 : s.to - s.from);
const shared = (a: HistorySegment, b: HistorySegment): number => Math.max(0, Math.min(a.to!, b.to!) - Math.max(a.from, b.from));

/** The log's talk runs on while the operator has the client on hold; figures count the two apart. */
const talked = (call: HistoryCall, talk: HistorySegment): number =>
  talk.to === null
    ? 0
    : call.segments
        .filter((s) => s.kind === 'hold' && s.userId === talk.userId && s.to !== null)
        .reduce((ms, hold) => ms - shared(talk, hold), length(talk));

const within = (ms: number, seconds: number): boolean => ms <= seconds * 1000;

/** The visit that an operator's segment follows from: the last that had begun by then. */
const visitBefore = (visits: readonly HistorySegment[], at: number): HistorySegment | undefined => visits.findLast((v) => v.from <= at);

/** How a talk that ended by a transfer went on. */
const transferOf = (call: HistoryCall, talk: HistorySegment): 'blind' | 'attended' | 'to_queue' => {
  const end = talk.to!;
  const next = call.segments.find((s) => s !== talk && s.from >= end && (s.kind === 'queue' || s.kind === 'talk' || s.kind === 'offer'));
  if (next?.kind === 'queue') return 'to_queue';
  const consulted = call.segments.some((s) => s.kind === 'consult' && s.userId === talk.userId && s.from >= talk.from && s.from <= end);
  return consulted ? 'attended' : 'blind';
};

/** The sums of a period. `from`, `until`: epoch ms, whole hours; what belongs to an hour outside is left to that hour. */
export const createCells = (from: number, until: number) => {
  const visits = table<VisitKey, VisitSums>(() => zeros(VISIT_SUMS));
  const work = table<WorkKey, WorkSums>(() => zeros(WORK_SUMS));
  const outcomes = table<OutcomeKey, { calls: number }>(() => ({ calls: 0 }));
  const resolution = table<ResolutionKey, { closed: number; repeated: number }>(() => ({ closed: 0, repeated: 0 }));
  const inside = (at: number): boolean => at >= from && at < until;

  const addVisit = (call: HistoryCall, visit: HistorySegment): void => {
    const cell = visits.at({ hour: hourOf(visit.from), pbx: call.pbx, queue: visit.queue! });
    const wait = length(visit);
    cell.entered += 1;
    if (visit.to !== null) cell.wait_max = Math.max(cell.wait_max, wait);
    const reason = visit.endReason ?? '';
    if (reason === 'answered') {
      cell.answered += 1;
      cell.wait_answered += wait;
      for (const s of THRESHOLDS) if (within(wait, s)) cell[`answered_${s}`] += 1;
    } else if (reason === 'abandoned') {
      cell.abandoned += 1;
      cell.wait_abandoned += wait;
      for (const s of THRESHOLDS) if (within(wait, s)) cell[`abandoned_${s}`] += 1;
    } else if (FLOWED.has(reason)) cell.flowed += 1;
    if (reason !== 'call-back') return;
    cell.call_backs += 1;
    if (call.calledBack) cell.call_backs_reached += 1;
  };

  const addResolution = (call: HistoryCall, key: ResolutionKey): void => {
    if (call.calledAgain === null) return;
    const cell = resolution.at(key);
    cell.closed += 1;
    if (call.calledAgain) cell.repeated += 1;
  };

  const addTime = (call: HistoryCall, queues: readonly HistorySegment[], kind: 'talk' | 'hold' | 'wrap', at: number, ms: number): void => {
    const visit = visitBefore(queues, at);

    if (visit && !call.isCallBack && inside(visit.from))
      visits.at({ hour: hourOf(visit.from), pbx: call.pbx, queue: visit.queue! })[kind] += ms;
  };

  return {
    add(call: HistoryCall): void {
      const queues = call.segments.filter((s) => s.kind === 'queue' && s.queue !== null);
      for (const visit of queues) {
        if (call.isCallBack || !inside(visit.from)) continue;
        addVisit(call, visit);
        if (visit.endReason === 'answered')
          addResolution(call, { hour: hourOf(visit.from), pbx: call.pbx, queue: visit.queue!, userId: 0 });
      }

      const keyAt = (userId: number, at: number): WorkKey => ({
        hour: hourOf(at),
        pbx: call.pbx,
        queue: visitBefore(queues, at)?.queue ?? '',
        userId,
        direction: call.direction,
      });
      const handledBy = new Set<string>();
      for (const s of call.segments) {
        const ms = s.kind === 'talk' ? talked(call, s) : length(s);
        if (s.kind === 'talk' || s.kind === 'hold') addTime(call, queues, s.kind, s.from, ms);
        if (s.userId === null || !inside(s.from)) continue;
        const key = keyAt(s.userId, s.from);
        const cell = work.at(key);
        if (s.kind === 'offer') {
          cell.offers += 1;
          cell.ring += ms;
          if (s.endReason === 'answered') cell.taken += 1;
          else if (MISSED.has(s.endReason ?? '')) cell.missed += 1;
          else if (REJECTED.has(s.endReason ?? '')) cell.rejected += 1;
        } else if (s.kind === 'hold') cell.hold += ms;
        else if (s.kind === 'talk') {
          cell.talk += ms;
          if (s.endReason === 'transferred') cell[transferOf(call, s)] += 1;
        }
      }
      // A visit that was answered is handled once by each who talked, however often they held, consulted, came back.
      for (const s of call.segments) {
        if (s.kind !== 'talk' || s.userId === null) continue;
        const visit = visitBefore(queues, s.from);
        const name = `${s.userId} ${visit ? queues.indexOf(visit) : -1}`;
        if (handledBy.has(name)) continue;
        handledBy.add(name);
        if (!inside(s.from)) continue;
        const key = keyAt(s.userId, s.from);
        work.at(key).handled += 1;
        const { hour, pbx, queue, userId } = key;
        addResolution(call, { hour, pbx, queue, userId });
        if (call.outcome !== null) {
          outcomes.at({ hour, pbx, queue, userId, outcome: call.outcome }).calls += 1;
        }
      }
      for (const { userId, from: at, to } of call.wraps) {
        addTime(call, queues, 'wrap', at, to - at);
        if (inside(at)) work.at(keyAt(userId, at)).wrap += to - at;
      }
    },
    visits: visits.rows,
    work: work.rows,
    outcomes: outcomes.rows,
    resolution: resolution.rows,
  };
};

/** A state an operator was in, cut at the hours: who, which, how long within each. */
export interface StateSpan {
  userId: number;
  state: string;
  reason: string | null;
  from: number;
  /** The present for the one that goes on. */
  to: number;
}
export interface StateKey {
  hour: number;
  userId: number;
  state: string;
  reason: string;
}

/** Seconds of all states add up to the time covered, exactly: each ms of a span goes to one hour. */
export const stateCells = (spans: Iterable<StateSpan>, from: number, until: number): (StateKey & { ms: number })[] => {
  const cells = table<StateKey, { ms: number }>(() => ({ ms: 0 }));
  for (const span of spans) {
    const end = Math.min(span.to, until);
    for (let at = Math.max(span.from, from); at < end;) {
      const next = Math.min(hourOf(at) + HOUR_MS, end);
      cells.at({ hour: hourOf(at), userId: span.userId, state: span.state, reason: span.reason ?? '' }).ms += next - at;
      at = next;
    }
  }
  return cells.rows();
};
