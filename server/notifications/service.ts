import type { Knex } from 'knex';
import type { Deps } from '../deps.ts';
import type { AboutKind, NotificationKind } from './contract.ts';
import { fromRow, insertNew } from './queries.ts';
import type { NewRow, NotificationRow } from './queries.ts';
import { forgetReminders, setReminders } from './reminders.ts';
import type { Params } from './texts.ts';

/** What people are told of, as another feature says it. */
export interface Notice {
  kind: NotificationKind;
  /** The natural key of the event: "task:12:assigned:3". Said again, nobody is told again. */
  effect: string;
  about: { kind: AboutKind; ref: number | string };
  /** What the words of the kind are filled in with (texts.ts). */
  params: Params;
}

export interface Reminder extends Notice {
  userId: number;
  /** Epoch ms. */
  at: number;
}

/** From whom something is due is told to whoever stands in for them as well. */
const DUE: ReadonlySet<NotificationKind> = new Set([
  'task-due',
  'task-overdue',
  'call-back-due',
  'call-back-missed',
  'complaint-warned',
  'complaint-breached',
]);

/** No more of one person's than this go in one message; the others are counted. */
const MOST_PUSHED = 20;
/** Of one value: a subject may be long, what is told of it is a line. */
const MOST_LETTERS = 300;

const short = (params: Params): Params =>
  Object.fromEntries(
    Object.entries(params).map(([name, value]) => [name, typeof value === 'string' ? value.slice(0, MOST_LETTERS) : value]),
  );

export const rowOf = (userId: number, { kind, effect, about, params }: Notice): NewRow => ({
  user_id: userId,
  kind,
  effect,
  about_kind: about.kind,
  about_ref: String(about.ref),
  params: JSON.stringify(short(params)),
});

/** To the pages that are open. What is lost on the way the pages ask for themselves (web/notifications/store.ts). */
export const pushRows = (deps: Pick<Deps, 'push'>, rows: readonly NotificationRow[]): void => {
  const byUser = new Map<number, NotificationRow[]>();
  for (const row of rows) byUser.set(row.user_id, [...(byUser.get(row.user_id) ?? []), row]);
  for (const [userId, theirs] of byUser) {
    const items = theirs.slice(-MOST_PUSHED).map(fromRow);
    deps.push([userId], { topic: 'notifications', items, more: theirs.length - items.length });
  }
};

/** userId -> who stands in for them at that time. */
export type StandIns = (db: Knex, at: number) => Promise<ReadonlyMap<number, readonly number[]>>;

/** The rows of what is due, those of whoever stands in among them. Pure. */
export const withStandIns = (rows: readonly NewRow[], standIns: ReadonlyMap<number, readonly number[]>): NewRow[] =>
  rows.flatMap((row) => [
    row,
    ...(DUE.has(row.kind as NotificationKind) ? (standIns.get(row.user_id) ?? []) : []).map((user_id) => ({ ...row, user_id })),
  ]);

/** What the other features are handed. */
export const notifying = (deps: Pick<Deps, 'push' | 'now'>, standIns: StandIns): Pick<Deps, 'notify' | 'remind'> => ({
  async notify(trx, userIds, notice) {
    const at = deps.now();
    const rows = [...new Set(userIds)].map((userId) => rowOf(userId, notice));
    const all = DUE.has(notice.kind) ? withStandIns(rows, await standIns(trx, at)) : rows;
    const fresh = await insertNew(trx, all, at);
    return () => pushRows(deps, fresh);
  },
  async remind(trx, about, wanted) {
    if (wanted.length === 0) return forgetReminders(trx, about);
    await setReminders(
      trx,
      about,
      wanted.map(({ userId, at, ...notice }) => ({ ...rowOf(userId, { ...notice, about }), next_at: at })),
    );
  },
});
