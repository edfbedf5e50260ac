import type { Knex } from 'knex';
import type { Deps } from '../deps.ts';
import type { Actor } from '../core/authorize.ts';
import { inTransaction } from '../core/db.ts';
import { AppError } from '../core/errors.ts';
import { setBreak } from './breaks.ts';
import type { Membership } from './membership.ts';
import { planQueues, queuesOf, shiftOf } from './queries.ts';
import { closeSpans } from './spans.ts';
import { end, pushShift, settleSoon } from './service.ts';

/** What whoever leads the floor orders of an operator on shift. Each is audited, and shows on the operator's screen at once. */
export const createLead = (deps: Deps, membership: Membership) => {
  const onShift = async (db: Knex, userId: number) => {
    const shift = await shiftOf(db, userId);
    if (!shift) throw new AppError('conflict', 'not on shift', { reason: 'not_on_shift' });
    return shift;
  };

  return {
    /** `reason` null: the break is over. @throws AppError conflict (not_on_shift), invalid (unknown_reason) */
    async rest(actor: Actor, userId: number, reason: string | null): Promise<void> {
      await setBreak(deps, actor, userId, reason);
      await pushShift(deps, userId);
    },

    async endShift(actor: Actor, userId: number): Promise<void> {
      await onShift(deps.db, userId);
      await end(deps, userId, actor.id);
      await settleSoon(deps, membership, userId);
      await deps.pauses.settle(userId);
      await pushShift(deps, userId);
    },

    /** Until the shift's end; what an administrator has set stays. @throws AppError conflict (not_on_shift, other_pbx) */
    async serve(actor: Actor, userId: number, { pbx, name }: { pbx: string; name: string }, serves: boolean): Promise<void> {
      await inTransaction(deps.db, async (trx) => {
        const shift = await onShift(trx, userId);
        if (shift.pbx !== pbx) throw new AppError('conflict', 'the phone is at another PBX', { reason: 'other_pbx' });
        const isIn = (await queuesOf(trx, userId)).some((row) => row.queue === name && row.state !== 'leaving');
        if (isIn === serves) return;
        await trx('shift_queue_extras')
          .insert({ user_id: userId, pbx, queue: name, serves })
          .onConflict(['user_id', 'pbx', 'queue'])
          .merge(['serves']);
        await planQueues(trx, shift);
        if (!serves) await closeSpans(trx, { user_id: userId, pbx, queue: name }, deps.now());
        const what = serves ? 'queue.joined' : 'queue.left';
        await deps.audit(trx, { actorId: actor.id, what, table: 'shifts', rowId: userId, details: { pbx, queue: name } });
      });
      await settleSoon(deps, membership, userId);
      await pushShift(deps, userId);
    },
  };
};

export type Lead = ReturnType<typeof createLead>;
