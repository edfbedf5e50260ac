import { z } from 'zod';
import { ClientBrief } from '../clients/contract.ts';
import { Id, UserBrief } from '../users/contract.ts';

/** What it is; its colour on the screen. */
export const MeetingKind = z.enum(['meeting', 'visit', 'demo', 'training', 'other']);
export type MeetingKind = z.infer<typeof MeetingKind>;

export const Answer = z.enum(['asked', 'accepted', 'declined', 'tentative']);
export type Answer = z.infer<typeof Answer>;

const line = (max: number) =>
  z
    .string()
    .transform((text) => text.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ').trim())
    .pipe(z.string().max(max));

/** A moment on the wall of a zone, "2027-01-08T10:00", that the calendar has. */
export const WallText = z
  .string()
  .regex(/^(19[7-9]\d|2\d{3})-\d\d-\d\dT\d\d:\d\d$/)
  .refine((text) => {
    const at = Date.parse(`${text}Z`);
    return !Number.isNaN(at) && new Date(at).toISOString().startsWith(text);
  }, 'no such day');

const Zone = z
  .string()
  .max(60)
  .refine((name) => {
    try {
      return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
    } catch {
      return false;
    }
  }, 'no such time zone');

const MOST_DAYS = 31;
const fields = {
  title: line(200).pipe(z.string().min(1)),
  kind: MeetingKind,
  start: WallText,
  /** Up to 31 days. All day: whole days. */
  minutes: z
    .number()
    .int()
    .min(1)
    .max(MOST_DAYS * 1_440),
  allDay: z.boolean(),
  /** IANA. */
  timeZone: Zone,
  place: line(200),
  note: z.string().trim().max(2000),
  clientId: Id.nullable(),
  /** RRULE of RFC 5545, day by day or rarer; null: once. */
  rule: z.string().min(1).max(300).nullable(),
  /** Besides the owner. */
  userIds: z.array(Id).max(100),
  /** Who is invited by e-mail. */
  contacts: z.array(z.object({ email: z.email().max(320), clientId: Id.nullable().default(null) })).max(50),
  resourceIds: z.array(Id).max(20),
};

export const MeetingDraft = z.object({
  ...fields,
  kind: MeetingKind.default('meeting'),
  allDay: z.boolean().default(false),
  place: fields.place.default(''),
  note: fields.note.default(''),
  clientId: fields.clientId.default(null),
  rule: fields.rule.default(null),
  userIds: fields.userIds.default([]),
  contacts: fields.contacts.default([]),
  resourceIds: fields.resourceIds.default([]),
  /** Missing: whoever makes it. */
  ownerId: Id.optional(),
});
export type MeetingDraft = z.output<typeof MeetingDraft>;

/**
 * Of a series: this occurrence, this and all later ones, or all. `occurrence` names it; a `start` beside it is the new beginning of that occurrence.
 * Of what does not repeat both are passed over.
 */
const which = {
  version: z.number().int(),
  scope: z.enum(['this', 'following', 'all']).default('all'),
  occurrence: WallText.nullable().default(null),
};
/** `ownerId`: whose it becomes; whoever had it has no part in it any more, unless `userIds` says so. */
export const MeetingEdit = z.object({ ...which, ...z.object(fields).partial().shape, ownerId: Id.optional() });
export type MeetingEdit = z.output<typeof MeetingEdit>;
export const MeetingCancel = z.object(which);
export type MeetingCancel = z.output<typeof MeetingCancel>;
export const AnswerDraft = z.object({ answer: z.enum(['accepted', 'declined', 'tentative']) });
export const ResultDraft = z.object({ occurrence: WallText.nullable().default(null), text: z.string().trim().min(1).max(2000) });

const Resource = z.object({ id: Id, name: z.string(), kind: z.enum(['room', 'other']), seats: z.number().int().nullable() });
export type Resource = z.infer<typeof Resource>;
const seats = z.number().int().min(1).max(10_000).nullable();
const ResourceName = line(100).pipe(z.string().min(1));
export const ResourceDraft = z.object({ name: ResourceName, kind: z.enum(['room', 'other']).default('room'), seats: seats.default(null) });
export const ResourceEdit = z.object({ name: ResourceName.optional(), seats: seats.optional(), archived: z.boolean().optional() });
export const ResourceReply = z.object({ resource: Resource.extend({ archivedAt: z.number().nullable() }) });

/** Whom and what a calendar can be asked for. */
export const Directory = z.object({
  people: z.array(UserBrief.extend({ departmentId: Id.nullable() })),
  departments: z.array(z.object({ id: Id, name: z.string() })),
  resources: z.array(Resource),
  can: z.object({ resources: z.boolean() }),
});
export type Directory = z.infer<typeof Directory>;

export const Meeting = z.object({
  id: Id,
  uid: z.string(),
  version: z.number().int(),
  /** An occurrence that differs from its series. */
  seriesId: Id.nullable(),
  occurrence: z.string().nullable(),
  title: z.string(),
  kind: MeetingKind,
  start: z.string(),
  minutes: z.number().int(),
  allDay: z.boolean(),
  timeZone: z.string(),
  place: z.string(),
  note: z.string(),
  rule: z.string().nullable(),
  except: z.array(z.string()),
  startsAt: z.number(),
  owner: UserBrief.nullable(),
  client: ClientBrief.nullable(),
  people: z.array(z.object({ user: UserBrief.nullable(), answer: Answer })),
  contacts: z.array(z.object({ email: z.string(), clientId: Id.nullable() })),
  resources: z.array(Resource),
  results: z.array(z.object({ occurrence: z.string(), text: z.string(), at: z.number(), user: UserBrief.nullable() })),
  cancelledAt: z.number().nullable(),
  can: z.object({ edit: z.boolean(), answer: z.boolean() }),
});
export type Meeting = z.infer<typeof Meeting>;
export const MeetingReply = z.object({ meeting: Meeting });
export type MeetingReply = z.infer<typeof MeetingReply>;

/** One square of a calendar. `busy`: that is all that the asker may know. */
export const Slot = z.object({
  meetingId: Id.nullable(),
  version: z.number().int().nullable(),
  /** Of a series: which. */
  occurrence: z.string().nullable(),
  from: z.number(),
  to: z.number(),
  allDay: z.boolean(),
  busy: z.boolean(),
  title: z.string(),
  kind: MeetingKind.nullable(),
  place: z.string(),
  client: ClientBrief.nullable(),
  /** Of those who were asked for. */
  users: z.array(z.object({ id: Id, answer: Answer })),
  resourceIds: z.array(Id),
  can: z.object({ edit: z.boolean() }),
});
export type Slot = z.infer<typeof Slot>;

const ids = (most: number) =>
  z
    .string()
    .max(1_000)
    .regex(/^(\d{1,9}(,\d{1,9})*)?$/)
    .transform((text) => [...new Set(text.split(',').filter(Boolean).map(Number))])
    .pipe(z.array(Id).max(most));
const Moment = z.coerce.number().int().min(0).max(4_102_444_800_000);

/** GET /api/meetings: [from, to), at most 62 days; nobody named: the asker. */
export const SlotQuery = z
  .object({ from: Moment, to: Moment, users: ids(60).default([]), resources: ids(60).default([]) })
  .refine(({ from, to }) => to > from && to - from <= 62 * 86_400_000, { path: ['to'], error: 'empty_or_too_long' });
export const SlotList = z.object({ items: z.array(Slot) });
export type SlotList = z.infer<typeof SlotList>;

/** Meetings with clients that are over and of which nobody has said what came of them. */
export const AskedList = z.object({
  items: z.array(
    z.object({
      meetingId: Id,
      occurrence: z.string(),
      from: z.number(),
      to: z.number(),
      title: z.string(),
      client: ClientBrief.nullable(),
    }),
  ),
});
export type AskedList = z.infer<typeof AskedList>;
/** Those to which I have not answered yet. */
export const InvitedList = z.object({ items: z.array(Meeting) });
export type InvitedList = z.infer<typeof InvitedList>;

/**
 * GET /api/meetings/free: the first `limit` common free times of these people and rooms, within their schedules. `except`: a meeting that is to be moved
 * is in nobody's way. Nobody named: the asker.
 */
export const FreeQuery = z.object({
  from: Moment.optional(),
  days: z.coerce.number().int().min(1).max(62).default(28),
  minutes: z.coerce.number().int().min(5).max(1_440),
  users: ids(60).default([]),
  resources: ids(60).default([]),
  except: z.coerce.number().int().positive().max(2_147_483_647).optional(),
  limit: z.coerce.number().int().min(1).max(50).default(6),
});
export const FreeList = z.object({
  items: z.array(z.object({ from: z.number(), to: z.number() })),
  /** Who has no working time at all in these days. */
  never: z.array(UserBrief),
});
export type FreeList = z.infer<typeof FreeList>;
