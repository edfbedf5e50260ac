import type { Knex } from 'knex';
import type { Schedule, ScheduleDraft } from './contract.ts';

interface Row {
  id: number;
  user_id: number;
  address: string;
  title: string;
  every: Schedule['every'];
  minute: number;
  /** JSON: ScheduleDraft['draft']. */
  draft: string;
  next_at: number;
  sent_at: number | null;
  created_at: number;
}

export interface StoredSchedule extends Schedule {
  userId: number;
  draft: ScheduleDraft['draft'];
}

const fromRow = (row: Row): StoredSchedule => ({
  id: row.id,
  userId: row.user_id,
  address: row.address,
  title: row.title,
  every: row.every,
  minute: row.minute,
  draft: JSON.parse(row.draft) as StoredSchedule['draft'],
  nextAt: row.next_at,
  sentAt: row.sent_at,
});

const schedules = (db: Knex) => db<Row>('report_schedules');

export const schedulesOf = async (db: Knex, userId: number): Promise<StoredSchedule[]> =>
  (await schedules(db).where('user_id', userId).orderBy('id')).map(fromRow);

export const insertSchedule = async (trx: Knex, userId: number, draft: ScheduleDraft, nextAt: number, at: number): Promise<number> => {
  const { address, title, every, minute } = draft;
  const row = {
    user_id: userId,
    address,
    title,
    every,
    minute,
    draft: JSON.stringify(draft.draft),
    next_at: nextAt,
    sent_at: null,
    created_at: at,
  };
  const [id] = (await schedules(trx).insert(row as Row)) as [number];
  return id;
};

/** @returns false: it is not there, or another's */
export const deleteSchedule = async (trx: Knex, id: number, userId: number): Promise<boolean> =>
  (await schedules(trx).where({ id, user_id: userId }).delete()) > 0;

export const dueSchedules = async (db: Knex, now: number, limit: number): Promise<StoredSchedule[]> =>
  (await schedules(db).where('next_at', '<=', now).orderBy('next_at').limit(limit)).map(fromRow);

/** @returns false: another process has sent it, or it is gone */
export const advanceSchedule = async (trx: Knex, { id, nextAt }: StoredSchedule, next: number, at: number): Promise<boolean> =>
  (await schedules(trx).where({ id, next_at: nextAt }).update({ next_at: next, sent_at: at })) > 0;

/** Of somebody who has left: nothing more is mailed in their name. */
export const endSchedules = (trx: Knex, userId: number): Promise<number> => schedules(trx).where('user_id', userId).delete();
