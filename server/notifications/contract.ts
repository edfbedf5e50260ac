import { z } from 'zod';
import { Id } from '../users/contract.ts';

/** What people are told of. */
export const NotificationKind = z.enum([
  'task-assigned',
  'task-due',
  'task-overdue',
  'task-mentioned',
  'task-returned',
  'task-to-accept',
  'task-move-asked',
  'task-move-granted',
  'task-move-refused',
  'call-back-due',
  'call-back-missed',
  'complaint-assigned',
  'complaint-warned',
  'complaint-breached',
  'lead-untouched',
  'client-given',
  'oversight-alert',
  'break-over',
  'invitation',
]);
export type NotificationKind = z.infer<typeof NotificationKind>;

/** What it is about, and so what it opens. */
export const AboutKind = z.enum(['task', 'complaint', 'client', 'handover', 'oversight', 'break', 'meeting']);
export type AboutKind = z.infer<typeof AboutKind>;

export const Notification = z.object({
  id: Id,
  kind: NotificationKind,
  about: z.object({ kind: AboutKind, ref: z.string() }),
  text: z.object({ ru: z.string(), en: z.string() }),
  /** When it came up: at first, or again after it was put off. */
  shownAt: z.number(),
  readAt: z.number().nullable(),
  /** Put off until then. */
  snoozedUntil: z.number().nullable(),
});
export type Notification = z.infer<typeof Notification>;

/** Above it nobody counts. */
export const MOST_UNREAD = 100;

const Moment = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER);

/** GET /api/notifications: mine, the latest first. unread: without what is put off. */
export const NotificationQuery = z.object({
  show: z.enum(['all', 'unread', 'snoozed']).default('all'),
  /** `next` of the page before. */
  after: z.string().max(60).optional(),
  limit: z.coerce.number().int().min(1).max(100).default(30),
});
export type NotificationQuery = z.infer<typeof NotificationQuery>;
export const NotificationPage = z.object({ items: z.array(Notification), next: z.string().nullable() });
export type NotificationPage = z.infer<typeof NotificationPage>;

/** GET /api/notifications/standing: how many are unread (at most MOST_UNREAD), and of them what came while no page of mine was open. */
export const Standing = z.object({
  unread: z.number().int(),
  away: z.object({ count: z.number().int(), items: z.array(Notification) }),
  /** The server's clock, for POST /seen. */
  now: z.number(),
});
export type Standing = z.infer<typeof Standing>;

/** What came up to then my pages have shown. */
export const SeenDraft = z.object({ at: Moment });

/** 5 minutes to a week. */
export const SnoozeDraft = z.object({
  minutes: z
    .number()
    .int()
    .min(5)
    .max(7 * 24 * 60),
});
export const NotificationReply = z.object({ notification: Notification });
/** `at`: by which it is taken back. */
export const AllRead = z.object({ at: z.number(), count: z.number().int() });
export const AllReadUndo = z.object({ at: Moment });
