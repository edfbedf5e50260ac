import type { Knex } from 'knex';

export interface MessageRow {
  id: number;
  author_id: number;
  draft: string;
  text: string;
  at: number;
}
export interface ReaderRow {
  message_id: number;
  user_id: number;
  read_at: number | null;
}

export const unreadOf = (db: Knex, userId: number): Promise<MessageRow[]> =>
  db('messages')
    .join('message_readers', 'message_readers.message_id', 'messages.id')
    .where('message_readers.user_id', userId)
    .whereNull('message_readers.read_at')
    .orderBy('messages.id')
    .limit(50)
    .select<MessageRow[]>('messages.*');

export const findDraft = (db: Knex, authorId: number, draft: string): Promise<MessageRow | undefined> =>
  db<MessageRow>('messages').where({ author_id: authorId, draft }).first();

const CHUNK = 400;
/** @returns its id */
export const insertMessage = async (trx: Knex, message: Omit<MessageRow, 'id'>, readers: readonly number[]): Promise<number> => {
  const [id] = (await trx('messages').insert(message)) as [number];
  const rows = readers.map((user_id) => ({ message_id: id, user_id, read_at: null }));
  for (let i = 0; i < rows.length; i += CHUNK) await trx('message_readers').insert(rows.slice(i, i + CHUNK));
  return id;
};

/** @returns whose message it is; null: not for this user, or read before */
export const markRead = async (db: Knex, id: number, userId: number, at: number): Promise<number | null> => {
  const mine = { message_id: id, user_id: userId };
  if ((await db<ReaderRow>('message_readers').where(mine).whereNull('read_at').update({ read_at: at })) === 0) return null;
  return (await db<MessageRow>('messages').where({ id }).first('author_id'))?.author_id ?? null;
};

export const isReader = async (db: Knex, id: number, userId: number): Promise<boolean> =>
  (await db<ReaderRow>('message_readers').where({ message_id: id, user_id: userId }).first('user_id')) !== undefined;

/** Newest first, older than `after`. */
export const listSent = (db: Knex, after: number | undefined, limit: number): Promise<MessageRow[]> => {
  const query = db<MessageRow>('messages').orderBy('id', 'desc').limit(limit);
  return after === undefined ? query : query.where('id', '<', after);
};

export const readersOf = (db: Knex, ids: readonly number[]): Promise<ReaderRow[]> =>
  db<ReaderRow>('message_readers').whereIn('message_id', ids).orderBy(['message_id', 'user_id']);
