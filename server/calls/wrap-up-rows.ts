import type { Knex } from 'knex';
import type { WrapUp } from './contract.ts';
import { refOf } from './shape.ts';

export interface CallKey {
  pbx: string;
  linkedid: string;
}

export interface WrapUpRow extends CallKey {
  user_id: number;
  queue: string;
  phase: 'talk' | 'wrap';
  since: number;
  until: number | null;
  seconds: number;
  max_seconds: number;
  required: boolean | number;
}

export const rowsOf = (db: Knex, where: Partial<WrapUpRow>) => db<WrapUpRow>('wrap_ups').where(where);

/** The wrap-up that the operator's screen counts down: the oldest; null: none. */
export const readWrapUp = async (db: Knex, userId: number): Promise<WrapUp | null> => {
  const row = await rowsOf(db, { user_id: userId, phase: 'wrap' }).orderBy(['since', 'linkedid']).first();
  if (!row) return null;
  const latest = row.since + row.max_seconds * 1000;
  return {
    ref: refOf(row.pbx, row.linkedid),
    queue: row.queue,
    since: row.since,
    until: row.until ?? row.since,
    latest: Math.max(latest, row.until ?? row.since),
    required: Boolean(row.required),
  };
};

/** Over, and nothing holds it: the time is up and no outcome is owed, or it was said, or the call never came into the log. */
export const dueWrapUps = (db: Knex, now: number, orphanMs: number): Promise<WrapUpRow[]> =>
  db('wrap_ups')
    .leftJoin('calls', (on) => on.on('calls.pbx', 'wrap_ups.pbx').andOn('calls.linkedid', 'wrap_ups.linkedid'))
    .where('wrap_ups.phase', 'wrap')
    .where('wrap_ups.until', '<=', now)
    .where((any) =>
      any
        .where('wrap_ups.required', false)
        .orWhereNotNull('calls.outcome')
        .orWhere((orphan) => orphan.whereNull('calls.id').where('wrap_ups.since', '<', now - orphanMs)),
    )
    .limit(500)
    .select<WrapUpRow[]>('wrap_ups.*');

/** What this operator said of the call since then. */
export const filedBy = async (db: Knex, { pbx, linkedid }: CallKey, userId: number, since: number): Promise<boolean> =>
  (await db('call_outcomes')
    .join('calls', 'calls.id', 'call_outcomes.call_id')
    .where({ 'calls.pbx': pbx, 'calls.linkedid': linkedid, 'call_outcomes.user_id': userId })
    .where('call_outcomes.at', '>=', since)
    .first('call_outcomes.id')) !== undefined;

export const hasOutcome = async (db: Knex, key: CallKey): Promise<boolean> =>
  (await db('calls').where({ pbx: key.pbx, linkedid: key.linkedid }).whereNotNull('outcome').first('id')) !== undefined;

/** Calls of their wrap-ups, however long ago. */
export const wrappedCalls = (db: Knex, userId: number): Promise<CallKey[]> =>
  rowsOf(db, { user_id: userId, phase: 'wrap' }).select('pbx', 'linkedid');
