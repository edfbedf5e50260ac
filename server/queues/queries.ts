import type { Knex } from 'knex';
import { CallBackRule, NO_CALL_BACK } from '../callbacks/contract.ts';
import type { Queue, QueueBriefs, QueueMembersDraft, TargetSeconds } from './contract.ts';

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

interface Row {
  id: number;
  pbx: string;
  name: string;
  label: string;
  record: 'none' | 'all';
  keep_days: number;
  wrap_up_seconds: number;
  wrap_up_max_seconds: number;
  outcome_required: boolean | number;
  target_seconds: TargetSeconds;
  target_percent: number;
  strategy: Queue['strategy'];
  ring_seconds: number;
  weight: number;
  announce_seconds: number;
  call_back: string | null;
  version: number;
}

const ruleOf = (call_back: string | null): CallBackRule =>
  (call_back === null ? null : CallBackRule.safeParse(JSON.parse(call_back)).data) ?? NO_CALL_BACK;

const fromRow = (row: Row, outcomes: string[] = []): Queue => ({
  id: row.id,
  pbx: row.pbx,
  name: row.name,
  label: row.label,
  record: row.record,
  keepDays: row.keep_days,
  wrapUpSeconds: row.wrap_up_seconds,
  wrapUpMaxSeconds: Math.max(row.wrap_up_seconds, row.wrap_up_max_seconds),
  outcomeRequired: Boolean(row.outcome_required),
  outcomes,
  targetSeconds: row.target_seconds,
  targetPercent: row.target_percent,
  strategy: row.strategy,
  ringSeconds: row.ring_seconds,
  weight: row.weight,
  announceSeconds: row.announce_seconds,
  callBack: ruleOf(row.call_back),
  version: row.version,
});

const offersOf = async (db: Knex, where: object = {}): Promise<Map<number, string[]>> => {
  const rows: { queue_id: number; outcome: string }[] = await db('queue_outcomes').where(where).orderBy('outcome');
  const offers = new Map<number, string[]>();
  for (const { queue_id, outcome } of rows) offers.set(queue_id, [...(offers.get(queue_id) ?? []), outcome]);
  return offers;
};

export const listQueues = async (db: Knex): Promise<Queue[]> => {
  const offers = await offersOf(db);
  return ((await db('queues').orderBy(['pbx', 'name'])) as Row[]).map((row) => fromRow(row, offers.get(row.id)));
};

export const queueBriefs = async (db: Knex): Promise<QueueBriefs> => {
  const rows = await db<Row>('queues').select('pbx', 'name', 'label', 'target_seconds', 'target_percent');
  return new Map(
    rows.map(({ pbx, name, label, target_seconds: seconds, target_percent: percent }) => [
      `${pbx}:${name}`,
      { label, target: { seconds, percent } },
    ]),
  );
};

/** "PBX:NAME" -> the outcomes or groups that it offers; a queue that offers all is not in it. */
export const queueOutcomes = async (db: Knex): Promise<Record<string, string[]>> =>
  Object.fromEntries(
    (await listQueues(db)).flatMap(({ pbx, name, outcomes }) => (outcomes.length > 0 ? [[`${pbx}:${name}`, outcomes]] : [])),
  );

export const findQueue = async (db: Knex, id: number): Promise<Queue | null> => {
  const row = (await db('queues').where({ id }).first()) as Row | undefined;
  return row ? fromRow(row, (await offersOf(db, { queue_id: id })).get(id)) : null;
};

export const findQueueByName = async (db: Knex, { pbx, name }: QueueName): Promise<Queue | null> => {
  const row = (await db('queues').where({ pbx, name }).first('id')) as { id: number } | undefined;
  return row ? findQueue(db, row.id) : null;
};

/** @returns false: another has changed it since `queue` was read */
export const updateQueue = async (trx: Knex, queue: Queue): Promise<boolean> => {
  const changed = await trx('queues')
    .where({ id: queue.id, version: queue.version })
    .update({
      label: queue.label,
      record: queue.record,
      keep_days: queue.keepDays,
      wrap_up_seconds: queue.wrapUpSeconds,
      wrap_up_max_seconds: queue.wrapUpMaxSeconds,
      outcome_required: queue.outcomeRequired,
      target_seconds: queue.targetSeconds,
      target_percent: queue.targetPercent,
      strategy: queue.strategy,
      ring_seconds: queue.ringSeconds,
      weight: queue.weight,
      announce_seconds: queue.announceSeconds,
      call_back: JSON.stringify(queue.callBack),
      version: queue.version + 1,
    });
  if (changed === 0) return false;
  await trx('queue_outcomes').where('queue_id', queue.id).delete();
  const outcomes = [...new Set(queue.outcomes)];
  if (outcomes.length > 0) await trx('queue_outcomes').insert(outcomes.map((outcome) => ({ queue_id: queue.id, outcome })));
  return true;
};

/** Who enters the queue at the start of a shift; in the place of those before. @returns whose queues changed; null: another has changed it since */
export const setMembers = async (
  trx: Knex,
  { id, pbx, name }: Pick<Queue, 'id' | 'pbx' | 'name'>,
  { version, items }: QueueMembersDraft,
): Promise<number[] | null> => {
  if (
    (await trx('queues')
      .where({ id, version })
      .update({ version: version + 1 })) === 0
  )
    return null;
  const before = await membersOf(trx, { pbx, name });
  const [was, is] = [before, items].map((list) => new Map(list.map(({ userId, penalty }) => [userId, penalty])));
  const changed = [...new Set([...was!.keys(), ...is!.keys()])].filter((userId) => was!.get(userId) !== is!.get(userId));
  const rows = changed
    .filter((userId) => is!.has(userId))
    .map((userId) => ({ pbx, queue: name, user_id: userId, penalty: is!.get(userId)! }));
  await trx('queue_members').where({ pbx, queue: name }).whereIn('user_id', changed).delete();
  for (let i = 0; i < rows.length; i += 200) await trx('queue_members').insert(rows.slice(i, i + 200));
  return changed;
};

export const membersOf = (db: Knex, { pbx, name }: QueueName): Promise<{ userId: number; penalty: number }[]> =>
  db('queue_members').where({ pbx, queue: name }).orderBy(['penalty', 'user_id']).select({ userId: 'user_id', penalty: 'penalty' });

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

/** What follows the calls of a queue. */
export interface AfterCall {
  /** For writing down the call; 0: none. */
  seconds: number;
  /** As far as it may be extended. */
  maxSeconds: number;
  /** No call without its outcome. */
  required: boolean;
}

/** Null: the queue is not known. */
export const afterCall = async (db: Knex, { pbx, name }: QueueName): Promise<AfterCall | null> => {
  const row = (await db('queues').where({ pbx, name }).first()) as Row | undefined;
  const queue = row ? fromRow(row) : null;
  return queue && { seconds: queue.wrapUpSeconds, maxSeconds: queue.wrapUpMaxSeconds, required: queue.outcomeRequired };
};

/** How its callers are called back instead of waiting; null: the queue is not known. */
export const callBackRule = async (db: Knex, { pbx, name }: QueueName): Promise<CallBackRule | null> => {
  const row = await db('queues').where({ pbx, name }).first<Pick<Row, 'call_back'> | undefined>('call_back');
  return row ? ruleOf(row.call_back) : null;
};

/** @returns false when there is no such queue */
export const setRecordingRule = async (db: Knex, { pbx, name }: QueueName, rule: RecordingRule): Promise<boolean> =>
  (await db('queues').where({ pbx, name }).update({ record: rule.record, keep_days: rule.keepDays })) > 0;

/** How many enter the queue at the start of their shift; null: there is no such queue. */
export const operatorsOf = async (db: Knex, { pbx, name }: QueueName): Promise<number | null> => {
  if (!(await db('queues').where({ pbx, name }).first('id'))) return null;
  const [{ n }] = (await db('queue_members').where({ pbx, queue: name }).count({ n: '*' })) as [{ n: number }];
  return Number(n);
};

export const servesQueue = async (db: Knex, userId: number, { pbx, name }: QueueName): Promise<boolean> =>
  (await db('queue_members').where({ user_id: userId, pbx, queue: name }).first('user_id')) !== undefined;

export const queuesServed = async (db: Knex, userId: number): Promise<QueueName[]> =>
  db('queue_members').where({ user_id: userId }).select<QueueName[]>('pbx', 'queue as name');

/** Of somebody who has left. */
export const leaveQueues = (trx: Knex, userId: number): Promise<number> => trx('queue_members').where({ user_id: userId }).delete();
