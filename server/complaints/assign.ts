import type { Deps } from '../deps.ts';
import type { Actor } from '../core/authorize.ts';
import { AppError } from '../core/errors.ts';
import { invalid, loadWorkable, notMerged } from './access.ts';
import { complaintPolicy } from './policy.ts';
import { changeComplaint } from './service.ts';

interface Order {
  /** That was looked at. */
  readonly version: number;
  /** Null: nobody's. */
  readonly ownerId: number | null;
}

/**
 * Gives a complaint to somebody, with the move in its history.
 * @throws AppError not_found, forbidden, invalid (no such person), conflict with what happened meanwhile
 */
export const assignComplaint = async (deps: Deps, actor: Actor, id: number, { version, ownerId }: Order): Promise<void> => {
  const row = await loadWorkable(deps, actor, id);
  if (!complaintPolicy.assign(actor, row, ownerId)) throw new AppError('forbidden', `${actor.role}: a complaint for somebody else`);
  if (ownerId !== null && !(await deps.directory.actorOf(ownerId))) throw invalid('body.ownerId', 'unknown_user');
  await changeComplaint(deps, { id, actorId: actor.id, seen: version, what: 'complaint.assigned', details: {} }, async (change) => {
    notMerged(change.row);
    if (change.row.owner_id === ownerId) return;
    await change.move('owner', change.row.owner_id, ownerId);
    change.set({ owner_id: ownerId });
    if (ownerId === null || ownerId === actor.id) return;
    const { number, subject, version: was } = change.row;
    const notice = { kind: 'complaint-assigned', effect: `complaint:${id}:assigned:${was + 1}`, about: { kind: 'complaint', ref: id }, params: { number, subject } } as const; // prettier-ignore
    change.after(await deps.notify(change.trx, [ownerId], notice));
  });
};
