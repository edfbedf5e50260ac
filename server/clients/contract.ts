import { z } from 'zod';
import { FieldOperator, FieldSubject, FieldType, FieldValue } from '../fields/contract.ts';
import { Id, UserBrief } from '../users/contract.ts';

export const ClientKind = FieldSubject;
export const ClientRole = z.enum(['client', 'supplier', 'competitor', 'partner']);
const text = (max: number) => z.string().trim().max(max);

/** raw: as it was typed. e164: "+79161234567", null when it is no number of the plan. extension: the part after "доб."/"ext". */
export const Phone = z.object({
  id: Id,
  raw: z.string(),
  e164: z.string().nullable(),
  extension: z.string().nullable(),
  purpose: z.string(),
  /** When it is best called, in words. */
  bestTime: z.string(),
  /** Epoch ms; since then it leads to nobody. */
  badSince: z.number().nullable(),
});
export type Phone = z.infer<typeof Phone>;
export const PhoneDraft = z.object({
  raw: text(60).min(1),
  purpose: text(60).default(''),
  bestTime: text(60).default(''),
  badSince: z.number().int().nonnegative().nullable().default(null),
});
export const EmailDraft = z.object({ address: text(254).pipe(z.email()) });

/** As much as a list or a ringing call shows. */
export const ClientBrief = z.object({ id: Id, kind: ClientKind, name: z.string(), company: z.string(), phone: z.string().nullable() });
export type ClientBrief = z.infer<typeof ClientBrief>;

export const Client = z.object({
  id: Id,
  kind: ClientKind,
  name: z.string(),
  roles: z.array(ClientRole),
  stage: z.string(),
  company: z.string(),
  position: z.string(),
  note: z.string(),
  owner: UserBrief.nullable(),
  departmentId: Id.nullable(),
  phones: z.array(Phone),
  emails: z.array(z.object({ id: Id, address: z.string() })),
  /** By key of the field: what the actor may read, formulas with what they come to. */
  custom: z.record(z.string(), FieldValue),
  createdAt: z.number(),
  updatedAt: z.number(),
  /** Counts the edits; sent back with an edit, so that two people cannot overwrite one another (409 conflict). */
  version: z.number().int(),
  archivedAt: z.number().nullable(),
});
export type Client = z.infer<typeof Client>;

const fields = {
  kind: ClientKind,
  name: text(200).min(1),
  company: text(200),
  position: text(200),
  note: text(10_000),
  phones: z.array(PhoneDraft).max(20),
  emails: z.array(EmailDraft).max(20),
  roles: z.array(ClientRole).min(1).max(4),
  /** By key of the field, in any spelling; null takes it away. Each is normalised by its type. */
  custom: z.record(z.string().max(60), z.unknown()),
};

export const ClientDraft = z.object({
  kind: fields.kind.default('person'),
  name: fields.name,
  company: fields.company.default(''),
  position: fields.position.default(''),
  note: fields.note.default(''),
  phones: fields.phones.default([]),
  emails: fields.emails.default([]),
  roles: fields.roles.default(['client']),
  custom: fields.custom.default({}),
});
export type ClientDraft = z.input<typeof ClientDraft>;

/** What an edit and an archiving say they have seen. */
export const ClientVersion = z.object({ version: z.number().int() });

/** PATCH: what is missing stays; phones, emails and roles replace the whole list; of `custom` what is not named stays. */
export const ClientEdit = z
  .object({ ...fields, ownerId: Id.nullable() })
  .partial()
  .extend({ version: z.number().int() }); // not of ClientDraft: its defaults would fill the gaps
export type ClientEdit = z.input<typeof ClientEdit>;

/** GET /api/clients: q finds the beginning of any word of a name, a number by beginning or end in any spelling, an e-mail by its beginning. */
export const ClientSearch = z.object({
  q: text(200).default(''),
  /** `next` of the page before. */
  after: z.string().max(1000).optional(),
  limit: z.coerce.number().int().min(1).max(100).default(30),
});
export const ClientPage = z.object({ items: z.array(ClientBrief), next: z.string().nullable() });
export type ClientPage = z.infer<typeof ClientPage>;

/** Where a number is from, as far as its numbering plan tells. country: ISO 3166; timeZone: IANA, null where the number does not tell one. */
export const NumberOrigin = z.object({
  country: z.string(),
  kind: z.enum(['mobile', 'fixed']).nullable(),
  region: z.object({ en: z.string(), ru: z.string() }).nullable(),
  timeZone: z.string().nullable(),
});
export type NumberOrigin = z.infer<typeof NumberOrigin>;

export const ClientReply = z.object({
  client: Client,
  /** By E.164: of the client's numbers. */
  origins: z.record(z.string(), NumberOrigin),
  /** Names of what reference fields lead to, by id; of clients only those that the actor may see. */
  refs: z.object({ clients: z.record(z.string(), z.string()), users: z.record(z.string(), z.string()) }),
  /** Of what is asked for on this card, and how much of it is filled in. */
  completeness: z.object({ percent: z.number().int(), missing: z.array(z.string()) }),
  can: z.object({ edit: z.boolean(), call: z.boolean(), archive: z.boolean(), merge: z.boolean() }),
});
export type ClientReply = z.infer<typeof ClientReply>;

/** One thing that happened to a client; the browser words it from `kind` and `data`. */
export const TimelineEntry = z.object({
  id: Id,
  at: z.number(),
  kind: z.enum(['call', 'created', 'edited', 'note', 'task', 'meeting', 'file', 'stage', 'relation', 'interest', 'complaint', 'merge']),
  /** call: the call's ref; task, meeting, complaint: its id. */
  ref: z.string(),
  user: UserBrief.nullable(),
  data: z.record(z.string(), z.unknown()),
  pinned: z.boolean(),
});
export type TimelineEntry = z.infer<typeof TimelineEntry>;
/** GET /api/clients/:id/timeline: newest first; `kind`: of one kind only. */
export const TimelineQuery = z.object({
  /** `next` of the page before. */
  before: z.string().max(60).optional(),
  kind: TimelineEntry.shape.kind.optional(),
  /** Several kinds, separated by commas. */
  kinds: z
    .string()
    .max(200)
    .transform((text) => text.split(',').filter(Boolean))
    .pipe(z.array(TimelineEntry.shape.kind).min(1))
    .optional(),
  userId: z.coerce.number().int().positive().max(Number.MAX_SAFE_INTEGER).optional(),
  /** Epoch ms: from, and before. */
  from: z.coerce.number().int().nonnegative().max(Number.MAX_SAFE_INTEGER).optional(),
  until: z.coerce.number().int().nonnegative().max(Number.MAX_SAFE_INTEGER).optional(),
  /** Words, each of them somewhere in the entry, by its beginning. */
  q: text(200).optional(),
  limit: z.coerce.number().int().min(1).max(100).default(30),
});
/** `pinned`: those on top, whatever is asked for; on the first page only. */
export const TimelinePage = z.object({ items: z.array(TimelineEntry), next: z.string().nullable(), pinned: z.array(TimelineEntry) });
export type TimelinePage = z.infer<typeof TimelinePage>;

/** Who stands in the history of a client. */
export const TimelinePeople = z.object({ items: z.array(UserBrief) });
export type TimelinePeople = z.infer<typeof TimelinePeople>;

/** What happened to one field of a card. */
export const ClientChange = z.object({
  id: Id,
  at: z.number(),
  user: UserBrief.nullable(),
  /** What it was a part of: "import:12"; null: by itself. */
  batch: z.string().nullable(),
  field: z.string(),
  before: z.unknown(),
  after: z.unknown(),
});
export type ClientChange = z.infer<typeof ClientChange>;
/** GET /api/clients/:id/changes: newest first. */
export const ChangesQuery = z.object({
  field: z.string().max(60).optional(),
  before: z.coerce.number().int().positive().max(Number.MAX_SAFE_INTEGER).optional(),
  limit: z.coerce.number().int().min(1).max(100).default(50),
});
export const ChangesPage = z.object({ items: z.array(ClientChange), next: z.number().nullable() });
export type ChangesPage = z.infer<typeof ChangesPage>;

/** One thing by which clients can be listed, filtered, imported and exported: of the card itself or one of the typed fields. */
export const CatalogueField = z.object({
  key: z.string(),
  type: z.union([FieldType, z.literal('moment'), z.literal('phones'), z.literal('emails')]),
  label: z.object({ ru: z.string(), en: z.string() }),
  kinds: z.array(ClientKind),
  /** Of the card itself. */
  own: z.boolean(),
  options: z.array(z.object({ code: z.string(), label: z.object({ ru: z.string(), en: z.string() }) })).nullable(),
  /** reference: what it leads to. */
  to: z.enum(['client', 'user', 'department']).nullable(),
  operators: z.array(FieldOperator),
  /** An import or a bulk edit may set it. */
  writable: z.boolean(),
  archived: z.boolean(),
});
export type CatalogueField = z.infer<typeof CatalogueField>;
export const Catalogue = z.object({ items: z.array(CatalogueField) });
export type Catalogue = z.infer<typeof Catalogue>;

/** POST /api/clients/:id/notes */
export const NoteDraft = z.object({ text: text(10_000).min(1), pinned: z.boolean().default(false) });
export const EntryParams = z.object({
  id: z.coerce.number().int().positive().max(Number.MAX_SAFE_INTEGER),
  entry: z.coerce.number().int().positive().max(Number.MAX_SAFE_INTEGER),
});
export const Pinning = z.object({ pinned: z.boolean() });

/** How far a relationship may have come. `meaning`: what the program makes of it. */
export const StageMeaning = z.enum(['open', 'lead', 'active', 'lost']);
export type StageMeaning = z.infer<typeof StageMeaning>;
const StageWords = text(60).min(1);
export const Stage = z.object({
  code: z.string(),
  label: z.object({ ru: z.string(), en: z.string() }),
  meaning: StageMeaning,
  /** Minutes in which somebody must have spoken with whoever came to this stage; null: no hurry. */
  touchMinutes: z.number().int().nullable(),
  archivedAt: z.number().nullable(),
});
export type Stage = z.infer<typeof Stage>;
export const StageDraft = z.object({
  label: z.object({ ru: StageWords, en: StageWords }),
  meaning: StageMeaning.default('open'),
  touchMinutes: z.number().int().min(1).max(100_000).nullable().default(null),
});
export const StageEdit = z
  .object({
    label: StageDraft.shape.label,
    meaning: StageMeaning,
    touchMinutes: z.number().int().min(1).max(100_000).nullable(),
    archived: z.boolean(),
  })
  .partial();
export const StageParam = z.object({ code: z.string().regex(/^\w{1,40}$/) });
export const StageReply = z.object({ stage: Stage });

/** One thing that must be so for a rule to move a client. */
export const RuleCondition = z.union([
  /** The last contact (or, where there was none, the card) is at least so old; `fresher`: younger than that. */
  z.object({ fact: z.literal('contact'), days: z.number().int().min(0).max(10_000), fresher: z.boolean().default(false) }),
  /** At least so many entries of this kind in the history, in the last days. */
  z.object({
    fact: z.literal('events'),
    kind: z.string().max(20),
    days: z.number().int().min(1).max(10_000),
    atLeast: z.number().int().min(1).max(1_000),
  }),
  /** A condition on a field of the catalogue. */
  z.object({ fact: z.literal('field'), key: z.string().max(60), op: FieldOperator, value: z.unknown() }),
]);
export type RuleCondition = z.infer<typeof RuleCondition>;
export const StageRule = z.object({
  id: Id,
  name: z.string(),
  enabled: z.boolean(),
  /** Stages from which it moves; null: from any. */
  from: z.array(z.string()).nullable(),
  to: z.string(),
  conditions: z.array(RuleCondition),
});
export type StageRule = z.infer<typeof StageRule>;
export const StageRuleDraft = z.object({
  name: text(200).min(1),
  enabled: z.boolean().default(true),
  from: z.array(z.string().max(40)).min(1).max(50).nullable().default(null),
  to: z.string().max(40),
  conditions: z.array(RuleCondition).min(1).max(20),
});
export const StageRuleReply = z.object({ rule: StageRule });
/** How many clients a rule would move now. */
export const RuleTrial = z.object({ count: z.number().int(), more: z.boolean() });
export type RuleTrial = z.infer<typeof RuleTrial>;
export const StageList = z.object({
  items: z.array(Stage),
  rules: z.array(StageRule),
  /** Reasons of loss that were given most, for the next one. */
  reasons: z.array(z.string()),
  can: z.object({ edit: z.boolean() }),
});
export type StageList = z.infer<typeof StageList>;

/** POST /api/clients/:id/stage. `reason` is needed for a stage that means a loss. */
export const StageMove = z.object({ to: z.string().max(40), reason: text(200).default(''), version: z.number().int() });
export const PeriodQuery = z.object({
  from: z.coerce.number().int().nonnegative().max(Number.MAX_SAFE_INTEGER),
  until: z.coerce.number().int().nonnegative().max(Number.MAX_SAFE_INTEGER),
});
/** How many moved from where to where, by hand and by rule; and why clients were lost. */
export const Migrations = z.object({
  items: z.array(z.object({ from: z.string(), to: z.string(), byHand: z.number().int(), byRule: z.number().int() })),
  reasons: z.array(z.object({ reason: z.string(), count: z.number().int() })),
});
export type Migrations = z.infer<typeof Migrations>;
/** Those whom nobody has spoken with in time since they came to their stage, the longest waiting first. */
export const UntouchedPage = z.object({
  items: z.array(z.object({ client: ClientBrief, stage: z.string(), since: z.number(), owner: UserBrief.nullable() })),
  next: z.string().nullable(),
});
export type UntouchedPage = z.infer<typeof UntouchedPage>;

/** What the card counts, over the last twelve months. */
export const ClientFigures = z.object({
  /** Epoch ms of the first month's beginning. */
  from: z.number(),
  /** "2026-03" and the moment it begins, oldest first, each with its contacts by kind of entry. */
  months: z.array(z.object({ month: z.string(), from: z.number(), counts: z.record(z.string(), z.number().int()) })),
  totals: z.record(z.string(), z.number().int()),
  lastContactAt: z.number().nullable(),
  /** Mean ms from the beginning of an answered incoming call to its answer; null: there was none. */
  meanAnswerMs: z.number().nullable(),
  missed: z.number().int(),
});
export type ClientFigures = z.infer<typeof ClientFigures>;
