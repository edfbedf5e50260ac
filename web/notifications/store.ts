import type { AllRead, Notification, NotificationPage, NotificationQuery, Standing } from '../../server/notifications/contract.ts';
import type { z } from 'zod';
import { api } from '../core/api.ts';
import { locale } from '../core/i18n.ts';
import { onLive, onReset } from '../core/live.ts';
import { createStore } from '../core/store.ts';
import { toast } from '../core/toasts.ts';
import { placeOf } from './places.ts';
import { t } from './strings.ts';

interface Known {
  /** At most 100, which stands for more. */
  readonly unread: number;
  /** What came while no page of mine was open, until I say that I have seen it. */
  readonly away: number;
}

export const known = createStore<Known>({ unread: 0, away: 0 });
/** Rises when the list is another. */
export const changes = createStore(0);

export const notificationsApi = {
  list: (query: Pick<NotificationQuery, 'show'> & { after?: string }) => api.get<NotificationPage>('/api/notifications', query),
  standing: () => api.get<Standing>('/api/notifications/standing'),
  seen: (at: number) => api.post('/api/notifications/seen', { at }),
  read: (id: number) => api.post<{ notification: Notification }>(`/api/notifications/${id}/read`),
  unread: (id: number) => api.post<{ notification: Notification }>(`/api/notifications/${id}/unread`),
  snooze: (id: number, minutes: number) => api.post<{ notification: Notification }>(`/api/notifications/${id}/snooze`, { minutes }),
  readAll: () => api.post<z.infer<typeof AllRead>>('/api/notifications/read-all'),
  unreadAll: (at: number) => api.post('/api/notifications/read-all/undo', { at }),
};

/** What the live channel lost is found by asking. */
const ASK_MS = 30_000;
const SEEN_MS = 3_000;
/** They have a voice of their own on the page. */
const TOLD_ELSEWHERE: ReadonlySet<Notification['kind']> = new Set([
  'complaint-warned',
  'complaint-breached',
  'oversight-alert',
  'break-over',
]);

let askedAt = 0;

const load = async (): Promise<void> => {
  try {
    const { unread, away, now } = await notificationsApi.standing();
    askedAt = now;
    const before = known.get();
    known.set({ unread, away: Math.max(before.away, away.count) });
    if (before.unread !== unread) changes.update((n) => n + 1);
  } catch {
    // that the server is away the banner tells; it is asked again soon
  }
};

/** I have seen that something came while I was away. */
export const closeAway = async (): Promise<void> => {
  known.update((k) => ({ ...k, away: 0 }));
  await notificationsApi.seen(askedAt);
};

/** @returns stop */
export const startNotifications = (): (() => void) => {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let seen = 0;
  /** What is shown live was not missed; while the banner of what was missed stands, nothing is said. */
  const seenLive = (at: number) => {
    seen = Math.max(seen, at);
    timer ??= setTimeout(() => {
      timer = undefined;
      if (known.get().away === 0) notificationsApi.seen(seen).catch(() => {}); // then it is told once more at the next log-in
    }, SEEN_MS);
  };
  const say = (one: Notification) =>
    TOLD_ELSEWHERE.has(one.kind) ? undefined : toast('info', one.text[locale.get()], { href: placeOf(one), text: t().open });
  const ask = setInterval(() => void load(), ASK_MS);
  const stops = [
    onReset(() => void load()),
    onLive('notifications-changed', () => {
      changes.update((n) => n + 1);
      void load();
    }),
    onLive('notifications', ({ items, more }) => {
      const came = items.length + more;
      known.update((k) => ({ ...k, unread: k.unread + came }));
      changes.update((n) => n + 1);
      items.slice(-2).forEach(say);
      seenLive(Math.max(...items.map(({ shownAt }) => shownAt)));
    }),
  ];
  return () => {
    clearInterval(ask);
    clearTimeout(timer);
    stops.forEach((stop) => stop());
    known.set({ unread: 0, away: 0 });
  };
};
