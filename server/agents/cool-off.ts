import type { Fact } from '../../cti/index.ts';
import type { Deps } from '../deps.ts';
import { inTransaction } from '../core/db.ts';
import type { Pauses } from './pauses.ts';
import { shiftOf } from './queries.ts';

const SWEEP_MS = 1_000;

/** A queue's call that the operator's phone refused, by a key (603, 486) or because it was busy without Asterisk knowing: whose. */
const refusedBy = (fact: Fact): string | null => {
  if (fact.kind !== 'segment.ended' || fact.segment.kind !== 'offer' || (fact.segment.queue ?? fact.call.queue) === null) return null;
  return fact.segment.endReason === 'rejected' || fact.segment.endReason === 'busy' ? fact.segment.agent : null;
};

/**
 * app_queue rings whoever has just rejected a call again at once: they are paused for some seconds, so that the next operator is rung. Written as a row
 * with its end, so that a process that dies leaves nobody paused.
 */
export const createCoolOff = (deps: Pick<Deps, 'db' | 'log' | 'now' | 'directory' | 'config'>, pauses: Pauses) => {
  const { db, log, now, directory, config } = deps;

  const sweep = async (): Promise<void> => {
    const over: number[] = await db('agent_pauses').where('until', '<=', now()).whereNot('state', 'lifting').pluck('user_id');
    for (const userId of over) {
      await inTransaction(db, (trx) => pauses.lift(trx, userId, 'cool-off'));
      await pauses.settle(userId);
    }
  };

  return {
    async hear(fact: Fact): Promise<void> {
      const extension = config.coolOffMs === 0 ? null : refusedBy(fact);
      const user = extension === null ? null : await directory.userByExtension(fact.pbx, extension);
      if (!user) return;
      const held = await inTransaction(db, async (trx) => {
        if (!(await shiftOf(trx, user.id).forUpdate())) return false;
        await pauses.hold(trx, user.id, 'cool-off', null, now() + config.coolOffMs);
        return true;
      });
      if (held) await pauses.settle(user.id);
    },
    /** @returns stop */
    start(): () => void {
      let busy = false;
      const timer = setInterval(() => {
        if (busy) return;
        busy = true;
        void sweep()
          .catch((err: unknown) => log.error({ err }, 'cool-off: sweep failed'))
          .finally(() => (busy = false));
      }, SWEEP_MS);
      return () => clearInterval(timer);
    },
  };
};
