import type { Knex } from 'knex';

export interface QueueName {
  pbx: string;
  /** As Asterisk's queues.conf has it. */
  name: string;
}

/** Makes a queue of the PBX known; again: changes nothing. */
export const saveQueue = async (db: Knex, { pbx, name }: QueueName): Promise<void> => {
  await db('queues').insert({ pbx, name, label: '' }).onConflict(['pbx', 'name']).ignore();
};

/** Sets which queues an operator enters when their shift starts, in the place of those before. */
export const setUserQueues = async (trx: Knex, userId: number, queues: readonly QueueName[]): Promise<void> => {
  await trx('queue_members').where({ user_id: userId }).delete();
  const names = new Map(queues.map((queue) => [`${queue.pbx}:${queue.name}`, queue]));
  for (const { pbx, name } of names.values()) await trx('queue_members').insert({ pbx, queue: name, user_id: userId, penalty: 0 });
};
