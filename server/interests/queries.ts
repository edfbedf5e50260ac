import type { Knex } from 'knex';
import type { Interest, Topic } from './contract.ts';
import { standing, untilChanges } from './standing.ts';

interface TopicRow {
  id: number;
  label: string;
  heading: string;
  position: number;
  retired_at: number | null;
  used: number;
}

export interface InterestRow {
  id: number;
  client_id: number;
  topic_id: number;
  ref: string;
  source: Interest['source'];
  strength: number;
  at: number;
  until_at: number | null;
  user_id: number | null;
}

/** In their order. */
export const readTopics = async (db: Knex): Promise<Topic[]> => {
  const used = db('interests').select(db.raw('1')).whereRaw('interests.topic_id = interest_topics.id').limit(1);
  const rows = (await db('interest_topics')
    .select('interest_topics.*', db.raw('exists ? as used', [used]))
    .orderBy(['position', 'id'])) as TopicRow[];
  return rows.map((row) => ({
    id: row.id,
    label: row.label,
    heading: row.heading,
    retiredAt: row.retired_at === null ? null : Number(row.retired_at),
    used: Number(row.used) === 1,
  }));
};

export const insertTopic = async (trx: Knex, topic: Pick<Topic, 'label' | 'heading'>): Promise<number> => {
  const [{ last }] = (await trx('interest_topics').max({ last: 'position' })) as [{ last: number | null }];
  const [id] = (await trx('interest_topics').insert({ ...topic, position: (last ?? 0) + 1, retired_at: null })) as [number];
  return id;
};

export const updateTopic = async (trx: Knex, { id, label, heading, retiredAt }: Omit<Topic, 'used'>): Promise<void> => {
  await trx('interest_topics').where({ id }).update({ label, heading, retired_at: retiredAt });
};

export const deleteTopic = async (trx: Knex, id: number): Promise<void> => {
  await trx('interest_topics').where({ id }).delete();
};

/** Positions from 1 in this order. */
export const orderTopics = async (trx: Knex, ids: readonly number[]): Promise<void> => {
  for (const [i, id] of ids.entries())
    await trx('interest_topics')
      .where({ id })
      .update({ position: i + 1 });
};

/** What stands for a client, a topic a row. Whose name stands behind userId the caller knows. */
export const readInterests = async (db: Knex, clientId: number): Promise<(Omit<Interest, 'user'> & { userId: number | null })[]> => {
  const rows = (await db('interests').where({ client_id: clientId })) as InterestRow[];
  const byTopic = new Map<number, InterestRow[]>();
  for (const row of rows) byTopic.set(row.topic_id, [...(byTopic.get(row.topic_id) ?? []), { ...row, at: Number(row.at) }]);
  return [...byTopic].map(([topicId, said]) => {
    const { last, since } = standing(said);
    return {
      topicId,
      strength: last.strength,
      since,
      at: last.at,
      source: last.source,
      call: last.source === 'call' ? last.ref : null,
      userId: last.user_id,
    };
  });
};

/** Each of the rows ends where the next begins; after every change of them, in its transaction. */
const settle = async (trx: Knex, clientId: number, topicId: number): Promise<void> => {
  const rows = (await trx('interests').where({ client_id: clientId, topic_id: topicId }).forUpdate()) as InterestRow[];
  const numbers = rows.map((row) => ({ ...row, at: Number(row.at), until_at: row.until_at === null ? null : Number(row.until_at) }));
  for (const [id, until] of untilChanges(numbers)) await trx('interests').where({ id }).update({ until_at: until });
};

/** Rows of these clients came or went: each topic's anew. */
export const settleInterests = async (trx: Knex, clientIds: readonly number[]): Promise<void> => {
  const said = (await trx('interests').distinct('client_id', 'topic_id').whereIn('client_id', [...clientIds])) as Pick<InterestRow, 'client_id' | 'topic_id'>[]; // prettier-ignore
  for (const { client_id, topic_id } of said) await settle(trx, client_id, topic_id);
};

/** Says it, or says it anew: one row for a ref. */
export const sayInterest = async (trx: Knex, row: Omit<InterestRow, 'id' | 'until_at'>): Promise<void> => {
  await trx('interests')
    .insert({ ...row, until_at: null })
    .onConflict(['client_id', 'topic_id', 'ref'])
    .merge(['strength', 'at', 'user_id']);
  await settle(trx, row.client_id, row.topic_id);
};

/** @returns whether it had been said */
export const unsayInterest = async (trx: Knex, key: Pick<InterestRow, 'client_id' | 'topic_id' | 'ref'>): Promise<boolean> => {
  const gone = await trx('interests').where(key).delete();
  await settle(trx, key.client_id, key.topic_id);
  return gone > 0;
};

/** The call turned out to be of another client. @returns the topics that went over */
export const moveInterests = async (trx: Knex, callRef: string, clientId: number): Promise<number[]> => {
  const rows = (await trx('interests').where({ ref: callRef, source: 'call' }).whereNot('client_id', clientId)) as InterestRow[];
  for (const { id, until_at: _, ...row } of rows) {
    await trx('interests').where({ id }).delete();
    await settle(trx, row.client_id, row.topic_id);
    await sayInterest(trx, { ...row, client_id: clientId });
  }
  return rows.map((row) => row.topic_id);
};
