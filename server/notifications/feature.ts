import type { Deps, Feature } from '../deps.ts';
import { signedIn } from '../core/authorize.ts';
import { AppError } from '../core/errors.ts';
import { route } from '../core/http.ts';
import { IdParam } from '../users/contract.ts';
import {
  AllRead,
  AllReadUndo,
  NotificationPage,
  NotificationQuery,
  NotificationReply,
  SeenDraft,
  SnoozeDraft,
  Standing,
} from './contract.ts';
import type { Notification } from './contract.ts';
import {
  countUnread,
  dropOld,
  latestUnread,
  listNotifications,
  markSeen,
  readAll,
  seenUpTo,
  setNotification,
  unreadAll,
} from './queries.ts';
import { sweepReminders } from './reminders.ts';
import { pushRows, withStandIns } from './service.ts';
import type { StandIns } from './service.ts';

const MINUTE_MS = 60_000;
/** Of what came while nobody looked so many are shown. */
const AWAY_SHOWN = 5;
/** How late a reminder may be. */
const SWEEP_MS = 1_000;

/** /api/notifications: each their own. */
export const notificationsFeature = (deps: Deps, standIns: StandIns): Feature => {
  const { db, now } = deps;

  /** The other pages of the same person count anew. */
  const changed = (userId: number) => deps.push([userId], { topic: 'notifications-changed' });

  const set = async (
    userId: number,
    id: number,
    columns: Parameters<typeof setNotification>[3],
  ): Promise<{ notification: Notification }> => {
    const notification = await setNotification(db, userId, id, columns);
    if (!notification) throw new AppError('not_found', 'no such notification of mine');
    changed(userId);
    return { notification };
  };

  const parts = {
    extend: async (trx: Parameters<StandIns>[0], rows: Parameters<typeof withStandIns>[0]) =>
      withStandIns(rows, await standIns(trx, now())),
    told: (rows: Parameters<typeof pushRows>[1]) => pushRows(deps, rows),
  };

  return {
    routes: [
      route({
        method: 'get',
        path: '/notifications',
        summary: 'What I was told of, the latest first',
        query: NotificationQuery,
        reply: NotificationPage,
        can: signedIn,
        handle: ({ query, actor }) => listNotifications(db, actor.id, query),
      }),
      route({
        method: 'get',
        path: '/notifications/standing',
        summary: 'How many are unread, and what came while no page of mine was open',
        reply: Standing,
        can: signedIn,
        async handle({ actor: { id } }) {
          const at = now();
          const seen = await seenUpTo(db, id);
          const items = await latestUnread(db, id, seen, AWAY_SHOWN);
          const count = items.length < AWAY_SHOWN ? items.length : await countUnread(db, id, seen);
          return { unread: await countUnread(db, id), away: { count, items }, now: at };
        },
      }),
      route({
        method: 'post',
        path: '/notifications/seen',
        summary: 'What came up to then my pages have shown',
        body: SeenDraft,
        can: signedIn,
        // a page with a clock of its own cannot have seen what is to come
        handle: ({ body: { at }, actor }) => markSeen(db, actor.id, Math.min(at, now())),
      }),
      route({
        method: 'post',
        path: '/notifications/:id/read',
        summary: 'I have read it',
        params: IdParam,
        reply: NotificationReply,
        can: signedIn,
        handle: ({ params: { id }, actor }) => set(actor.id, id, { read_at: now(), snoozed_until: null }),
      }),
      route({
        method: 'post',
        path: '/notifications/:id/unread',
        summary: 'As if I had not read it, nor put it off',
        params: IdParam,
        reply: NotificationReply,
        can: signedIn,
        handle: ({ params: { id }, actor }) => set(actor.id, id, { read_at: null, snoozed_until: null }),
      }),
      route({
        method: 'post',
        path: '/notifications/:id/snooze',
        summary: 'Comes up again later, in 5 minutes to a week',
        params: IdParam,
        body: SnoozeDraft,
        reply: NotificationReply,
        can: signedIn,
        handle: ({ params: { id }, body: { minutes }, actor }) =>
          set(actor.id, id, { read_at: null, snoozed_until: now() + minutes * MINUTE_MS }),
      }),
      route({
        method: 'post',
        path: '/notifications/read-all',
        summary: 'I have read all of them, but what is put off',
        reply: AllRead,
        can: signedIn,
        async handle({ actor }) {
          const at = now();
          const count = await readAll(db, actor.id, at);
          changed(actor.id);
          return { at, count };
        },
      }),
      route({
        method: 'post',
        path: '/notifications/read-all/undo',
        summary: 'Takes that back',
        body: AllReadUndo,
        can: signedIn,
        async handle({ body: { at }, actor }) {
          await unreadAll(db, actor.id, at);
          changed(actor.id);
        },
      }),
    ],
    async start(roles) {
      if (!roles.has('worker')) return () => {};
      let stopped = false;
      let timer: NodeJS.Timeout;
      // Not by a job: each worker claims for itself, and what a sweep of a big minute leaves behind the next finds.
      const sweep = async (): Promise<void> => {
        await sweepReminders(deps, parts).catch((err: unknown) => deps.log.warn({ err }, 'reminders: the next sweep finds them'));
        if (!stopped) timer = setTimeout(() => void (running = sweep()), SWEEP_MS);
      };
      let running: Promise<void> = Promise.resolve();
      timer = setTimeout(() => void (running = sweep()), SWEEP_MS);
      const tidy = () =>
        void dropOld(db, now()).catch((err: unknown) => deps.log.warn({ err }, 'notifications: old ones stay for an hour'));
      const tidying = setInterval(tidy, 60 * MINUTE_MS);
      return async () => {
        stopped = true;
        clearInterval(tidying);
        clearTimeout(timer);
        await running;
      };
    },
  };
};
