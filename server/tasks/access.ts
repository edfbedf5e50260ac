import type { Deps } from '../deps.ts';
import type { Actor } from '../core/authorize.ts';
import { AppError } from '../core/errors.ts';
import type { TaskAbout } from './contract.ts';
import { watches } from './parts.ts';
import { taskPolicy } from './policy.ts';
import { findTask } from './queries.ts';
import type { StoredTask } from './queries.ts';
import { invalid } from './service.ts';

/** @throws AppError not_found, forbidden */
export const taskAccess = ({ db }: Pick<Deps, 'db'>) => ({
  async editable(actor: Actor, id: number): Promise<StoredTask> {
    const task = await findTask(db, id);
    if (!task) throw new AppError('not_found', 'no such task');
    if (!taskPolicy.edit(actor, task)) throw new AppError('forbidden', `${actor.role}: somebody else's task`);
    return task;
  },
  async readable(actor: Actor, id: number): Promise<StoredTask> {
    const task = await findTask(db, id);
    if (!task) throw new AppError('not_found', 'no such task');
    if (!taskPolicy.read(actor, task, await watches(db, id, [actor.id]))) throw new AppError('forbidden', `${actor.role}: somebody else's task`); // prettier-ignore
    return task;
  },
});

/** Nobody learns by it that there is such a thing. */
export const checkAbout = async (deps: Deps, actor: Actor, { kind, ref }: TaskAbout): Promise<void> => {
  const there =
    kind === 'call'
      ? (await deps.callFor(actor, ref)) !== null
      : kind === 'complaint'
        ? await deps.fileOwners.complaint!.may(actor, ref, 'read')
        : taskPolicy.listAll(actor) && (await deps.campaignRecording.of(Number(ref))) !== null;
  if (!there) throw invalid('body.about', 'unknown');
};

/** A part of a part is enough: no deeper, and so no circle. */
export const checkParent = async (deps: Deps, actor: Actor, id: number): Promise<void> => {
  const parent = await findTask(deps.db, id);
  if (!parent || !taskPolicy.edit(actor, parent)) throw invalid('body.parentId', 'unknown_task');
  if (parent.doneAt !== null) throw invalid('body.parentId', 'done');
  if (parent.parentId !== null) throw invalid('body.parentId', 'too_deep');
};

export const checkPeople = async (deps: Deps, ids: readonly number[], path: string): Promise<void> => {
  for (const id of ids) if (!(await deps.directory.actorOf(id))) throw invalid(path, 'unknown_user');
};

/** What the files of a task ask of it: whoever reads it sees them, and adds some while it is open or theirs. */
export const taskFiles = (deps: () => Deps): Deps['fileOwners'][string] => ({
  async may(actor, ref, action) {
    const task = /^\d{1,10}$/.test(ref) ? await findTask(deps().db, Number(ref)) : null;
    if (!task) return false;
    if (taskPolicy.edit(actor, task)) return true;
    return action === 'read' && (await watches(deps().db, task.id, [actor.id]));
  },
  async attached(trx, ref, { name, at, userId }) {
    await trx('task_events').insert({ task_id: Number(ref), user_id: userId, kind: 'file', data: JSON.stringify({ name: name.slice(0, 200) }), at }); // prettier-ignore
  },
  told(ref) {
    void findTask(deps().db, Number(ref)).then((task) => {
      if (task) deps().pushDue([task.ownerId, task.authorId], { topic: 'tasks', id: task.id });
    }, (err: unknown) => deps().log.warn({ err }, 'tasks: a file was not told of')); // prettier-ignore
  },
});
