import { z } from 'zod';
import { ClientBrief } from '../clients/contract.ts';
import { Id, UserBrief } from '../users/contract.ts';

export const TaskKind = z.enum(['task', 'call-back']);
export type TaskKind = z.infer<typeof TaskKind>;

const line = (max: number) =>
  z
    .string()
    .transform((text) => text.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ').trim())
    .pipe(z.string().max(max));
const Text = line(500).pipe(z.string().min(1));
/** Several lines; nothing in it but text. */
const long = (max: number) => z.string().transform((text) => text.replace(/[^\P{Cc}\n\t]+/gu, ' ').trim()).pipe(z.string().max(max)); // prettier-ignore
/** Epoch ms; up to the year 9999. */
const Moment = z.number().int().min(0).max(253_402_300_799_000);

export const TaskPriority = z.enum(['low', 'normal', 'high']);
export type TaskPriority = z.infer<typeof TaskPriority>;
/** Minutes; a week of days and nights is no task. */
const Estimate = z.number().int().min(1).max(10_080);
/** What it is about beside a client: "PBX:LINKEDID" of a call, the id of a complaint or a campaign. */
export const TaskAbout = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('call'), ref: z.string().regex(/^[\w.:@-]{1,140}$/) }),
  z.object({ kind: z.enum(['complaint', 'campaign']), ref: z.string().regex(/^[1-9]\d{0,9}$/) }),
]);
export type TaskAbout = z.infer<typeof TaskAbout>;

export const Task = z.object({
  id: Id,
  kind: TaskKind,
  text: z.string(),
  dueAt: z.number(),
  owner: UserBrief.nullable(),
  author: UserBrief.nullable(),
  client: ClientBrief.nullable(),
  /** To call: the task's own number, or else the client's first. */
  phone: z.string().nullable(),
  /** The call that promised it. */
  callRef: z.string().nullable(),
  doneAt: z.number().nullable(),
  /** The result. */
  doneNote: z.string(),
  /** With `doneAt`: it was not to be done after all. */
  cancelled: z.boolean(),
  priority: TaskPriority,
  /** Minutes. */
  estimate: z.number().int().nullable(),
  parentId: Id.nullable(),
  about: TaskAbout.nullable(),
  /** The author looks at the result; done and not accepted: it waits for that. */
  accept: z.boolean(),
  acceptedAt: z.number().nullable(),
  /** How often the author gave it back, and how often its deadline was put off. */
  returns: z.number().int(),
  moves: z.number().int(),
  /** As it was promised at first; null: it never moved. */
  firstDueAt: z.number().nullable(),
  /** It comes again by a rule. */
  seriesId: Id.nullable(),
  createdAt: z.number(),
  /** Counts the changes; sent back with an edit (409 conflict). */
  version: z.number().int(),
  can: z.object({ edit: z.boolean(), assign: z.boolean(), accept: z.boolean() }),
});
export type Task = z.infer<typeof Task>;
export const TaskReply = z.object({ task: Task });
export type TaskReply = z.infer<typeof TaskReply>;

const Items = z.array(line(300).pipe(z.string().min(1))).max(100);
const People = z.array(Id).max(50);

export const TaskDraft = z.object({
  kind: TaskKind.default('task'),
  text: Text,
  dueAt: Moment,
  /** Missing: whoever makes it. */
  ownerId: Id.optional(),
  clientId: Id.nullable().default(null),
  phone: line(60).default(''),
  priority: TaskPriority.default('normal'),
  estimate: Estimate.nullable().default(null),
  parentId: Id.nullable().default(null),
  about: TaskAbout.nullable().default(null),
  accept: z.boolean().default(false),
  watchers: People.default([]),
  items: Items.default([]),
});
export type TaskDraft = z.input<typeof TaskDraft>;

/** PATCH: what is missing stays. A deadline is moved, with its reason, by POST /api/tasks/:id/move. */
export const TaskEdit = z.strictObject({
  version: z.number().int(),
  kind: TaskKind.optional(),
  text: Text.optional(),
  ownerId: Id.optional(),
  clientId: Id.nullable().optional(),
  priority: TaskPriority.optional(),
  estimate: Estimate.nullable().optional(),
  about: TaskAbout.nullable().optional(),
  accept: z.boolean().optional(),
});
export type TaskEdit = z.input<typeof TaskEdit>;

/** A task ends with a result, in words. */
export const DoneDraft = z.object({ note: long(2000).pipe(z.string().min(1)), cancelled: z.boolean().default(false) });
export const ReturnDraft = z.object({ note: long(2000).pipe(z.string().min(1)) });

export const TaskItem = z.object({ id: Id, text: z.string(), doneAt: z.number().nullable(), doneBy: UserBrief.nullable() });
export type TaskItem = z.infer<typeof TaskItem>;
export const ItemDraft = z.object({ text: line(300).pipe(z.string().min(1)) });
export const ItemEdit = z.object({ text: line(300).pipe(z.string().min(1)).optional(), done: z.boolean().optional() });
export const ItemParam = z.object({ id: z.coerce.number().int().positive().max(2_147_483_647), item: z.coerce.number().int().positive().max(2_147_483_647) }); // prettier-ignore

export const WatchersDraft = z.object({ userIds: People });
/** Mentions are ids, chosen beside the text; whoever is mentioned watches the task from then on. */
export const CommentDraft = z.object({ text: long(4000).pipe(z.string().min(1)), mentions: z.array(Id).max(20).default([]) });
export const TaskComment = z.object({ id: Id, user: UserBrief.nullable(), text: z.string(), mentions: z.array(UserBrief), at: z.number() });
export type TaskComment = z.infer<typeof TaskComment>;

/** `data` by kind: edited { field: [before, after] }, moved { from, to, reason }, done { note }, returned { note } ... */
export const TaskEvent = z.object({ id: Id, kind: z.string(), user: UserBrief.nullable(), at: z.number(), data: z.record(z.string(), z.unknown()) }); // prettier-ignore
export type TaskEvent = z.infer<typeof TaskEvent>;

/** client: the client asked; waiting: for somebody else; busy: no time; absent: ill, away; mistake: a wrong date; other: said in `note`. outcome: a call's outcome said so. */
export const MOVE_REASONS = ['client', 'waiting', 'busy', 'absent', 'mistake', 'other'] as const;
export const MoveReason = z.enum(MOVE_REASONS);
export type MoveReason = z.infer<typeof MoveReason>;
export const MoveDraft = z
  .object({ version: z.number().int(), dueAt: Moment, reason: MoveReason, note: line(500).default('') })
  .refine(({ reason, note }) => reason !== 'other' || note !== '', { path: ['note'], error: 'required' });
export type MoveDraft = z.input<typeof MoveDraft>;
export const TaskMove = z.object({
  id: Id,
  taskId: Id,
  user: UserBrief.nullable(),
  from: z.number(),
  to: z.number(),
  reason: z.enum([...MOVE_REASONS, 'outcome']),
  note: z.string(),
  state: z.enum(['made', 'asked', 'granted', 'refused', 'dropped']),
  at: z.number(),
  decidedBy: UserBrief.nullable(),
  decidedAt: z.number().nullable(),
  decidedNote: z.string(),
  /** I am whose consent it needs. */
  can: z.object({ decide: z.boolean() }),
});
export type TaskMove = z.infer<typeof TaskMove>;
/** `asked`: it waits for the chief, the deadline stays. */
export const MoveReply = z.object({ task: Task, asked: z.boolean() });
export type MoveReply = z.infer<typeof MoveReply>;
export const MoveDecision = z
  .object({ granted: z.boolean(), note: line(500).default('') })
  .refine(({ granted, note }) => granted || note !== '', { path: ['note'], error: 'required' });
/** GET /api/tasks/moves: those that wait for my consent. */
export const MovesAsked = z.object({ items: z.array(z.object({ move: TaskMove, task: Task })) });
export type MovesAsked = z.infer<typeof MovesAsked>;

/** RFC 5545 RRULE, by days, weeks, months or years. */
const Rule = z.string().trim().min(1).max(250);
export const SeriesDraft = z.object({ rule: Rule });
/** Of this occurrence and the following, or of all; this one alone is edited as any task. What is missing stays. */
export const SeriesEdit = z.strictObject({
  version: z.number().int(),
  scope: z.enum(['following', 'all']),
  rule: Rule.optional(),
  text: Text.optional(),
  priority: TaskPriority.optional(),
  estimate: Estimate.nullable().optional(),
  ownerId: Id.optional(),
});
export type SeriesEdit = z.infer<typeof SeriesEdit>;

/** GET /api/tasks/:id */
export const TaskCard = z.object({
  task: Task,
  /** The rule by which it comes again, and the next ones that are not made yet; none: it has ended. */
  series: z.object({ id: Id, rule: z.string(), timeZone: z.string(), next: z.array(z.number()) }).nullable(),
  parent: z.object({ id: Id, text: z.string() }).nullable(),
  watchers: z.array(UserBrief),
  items: z.array(TaskItem),
  subtasks: z.array(Task),
  comments: z.array(TaskComment),
  moves: z.array(TaskMove),
  events: z.array(TaskEvent),
  /** To choose from: owners, watchers, mentions. */
  people: z.array(UserBrief),
});
export type TaskCard = z.infer<typeof TaskCard>;

/** Which of the tasks a figure of the report counts. */
export const TASK_FIGURES = ['due', 'done', 'onTime', 'late', 'overdue', 'moved', 'returned'] as const;
const Whole = z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER);
const Ref = z.coerce.number().int().positive().max(2_147_483_647);
/**
 * GET /api/tasks: by due time, the earliest first, so that what is overdue leads. mine: what I own; given: what I made for others; watched: what I
 * watch; accept: what waits for my acceptance; all: everybody's, for supervisors; client: of one client, for whoever may read the card.
 * from <= dueAt < to.
 */
export const TaskQuery = z.object({
  scope: z.enum(['mine', 'given', 'watched', 'accept', 'all', 'client']).default('mine'),
  clientId: Ref.optional(),
  ownerId: Ref.optional(),
  kind: TaskKind.optional(),
  priority: TaskPriority.optional(),
  /** Beginnings of its words. */
  q: z.string().max(200).optional(),
  figure: z.enum(TASK_FIGURES).optional(),
  state: z.enum(['open', 'done', 'any']).default('open'),
  from: Whole.optional(),
  to: Whole.optional(),
  /** `next` of the page before. */
  after: z.string().max(60).optional(),
  limit: z.coerce.number().int().min(1).max(100).default(50),
});
export type TaskQuery = z.infer<typeof TaskQuery>;
export const TaskPage = z.object({ items: z.array(Task), next: z.string().nullable() });
export type TaskPage = z.infer<typeof TaskPage>;

/** POST /api/tasks/parse: one typed line, read in the time zone of whoever typed it. Nothing is saved. */
export const LineDraft = z.object({ text: Text });
export const ParsedLine = z.object({
  /** Without the words of the time. */
  text: z.string(),
  kind: TaskKind,
  /** Null: the line names no time. */
  dueAt: z.number().nullable(),
  /** The time that was named is over. */
  past: z.boolean(),
  /** Whom it may mean, likeliest first. */
  clients: z.array(ClientBrief),
});
export type ParsedLine = z.infer<typeof ParsedLine>;

/** GET /api/tasks/report: tasks by their due time, from <= dueAt < until. */
export const TaskReportQuery = z.object({
  by: z.enum(['owner', 'kind']).default('owner'),
  from: z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER),
  until: z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER),
  departmentId: Ref.optional(),
});
export type TaskReportQuery = z.infer<typeof TaskReportQuery>;
/** Counts but for: onTimeShare of what is done; movesPerTask; ms: meanDelay of what was done late, and in which step time was lost, in all. */
export const TaskFigures = z.object({
  due: z.number(),
  done: z.number(),
  onTime: z.number(),
  onTimeShare: z.number().nullable(),
  late: z.number(),
  overdue: z.number(),
  moved: z.number(),
  movesPerTask: z.number().nullable(),
  returned: z.number(),
  meanDelayMs: z.number().nullable(),
  lostMovedMs: z.number(),
  lostLateMs: z.number(),
  lostAcceptMs: z.number(),
});
export type TaskFigures = z.infer<typeof TaskFigures>;
export const TaskReport = z.object({
  rows: z.array(z.object({ user: UserBrief.nullable(), kind: TaskKind.nullable(), figures: TaskFigures })),
  total: TaskFigures,
  /** Of the moves in the period: why, and by how much in all. */
  reasons: z.array(z.object({ reason: TaskMove.shape.reason, n: z.number(), ms: z.number() })),
  departments: z.array(z.object({ id: Id, name: z.string() })),
});
export type TaskReport = z.infer<typeof TaskReport>;
const ReportWord = z.string().max(200);
/** The words are the browser's. */
export const TaskReportExport = z.object({
  query: TaskReportQuery,
  format: z.enum(['csv', 'xlsx']),
  language: z.enum(['ru', 'en']),
  words: z.object({
    key: ReportWord,
    total: ReportWord,
    columns: z.array(z.object({ name: z.string().max(40), label: ReportWord, kind: z.enum(['count', 'share', 'ms', 'mean']) })).min(1).max(40), // prettier-ignore
    keys: z.record(z.string().max(200), z.string().max(400)),
  }),
});
export type TaskReportExport = z.infer<typeof TaskReportExport>;

/** Minutes of one day: of the schedule, meetings within it, calls as they usually are, tasks that are due, and what is left; today from now on. */
export const DayCapacity = z.object({
  date: z.string(),
  work: z.number(),
  meetings: z.number(),
  calls: z.number(),
  planned: z.number(),
  free: z.number(),
});
export type DayCapacity = z.infer<typeof DayCapacity>;
/** GET /api/tasks/day: the formula of `score` stands in server/tasks/day.ts. */
export const DayReply = z.object({
  items: z.array(z.object({ task: Task, score: z.number() })),
  more: z.boolean(),
  /** Today and tomorrow. */
  days: z.array(DayCapacity),
});
export type DayReply = z.infer<typeof DayReply>;
/** GET /api/tasks/capacity: of one more task; `minutes` missing: as long as its kind usually is. */
export const CapacityQuery = z.object({
  dueAt: z.coerce.number().int().min(0).max(4_102_444_800_000),
  minutes: z.coerce.number().int().min(1).max(10_080).optional(),
  kind: TaskKind.default('task'),
  ownerId: Ref.optional(),
});
export const CapacityReply = z.object({ day: DayCapacity, needed: z.number(), fits: z.boolean(), proposal: z.number().nullable() });
export type CapacityReply = z.infer<typeof CapacityReply>;
export const UnopenedQuery = z.object({ minutes: z.coerce.number().int().min(0).max(720).default(15) });
/** Since when their shift runs. */
export const UnopenedReply = z.object({ items: z.array(z.object({ user: UserBrief, startedAt: z.number() })) });
export type UnopenedReply = z.infer<typeof UnopenedReply>;

/** GET /api/tasks/unplanned: the newest cards first, behind `after`. */
export const UnplannedQuery = z.object({
  ownerId: Ref.optional(),
  after: z.string().max(20).optional(),
  limit: z.coerce.number().int().min(1).max(100).default(50),
});
export type UnplannedQuery = z.infer<typeof UnplannedQuery>;
export const UnplannedPage = z.object({
  items: z.array(z.object({ client: ClientBrief, stage: z.string(), owner: UserBrief.nullable() })),
  next: z.string().nullable(),
});
export type UnplannedPage = z.infer<typeof UnplannedPage>;
