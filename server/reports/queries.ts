import type { Knex } from 'knex';
import { HOUR_MS, VISIT_SUMS, WORK_SUMS } from './cells.ts';
import type { WorkSums } from './cells.ts';
import { USUAL_TARGET, targetClasses } from '../queues/contract.ts';
import type { QueueBriefs, ServiceTarget, TargetSeconds } from '../queues/contract.ts';
import { codeOf } from './figures.ts';
import type { MeasuredVisits, Resolution } from './figures.ts';
import { SWEEP } from './rollup.ts';

/** What of the roll-ups is asked for. Hours are whole; lists that are missing ask for all. */
export interface Slice {
  from: number;
  until: number;
  queues?: readonly { pbx: string; queue: string }[] | undefined;
  users?: readonly number[] | undefined;
  /** Of states alone. */
  state?: string;
}

const limited = (query: Knex.QueryBuilder, { from, until, queues, users }: Slice): Knex.QueryBuilder => {
  void query.where('hour', '>=', Math.floor(from / HOUR_MS) * HOUR_MS).where('hour', '<', until);
  if (queues) void query.whereIn(['pbx', 'queue'], queues.map(({ pbx, queue }) => [pbx, queue])); // prettier-ignore
  if (users) void query.whereIn('user_id', users as number[]);
  return query;
};

const summed = (db: Knex, names: readonly string[]) =>
  names.map((name) => (name === 'wait_max' ? db.raw('MAX(??) AS ??', [name, name]) : db.raw('SUM(??) AS ??', [name, name])));

/** The target for all, or each queue's own. */
export type Measure = TargetSeconds | QueueBriefs;

/** Answered within the target of their queue, and which targets there are. */
const measured = (db: Knex, measure: Measure): Knex.Raw[] => {
  const classes = typeof measure === 'number' ? [] : targetClasses(measure);
  const usual = typeof measure === 'number' ? { seconds: measure, percent: 0 } : USUAL_TARGET;
  const each = (value: (target: ServiceTarget) => string): [string, string[]] => [
    `CASE ${classes.map(({ queues, target }) => `WHEN pbx = ? AND queue IN (${queues.map(() => '?').join(', ')}) THEN ${value(target)}`).join(' ')} ELSE ${value(usual)} END`,
    classes.flatMap(({ pbx, queues }) => [pbx, ...queues]),
  ];
  const [quick, names] = classes.length > 0 ? each(({ seconds }) => `answered_${seconds}`) : [`answered_${usual.seconds}`, []];
  const [code] = classes.length > 0 ? each((target) => String(codeOf(target))) : [String(codeOf(usual))];
  return [
    db.raw(`SUM(${quick}) AS quick`, names),
    db.raw(`MIN(${code}) AS target_min`, names),
    db.raw(`MAX(${code}) AS target_max`, names),
  ];
};

/** `by`: columns of the table. A visit has no operator, a state no queue: neither is asked about. */
export const visitSums = <K extends string>(db: Knex, slice: Slice, by: readonly K[], measure: Measure): Promise<(MeasuredVisits & Record<K, unknown>)[]> =>
  limited(db('report_visits'), { ...slice, users: undefined }).groupBy(by as unknown as string[]).select([...by, ...summed(db, VISIT_SUMS), ...measured(db, measure)]) as never; // prettier-ignore

export const workSums = <K extends string>(db: Knex, slice: Slice, by: readonly K[]): Promise<(WorkSums & Record<K, unknown>)[]> =>
  limited(db('report_work'), slice).groupBy(by as unknown as string[]).select([...by, ...summed(db, WORK_SUMS)]) as never; // prettier-ignore

export const outcomeSums = <K extends string>(db: Knex, slice: Slice, by: readonly K[]): Promise<({ calls: number } & Record<K, unknown>)[]> =>
  limited(db('report_outcomes'), slice).groupBy(by as unknown as string[]).select([...by, ...summed(db, ['calls'])]) as never; // prettier-ignore

/** Of visits (`users` missing) or of operators. */
export const resolutionSums = <K extends string>(db: Knex, slice: Slice, of: 'visits' | 'operators', by: readonly K[]): Promise<(Resolution & Record<K, unknown>)[]> =>
  limited(db('report_resolution').where('user_id', of === 'visits' ? '=' : '>', 0), slice).groupBy(by as unknown as string[]).select([...by, ...summed(db, ['closed', 'repeated'])]) as never; // prettier-ignore

export const stateSums = <K extends string>(db: Knex, slice: Slice, by: readonly K[]): Promise<({ ms: number } & Record<K, unknown>)[]> =>
  limited(slice.state === undefined ? db('report_states') : db('report_states').where('state', slice.state), { ...slice, queues: undefined }).groupBy(by as unknown as string[]).select([...by, ...summed(db, ['ms'])]) as never; // prettier-ignore

/** The hour up to which the sums are kept fresh; null: nothing has been counted yet. */
export const lastCount = async (db: Knex): Promise<number | null> =>
  (await db('report_counts').where('name', SWEEP).first<{ at: number } | undefined>('at'))?.at ?? null;
