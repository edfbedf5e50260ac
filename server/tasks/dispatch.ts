import type { Deps } from '../deps.ts';
import type { Actor } from '../core/authorize.ts';
import { AppError } from '../core/errors.ts';
import { checkOwner, changeTask, present } from './service.ts';
import { findTask, listDueCallBacks } from './queries.ts';

/** What is due within this is shown already. */
const SOON_MS = 15 * 60_000;
/** What has been due for longer nobody dispatches. */
const OLD_MS = 30 * 86_400_000;

/** Promised call-backs that are due, for the dispatch list. */
export const callBackSource = (deps: Deps) => ({
  kind: 'call-back' as const,
  async due(actor: Actor, now: number, limit: number) {
    const tasks = await present(deps, actor, await listDueCallBacks(deps.db, { from: now - OLD_MS, to: now + SOON_MS, limit }));
    return tasks.map(({ id, version, phone, client, text, dueAt, owner }) => ({
      kind: 'call-back' as const,
      id,
      version,
      number: phone ?? '',
      client,
      text,
      queue: '',
      dueAt,
      owner,
    }));
  },
  async give(actor: Actor, id: number, { version, ownerId }: { version: number; ownerId: number }): Promise<void> {
    const task = await findTask(deps.db, id);
    if (!task) throw new AppError('not_found', 'no such task');
    if (task.doneAt !== null || task.version !== version)
      throw new AppError('conflict', 'the task was changed meanwhile', { reason: 'acted', version: task.version });
    await checkOwner(deps, actor, ownerId);
    await changeTask(deps, actor, task, { ownerId }, 'task.given');
  },
});
