import type { Knex } from 'knex';
import type { Deps } from '../deps.ts';
import { AppError } from '../core/errors.ts';
import type { ActionPage, ActionQuery } from './contract.ts';
import type { TaskRow } from './present.ts';

/** Corrective actions of all complaints: what was to be mended, by when, and what came of it. */

type Row = Pick<TaskRow, 'id' | 'complaint_id' | 'user_id' | 'text' | 'due_at' | 'done_at' | 'result'> & {
  number: string;
  subject: string;
  cause_id: number | null;
  department_id: number | null;
};

const CURSOR = /^(\d{1,16})-(\d{1,10})$/;

const actionsIn = (db: Knex, { state, owner, department, cause }: ActionQuery, now: number): Knex.QueryBuilder => {
  const query = db('complaint_tasks as a').join('complaints as c', 'c.id', 'a.complaint_id').where('a.kind', 'corrective');
  if (state === 'done') void query.whereNotNull('a.done_at');
  else void query.whereNull('a.done_at');
  if (state === 'overdue') void query.where('a.due_at', '<=', now);
  if (owner !== undefined) void query.where('a.user_id', owner);
  for (const [column, id] of [
    ['c.department_id', department],
    ['c.cause_id', cause],
  ] as const)
    if (id === 0) void query.whereNull(column);
    else if (id !== undefined) void query.where(column, id);
  return query;
};

/** The open by their date, the earliest first; the done the latest first. */
export const listActions = async (deps: Deps, query: ActionQuery): Promise<ActionPage> => {
  const now = deps.now();
  const { db } = deps;
  const column = query.state === 'done' ? 'a.done_at' : 'a.due_at';
  const [order, beyond] = query.state === 'done' ? (['desc', '<'] as const) : (['asc', '>'] as const);
  const page = actionsIn(db, query, now);
  if (query.after !== undefined) {
    const cursor = CURSOR.exec(query.after);
    if (!cursor) throw new AppError('invalid', 'not a cursor', { issues: [{ path: 'query.after', code: 'invalid_format' }] });
    const [at, id] = [Number(cursor[1]), Number(cursor[2])];
    void page.where(
      (either) => void either.where(column, beyond, at).orWhere((same) => void same.where(column, at).where('a.id', beyond, id)),
    );
  }
  const rows = (await page
    .orderBy([{ column, order }, { column: 'a.id', order }])
    .limit(query.limit + 1)
    .select('a.id', 'a.complaint_id', 'a.user_id', 'a.text', 'a.due_at', 'a.done_at', 'a.result', 'c.number', 'c.subject', 'c.cause_id', 'c.department_id')) as Row[]; // prettier-ignore
  const shown = rows.slice(0, query.limit);
  const last = shown.at(-1);
  const people = await deps.directory.briefs([...new Set(shown.map(({ user_id }) => user_id))]);
  return {
    items: shown.map((row) => ({
      id: row.id,
      complaint: { id: row.complaint_id, number: row.number, subject: row.subject },
      causeId: row.cause_id,
      departmentId: row.department_id,
      owner: people.get(row.user_id) ?? null,
      text: row.text,
      dueAt: row.due_at,
      doneAt: row.done_at,
      result: row.result,
    })),
    next: rows.length > query.limit && last ? `${query.state === 'done' ? last.done_at! : last.due_at}-${last.id}` : null,
    now,
  };
};

/** How many are open, and how many of them overdue, by whose they are and by the complaint's department. */
export const countActions = async (deps: Deps, query: ActionQuery) => {
  const now = deps.now();
  const by = async (column: string) => {
    const rows = (await actionsIn(deps.db, { ...query, state: 'open' }, now)
      .groupBy(column)
      .select({ id: column }, deps.db.raw('COUNT(*) AS n'), deps.db.raw('SUM(CASE WHEN a.due_at <= ? THEN 1 ELSE 0 END) AS late', [now]))) as { id: number | null; n: number | string; late: number | string }[]; // prettier-ignore
    return rows
      .map(({ id, n, late }) => ({ id, open: Number(n), overdue: Number(late) }))
      .sort((a, b) => b.overdue - a.overdue || b.open - a.open);
  };
  const [owners, departments] = [await by('a.user_id'), await by('c.department_id')];
  const people = await deps.directory.briefs(owners.flatMap(({ id }) => id ?? []));
  return { owners: owners.slice(0, 100).map(({ id, ...n }) => ({ owner: people.get(id ?? 0) ?? null, ...n })), departments };
};

/** A task was done, or is not after all: so is what of a complaint it was. Whoever does it on the ticket says more. */
export const noteTask = async (deps: Pick<Deps, 'db' | 'tasksDone'>, taskId: number): Promise<void> => {
  const row = (await deps.db('complaint_tasks').where('task_id', taskId).first('id', 'done_at')) as Pick<TaskRow, 'id' | 'done_at'> | undefined; // prettier-ignore
  if (!row) return;
  const at = (await deps.tasksDone([taskId])).get(taskId) ?? null;
  if ((at === null) !== (row.done_at === null)) await deps.db('complaint_tasks').where('id', row.id).update({ done_at: at });
};
