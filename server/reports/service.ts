import type { Deps } from '../deps.ts';
import { wallOf, weekdayOf } from '../core/zone.ts';
import { addUp, bucketOf, gather, midnight } from './buckets.ts';
import type { TimeGrouping } from './buckets.ts';
import { USUAL_TARGET } from '../queues/contract.ts';
import { HOUR_MS, VISIT_SUMS, WORK_SUMS } from './cells.ts';
import type { WorkSums } from './cells.ts';
import type {
  BreakReport,
  OperatorReport,
  OutcomeReport,
  QueueReport,
  ReportKey,
  ReportQuery,
  Staffing,
  StaffingQuery,
} from './contract.ts';
import { heads } from './erlang.ts';
import { operatorFigures, queueFigures, resolutionFigures, shiftFigures } from './figures.ts';
import type { MeasuredVisits, Resolution } from './figures.ts';
import { lastCount, outcomeSums, resolutionSums, stateSums, visitSums, workSums } from './queries.ts';
import type { Slice } from './queries.ts';

export type ReportDeps = Pick<Deps, 'db' | 'directory' | 'now' | 'queueBriefs'>;

interface Place {
  pbx: string;
  queue: string;
}
export const queueRef = ({ pbx, queue }: Place): string => `${pbx}:${queue}`;
export const queueOf = (ref: string): Place => {
  const at = ref.indexOf(':');
  return { pbx: ref.slice(0, at), queue: ref.slice(at + 1) };
};

const sliceOf = ({ from, until, queue, user }: ReportQuery): Slice => ({ from, until, queues: queue?.map(queueOf), users: user });

const isTime = (by: ReportQuery['by']): by is TimeGrouping => by === 'hour' || by === 'day' || by === 'hourOfDay' || by === 'weekday';

const timeKey = (by: TimeGrouping, bucket: number): ReportKey => (by === 'hour' || by === 'day' ? { at: bucket } : { n: bucket });

const byBucket = <T extends { hour: unknown }>(rows: readonly T[], by: TimeGrouping, timeZone: string): Map<number, T[]> =>
  new Map([...gather(rows, (row) => bucketOf(by, Number(row.hour), timeZone))].sort(([a], [b]) => a - b));

const settle = (rows: readonly Resolution[]): Resolution => ({
  closed: rows.reduce((sum, row) => sum + row.closed, 0),
  repeated: rows.reduce((sum, row) => sum + row.repeated, 0),
});

/** The longest wait is the longest of all, and so are the targets. */
const addVisits = (rows: readonly MeasuredVisits[]): MeasuredVisits => ({
  ...addUp<MeasuredVisits & Record<string, number>>([...VISIT_SUMS, 'quick'], rows as (MeasuredVisits & Record<string, number>)[]),
  wait_max: rows.reduce((most, row) => Math.max(most, row.wait_max), 0),
  target_min: rows.reduce((least, row, i) => (i === 0 ? row.target_min : Math.min(least, row.target_min)), 0),
  target_max: rows.reduce((most, row) => Math.max(most, row.target_max), 0),
});

export const queueReport = async (deps: ReportDeps, query: ReportQuery, timeZone: string): Promise<QueueReport> => {
  const measure = query.target ?? (await deps.queueBriefs());
  const slice = sliceOf(query);
  const rows: { key: ReportKey; sums: MeasuredVisits; resolution: Resolution }[] = [];
  if (isTime(query.by)) {
    const by = query.by;
    const settled = byBucket(await resolutionSums(deps.db, slice, 'visits', ['hour']), by, timeZone);
    for (const [bucket, hours] of byBucket(await visitSums(deps.db, slice, ['hour'], measure), by, timeZone))
      rows.push({ key: timeKey(by, bucket), sums: addVisits(hours), resolution: settle(settled.get(bucket) ?? []) });
  } else {
    const settled = gather(await resolutionSums(deps.db, slice, 'visits', ['pbx', 'queue']), (row) => queueRef(row as unknown as Place));
    for (const row of await visitSums(deps.db, slice, ['pbx', 'queue'], measure)) {
      const queue = queueRef(row as unknown as Place);
      rows.push({ key: { queue }, sums: row, resolution: settle(settled.get(queue) ?? []) });
    }
    rows.sort((a, b) => b.sums.entered - a.sums.entered);
  }
  return {
    rows: rows.map(({ key, sums, resolution }) => ({
      key,
      figures: { ...queueFigures(sums, query.short), ...resolutionFigures(resolution) },
    })),
    total: {
      ...queueFigures(addVisits(rows.map(({ sums }) => sums)), query.short),
      ...resolutionFigures(settle(rows.map(({ resolution }) => resolution))),
    },
    asOf: await lastCount(deps.db),
    timeZone,
  };
};

type States = Record<string, number>;
const statesOf = (rows: readonly { state: unknown; ms: number }[]): States => {
  const ms: States = {};
  for (const row of rows) ms[row.state as string] = (ms[row.state as string] ?? 0) + row.ms;
  return ms;
};

const both = (work: WorkSums, states: States, resolution: readonly Resolution[]) => ({
  ...operatorFigures(work),
  ...shiftFigures(states),
  ...resolutionFigures(settle(resolution)),
});
const total = (rows: readonly WorkSums[]): WorkSums => addUp<WorkSums>(WORK_SUMS, rows);

export const operatorReport = async (deps: ReportDeps, query: ReportQuery, timeZone: string): Promise<OperatorReport> => {
  const column = isTime(query.by) ? 'hour' : 'user_id';
  const [work, states, settled] = await Promise.all([
    workSums(deps.db, sliceOf(query), [column]),
    stateSums(deps.db, sliceOf(query), [column, 'state']),
    resolutionSums(deps.db, sliceOf(query), 'operators', [column]),
  ]);
  const rows: OperatorReport['rows'] = [];
  if (isTime(query.by)) {
    const by = query.by;
    const spent = byBucket(states as never as { hour: number; state: string; ms: number }[], by, timeZone);
    const done = byBucket(work as never as (WorkSums & { hour: number })[], by, timeZone);
    const again = byBucket(settled as never as (Resolution & { hour: number })[], by, timeZone);
    for (const bucket of [...new Set([...done.keys(), ...spent.keys()])].sort((a, b) => a - b))
      rows.push({
        key: timeKey(by, bucket),
        figures: both(total(done.get(bucket) ?? []), statesOf(spent.get(bucket) ?? []), again.get(bucket) ?? []),
      });
  } else {
    const spent = gather(states, (row) => row.user_id as number);
    const done = gather(work, (row) => row.user_id as number);
    const again = gather(settled, (row) => row.user_id as number);
    const ids = [...new Set([...done.keys(), ...spent.keys()])];
    const users = await deps.directory.briefs(ids);
    for (const id of ids) {
      const figures = both(total(done.get(id) ?? []), statesOf(spent.get(id) ?? []), again.get(id) ?? []);
      const user = users.get(id);
      if (user && (figures.loggedIn > 0 || figures.offers > 0 || figures.handled > 0)) rows.push({ key: { user }, figures });
    }
    rows.sort((a, b) => b.figures.handled - a.figures.handled || a.key.user!.name.localeCompare(b.key.user!.name));
  }
  return { rows, total: both(total(work), statesOf(states), settled), asOf: await lastCount(deps.db), timeZone };
};

const shares = <F extends 'calls' | 'ms'>(rows: { key: ReportKey; value: number }[], field: F, asOf: number | null, timeZone: string) => {
  const sum = rows.reduce((all, { value }) => all + value, 0);
  const figures = (value: number) =>
    ({ [field]: value, share: sum > 0 ? value / sum : null }) as Record<F, number> & { share: number | null };
  return {
    rows: rows.sort((a, b) => b.value - a.value).map(({ key, value }) => ({ key, figures: figures(value) })),
    total: figures(sum),
    asOf,
    timeZone,
  };
};

/** How calls ended, by their outcome. */
export const outcomeReport = async (deps: ReportDeps, query: ReportQuery, timeZone: string): Promise<OutcomeReport> => {
  const rows = await outcomeSums(deps.db, sliceOf(query), ['outcome']);
  const keyed = rows.map((row) => ({ key: { outcome: row.outcome as string }, value: row.calls }));
  return shares(keyed, 'calls', await lastCount(deps.db), timeZone);
};

/** Breaks by their reason ('' when none was given). */
export const breakReport = async (deps: ReportDeps, query: ReportQuery, timeZone: string): Promise<BreakReport> => {
  const rows = await stateSums(deps.db, { ...sliceOf(query), state: 'break' }, ['reason']);
  const keyed = rows.map((row) => ({ key: { outcome: row.reason as string }, value: row.ms }));
  return shares(keyed, 'ms', await lastCount(deps.db), timeZone);
};

/** How many operators each hour of a week needs, from what that hour brought in the weeks before today (Erlang C). */
export const staffing = async (deps: ReportDeps, query: StaffingQuery, timeZone: string): Promise<Staffing> => {
  const { queue, weeks, shrinkage } = query;
  const own = (await deps.queueBriefs()).get(queue)?.target ?? USUAL_TARGET;
  const target = query.target ?? own.seconds;
  // No number of people answers all.
  const level = query.level ?? Math.min(0.99, own.percent / 100);
  const until = midnight(deps.now(), 0, timeZone);
  const from = midnight(until, -7 * weeks, timeZone);
  const hours = await visitSums(deps.db, { from, until, queues: [queueOf(queue)] }, ['hour'], own.seconds);
  const { aht } = queueFigures(addVisits(hours));
  const slots = gather(hours, (row) => {
    const wall = wallOf(Number(row.hour), timeZone);
    return weekdayOf(wall) * 24 + wall.hour;
  });
  const rows = [...slots].sort(([a], [b]) => a - b);
  return {
    timeZone,
    weeks,
    aht,
    level,
    target,
    hours:
      aht === null || aht === 0
        ? []
        : rows.map(([slot, found]) => {
            const calls = found.reduce((sum, row) => sum + row.entered, 0) / weeks;
            const need = heads({ calls, interval: HOUR_MS / 1000, aht: aht / 1000 }, { level, target });
            const { operators, serviceLevel, asa, occupancy } = need;
            const scheduled = Math.ceil(operators / (1 - shrinkage));
            return { weekday: Math.floor(slot / 24), hour: slot % 24, calls, operators, scheduled, serviceLevel, asa, occupancy };
          }),
  };
};
