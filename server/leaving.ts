import type { Knex } from 'knex';
import { endDeputiesOf } from './handover/deputies.ts';
import { leaveQueues } from './queues/queries.ts';
import { endSchedules } from './reports/schedule-rows.ts';

/** What whoever leaves has no more, in the transaction that says that they have left; their shift ends when `user.changed` is heard. */
export const letGo = async (trx: Knex, userId: number, at: number): Promise<void> => {
  await leaveQueues(trx, userId);
  await endSchedules(trx, userId);
  await endDeputiesOf(trx, userId, at);
};
