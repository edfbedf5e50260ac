import type { Deps } from '../deps.ts';
import type { Actor } from '../core/authorize.ts';
import { inTransaction } from '../core/db.ts';
import { AppError } from '../core/errors.ts';
import type { MissedRow } from './note.ts';
import { present } from './present.ts';
import { assign, findOpen, listMissed } from './queries.ts';

interface Order {
  userId: number;
  dueAt: number;
  text: string;
  /** Missing: whatever stands there. */
  version?: number;
}

/** Makes it somebody's call-back, and tells them. @throws AppError conflict (closed, acted) */
export const assignMissed = async (deps: Deps, actor: Actor, row: MissedRow, { userId, dueAt, text, version }: Order): Promise<void> => {
  const [item] = await present(deps, actor, [row]);
  const tell = await inTransaction(deps.db, async (trx) => {
    if (!(await assign(trx, row.id, userId, version)))
      throw new AppError('conflict', 'changed meanwhile', { reason: version === undefined ? 'closed' : 'acted' });
    await deps.audit(trx, { actorId: actor.id, what: 'missed.assigned', table: 'missed', rowId: row.id, details: { userId } });
    return deps.planCallBack(trx, { ownerId: userId, authorId: actor.id, clientId: item!.client?.id ?? null, phone: row.number, dueAt, text, at: deps.now() }); // prettier-ignore
  });
  tell();
  deps.bus.emit('missed.changed', {});
};

/** Callers whom nobody answered and who are nobody's yet, for the dispatch list; whose they are then is a call-back of its own there. */
export const missedSource = (deps: Deps) => ({
  kind: 'missed' as const,
  async due(actor: Actor, now: number, limit: number) {
    const { rows } = await listMissed(deps.db, 'all', { limit, unowned: true }, now);
    const items = await present(deps, actor, rows);
    return items.map(({ id, version, number, client, lastAt, queues, taken }) => ({
      kind: 'missed' as const,
      id,
      version,
      number,
      client,
      text: '',
      queue: queues[0] ?? '',
      dueAt: lastAt,
      owner: taken?.by ?? null,
    }));
  },
  async give(actor: Actor, id: number, { version, ownerId, text }: { version: number; ownerId: number; text: string }): Promise<void> {
    const row = await findOpen(deps.db, id, 'all');
    if (!row) throw new AppError('conflict', 'closed meanwhile', { reason: 'closed' });
    await assignMissed(deps, actor, row, { userId: ownerId, dueAt: deps.now(), text, version });
  },
});
