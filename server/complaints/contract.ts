import { z } from 'zod';
import { CallRef } from '../calls/contract.ts';
import { ClientBrief } from '../clients/contract.ts';
import { Recording } from '../recordings/contract.ts';
import { Id, UserBrief } from '../users/contract.ts';

/** The code of one of the administrator's; the shipped ones are low, normal, high, critical. */
const SeverityCode = z.string().regex(/^[a-z0-9-]{1,10}$/);
/** Of whatever comes without one, by mail or by the form; it is always there. */
export const COMMON_SEVERITY = 'normal';
export const Channel = z.enum(['phone', 'card', 'email', 'web', 'api']);
/** merged: it goes on in another one. */
export const Status = z.enum([
  'new',
  'acknowledged',
  'in-work',
  'waiting-client',
  'waiting-department',
  'resolved',
  'closed',
  'reopened',
  'merged',
]);
export type Status = z.infer<typeof Status>;
export const ClockKind = z.enum(['acknowledge', 'first-answer', 'next-answer', 'resolve']);
export type ClockKind = z.infer<typeof ClockKind>;
export const AlarmStep = z.enum(['warn', 'breach', 'chief', 'director']);
export type AlarmStep = z.infer<typeof AlarmStep>;

/** C-2026-000123 */
export const ComplaintNumber = z.string().regex(/^C-\d{4}-\d{6,9}$/);

const line = (max: number) =>
  z
    .string()
    .transform((text) => text.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ').trim())
    .pipe(z.string().max(max));
const wanted = (max: number) => line(max).pipe(z.string().min(1));
/** Several lines; no other control characters. */
const text = (max: number) =>
  z
    .string()
    .transform((value) =>
      value
        .replace(/\r\n?/g, '\n')
        .replace(/[^\P{Cc}\n\t]/gu, '')
        .trim(),
    ) // prettier-ignore
    .pipe(z.string().max(max));
const Time = z.number().int().min(0).max(253_402_300_799_000);
const Version = z.number().int().min(1).max(1_000_000_000);
const DAY_MS = 86_400_000;

export const Clock = z.object({
  kind: ClockKind,
  startedAt: z.number(),
  /** Of working time. */
  targetMs: z.number(),
  /** Null: paused, with `leftMs` of working time left. */
  dueAt: z.number().nullable(),
  leftMs: z.number().nullable(),
  stoppedAt: z.number().nullable(),
  /** Of one that has stopped: in time. */
  met: z.boolean().nullable(),
});
export type Clock = z.infer<typeof Clock>;

/** As lists, boards and the card show it. */
export const ComplaintBrief = z.object({
  id: Id,
  number: ComplaintNumber,
  subject: z.string(),
  categoryId: Id,
  severity: SeverityCode,
  channel: Channel,
  status: Status,
  client: ClientBrief.nullable(),
  contactName: z.string(),
  owner: UserBrief.nullable(),
  departmentId: Id.nullable(),
  registeredAt: z.number(),
  /** Of the next clock; null: none runs. */
  dueAt: z.number().nullable(),
  closedAt: z.number().nullable(),
  version: z.number().int(),
});
export type ComplaintBrief = z.infer<typeof ComplaintBrief>;

export const Entry = z.object({
  id: Id,
  kind: z.enum(['in', 'out', 'note']),
  channel: z.string(),
  at: z.number(),
  user: UserBrief.nullable(),
  text: z.string(),
  /** Cleaned; pictures from elsewhere are taken out. */
  html: z.string().nullable(),
  address: z.string(),
  /** That went out with it; kept as files of the complaint. */
  files: z.array(z.object({ id: Id, name: z.string(), size: z.number().int() })),
});
export type Entry = z.infer<typeof Entry>;

export const Move = z.object({
  id: Id,
  kind: z.string(),
  from: z.string(),
  to: z.string(),
  note: z.string(),
  user: UserBrief.nullable(),
  at: z.number(),
});
export type Move = z.infer<typeof Move>;

export const CompensationKind = z.enum(['money', 'gift', 'apology']);
const Currency = z.string().regex(/^[A-Z]{3}$/);
export const Compensation = z.object({
  id: Id,
  kind: CompensationKind,
  /** Minor units. */
  amount: z.number().int(),
  currency: Currency,
  note: z.string(),
  state: z.enum(['asked', 'approved', 'refused']),
  user: UserBrief.nullable(),
  at: z.number(),
  decidedBy: UserBrief.nullable(),
});
export type Compensation = z.infer<typeof Compensation>;

export const ComplaintTask = z.object({
  id: Id,
  kind: z.enum(['corrective', 'call-back']),
  user: UserBrief.nullable(),
  text: z.string(),
  dueAt: z.number(),
  untilAt: z.number().nullable(),
  doneAt: z.number().nullable(),
  /** Of a corrective action: what came of it. */
  result: z.string(),
});
export const Handover = z.object({
  id: Id,
  fromDepartmentId: Id.nullable(),
  toDepartmentId: Id,
  user: UserBrief.nullable(),
  reason: z.string(),
  checklist: z.array(z.object({ text: z.string(), done: z.boolean() })),
  at: z.number(),
  deadlineAt: z.number(),
  state: z.enum(['waiting', 'accepted', 'refused']),
  answeredBy: UserBrief.nullable(),
  answer: z.string(),
});
export type Handover = z.infer<typeof Handover>;

export const ComplaintCall = z.object({
  ref: CallRef,
  /** When, in the call, it was registered. */
  momentAt: z.number(),
  recordings: z.array(Recording),
  can: z.object({ hear: z.boolean(), download: z.boolean() }),
});

export const Complaint = ComplaintBrief.extend({
  contactPhone: z.string(),
  contactEmail: z.string(),
  product: z.string(),
  queue: z.string().nullable(),
  wish: z.string(),
  registeredBy: UserBrief.nullable(),
  resolvedAt: z.number().nullable(),
  causeId: Id.nullable(),
  doneText: z.string(),
  told: z.boolean().nullable(),
  notToldReason: z.string(),
  repeatOf: ComplaintBrief.nullable(),
  mergedInto: ComplaintBrief.nullable(),
  satisfaction: z.number().int().nullable(),
  satisfactionText: z.string(),
  clocks: z.array(Clock),
  entries: z.array(Entry),
  moves: z.array(Move),
  calls: z.array(ComplaintCall),
  links: z.array(z.object({ kind: z.string(), complaint: ComplaintBrief })),
  watchers: z.array(UserBrief),
  compensations: z.array(Compensation),
  tasks: z.array(ComplaintTask),
  handovers: z.array(Handover),
});
export type Complaint = z.infer<typeof Complaint>;

export const ComplaintReply = z.object({
  complaint: Complaint,
  /** Where the table of transitions lets it go from here. */
  next: z.array(Status),
  can: z.object({ work: z.boolean(), note: z.boolean(), assign: z.boolean(), approve: z.boolean(), accept: z.boolean() }),
});
export type ComplaintReply = z.infer<typeof ComplaintReply>;

/** POST /api/complaints. `join`: it is the same matter as an open one, and becomes an entry of it. */
export const ComplaintDraft = z.object({
  clientId: Id.nullable().default(null),
  callRef: CallRef.nullable().default(null),
  contactName: line(200).default(''),
  contactPhone: line(60).default(''),
  contactEmail: z.union([z.literal(''), z.email().max(254)]).default(''),
  categoryId: Id,
  severity: SeverityCode.default(COMMON_SEVERITY),
  subject: wanted(200),
  text: text(20_000).default(''),
  product: line(200).default(''),
  wish: line(1000).default(''),
  channel: z.enum(['phone', 'card', 'api']).default('card'),
  join: Id.nullable().default(null),
  /** Sent again with the same key, it is the same complaint. */
  onceKey: z
    .string()
    .regex(/^[\w.:-]{8,100}$/)
    .nullable()
    .default(null),
});
export type ComplaintDraft = z.input<typeof ComplaintDraft>;
/** `joined`: nothing new was made. */
export const ComplaintMade = z.object({ id: Id, number: ComplaintNumber, joined: z.boolean() });
export type ComplaintMade = z.infer<typeof ComplaintMade>;

const Key = z.string().max(60).optional();
/** GET /api/complaints: by time left; of closed ones the newest first. handed: given to my department, which has
 * not answered. client: of one client, for whoever may read the card. */
export const ComplaintQuery = z.object({
  scope: z.enum(['all', 'mine', 'department', 'handed', 'registered', 'client']).default('mine'),
  clientId: z.coerce.number().int().positive().max(Number.MAX_SAFE_INTEGER).optional(),
  open: z
    .enum(['true', 'false'])
    .default('true')
    .transform((value) => value === 'true'),
  status: Status.optional(),
  severity: SeverityCode.optional(),
  /** A number, or the end of one. */
  number: z.string().trim().min(1).max(20).optional(),
  after: Key,
  limit: z.coerce.number().int().min(1).max(100).default(50),
});
export type ComplaintQuery = z.infer<typeof ComplaintQuery>;
export const ComplaintPage = z.object({ items: z.array(ComplaintBrief), next: z.string().nullable(), now: z.number() });
export type ComplaintPage = z.infer<typeof ComplaintPage>;

/** GET /api/complaints/similar: open ones, and those closed lately, of the same client and category. */
export const SimilarQuery = z.object({ clientId: z.coerce.number().int().positive().max(Number.MAX_SAFE_INTEGER), categoryId: z.coerce.number().int().positive().max(Number.MAX_SAFE_INTEGER).optional() }); // prettier-ignore
export const ComplaintList = z.object({ items: z.array(ComplaintBrief) });

/** What every change says it has seen; 409 conflict tells what happened since. */
const seen = { version: Version };
/** files: of the complaint, that go out with an e-mail. */
export const EntryDraft = z.object({ ...seen, kind: z.enum(['out', 'note', 'in']), channel: z.enum(['phone', 'email', 'other']).default('other'), subject: line(200).default(''), text: text(50_000).pipe(z.string().min(1)), files: z.array(Id).max(20).default([]) }); // prettier-ignore
export const StatusDraft = z.object({
  ...seen,
  status: Status,
  note: line(1000).default(''),
  causeId: Id.optional(),
  doneText: text(2000).optional(),
  /** To close: the client was told, or why not. */
  told: z.boolean().optional(),
  notToldReason: line(500).optional(),
  /** To close: thanks or an apology, which goes out with it and tells the client. */
  letter: z.object({ subject: line(200).default(''), text: text(10_000).pipe(z.string().min(1)) }).optional(),
});
export type StatusDraft = z.input<typeof StatusDraft>;
export const ComplaintEdit = z.object({
  ...seen,
  severity: SeverityCode.optional(),
  categoryId: Id.optional(),
  causeId: Id.nullable().optional(),
  product: line(200).optional(),
  wish: line(1000).optional(),
  subject: wanted(200).optional(),
  clientId: Id.nullable().optional(),
});
export type ComplaintEdit = z.input<typeof ComplaintEdit>;
export const AssignDraft = z.object({ ...seen, ownerId: Id.nullable() });
export const WatchDraft = z.object({ watch: z.boolean() });
export const CallDraft = z.object({ callRef: CallRef });
export const LinkDraft = z.object({ ...seen, otherId: Id, kind: z.enum(['related', 'merged']) });
export const CompensationDraft = z.object({ ...seen, kind: CompensationKind, amount: z.number().int().min(0).max(1e12).default(0), currency: Currency.default('RUB'), note: line(500).default('') }); // prettier-ignore
export const DecisionDraft = z.object({ ...seen, approve: z.boolean(), note: line(500).default('') });
export const TaskDraft = z.object({ ...seen, kind: z.enum(['corrective', 'call-back']), ownerId: Id.optional(), text: wanted(400), dueAt: Time, untilAt: Time.optional() }); // prettier-ignore
export const TaskDoneDraft = z.object({ ...seen, result: wanted(1000) });
export const HandoverDraft = z.object({ ...seen, departmentId: Id, reason: wanted(1000), checklist: z.array(wanted(300)).max(20).default([]), deadlineAt: Time }); // prettier-ignore
export const AcceptDraft = z.object({ ...seen, accept: z.boolean(), note: line(1000).default('') });
export const CheckDraft = z.object({ ...seen, item: z.number().int().min(0).max(19), done: z.boolean() });
export const SubIdParam = z.object({ id: z.coerce.number().int().positive().max(Number.MAX_SAFE_INTEGER), sub: z.coerce.number().int().positive().max(Number.MAX_SAFE_INTEGER) }); // prettier-ignore

/** label null: the browser has words for the code. */
export const Category = z.object({ id: Id, kind: z.enum(['category', 'cause']), code: z.string().nullable(), label: z.string().nullable(), parentId: Id.nullable(), retired: z.boolean() }); // prettier-ignore
export type Category = z.infer<typeof Category>;
export const CategoryDraft = z.object({ kind: z.enum(['category', 'cause']), label: wanted(200), parentId: Id.nullable().default(null) });
/** `seen`, of this and of the other settings: as the page showed it; 409 conflict when it is something else now. Without it, whatever stands there. */
export const CategoryEdit = z.object({ label: wanted(200).nullable(), parentId: Id.nullable(), retired: z.boolean(), seen: Category.pick({ label: true, parentId: true, retired: true }) }).partial(); // prettier-ignore
export type CategoryEdit = z.infer<typeof CategoryEdit>;

const Span = z.number().int().min(60_000).max(400 * DAY_MS).nullable(); // prettier-ignore
const After = z.number().int().min(0).max(400 * DAY_MS); // prettier-ignore
export const PolicyDraft = z.object({
  name: line(200).default(''),
  categoryId: Id.nullable().default(null),
  severity: SeverityCode.nullable().default(null),
  clientStage: line(40).nullable().default(null),
  departmentId: Id.nullable().default(null),
  calendarId: Id.nullable().default(null),
  acknowledgeMs: Span,
  firstAnswerMs: Span,
  nextAnswerMs: Span,
  resolveMs: Span,
  warnPercent: z.number().int().min(1).max(99),
  chiefAfterMs: After,
  directorAfterMs: After,
});
export type PolicyDraft = z.infer<typeof PolicyDraft>;
export const PolicyEdit = PolicyDraft.extend({ seen: PolicyDraft.optional() });
export const ClockPolicy = PolicyDraft.extend({ id: Id });
export type ClockPolicy = z.infer<typeof ClockPolicy>;

const SeverityWords = wanted(60);
export const Severity = z.object({
  code: SeverityCode,
  label: z.object({ ru: SeverityWords, en: SeverityWords }),
  tone: z.enum(['neutral', 'info', 'success', 'warning', 'danger', 'accent']),
  retired: z.boolean(),
});
export type Severity = z.infer<typeof Severity>;
/** PUT /api/complaints/severities: all of them, the least grave first; null: a new one, which is given its code. */
export const SeverityTable = z.object({ items: z.array(Severity.extend({ code: SeverityCode.nullable() })).min(1).max(30), seen: z.array(Severity).optional() }); // prettier-ignore
export type SeverityTable = z.infer<typeof SeverityTable>;

export const Transition = z.object({ from: Status, to: Status });
export type Transition = z.infer<typeof Transition>;
const Transitions = z.array(Transition).max(72);
export const TransitionTable = z.object({ items: Transitions, seen: Transitions.optional() });
export const Template = z.object({ id: Id, language: z.enum(['ru', 'en']), name: z.string(), subject: z.string(), text: z.string() });
export type Template = z.infer<typeof Template>;
export const TemplateDraft = z.object({ language: z.enum(['ru', 'en']), name: wanted(200), subject: line(200), text: text(10_000).pipe(z.string().min(1)) }); // prettier-ignore
export type TemplateDraft = z.infer<typeof TemplateDraft>;
export const TemplateEdit = TemplateDraft.extend({ seen: Template.omit({ id: true }).optional() });

const AlarmAddresses = z.array(z.email().max(254)).max(5);
export const Settings = z.object({
  /** Same client and category within: a repetition. */
  repeatDays: z.number().int().min(1).max(365),
  /** An answer or a call within: reopened. */
  reopenDays: z.number().int().min(0).max(365),
  /** A call of the client does so by itself, unless the operator ties it to another complaint. */
  callReopens: z.boolean().default(true),
  /** Minor units; money and gifts above it need somebody's approval. */
  approveAbove: z.number().int().min(0).max(1e12),
  currency: Currency,
  /** Of complaints without one: web form, e-mail. */
  departmentId: Id.nullable(),
  /** The public form is there. */
  form: z.boolean(),
  /** Who is written to, besides the people of Allo who are told, when a step is reached. */
  alarmMail: z
    .object({ breach: AlarmAddresses, chief: AlarmAddresses, director: AlarmAddresses })
    .default({ breach: [], chief: [], director: [] }),
});
export type Settings = z.infer<typeof Settings>;

export const SettingsEdit = Settings.extend({ seen: Settings.optional() });

/** GET /api/complaints/setup: what the pages need to show any complaint. */
export const Setup = z.object({
  categories: z.array(Category),
  /** In their order, the least grave first, the retired too. */
  severities: z.array(Severity),
  templates: z.array(Template),
  transitions: z.array(Transition),
  departments: z.array(z.object({ id: Id, name: z.string() })),
  people: z.array(UserBrief.extend({ departmentId: Id.nullable() })),
  settings: Settings,
  /** Bytes that may go out with one answer. */
  mostCarried: z.number().int(),
  can: z.object({ all: z.boolean(), department: z.boolean(), settings: z.boolean(), reports: z.boolean() }),
});
export type Setup = z.infer<typeof Setup>;
export const PolicyList = z.object({ items: z.array(ClockPolicy) });

const Whose = z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER).optional();
/** GET /api/complaints/actions: corrective actions of all complaints. 0: those that have none. */
export const ActionQuery = z.object({
  state: z.enum(['open', 'overdue', 'done']).default('open'),
  owner: Whose,
  department: Whose,
  cause: Whose,
  after: z.string().max(60).optional(),
  limit: z.coerce.number().int().min(1).max(100).default(50),
});
export type ActionQuery = z.infer<typeof ActionQuery>;
export const Action = z.object({
  id: Id,
  complaint: z.object({ id: Id, number: ComplaintNumber, subject: z.string() }),
  causeId: Id.nullable(),
  /** The complaint's. */
  departmentId: Id.nullable(),
  owner: UserBrief.nullable(),
  text: z.string(),
  dueAt: z.number(),
  doneAt: z.number().nullable(),
  result: z.string(),
});
export type Action = z.infer<typeof Action>;
export const ActionPage = z.object({ items: z.array(Action), next: z.string().nullable(), now: z.number() });
export type ActionPage = z.infer<typeof ActionPage>;
/** GET /api/complaints/actions/counts: the same question, of what is open. */
const Counted = { open: z.number().int(), overdue: z.number().int() };
export const ActionCounts = z.object({
  owners: z.array(z.object({ owner: UserBrief.nullable(), ...Counted })),
  departments: z.array(z.object({ id: Id.nullable(), ...Counted })),
});
export type ActionCounts = z.infer<typeof ActionCounts>;

/** By what complaints are counted: of those registered in the period, but ageing (what is open now), statuses (stays that ended in it) and handovers (that began in it). */
export const ReportBy = z.enum([
  'cause',
  'category',
  'severity',
  'product',
  'department',
  'operator',
  'weeks',
  'ageing',
  'statuses',
  'handovers',
]);
export type ReportBy = z.infer<typeof ReportBy>;

const REPORT_MS = 732 * DAY_MS;
/** 0: those that have none. */
const Some = z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER).optional();
const asked = {
  from: z.coerce.number().int().min(0).max(8_000_000_000_000_000),
  until: z.coerce.number().int().min(0).max(8_000_000_000_000_000),
  /** With those that stand in it. */
  category: Some,
  cause: Some,
  severity: SeverityCode.optional(),
  /** '': those that name none. */
  product: z.string().max(200).optional(),
  department: Some,
  operator: Some,
};
const ofPeriod = ({ from, until }: { from: number; until: number }) => until > from && until - from <= REPORT_MS;
const period = { error: 'too_long', path: ['until'] };
/** GET /api/complaints/report */
export const ReportQuery = z.object({ by: ReportBy, ...asked }).refine(ofPeriod, period);
export type ReportQuery = z.infer<typeof ReportQuery>;

export const REPORT_FIGURES = ['all', 'open', 'within', 'late', 'repeated', 'resolved', 'compensated', 'rated', 'stayed', 'handed', 'accepted', 'refused', 'unanswered', 'overdue'] as const; // prettier-ignore
/** GET /api/complaints/report/tickets: those that a figure counts. row: the code of the report's row; '' or 0: of none; without it the total. */
export const ReportTickets = z
  .object({
    by: ReportBy,
    row: z.string().max(200).optional(),
    figure: z.enum(REPORT_FIGURES),
    ...asked,
    after: z.string().max(60).optional(),
    limit: z.coerce.number().int().min(1).max(100).default(50),
  })
  // what is open is found by another way than the period
  .refine((query) => query.figure === 'open' || query.by === 'ageing' || ofPeriod(query), period);
export type ReportTickets = z.infer<typeof ReportTickets>;

/** Counts; ms; shares 0..1; money in minor units; null: there is nothing to count it from. */
const Figures = z.record(z.string(), z.number().nullable());
export const ReportRow = z.object({
  /** code: an id, a product, a status, '0' or '' for none; at: the beginning of a week, or of what has this age. */
  key: z.object({ code: z.string().optional(), at: z.number().optional() }),
  /** Of a person or a department, where it has one. */
  name: z.string().nullable(),
  figures: Figures,
  /** Of a week: figures that jumped. */
  marks: z.array(z.string()),
  /** Of an age or a week: when its complaints were registered. */
  from: z.number().nullable(),
  until: z.number().nullable(),
});
export type ReportRow = z.infer<typeof ReportRow>;
export const ReportReply = z.object({
  rows: z.array(ReportRow),
  total: Figures,
  /** What `cost` is in; approved money of other currencies stands apart. */
  currency: Currency,
  otherCosts: z.array(z.object({ currency: Currency, amount: z.number() })),
  timeZone: z.string(),
});
export type ReportReply = z.infer<typeof ReportReply>;

const ReportWord = z.string().max(200);
/** POST /api/complaints/report/export. The words are the browser's: of the columns, and of the rows by their code. */
export const ReportExport = z.object({
  query: ReportQuery,
  format: z.enum(['csv', 'xlsx']),
  language: z.enum(['ru', 'en']),
  words: z.object({
    key: ReportWord,
    total: ReportWord,
    columns: z.array(z.object({ name: z.string().max(40), label: ReportWord, kind: z.enum(['count', 'share', 'ms', 'money', 'mean']) })).min(1).max(40),
    keys: z.record(z.string().max(200), z.string().max(400)),
  }),
}); // prettier-ignore
export type ReportExport = z.infer<typeof ReportExport>;
