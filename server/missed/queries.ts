import type { Knex } from 'knex';
import { AppError } from '../core/errors.ts';
import { MISSED_MOST } from './contract.ts';
import type { CloseReason, MissedQuery } from './contract.ts';
import type { MissedRow, TryRow } from './note.ts';

/** What somebody may see: 'all', or by their queues, their own id and those whom they stand in for. */
export type Scope = 'all' | { userIds: readonly number[]; queues: readonly { pbx: string; name: string }[] };

const CURSOR = /^(\d{1,16})-(\d{1,10})$/;

const within = (query: Knex.QueryBuilder, db: Knex, scope: Scope): Knex.QueryBuilder => {
  if (scope === 'all') return query;
  const { queues } = scope;
  const userIds = [...scope.userIds];
  return query.where((mine) => {
    void mine.whereIn('missed.owner_id', userIds).orWhereExists(
      db('missed_tries')
        .where('missed_tries.missed_id', db.ref('missed.id'))
        .whereNot('kind', 'attempt')
        .where((any) => {
          void any.whereIn('missed_tries.user_id', userIds);
          for (const { pbx, name } of queues) void any.orWhere({ 'missed_tries.pbx': pbx, 'missed_tries.queue': name });
        }),
    );
  });
};

const openOnes = (db: Knex, scope: Scope) => within(db('missed').whereNotNull('open_key'), db, scope);

/** Who waits longest is first. */
export const listMissed = async (
  db: Knex,
  scope: Scope,
  { queue, minutes, tries, after, limit, unowned }: MissedQuery & { unowned?: boolean },
  now: number,
): Promise<{ rows: MissedRow[]; next: string | null }> => {
  const query = openOnes(db, scope);
  if (unowned) void query.whereNull('owner_id');
  if (minutes !== undefined) void query.where('last_at', '<=', now - minutes * 60_000);
  if (tries !== undefined) void query.where('tries', '>=', tries);
  if (queue !== undefined)
    void query.whereExists(db('missed_tries').where('missed_tries.missed_id', db.ref('missed.id')).where({ queue }).whereNot('kind', 'attempt')); // prettier-ignore
  if (after !== undefined) {
    const cursor = CURSOR.exec(after);
    if (!cursor) throw new AppError('invalid', 'not a cursor', { issues: [{ path: 'query.after', code: 'invalid_format' }] });
    const [at, id] = [Number(cursor[1]), Number(cursor[2])];
    void query.where('first_at', '>=', at).where((or) => or.where('first_at', '>', at).orWhere('missed.id', '>', id));
  }
  const rows = (await query.orderBy(['first_at', 'missed.id']).limit(limit + 1).select('missed.*')) as MissedRow[]; // prettier-ignore
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return { rows: page, next: rows.length > limit && last ? `${last.first_at}-${last.id}` : null };
};

export const countMissed = async (db: Knex, scope: Scope): Promise<number> =>
  ((await openOnes(db, scope).limit(MISSED_MOST).select('missed.id')) as object[]).length;

/** Of everybody who waits to be called back. */
export const openNumbers = (db: Knex): Promise<string[]> =>
  db('missed').whereNotNull('open_key').whereNot('number', '').where('number', 'like', '+%').orderBy('id').pluck('number');

/** Every open row with its version and where it belongs, for telling many people what is new to them. */
export const openPlaces = async (db: Knex) => {
  const rows = (await db('missed')
    .whereNotNull('open_key')
    .orderBy('id')
    .limit(MISSED_MOST)
    .select('id', 'version', 'owner_id', 'taken_by')) as Pick<MissedRow, 'id' | 'version' | 'owner_id' | 'taken_by'>[];
  const tries = await triesOf(db, rows.map((row) => row.id)); // prettier-ignore
  return rows.map((row) => ({ ...row, tries: tries.get(row.id) ?? [] }));
};

export const triesOf = async (db: Knex, ids: readonly number[]): Promise<Map<number, TryRow[]>> => {
  const found = new Map<number, TryRow[]>();
  for (let i = 0; i < ids.length; i += 500)
    for (const row of (await db<TryRow>('missed_tries')
      .whereIn('missed_id', ids.slice(i, i + 500))
      .whereNot('kind', 'attempt')
      .orderBy(['at', 'id'])) as TryRow[])
      // prettier-ignore
      found.set(row.missed_id, [...(found.get(row.missed_id) ?? []), row]);
  return found;
};

export const findOpen = async (db: Knex, id: number, scope: Scope): Promise<MissedRow | null> =>
  ((await openOnes(db, scope).where('missed.id', id).first('missed.*')) as MissedRow | undefined) ?? null;

const bump = (trx: Knex) => ({ version: trx.raw('version + 1') });

/** @returns false: somebody else has it, or it is closed */
export const take = async (db: Knex, id: number, userId: number, now: number, until: number): Promise<boolean> =>
  (await db('missed')
    .where({ id })
    .whereNotNull('open_key')
    .where((free) => free.whereNull('taken_by').orWhere('taken_by', userId).orWhere('taken_until', '<=', now))
    .update({ taken_by: userId, taken_until: until, ...bump(db) })) > 0;

export const giveBack = async (db: Knex, id: number, userId: number): Promise<boolean> =>
  (await db('missed')
    .where({ id, taken_by: userId })
    .update({ taken_by: null, taken_until: null, ...bump(db) })) > 0;

/** `version`: only as it was seen. */
export const assign = async (trx: Knex, id: number, ownerId: number, version?: number): Promise<boolean> =>
  (await trx('missed').where({ id, ...(version !== undefined && { version }) }).whereNotNull('open_key').update({ owner_id: ownerId, ...bump(trx) })) > 0; // prettier-ignore

export const close = async (trx: Knex, id: number, by: number, reason: CloseReason, note: string, at: number): Promise<boolean> =>
  (await trx('missed').where({ id }).whereNotNull('open_key').update({ open_key: null, closed_at: at, closed_by: by, closed_how: reason, note, taken_by: null, taken_until: null, ...bump(trx) })) > 0; // prettier-ignore
