import type { Knex } from 'knex';
import { isDuplicate } from '../core/db.ts';
import { AppError } from '../core/errors.ts';
import { AboutKind, MOST_UNREAD, NotificationKind } from './contract.ts';
import type { Notification, NotificationQuery } from './contract.ts';
import { TEXTS, fillIn } from './texts.ts';
import type { Params } from './texts.ts';

export interface NotificationRow {
  id: number;
  user_id: number;
  kind: string;
  effect: string;
  about_kind: string;
  about_ref: string;
  params: string;
  created_at: number;
  shown_at: number;
  read_at: number | null;
  snoozed_until: number | null;
}
export type NewRow = Pick<NotificationRow, 'user_id' | 'kind' | 'effect' | 'about_kind' | 'about_ref' | 'params'>;

const table = (db: Knex) => db<NotificationRow>('notifications');
const orNull = (at: number | null): number | null => (at === null ? null : Number(at));

export const fromRow = (row: NotificationRow): Notification => {
  const kind = NotificationKind.parse(row.kind);
  const params = JSON.parse(row.params) as Params;
  return {
    id: row.id,
    kind,
    about: { kind: AboutKind.parse(row.about_kind), ref: row.about_ref },
    text: { ru: fillIn(TEXTS[kind].ru, params), en: fillIn(TEXTS[kind].en, params) },
    shownAt: Number(row.shown_at),
    readAt: orNull(row.read_at),
    snoozedUntil: orNull(row.snoozed_until),
  };
};

const CHUNK = 250;
const keyOf = ({ effect, user_id }: Pick<NewRow, 'effect' | 'user_id'>) => `${user_id} ${effect}`;

const standing = async (trx: Knex, effects: readonly string[]): Promise<NotificationRow[]> => {
  const rows: NotificationRow[] = [];
  for (let i = 0; i < effects.length; i += CHUNK) rows.push(...(await table(trx).whereIn('effect', effects.slice(i, i + CHUNK))));
  return rows;
};

/** In the caller's transaction. @returns those that were not there, as they now are */
export const insertNew = async (trx: Knex, wanted: readonly NewRow[], at: number): Promise<NotificationRow[]> => {
  const effects = [...new Set(wanted.map(({ effect }) => effect))];
  const had = new Set((await standing(trx, effects)).map(keyOf));
  const fresh = [...new Map(wanted.map((row) => [keyOf(row), row])).values()].filter((row) => !had.has(keyOf(row)));
  const rows = fresh.map((row) => ({ ...row, created_at: at, shown_at: at, read_at: null, snoozed_until: null }));
  for (let i = 0; i < rows.length; i += CHUNK) await insertUnlessThere(trx, rows.slice(i, i + CHUNK));
  if (rows.length === 0) return [];
  const mine = new Set(fresh.map(keyOf));
  return (await standing(trx, [...new Set(fresh.map(({ effect }) => effect))])).filter((row) => mine.has(keyOf(row)));
};

/** Another process may have heard of the same event in this very moment: then its rows stand. */
const insertUnlessThere = async (trx: Knex, rows: readonly Omit<NotificationRow, 'id'>[]): Promise<void> => {
  try {
    await table(trx).insert([...rows]);
  } catch (err) {
    if (!isDuplicate(err)) throw err;
    for (const row of rows.length > 1 ? rows : []) await insertUnlessThere(trx, [row]);
  }
};

const CURSOR = /^(\d{1,16})-(\d{1,15})$/;
const unreadOf = (db: Knex, userId: number) => table(db).where({ user_id: userId }).whereNull('read_at').whereNull('snoozed_until');

/** The latest first. `next`: "SHOWN-ID". @throws AppError invalid */
export const listNotifications = async (
  db: Knex,
  userId: number,
  { show, after, limit }: NotificationQuery,
): Promise<{ items: Notification[]; next: string | null }> => {
  const cursor = after === undefined ? null : CURSOR.exec(after);
  if (after !== undefined && !cursor) throw new AppError('invalid', 'not a cursor of notifications');
  const query = show === 'unread' ? unreadOf(db, userId) : table(db).where({ user_id: userId });
  if (show === 'snoozed') void query.whereNull('read_at').whereNotNull('snoozed_until');
  if (cursor) {
    const [shown, id] = [Number(cursor[1]), Number(cursor[2])];
    void query.where('shown_at', '<=', shown).where((either) => either.where('shown_at', '<', shown).orWhere('id', '<', id));
  }
  const order = [
    { column: 'shown_at', order: 'desc' as const },
    { column: 'id', order: 'desc' as const },
  ];
  const rows = await query.orderBy(order).limit(limit + 1);
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return { items: page.map(fromRow), next: rows.length > limit && last ? `${Number(last.shown_at)}-${last.id}` : null };
};

/** At most MOST_UNREAD. `since`: came up later than that. */
export const countUnread = async (db: Knex, userId: number, since?: number): Promise<number> => {
  const some = unreadOf(db, userId).select('id').limit(MOST_UNREAD);
  if (since !== undefined) void some.where('shown_at', '>', since);
  const [{ n }] = (await db.from(some.as('u')).count({ n: '*' })) as [{ n: number }];
  return Number(n);
};

/** Unread, came up later than `since`; the latest first. */
export const latestUnread = async (db: Knex, userId: number, since: number, limit: number): Promise<Notification[]> =>
  (await unreadOf(db, userId).where('shown_at', '>', since).orderBy('shown_at', 'desc').orderBy('id', 'desc').limit(limit)).map(fromRow);

export const findNotification = async (db: Knex, userId: number, id: number): Promise<Notification | null> => {
  const row = await table(db).where({ id, user_id: userId }).first();
  return row ? fromRow(row) : null;
};

/** Read, unread again, or put off: what it was before does not matter. @returns null: not theirs */
export const setNotification = async (
  db: Knex,
  userId: number,
  id: number,
  columns: Partial<Pick<NotificationRow, 'read_at' | 'snoozed_until'>>,
): Promise<Notification | null> => {
  await table(db).where({ id, user_id: userId }).update(columns);
  return findNotification(db, userId, id);
};

/** All that are unread and not put off. @returns how many */
export const readAll = (db: Knex, userId: number, at: number): Promise<number> => unreadOf(db, userId).update({ read_at: at });

/** Those that were read in that very moment. @returns how many */
export const unreadAll = (db: Knex, userId: number, at: number): Promise<number> =>
  table(db).where({ user_id: userId, read_at: at }).update({ read_at: null });

export const seenUpTo = async (db: Knex, userId: number): Promise<number> =>
  Number(((await db('notification_seen').where({ user_id: userId }).first('seen_at')) as { seen_at: number } | undefined)?.seen_at ?? 0);

/** Never back. */
export const markSeen = async (db: Knex, userId: number, at: number): Promise<void> => {
  const moved = await db('notification_seen').where({ user_id: userId }).where('seen_at', '<', at).update({ seen_at: at });
  if (moved > 0 || (await db('notification_seen').where({ user_id: userId }).first('user_id'))) return;
  try {
    await db('notification_seen').insert({ user_id: userId, seen_at: at });
  } catch (err) {
    if (!isDuplicate(err)) throw err;
    await markSeen(db, userId, at);
  }
};

/** Read or not: what was told so long ago nobody looks up here, it stands where it happened. */
export const KEEP_MS = 180 * 86_400_000;
const DROPPED_AT_ONCE = 1_000;

/** Those that are older, from the first on; ids rise with their time, so that it stops at the first that stays. What is put off waits. @returns how many */
export const dropOld = async (db: Knex, now: number): Promise<number> => {
  let dropped = 0;
  for (let after = 0; ;) {
    const first = await table(db).where('id', '>', after).orderBy('id').limit(DROPPED_AT_ONCE).select('id', 'created_at', 'snoozed_until');
    const old = first.filter((row) => Number(row.created_at) < now - KEEP_MS);
    const ids = old.filter((row) => row.snoozed_until === null).map(({ id }) => id);
    if (ids.length > 0) dropped += await table(db).whereIn('id', ids).whereNull('snoozed_until').delete();
    if (old.length < DROPPED_AT_ONCE) return dropped;
    after = old.at(-1)!.id;
  }
};

/** Whose time has come again. @returns them, as they now are */
export const wakeSnoozed = async (trx: Knex, now: number, limit: number): Promise<NotificationRow[]> => {
  const due = await table(trx).where('snoozed_until', '<=', now).orderBy(['snoozed_until', 'id']).limit(limit).pluck('id');
  if (due.length === 0) return [];
  const ids = due as number[];
  await table(trx).whereIn('id', ids).where('snoozed_until', '<=', now).update({ snoozed_until: null, shown_at: now });
  return table(trx).whereIn('id', ids).whereNull('read_at').where('shown_at', now);
};
