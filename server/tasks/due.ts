import type { Deps } from '../deps.ts';
import { fromRow } from './queries.ts';
import type { TaskRow } from './queries.ts';
import { TaskKind } from './contract.ts';
import { makeOccurrences } from './series.ts';
import { newsOf } from './service.ts';

const SWEEP_MS = 15_000;
/** What has been due for longer is no news. */
const OLD_MS = 86_400_000;
const PAGE = 200;

/** Says of each task whose time has come that it has: once for each due time, whichever process finds it. @returns how many */
export const tellDue = async (deps: Deps): Promise<number> => {
  const now = deps.now();
  let told = 0;
  for (const kind of TaskKind.options) {
    const rows = (await deps.db('tasks').whereNull('done_at').where({ kind }).where('due_at', '<=', now).where('due_at', '>', now - OLD_MS)
      .whereRaw('due_told <> due_at').orderBy(['due_at', 'id']).limit(PAGE)) as TaskRow[]; // prettier-ignore
    for (const row of rows) {
      const mine = await deps.db('tasks').where({ id: row.id, due_at: row.due_at, due_told: row.due_told }).update({ due_told: row.due_at });
      if (mine !== 1) continue;
      deps.bus.emit('task.due', newsOf(fromRow(row)));
      told++;
    }
  }
  return told;
}; // prettier-ignore

/** @returns stop */
export const dueJob = (deps: Deps): (() => void) => {
  const sweep = () =>
    void makeOccurrences(deps)
      .then(() => tellDue(deps))
      .catch((err: unknown) => deps.log.warn({ err }, 'tasks: what is due'));
  sweep();
  const timer = setInterval(sweep, SWEEP_MS);
  return () => clearInterval(timer);
};
