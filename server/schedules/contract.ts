import { z } from 'zod';
import { Cycle, DateText, DayRule, Hours, Interval } from '../calendars/contract.ts';
import { Id, UserBrief } from '../users/contract.ts';

/** calendar: as the department's calendar has it. week: hours of their own by the day of the week. cycle: shifts that come again, whatever the day. */
export const ScheduleKind = z.enum(['calendar', 'week', 'cycle']);
export type ScheduleKind = z.infer<typeof ScheduleKind>;

const zone = Hours.shape.timeZone.nullable();
/** PUT: the whole of it. `version`: the one that was edited, 0 for the first. */
export const ScheduleDraft = z.object({
  version: z.number().int().min(0),
  kind: ScheduleKind,
  /** Null: the calendar's. */
  timeZone: zone.default(null),
  week: Hours.shape.week.default([[], [], [], [], [], [], []]),
  cycle: Cycle.nullable().default(null),
  /** The calendar's holidays and short days are theirs too. */
  holidays: z.boolean().default(true),
  days: z.array(DayRule).max(1_000).default([]),
});
export type ScheduleDraft = z.output<typeof ScheduleDraft>;

/** What kind of absence it is, those who lead the person see, and the person. */
export const AbsenceKind = z.enum(['vacation', 'sick', 'training', 'other']);
export type AbsenceKind = z.infer<typeof AbsenceKind>;

/** Away on whole days, both included. */
export const Absence = z.object({
  id: Id,
  user: UserBrief,
  /** Null: it is not for you to know. */
  kind: AbsenceKind.nullable(),
  from: DateText,
  to: DateText,
  note: z.string(),
  deputy: UserBrief.nullable(),
  can: z.object({ end: z.boolean() }),
});
export type Absence = z.infer<typeof Absence>;
export const AbsenceReply = z.object({ absence: Absence });

const days = { from: DateText, to: DateText };
export const AbsenceDraft = z.object({
  /** Missing: whoever says it. */
  userId: Id.optional(),
  kind: AbsenceKind,
  ...days,
  note: z.string().trim().max(200).regex(/^[^\p{Cc}]*$/u).default(''),
  /** Who has what is due meanwhile; null: nobody. */
  deputyId: Id.nullable(),
}); // prettier-ignore
export type AbsenceDraft = z.output<typeof AbsenceDraft>;

export const ProposalQuery = z.object({ userId: z.coerce.number().int().positive().max(2_147_483_647).optional(), ...days });
/** Who could stand in, the fittest first; `away`: not there on some of these days. */
export const Proposal = z.object({ items: z.array(z.object({ user: UserBrief, away: z.boolean(), standsIn: z.number().int() })) });
export type Proposal = z.infer<typeof Proposal>;

export const MonthText = z.string().regex(/^(19[7-9]\d|2\d{3})-(0[1-9]|1[0-2])$/);
export const ScheduleDay = z.object({
  date: DateText,
  /** On the wall of the person's zone. */
  intervals: z.array(Interval),
  away: z.boolean(),
  absence: AbsenceKind.nullable(),
});
export type ScheduleDay = z.infer<typeof ScheduleDay>;

export const PersonMonth = z.object({ user: UserBrief, timeZone: z.string(), minutes: z.number(), days: z.array(ScheduleDay) });
export type PersonMonth = z.infer<typeof PersonMonth>;
export const MonthQuery = z.object({ month: MonthText, departmentId: z.coerce.number().int().positive().max(2_147_483_647).optional() });
/** Who works when. `working`: by day, how many do. */
export const MonthReply = z.object({
  people: z.array(PersonMonth),
  /** There are more people; a department is to be chosen. */
  more: z.boolean(),
  departments: z.array(z.object({ id: Id, name: z.string() })),
});
export type MonthReply = z.infer<typeof MonthReply>;

export const Schedule = z.object({
  user: UserBrief,
  version: z.number().int(),
  kind: ScheduleKind,
  timeZone: Hours.shape.timeZone.nullable(),
  week: Hours.shape.week,
  cycle: Cycle.nullable(),
  holidays: z.boolean(),
  days: z.array(DayRule),
  /** The zone that holds. */
  zone: z.string(),
  workingNow: z.boolean(),
  /** When that changes to working; null while it is, or never. */
  nextAt: z.number().nullable(),
  /** Nothing within ten years: said instead of searched for ever. */
  never: z.boolean(),
  absences: z.array(Absence),
  can: z.object({ edit: z.boolean(), absent: z.boolean() }),
});
export type Schedule = z.infer<typeof Schedule>;
export const ScheduleReply = z.object({ schedule: Schedule });
export type ScheduleReply = z.infer<typeof ScheduleReply>;
