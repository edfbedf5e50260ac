import type { Knex } from 'knex';
import type { LoggedCall } from '../calls/history.ts';
import { inTransaction } from '../core/db.ts';
import { createCells, HOUR_MS, hourOf, stateCells } from './cells.ts';
import type { HistoryCall, StateSpan } from './cells.ts';

/**
 * Roll-ups: the sums of each hour, made from the log. An hour is always counted as a whole and put in the place of what stood there, so that
 * counting it again changes nothing; which hours are due, the marks say (report_marks), written together with what they tell of.
 */
export interface RollupDeps {
  db: Knex;
  now: () => number;
  /** From calls: those up at any time of the period. */
  callsBetween: (from: number, until: number) => AsyncIterable<LoggedCall[]>;
  /** From agents: states at any time of the period, and the wrap-ups of calls. */
  statesBetween: (from: number, until: number) => Promise<(StateSpan & { call: string | null })[]>;
}

/** In the transaction of the change. `endedAt` null: up to now. */
export const markCall = async (trx: Knex, call: { startedAt: number; endedAt: number }): Promise<void> => {
  await trx('report_marks').insert({ from_hour: hourOf(call.startedAt), to_hour: hourOf(Math.max(call.startedAt, call.endedAt)) });
};

interface Mark {
  id: number;
  from_hour: number;
  to_hour: number;
}

const BATCH = 200;
const insertAll = async (trx: Knex, table: string, rows: readonly object[]): Promise<void> => {
  for (let i = 0; i < rows.length; i += BATCH) await trx(table).insert(rows.slice(i, i + BATCH));
};

const WRAPPING = 'wrap-up';

/** Counts the whole hours of [from, until). @returns what stands there from now on */
export const count = async (deps: RollupDeps, from: number, until: number) => {
  const cells = createCells(from, until);
  const now = deps.now();
  // A wrap-up follows its call by minutes: those that began within the period, and shortly after it, belong to its calls.
  const spans = await deps.statesBetween(from, until + HOUR_MS);
  const wraps = new Map<string, HistoryCall['wraps'][number][]>();
  for (const { state, call, userId, from: at, to } of spans)
    if (state === WRAPPING && call !== null) wraps.set(call, [...(wraps.get(call) ?? []), { userId, from: at, to }]);
  for await (const batch of deps.callsBetween(from, until))
    for (const call of batch) cells.add({ ...call, wraps: wraps.get(`${call.pbx}:${call.linkedid}`) ?? [] });
  const states = stateCells(spans, from, Math.min(until, now));
  return { visits: cells.visits(), work: cells.work(), outcomes: cells.outcomes(), states };
};

type Counted = Awaited<ReturnType<typeof count>>;

const byUser = <T extends { userId: number }>({ userId, ...row }: T) => ({ ...row, user_id: userId });

const put = async (trx: Knex, from: number, until: number, counted: Counted): Promise<void> => {
  for (const table of ['report_visits', 'report_work', 'report_outcomes', 'report_states'])
    await trx(table).where('hour', '>=', from).where('hour', '<', until).delete();
  await insertAll(trx, 'report_visits', counted.visits);
  await insertAll(trx, 'report_work', counted.work.map(byUser));
  await insertAll(trx, 'report_outcomes', counted.outcomes.map(byUser));
  await insertAll(trx, 'report_states', counted.states.map(byUser));
};

/** Counts the hours of [from, until) anew, whatever stands there. */
export const rebuild = async (deps: RollupDeps, from: number, until: number): Promise<void> => {
  const [first, last] = [hourOf(from), hourOf(until - 1) + HOUR_MS];
  const counted = await count(deps, first, last);
  await inTransaction(deps.db, (trx) => put(trx, first, last, counted));
};

interface Period {
  /** Hours, both counted. */
  first: number;
  last: number;
  marks: number[];
}

/** Marks whose hours touch or overlap make one period. */
export const periods = (marks: readonly Mark[]): Period[] => {
  const found: Period[] = [];
  for (const { id, from_hour, to_hour } of [...marks].sort((a, b) => a.from_hour - b.from_hour)) {
    const last = found.at(-1);
    if (last && from_hour <= last.last + HOUR_MS) {
      last.last = Math.max(last.last, to_hour);
      last.marks.push(id);
    } else found.push({ first: from_hour, last: to_hour, marks: [id] });
  }
  return found;
};

const unmark = async (trx: Knex, ids: readonly number[]): Promise<number> => {
  let gone = 0;
  for (let i = 0; i < ids.length; i += 500)
    gone += await trx('report_marks')
      .whereIn('id', ids.slice(i, i + 500))
      .delete();
  return gone;
};

const MARKS = 20_000;
/** A day at a time: what is counted stays in memory until it is written. */
const STRETCH_MS = 24 * HOUR_MS;

class Overtaken extends Error {}

/** The marks go with the last stretch: a death before it counts the hours again. */
const countPeriod = async (deps: RollupDeps, { first, last, marks }: Period): Promise<void> => {
  for (let from = first; from <= last; from += STRETCH_MS) {
    const until = Math.min(last + HOUR_MS, from + STRETCH_MS);
    const counted = await count(deps, from, until);
    await inTransaction(deps.db, async (trx) => {
      await put(trx, from, until, counted);
      // Another sweep took some of them, perhaps with later news than ours: its sums stand.
      if (until > last && (await unmark(trx, marks)) < marks.length) throw new Overtaken();
    });
  }
};

/** Counts what is marked. @returns how many hours */
const countMarked = async (deps: RollupDeps): Promise<number> => {
  let hours = 0;
  for (const period of periods(await deps.db<Mark>('report_marks').orderBy('id').limit(MARKS))) {
    try {
      await countPeriod(deps, period);
      hours += (period.last - period.first) / HOUR_MS + 1;
    } catch (err) {
      if (!(err instanceof Overtaken)) throw err;
    }
  }
  return hours;
};

/** The states go on by themselves: the hours since they were last counted, at most a month of them. */
const countStates = async (deps: RollupDeps): Promise<void> => {
  const thisHour = hourOf(deps.now());
  const [row] = await deps.db('report_states').max<{ hour: number | null }[]>({ hour: 'hour' });
  const since = Math.max(thisHour - 31 * STRETCH_MS, Math.min(row?.hour ?? thisHour, thisHour - HOUR_MS));
  await countPeriod(deps, { first: since, last: thisHour, marks: [] });
};

/** Counts what is due. @returns how many marked hours */
export const sweep = async (deps: RollupDeps): Promise<number> => {
  const hours = await countMarked(deps);
  await countStates(deps);
  return hours;
};
