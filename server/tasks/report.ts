import type { Knex } from 'knex';
import type { Deps } from '../deps.ts';
import { AppError } from '../core/errors.ts';
import { TaskKind } from './contract.ts';
import type { TaskFigures, TaskReport, TaskReportQuery } from './contract.ts';
import type { MoveRow } from './move-rows.ts';

const LONGEST_MS = 400 * 86_400_000;

/** Sums that add up, so that the total is the sum of the rows. */
const SUMS = {
  due: '1',
  done: 'CASE WHEN done_at IS NOT NULL THEN 1 ELSE 0 END',
  onTime: 'CASE WHEN done_at <= due_at THEN 1 ELSE 0 END',
  late: 'CASE WHEN done_at > due_at THEN 1 ELSE 0 END',
  overdue: 'CASE WHEN done_at IS NULL AND due_at < :now THEN 1 ELSE 0 END',
  moved: 'CASE WHEN moves > 0 THEN 1 ELSE 0 END',
  moves: 'moves',
  returned: 'CASE WHEN returns > 0 THEN 1 ELSE 0 END',
  lostMovedMs: 'CASE WHEN first_due_at < due_at THEN due_at - first_due_at ELSE 0 END',
  lostLateMs: 'CASE WHEN done_at > due_at THEN done_at - due_at ELSE 0 END',
  lostAcceptMs: 'CASE WHEN accepted_at > done_at THEN accepted_at - done_at ELSE 0 END',
} as const;
type Sums = Record<keyof typeof SUMS, number>;

const figuresOf = ({ moves, ...sums }: Sums): TaskFigures => ({
  ...sums,
  onTimeShare: sums.done > 0 ? sums.onTime / sums.done : null,
  movesPerTask: sums.due > 0 ? moves / sums.due : null,
  meanDelayMs: sums.late > 0 ? sums.lostLateMs / sums.late : null,
});

interface Row {
  key: number | string;
  sums: Sums;
}

const rowsOf = async (db: Knex, { by, from, until }: TaskReportQuery, owners: readonly number[] | null, now: number): Promise<Row[]> => {
  const key = by === 'owner' ? 'owner_id' : 'kind';
  const query = db('tasks').where('due_at', '>=', from).where('due_at', '<', until).where('cancelled', 0).groupBy(key).select({ key }); // prettier-ignore
  if (owners) void query.whereIn('owner_id', [...owners]);
  for (const [name, sql] of Object.entries(SUMS)) void query.select(db.raw(`SUM(${sql.replace(':now', String(now))}) AS ??`, [name]));
  const found = (await query) as ({ key: number | string } & Record<string, unknown>)[];
  return found.map((row) => ({ key: row.key, sums: Object.fromEntries(Object.keys(SUMS).map((name) => [name, Number(row[name] ?? 0)])) as Sums }));
}; // prettier-ignore

const reasonsOf = async (db: Knex, { from, until }: TaskReportQuery, owners: readonly number[] | null): Promise<TaskReport['reasons']> => {
  const query = db('task_moves').where('at', '>=', from).where('at', '<', until).whereIn('state', ['made', 'granted']).whereRaw('to_at > from_at'); // prettier-ignore
  if (owners) void query.whereIn('owner_id', [...owners]);
  const rows = (await query.groupBy('reason').select('reason').count({ n: '*' }).sum({ ms: db.raw('to_at - from_at') })) as { reason: MoveRow['reason']; n: number; ms: number }[]; // prettier-ignore
  return rows.map(({ reason, n, ms }) => ({ reason, n: Number(n), ms: Number(ms) })).sort((a, b) => b.ms - a.ms);
};

/** How tasks ended, by person or kind; the worst on time first. @throws AppError invalid */
export const taskReport = async (deps: Deps, query: TaskReportQuery): Promise<TaskReport> => {
  const { from, until, departmentId } = query;
  if (until <= from || until - from > LONGEST_MS)
    throw new AppError('invalid', 'no such period', { issues: [{ path: 'query.until', code: until <= from ? 'too_small' : 'too_big' }] });
  const owners = departmentId === undefined ? null : (await deps.directory.staff()).filter((one) => one.departmentId === departmentId).map(({ id }) => id); // prettier-ignore
  const rows = await rowsOf(deps.db, query, owners, deps.now());
  const users = await deps.directory.briefs(query.by === 'owner' ? rows.map(({ key }) => Number(key)) : []);
  const total = Object.fromEntries(Object.keys(SUMS).map((name) => [name, rows.reduce((sum, row) => sum + row.sums[name as keyof Sums], 0)])) as Sums; // prettier-ignore
  const shown = rows.map(({ key, sums }) => ({
    user: query.by === 'owner' ? (users.get(Number(key)) ?? null) : null,
    kind: query.by === 'kind' ? TaskKind.parse(key) : null,
    figures: figuresOf(sums),
  }));
  return {
    rows: shown.sort((a, b) => (a.figures.onTimeShare ?? 2) - (b.figures.onTimeShare ?? 2) || b.figures.overdue - a.figures.overdue),
    total: figuresOf(total),
    reasons: await reasonsOf(deps.db, query, owners),
    departments: await deps.directory.departments(),
  };
};
