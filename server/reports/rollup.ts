import type { Knex } from 'knex';
import { inTransaction, isDuplicate } from '../core/db.ts';
import { createCells, HOUR_MS, hourOf, stateCells } from './cells.ts';
import type { HistoryCall, StateSpan, Wrap } from './cells.ts';

type LoggedCall = HistoryCall & { linkedid: string; clientId: number | null };

/**
 * Roll-ups: the sums of each hour, made from the log. An hour is always counted as a whole and put in the place of what stood there, so that
 * counting it again changes nothing; which hours are due, the marks say (report_marks), written together with what they tell of.
 */
/** Where the figures come from; handed over, because no feature reads another one's tables. */
export interface ReportSources {
  /** From calls: those up at any time of the period. */
  callsBetween: (from: number, until: number) => AsyncIterable<LoggedCall[]>;
  /** From calls: whose client called again within so many ms of the end; in their order. */
  calledAgain: (calls: readonly { clientId: number; endedAt: number }[], withinMs: number) => Promise<boolean[]>;
  /** From agents: states at any time of the period, and the wrap-ups of calls. */
  statesBetween: (from: number, until: number) => Promise<(StateSpan & { call: string | null })[]>;
}

export interface RollupDeps extends ReportSources {
  db: Knex;
  now: () => number;
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

export const TABLES = ['report_visits', 'report_work', 'report_outcomes', 'report_resolution', 'report_states'] as const;
const BATCH = 200;
const insertAll = async (trx: Knex, table: string, rows: readonly object[]): Promise<void> => {
  for (let i = 0; i < rows.length; i += BATCH) await trx(table).insert(rows.slice(i, i + BATCH));
};

const WRAPPING = 'wrap-up';
export const SWEEP = 'sweep';

/** W of first-call resolution: a call of the same client within it says that the one before did not settle the matter. */
export const RESOLUTION_MS = 7 * 24 * HOUR_MS;

/** Of calls in that were talked through and whose window has closed: did the client call again? By linkedid. */
const closedWindows = async (deps: RollupDeps, calls: readonly LoggedCall[], now: number): Promise<Map<LoggedCall, boolean>> => {
  const closed: { call: LoggedCall; clientId: number; endedAt: number }[] = [];
  for (const call of calls) {
    const { direction, clientId, endedAt, segments } = call;
    if (direction !== 'in' || clientId === null || endedAt === null || endedAt + RESOLUTION_MS > now) continue;
    if (segments.some((s) => s.kind === 'talk')) closed.push({ call, clientId, endedAt });
  }
  const again = await deps.calledAgain(closed, RESOLUTION_MS);
  return new Map(closed.map(({ call }, i) => [call, again[i]!]));
};

/** Counts the whole hours of [from, until). @returns what stands there from now on */
export const count = async (deps: RollupDeps, from: number, until: number) => {
  const cells = createCells(from, until);
  const now = deps.now();
  // A wrap-up follows its call by minutes: those that began within the period, and shortly after it, belong to its calls.
  const spans = await deps.statesBetween(from, until + HOUR_MS);
  const wraps = new Map<string, Wrap[]>();
  for (const { state, call, userId, from: at, to } of spans)
    if (state === WRAPPING && call !== null) wraps.set(call, [...(wraps.get(call) ?? []), { userId, from: at, to }]);
  for await (const batch of deps.callsBetween(from, until)) {
    const windows = await closedWindows(deps, batch, now);
    for (const call of batch) cells.add(call, wraps.get(`${call.pbx}:${call.linkedid}`), windows.get(call));
  }
  const states = stateCells(spans, from, Math.min(until, now));
  return { visits: cells.visits(), work: cells.work(), outcomes: cells.outcomes(), resolution: cells.resolution(), states };
};

export type Counted = Awaited<ReturnType<typeof count>>;

export const byUser = <T extends { userId: number }>({ userId, ...row }: T) => ({ ...row, user_id: userId });

export const put = async (trx: Knex, from: number, until: number, counted: Counted): Promise<void> => {
  for (const table of TABLES) await trx(table).where('hour', '>=', from).where('hour', '<', until).delete();
  await insertAll(trx, 'report_visits', counted.visits);
  await insertAll(trx, 'report_work', counted.work.map(byUser));
  await insertAll(trx, 'report_outcomes', counted.outcomes.map(byUser));
  await insertAll(trx, 'report_resolution', counted.resolution.map(byUser));
  await insertAll(trx, 'report_states', counted.states.map(byUser));
};

/** Counts the hours of [from, until) anew, whatever stands there. */
export const rebuild = (deps: RollupDeps, from: number, until: number): Promise<void> =>
  countPeriod(deps, { first: hourOf(from), last: hourOf(until - 1), marks: [] });

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
export const STRETCH_MS = 24 * HOUR_MS;

class Overtaken extends Error {}

const TRIES = 4;
/** Another sweep, or an administrator, counts the same hours at this moment: what it has written is taken away and written anew. */
const besideOthers = async (write: () => Promise<void>): Promise<void> => {
  for (let left = TRIES; ; left -= 1)
    try {
      return await write();
    } catch (err) {
      if (!isDuplicate(err) || left <= 1) throw err;
    }
};

/** The marks go with the last stretch: a death before it counts the hours again. */
const countPeriod = async (deps: RollupDeps, { first, last, marks }: Period): Promise<void> => {
  for (let from = first; from <= last; from += STRETCH_MS) {
    const until = Math.min(last + HOUR_MS, from + STRETCH_MS);
    const counted = await count(deps, from, until);
    await besideOthers(() =>
      inTransaction(deps.db, async (trx) => {
        await put(trx, from, until, counted);
        // Another sweep took some of them, perhaps with later news than ours: its sums stand.
        if (until > last && (await unmark(trx, marks)) < marks.length) throw new Overtaken();
      }),
    );
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
