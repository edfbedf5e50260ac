import type { Knex } from 'knex';
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
  callsBetween: (from: number, until: number) => AsyncIterable<(Omit<HistoryCall, 'wraps'> & { linkedid: string })[]>;
  /** From agents: states at any time of the period, and the wrap-ups of calls. */
  statesBetween: (from: number, until: number) => Promise<(StateSpan & { call: string | null })[]>;
}

/** In the transaction that writes the ends of calls, or changes those that have ended. */
export const markCalls = async (trx: Knex, calls: readonly { startedAt: number; endedAt: number }[]): Promise<void> => {
  const hours = calls.map(({ startedAt, endedAt }) => ({ from_hour: hourOf(startedAt), to_hour: hourOf(Math.max(startedAt, endedAt)) }));
  const marks = new Map(hours.map((mark) => [`${mark.from_hour} ${mark.to_hour}`, mark]));
  if (marks.size > 0) await trx('report_marks').insert([...marks.values()]);
};

interface Mark {
  id: number;
  from_hour: number;
  to_hour: number;
}

const TABLES = ['report_visits', 'report_work', 'report_outcomes', 'report_states'] as const;
const BATCH = 200;
const insertAll = async (trx: Knex, table: string, rows: readonly object[]): Promise<void> => {
  for (let i = 0; i < rows.length; i += BATCH) await trx(table).insert(rows.slice(i, i + BATCH));
};

const WRAPPING = 'wrap-up';
export const SWEEP = 'sweep';

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
  for (const table of TABLES) await trx(table).where('hour', '>=', from).where('hour', '<', until).delete();
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

/** States and waiting callers go on by themselves: the hours since the last sweep, at most a month of them. */
const countPresent = async (deps: RollupDeps, now: number): Promise<void> => {
  const row = await deps.db('report_counts').where('name', SWEEP).first<{ at: number } | undefined>('at');
  const first = hourOf(Math.max(Math.min(row?.at ?? now, now), now - 31 * STRETCH_MS));
  await countPeriod(deps, { first, last: hourOf(now), marks: [] });
};

/** Counts what is due. @returns how many marked hours */
export const sweep = async (deps: RollupDeps): Promise<number> => {
  const at = deps.now();
  const hours = await countMarked(deps);
  await countPresent(deps, at);
  await deps.db('report_counts').insert({ name: SWEEP, at }).onConflict('name').merge();
  return hours;
};

const sorted = (rows: readonly object[]): string[] =>
  rows.map((row) => JSON.stringify(Object.entries(row).sort(([a], [b]) => (a < b ? -1 : 1)))).sort();

/** Compares the sums of the whole hours of [from, until) with the log, and counts anew those that differ. @returns them */
export const check = async (deps: RollupDeps, from: number, until: number): Promise<number[]> => {
  const wrong: number[] = [];
  for (let hour = hourOf(from); hour < until; hour += HOUR_MS) {
    const counted = await count(deps, hour, hour + HOUR_MS);
    const expected = [counted.visits, counted.work.map(byUser), counted.outcomes.map(byUser), counted.states.map(byUser)];
    for (const [i, table] of TABLES.entries())
      if (sorted(expected[i]!).join() !== sorted(await deps.db(table).where({ hour })).join() && wrong.at(-1) !== hour) wrong.push(hour);
    if (wrong.at(-1) === hour) await inTransaction(deps.db, (trx) => put(trx, hour, hour + HOUR_MS, counted));
  }
  return wrong;
};
