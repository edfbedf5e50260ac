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

export interface RecordingRule {
  record: 'none' | 'all';
  /** 0: for ever. */
  keepDays: number;
}

/** What is recorded of the queue's calls, and how long it is kept; null: the queue is not known. */
export const recordingRule = async (db: Knex, { pbx, name }: QueueName): Promise<RecordingRule | null> => {
  const row = await db('queues')
    .where({ pbx, name })
    .first<{ record: 'none' | 'all'; keep_days: number } | undefined>('record', 'keep_days');
  return row ? { record: row.record, keepDays: row.keep_days } : null;
};

/** @returns false when there is no such queue */
export const setRecordingRule = async (db: Knex, { pbx, name }: QueueName, rule: RecordingRule): Promise<boolean> =>
  (await db('queues').where({ pbx, name }).update({ record: rule.record, keep_days: rule.keepDays })) > 0;

export const servesQueue = async (db: Knex, userId: number, { pbx, name }: QueueName): Promise<boolean> =>
  (await db('queue_members').where({ user_id: userId, pbx, queue: name }).first('user_id')) !== undefined;
