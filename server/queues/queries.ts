import type { Knex } from 'knex';
import { inTransaction } from '../core/db.ts';

/** Makes a queue of the PBX known; again: gives it the label. */
export const saveQueue = async (db: Knex, queue: { pbx: string; name: string; label: string }): Promise<void> => {
  await db('queues').insert(queue).onConflict(['pbx', 'name']).merge(['label']);
};

/** Sets which queues an operator enters when their shift starts. Announce `user.changed` afterwards: a running shift follows. */
export const setUserQueues = (db: Knex, userId: number, pbx: string, queues: readonly { name: string; penalty: number }[]): Promise<void> =>
  inTransaction(db, async (trx) => {
    await trx('queue_members').where({ user_id: userId, pbx }).delete();
    if (queues.length > 0)
      await trx('queue_members').insert(queues.map(({ name, penalty }) => ({ pbx, queue: name, user_id: userId, penalty })));
  });
