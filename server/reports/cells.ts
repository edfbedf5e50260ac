import { TARGET_SECONDS } from '../queues/contract.ts';

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

/** A call as the log has it, with its segments by begin. */
export interface HistoryCall {
  pbx: string;
  direction: 'in' | 'out' | 'internal';
  startedAt: number;
  endedAt: number | null;
  outcome: string | null;
  segments: readonly HistorySegment[];
  /** A call back to somebody who asked for it instead of waiting: the visit is counted where they asked. */
  isCallBack: boolean;
  /** Whoever asked for one in this call was spoken with then. */
  calledBack: boolean;
}

/** Time after a call that was an operator's. */
export interface Wrap {
  userId: number;
  from: number;
  to: number;
}

export const HOUR_MS = 3_600_000;
export const hourOf = (at: number): number => Math.floor(at / HOUR_MS) * HOUR_MS;

/** Waits are counted up to each of these, s. */
export { TARGET_SECONDS as THRESHOLDS };

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
  ...TARGET_SECONDS.map((s) => `answered_${s}` as const),
  ...TARGET_SECONDS.map((s) => `abandoned_${s}` as const),
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

/** Where each sum stands among those of its cell. */
const placesOf = <N extends string>(names: readonly N[]) => Object.fromEntries(names.map((name, i) => [name, i])) as Record<N, number>;
const VISIT = placesOf(VISIT_SUMS);
const WORK = placesOf(WORK_SUMS);

/** Sums as an array: a day's calls come to them a million times. */
type Cell = Float64Array;

/** `names` in their order onto the key. */
const asRow = <K extends object, N extends string>(key: K, names: readonly N[], cell: Cell): K & Sums<N> => {
  const row = { ...key } as Record<string, unknown>;
  for (let i = 0; i < names.length; i += 1) row[names[i]!] = cell[i];
  return row as K & Sums<N>;
};

const cellOf = <K>(cells: Map<K, Cell>, key: K, length: number): Cell => {
  let cell = cells.get(key);
  if (!cell) cells.set(key, (cell = new Float64Array(length)));
  return cell;
};

const DIRECTIONS = ['in', 'out', 'internal'] as const;

/** What one queue's calls ('' none's) add up to in one hour. */
interface Hour {
  key: VisitKey;
  /** null: none entered, whatever of earlier ones went on. */
  visit: Cell | null;
  /** By user and direction in one number. */
  work: Map<number, Cell>;
  /** By user, and an outcome for each. */
  outcomes: Map<number, Map<string, Cell>>;
  /** By user. */
  resolution: Map<number, Cell>;
}

const createHours = () => {
  const pbxs = new Map<string, Map<string, Map<number, Hour>>>();
  return {
    at(pbx: string, queue: string, at: number): Hour {
      let queues = pbxs.get(pbx);
      if (!queues) pbxs.set(pbx, (queues = new Map()));
      let hours = queues.get(queue);
      if (!hours) queues.set(queue, (hours = new Map()));
      const hour = hourOf(at);
      let found = hours.get(hour);
      if (!found)
        hours.set(hour, (found = { key: { hour, pbx, queue }, visit: null, work: new Map(), outcomes: new Map(), resolution: new Map() }));
      return found;
    },
    all: (): Hour[] => [...pbxs.values()].flatMap((queues) => [...queues.values()].flatMap((hours) => [...hours.values()])),
  };
};

const FLOWED = new Set(['timeout', 'key', 'empty', 'transferred', 'call-back']);
const MISSED = new Set(['no-answer', 'failed']);
const REJECTED = new Set(['rejected', 'busy']);

const length = (s: { from: number; to: number | null }): number => (s.to === null ? 0 : s.to - s.from);
const shared = (a: HistorySegment, b: HistorySegment): number => Math.max(0, Math.min(a.to!, b.to!) - Math.max(a.from, b.from));

/** The log's talk runs on while the operator has the client on hold; figures count the two apart. */
const talked = (call: HistoryCall, talk: HistorySegment): number => {
  if (talk.to === null) return 0;
  let ms = length(talk);
  for (const s of call.segments) if (s.kind === 'hold' && s.userId === talk.userId && s.to !== null) ms -= shared(talk, s);
  return ms;
};

/** Of the waits up to each of TARGET_SECONDS, `first` being the place of the shortest. */
const countWait = (sums: Float64Array, first: number, ms: number): void => {
  for (let i = TARGET_SECONDS.length - 1; i >= 0 && ms <= TARGET_SECONDS[i]! * 1000; i -= 1) sums[first + i]! += 1;
};

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

const NO_WRAPS: readonly Wrap[] = [];

/** The sums of a period. `from`, `until`: epoch ms, whole hours; what belongs to an hour outside is left to that hour. */
export const createCells = (from: number, until: number) => {
  const hours = createHours();
  const inside = (at: number): boolean => at >= from && at < until;

  const visitCell = (call: HistoryCall, visit: HistorySegment): Cell =>
    (hours.at(call.pbx, visit.queue!, visit.from).visit ??= new Float64Array(VISIT_SUMS.length));

  const addVisit = (sums: Cell, call: HistoryCall, visit: HistorySegment): void => {
    const wait = length(visit);
    sums[VISIT.entered]! += 1;
    if (visit.to !== null) sums[VISIT.wait_max] = Math.max(sums[VISIT.wait_max]!, wait);
    const reason = visit.endReason ?? '';
    if (reason === 'answered') {
      sums[VISIT.answered]! += 1;
      sums[VISIT.wait_answered]! += wait;
      countWait(sums, VISIT.answered_5, wait);
    } else if (reason === 'abandoned') {
      sums[VISIT.abandoned]! += 1;
      sums[VISIT.wait_abandoned]! += wait;
      countWait(sums, VISIT.abandoned_5, wait);
    } else if (FLOWED.has(reason)) sums[VISIT.flowed]! += 1;
    if (reason !== 'call-back') return;
    sums[VISIT.call_backs]! += 1;
    if (call.calledBack) sums[VISIT.call_backs_reached]! += 1;
  };

  const addResolution = ({ resolution }: Hour, userId: number, calledAgain: boolean): void => {
    const sums = cellOf(resolution, userId, 2);
    sums[0]! += 1;
    if (calledAgain) sums[1]! += 1;
  };

  const addTime = (call: HistoryCall, queues: readonly HistorySegment[], kind: 'talk' | 'hold' | 'wrap', at: number, ms: number): void => {
    const visit = visitBefore(queues, at);
    if (visit && !call.isCallBack && inside(visit.from)) visitCell(call, visit)[VISIT[kind]]! += ms;
  };

  const hourFor = (call: HistoryCall, queues: readonly HistorySegment[], at: number): Hour =>
    hours.at(call.pbx, visitBefore(queues, at)?.queue ?? '', at);
  const workCell = ({ work }: Hour, userId: number, { direction }: HistoryCall): Cell =>
    cellOf(work, userId * DIRECTIONS.length + DIRECTIONS.indexOf(direction), WORK_SUMS.length);

  const addSegment = (call: HistoryCall, queues: readonly HistorySegment[], s: HistorySegment): void => {
    if (s.kind !== 'offer' && s.kind !== 'hold' && s.kind !== 'talk') return;
    const ms = s.kind === 'talk' ? talked(call, s) : length(s);
    if (s.kind !== 'offer') addTime(call, queues, s.kind, s.from, ms);
    if (s.userId === null || !inside(s.from)) return;
    const sums = workCell(hourFor(call, queues, s.from), s.userId, call);
    if (s.kind === 'hold') sums[WORK.hold]! += ms;
    else if (s.kind === 'talk') {
      sums[WORK.talk]! += ms;
      if (s.endReason === 'transferred') sums[WORK[transferOf(call, s)]]! += 1;
    } else {
      sums[WORK.offers]! += 1;
      sums[WORK.ring]! += ms;
      if (s.endReason === 'answered') sums[WORK.taken]! += 1;
      else if (MISSED.has(s.endReason ?? '')) sums[WORK.missed]! += 1;
      else if (REJECTED.has(s.endReason ?? '')) sums[WORK.rejected]! += 1;
    }
  };

  /** A visit that was answered is handled once by each who talked, however often they held, consulted, came back. */
  const addHandled = (call: HistoryCall, queues: readonly HistorySegment[], calledAgain: boolean | null): void => {
    const before: { userId: number; visit: HistorySegment | undefined }[] = [];
    for (const s of call.segments) {
      if (s.kind !== 'talk' || s.userId === null) continue;
      const { userId } = s;
      const visit = visitBefore(queues, s.from);
      if (before.some((one) => one.userId === userId && one.visit === visit)) continue;
      before.push({ userId, visit });
      if (!inside(s.from)) continue;
      const hour = hourFor(call, queues, s.from);
      workCell(hour, userId, call)[WORK.handled]! += 1;
      if (calledAgain !== null) addResolution(hour, userId, calledAgain);
      if (call.outcome === null) continue;
      let said = hour.outcomes.get(userId);
      if (!said) hour.outcomes.set(userId, (said = new Map()));
      cellOf(said, call.outcome, 1)[0]! += 1;
    }
  };

  return {
    /** `calledAgain`: the client, within the window of first-call resolution; null: it is still open, or nobody knows who called. */
    add(call: HistoryCall, wraps: readonly Wrap[] = NO_WRAPS, calledAgain: boolean | null = null): void {
      const queues = call.segments.filter((s) => s.kind === 'queue' && s.queue !== null);
      for (const visit of queues) {
        if (call.isCallBack || !inside(visit.from)) continue;
        addVisit(visitCell(call, visit), call, visit);
        if (visit.endReason === 'answered' && calledAgain !== null)
          addResolution(hours.at(call.pbx, visit.queue!, visit.from), 0, calledAgain);
      }
      for (const s of call.segments) addSegment(call, queues, s);
      addHandled(call, queues, calledAgain);
      for (const { userId, from: at, to } of wraps) {
        addTime(call, queues, 'wrap', at, to - at);
        if (inside(at)) workCell(hourFor(call, queues, at), userId, call)[WORK.wrap]! += to - at;
      }
    },
    visits: (): (VisitKey & VisitSums)[] => hours.all().flatMap(({ key, visit }) => (visit ? asRow(key, VISIT_SUMS, visit) : [])),
    work: (): (WorkKey & WorkSums)[] =>
      hours.all().flatMap(({ key, work }) =>
        [...work].map(([code, cell]) => {
          const [userId, direction] = [Math.floor(code / DIRECTIONS.length), DIRECTIONS[code % DIRECTIONS.length]!];
          return asRow({ ...key, userId, direction }, WORK_SUMS, cell);
        }),
      ),
    outcomes: (): (OutcomeKey & { calls: number })[] =>
      hours
        .all()
        .flatMap(({ key, outcomes }) =>
          [...outcomes].flatMap(([userId, said]) => [...said].map(([outcome, [calls = 0]]) => ({ ...key, userId, outcome, calls }))),
        ),
    /** User 0: the visits themselves. */
    resolution: (): (ResolutionKey & { closed: number; repeated: number })[] =>
      hours
        .all()
        .flatMap(({ key, resolution }) =>
          [...resolution].map(([userId, [closed = 0, repeated = 0]]) => ({ ...key, userId, closed, repeated })),
        ),
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
  const cells = new Map<string, StateKey & { ms: number }>();
  for (const span of spans) {
    const end = Math.min(span.to, until);
    for (let at = Math.max(span.from, from); at < end;) {
      const next = Math.min(hourOf(at) + HOUR_MS, end);
      const key = { hour: hourOf(at), userId: span.userId, state: span.state, reason: span.reason ?? '' };
      const name = Object.values(key).join('\0');
      const cell = cells.get(name) ?? { ...key, ms: 0 };
      cells.set(name, cell);
      cell.ms += next - at;
      at = next;
    }
  }
  return [...cells.values()];
};
