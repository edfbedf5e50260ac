import type { Deps } from '../deps.ts';
import { leads } from '../core/authorize.ts';
import type { Actor } from '../core/authorize.ts';
import { inTransaction } from '../core/db.ts';
import { AppError } from '../core/errors.ts';
import type { MoveDraft, TaskMove } from './contract.ts';
import { askedOf, decideMove, findMove, insertMove } from './move-rows.ts';
import type { MoveRow } from './move-rows.ts';
import { addEvent } from './parts.ts';
import { findTask } from './queries.ts';
import type { StoredTask } from './queries.ts';
import { tellOfTask } from './reminding.ts';
import { change, invalid, tellOf, tellWatchers } from './service.ts';

/** So many postponements are the owner's own affair; each further one needs the consent of whoever leads them. */
export const FREE_MOVES = 2;

/** Whose consent a move of this person's task needs: everybody who leads them, but not they themselves unless nobody stands above. */
export const isChief = async (deps: Deps, actor: Pick<Actor, 'id' | 'role' | 'departmentId'>, ownerId: number): Promise<boolean> => {
  const owner = await deps.directory.actorOf(ownerId);
  if (!owner) return actor.role === 'manager' || actor.role === 'administrator'; // whose owner has left
  return leads(actor, owner) && (actor.id !== ownerId || actor.role === 'administrator');
};

const chiefsOf = async (deps: Deps, ownerId: number): Promise<number[]> => {
  const found: number[] = [];
  for (const one of await deps.directory.staff()) if (await isChief(deps, one, ownerId)) found.push(one.id);
  return found;
};

/** The deadline, its count and its first promise; in the transaction that writes the move. An earlier time is no postponement. */
const moved = (task: StoredTask, to: number) => ({
  dueAt: to,
  firstDueAt: task.firstDueAt ?? task.dueAt,
  ...(to > task.dueAt && { moves: task.moves + 1 }),
});

/** @throws AppError conflict: changed or done meanwhile, or asked for already */
export const moveTask = async (
  deps: Deps,
  actor: Actor,
  task: StoredTask,
  { version, dueAt, reason, note = '' }: MoveDraft,
): Promise<{ task: StoredTask; asked: boolean }> => {
  if (task.version !== version) throw new AppError('conflict', 'the task was changed meanwhile', { version: task.version });
  if (task.doneAt !== null) throw new AppError('conflict', 'the task is done', { reason: 'done' });
  if (dueAt === task.dueAt) throw invalid('body.dueAt', 'same');
  if (dueAt < deps.now() - 60_000) throw invalid('body.dueAt', 'past');
  const at = deps.now();
  const free = dueAt < task.dueAt || task.moves < FREE_MOVES || (await isChief(deps, actor, task.ownerId));
  if (!free) {
    const chiefs = await chiefsOf(deps, task.ownerId);
    const tell = await inTransaction(deps.db, async (trx) => {
      // Two who ask at once: the second waits here, and finds the first's.
      await trx('tasks').where({ id: task.id }).forUpdate().first('id');
      if (await askedOf(trx, task.id)) throw new AppError('conflict', 'asked for already', { reason: 'asked' });
      const move = await insertMove(trx, { task, userId: actor.id, to: dueAt, reason, note, state: 'asked', at });
      await addEvent(trx, task.id, { by: actor.id, kind: 'move-asked', at, data: { from: task.dueAt, to: dueAt, reason, note } });
      return tellOfTask(deps, trx, task, chiefs, { kind: 'task-move-asked', effect: `move-asked:${move}` });
    });
    tell();
    deps.push([...chiefs, actor.id], { topic: 'tasks', id: task.id });
    return { task, asked: true };
  }
  const after = await inTransaction(deps.db, async (trx) => {
    const open = await askedOf(trx, task.id);
    if (open) await decideMove(trx, open.id, { state: 'dropped', by: actor.id, at, note: '' });
    await insertMove(trx, { task, userId: actor.id, to: dueAt, reason, note, state: 'made', at });
    return change(deps, trx, actor.id, task, moved(task, dueAt), 'task.moved', { kind: 'moved', data: { from: task.dueAt, to: dueAt, reason, note } }); // prettier-ignore
  });
  tellOf(deps, after, task);
  await tellWatchers(deps, task.id);
  return { task: after, asked: false };
};

/** @throws AppError not_found, forbidden, conflict */
export const decide = async (deps: Deps, actor: Actor, id: number, { granted, note }: { granted: boolean; note: string }): Promise<StoredTask> => {
  const move = await findMove(deps.db, id);
  const task = move && (await findTask(deps.db, move.task_id));
  if (!move || !task) throw new AppError('not_found', 'no such move');
  if (!(await isChief(deps, actor, task.ownerId))) throw new AppError('forbidden', 'somebody else leads them');
  const at = deps.now();
  const { after, tell } = await inTransaction(deps.db, async (trx) => {
    if (!(await decideMove(trx, id, { state: granted ? 'granted' : 'refused', by: actor.id, at, note })))
      throw new AppError('conflict', 'decided already', { reason: 'decided' });
    const to = Number(move.to_at);
    const data = { from: task.dueAt, to, reason: move.reason, note };
    const tell = await tellOfTask(deps, trx, task, [move.user_id], { kind: granted ? 'task-move-granted' : 'task-move-refused', effect: `move-decided:${id}` }); // prettier-ignore
    // What is done meanwhile has no deadline to be moved.
    if (granted && task.doneAt === null) return { tell, after: await change(deps, trx, actor.id, task, moved(task, to), 'task.moved', { kind: 'move-granted', data }) };
    await addEvent(trx, task.id, { by: actor.id, kind: granted ? 'move-granted' : 'move-refused', at, data });
    await deps.audit(trx, { actorId: actor.id, what: 'task.move-refused', table: 'tasks', rowId: task.id });
    return { tell, after: task };
  });
  tell();
  tellOf(deps, after, task);
  deps.push([move.user_id, actor.id], { topic: 'tasks', id: task.id });
  return after;
}; // prettier-ignore

/** With names; `owners`: of the tasks they are of. */
export const presentMoves = async (deps: Deps, actor: Actor, rows: readonly MoveRow[], ownerOf: (taskId: number) => number): Promise<TaskMove[]> => {
  const users = await deps.directory.briefs([...new Set(rows.flatMap((row) => [row.user_id, ...(row.decided_by ? [row.decided_by] : [])]))]);
  const moves: TaskMove[] = [];
  for (const row of rows)
    moves.push({
      id: row.id,
      taskId: row.task_id,
      user: users.get(row.user_id) ?? null,
      from: Number(row.from_at),
      to: Number(row.to_at),
      reason: row.reason,
      note: row.note,
      state: row.state,
      at: Number(row.at),
      decidedBy: users.get(row.decided_by ?? 0) ?? null,
      decidedAt: row.decided_at === null ? null : Number(row.decided_at),
      decidedNote: row.decided_note,
      can: { decide: row.state === 'asked' && (await isChief(deps, actor, ownerOf(row.task_id))) }, // prettier-ignore
    });
  return moves;
}; // prettier-ignore
