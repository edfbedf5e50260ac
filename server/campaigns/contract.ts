import { z } from 'zod';
import { ClientBrief } from '../clients/contract.ts';
import { DialMode, ProfileCode, ProfileRules, Purpose } from '../dialling/contract.ts';
import { Id, Language, UserBrief } from '../users/contract.ts';

const text = (max: number) =>
  z
    .string()
    .trim()
    .max(max)
    .regex(/^[^\p{Cc}]*$/u);

/** A script as data: steps with texts and questions, answers that jump. */
const key = z.string().regex(/^[a-z0-9-]{1,40}$/);
const words = (max: number) => z.string().trim().max(max);

/** What follows from an answer, once the person is through. `when`: a choice, null: any answer. */
const deed = { id: key, when: key.nullable().default(null) };
export const Deed = z.discriminatedUnion('do', [
  /** `value` '': the answer itself. */
  z.object({ ...deed, do: z.literal('field'), field: z.string().min(1).max(60), value: text(500).default('') }),
  z.object({ ...deed, do: z.literal('interest'), topic: Id, strength: z.number().int().min(0).max(3) }),
  /** For the operator, in so many days; {answer} is filled in. */
  z.object({ ...deed, do: z.literal('task'), text: text(300).min(1), days: z.number().int().min(0).max(365) }),
]);
export type Deed = z.infer<typeof Deed>;

export const Step = z.object({
  id: key,
  /** Said to the person; {name} and the list's columns in braces are filled in. */
  text: words(4_000),
  /** none: a text only. */
  kind: z.enum(['none', 'single', 'multiple', 'text', 'number', 'date']),
  required: z.boolean().default(false),
  options: z.array(z.object({ value: key, text: words(300).min(1), next: key.nullable().default(null) })).max(50).default([]), // prettier-ignore
  /** The step that follows; null: the next one in the list; 'end': none. */
  next: key.nullable().default(null),
  deeds: z.array(Deed).max(20).default([]),
});
export type Step = z.infer<typeof Step>;

export const Script = z
  .object({
    steps: z.array(Step).min(1).max(200),
    /** What people object, and what is said then. */
    objections: z.array(z.object({ title: words(200).min(1), text: words(2_000) })).max(50).default([]), // prettier-ignore
    /** Said to whoever gives an answer of which the campaign has enough; '': in the browser's words. */
    closing: words(2_000).default(''),
  })
  .superRefine(({ steps }, context) => {
    const ids = new Set(steps.map(({ id }) => id));
    if (ids.size < steps.length || ids.has('end')) context.addIssue({ code: 'custom', path: ['steps'], message: 'ids_not_unique' });
    steps.forEach((step, i) => {
      for (const next of [step.next, ...step.options.map((option) => option.next)])
        if (next !== null && next !== 'end' && !ids.has(next))
          context.addIssue({ code: 'custom', path: ['steps', i, 'next'], message: 'no_such_step' });
      if (new Set(step.deeds.map(({ id }) => id)).size < step.deeds.length)
        context.addIssue({ code: 'custom', path: ['steps', i, 'deeds'], message: 'ids_not_unique' });
      if ((step.kind === 'single' || step.kind === 'multiple') && step.options.length === 0)
        context.addIssue({ code: 'custom', path: ['steps', i, 'options'], message: 'no_options' });
    });
  });
export type Script = z.infer<typeof Script>;

export const Answer = z.union([z.string().max(4_000), z.number(), z.array(z.string().max(40)).max(50)]);
export type Answer = z.infer<typeof Answer>;

export const CampaignState = z.enum(['draft', 'approved', 'running', 'paused', 'finished']);
export type CampaignState = z.infer<typeof CampaignState>;

/** How an attempt ended. machine: detected, and hung up. abandoned: a person answered and no operator was there in time. lost: nobody saw it; the journal may tell. */
export const AttemptResult = z.enum(['talked', 'abandoned', 'hung-up', 'busy', 'no-answer', 'failed', 'machine', 'refused']);
export type AttemptResult = z.infer<typeof AttemptResult>;

/** After this result, again in so many minutes; at most so many attempts of the person in all. */
const Retry = z.object({ minutes: z.number().int().min(1).max(43_200) });
export const RetryRules = z.object({
  busy: Retry,
  'no-answer': Retry,
  failed: Retry,
  'hung-up': Retry,
  abandoned: Retry,
  machine: Retry.default({ minutes: 1_440 }),
});
export type RetryRules = z.infer<typeof RetryRules>;

/** So many people with this answer, and no more. `column` and `is`: by which cell of their list people are known to be of them before they are asked; '': by none. */
export const Quota = z.object({
  question: key,
  value: key,
  most: z.number().int().min(1).max(1_000_000),
  column: text(60).default(''),
  is: text(500).default(''),
});
export type Quota = z.infer<typeof Quota>;
/** `have`: through. `talking`: have said it in a call that goes on. */
export const QuotaCell = Quota.extend({ have: z.number().int(), talking: z.number().int() });
export type QuotaCell = z.infer<typeof QuotaCell>;

export const CampaignSettings = z.object({
  /** Shown to the people called; '': what the trunk shows. */
  callerId: z.string().regex(/^\+?\d{0,20}$/).default(''), // prettier-ignore
  /** Of the mass call: at most 32 characters, and the contract with the operator of the network. */
  label: text(32).default(''),
  contract: text(100).default(''),
  /** It ends by itself when so many were reached; 0: none. */
  goal: z.number().int().min(0).max(10_000_000).default(0),
  /** reached: people talked with. conversions: people whose outcome is a sale. */
  goalOf: z.enum(['reached', 'conversions']).default('reached'),
  /** By choices of the script; it ends by itself when all of them are full. */
  quotas: z
    .array(Quota)
    .max(100)
    .refine((quotas) => new Set(quotas.map(({ question, value }) => `${question} ${value}`)).size === quotas.length, { error: 'twice' })
    .default([]),
  /** Calls for each free operator, in power. */
  ratio: z.number().min(1).max(5).default(1.5),
  /** How long an operator may look at a person before it is dialled by itself; 0: as long as they like. */
  previewSeconds: z.number().int().min(0).max(600).default(0),
  maxAttempts: z.number().int().min(1).max(20).default(3),
  retry: RetryRules.default({
    busy: { minutes: 10 },
    'no-answer': { minutes: 180 },
    failed: { minutes: 60 },
    'hung-up': { minutes: 60 },
    abandoned: { minutes: 10 },
    machine: { minutes: 1_440 },
  }),
  /** Narrower than the profile's, on the wall of whoever is called. */
  hours: ProfileRules.shape.hours.nullable().default(null),
  maxLines: z.number().int().min(1).max(1000).default(30),
  callsPerSecond: z.number().min(0.1).max(100).default(5),
  /** A sound file of the PBX for whoever answers and finds no operator. */
  message: z.string().regex(/^[\w/-]{0,100}$/).default('please-try-again'), // prettier-ignore
  /** Whether its calls are recorded; queue: as the queue's calls are. */
  record: z.enum(['queue', 'all', 'none']).default('queue'),
  /** How long its recordings are kept; 0: for ever; null: as long as the queue's. */
  keepDays: z.number().int().min(0).max(36_500).nullable().default(null),
  /** Asterisk's AMD judges who lifts, and hangs machines up. It errs, and keeps people waiting: measure it by the results. */
  amd: z.boolean().default(false),
  /** Nobody is called while the queue's own callers are answered below its service level. */
  callersFirst: z.boolean().default(false),
  startsAt: z.number().int().nullable().default(null),
  endsAt: z.number().int().nullable().default(null),
});
export type CampaignSettings = z.infer<typeof CampaignSettings>;

/** What has to be put right before it can run, and what is only worth a look. */
export const Lack = z.enum([
  'name',
  'queue',
  'operators',
  'contacts',
  'mode-forbidden',
  'label',
  'contract',
  'message',
  'profile',
  'over',
  'script',
  'quota',
]);
export type Lack = z.infer<typeof Lack>;

/** Why no call is placed now; null: calls are placed. */
export const Stall = z.enum([
  'not-running',
  'not-begun',
  'over',
  'offline',
  'trunk',
  'no-operators',
  'all-busy',
  'lines',
  'no-contacts',
  'waiting',
  'abandonment',
  'service-level',
  'by-hand',
  'rules',
]);
export type Stall = z.infer<typeof Stall>;

export const CampaignCounts = z.object({
  ready: z.number().int(),
  live: z.number().int(),
  held: z.number().int(),
  done: z.number().int(),
  stopped: z.number().int(),
});

export const Campaign = z.object({
  id: Id,
  name: z.string(),
  owner: UserBrief.nullable(),
  state: CampaignState,
  pbx: z.string(),
  queue: z.string(),
  mode: DialMode,
  profile: z.string(),
  purpose: Purpose,
  settings: CampaignSettings,
  version: z.number().int(),
  createdAt: z.number(),
  startedAt: z.number().nullable(),
  counts: CampaignCounts,
});
export type Campaign = z.infer<typeof Campaign>;

export const CampaignList = z.object({ items: z.array(Campaign), can: z.object({ edit: z.boolean() }) });
export type CampaignList = z.infer<typeof CampaignList>;

/** Of today and of the profile's window. */
export const LiveRun = z.object({
  at: z.number(),
  stall: Stall.nullable(),
  /** When the first of those who wait may be called. */
  nextAt: z.number().nullable(),
  dialling: z.number().int(),
  waiting: z.number().int(),
  talking: z.number().int(),
  today: z.object({ placed: z.number().int(), answered: z.number().int(), talked: z.number().int(), abandoned: z.number().int() }),
  /** What is still to come; moments by the pace of the last hour, null: it cannot be told. */
  ahead: z.object({
    left: z.number().int(),
    runsOutAt: z.number().nullable(),
    goal: z
      .object({
        of: CampaignSettings.shape.goalOf.unwrap(),
        wanted: z.number().int(),
        have: z.number().int(),
        expectedAt: z.number().nullable(),
      })
      .nullable(),
    quotas: z.array(QuotaCell),
  }),
  window: z.object({ hours: z.number().int(), answered: z.number().int(), abandoned: z.number().int(), most: z.number() }),
});
export type LiveRun = z.infer<typeof LiveRun>;

export const CampaignView = z.object({
  campaign: Campaign,
  lacks: z.array(Lack),
  /** Modes that the profile leaves to this purpose. */
  modes: z.array(DialMode),
  run: LiveRun,
  script: Script.nullable(),
  can: z.object({ edit: z.boolean(), export: z.boolean() }),
});
export type CampaignView = z.infer<typeof CampaignView>;

const fields = {
  name: text(200).min(1),
  pbx: z.string().max(32),
  queue: z.string().max(80),
  mode: DialMode,
  profile: ProfileCode,
  purpose: Purpose,
};
export const CampaignDraft = z.object({ ...fields, settings: CampaignSettings.default(() => CampaignSettings.parse({})) });
export const CampaignEdit = z.object({
  version: z.number().int(),
  ...z.object(fields).partial().shape,
  settings: CampaignSettings.partial().optional(),
});
export type CampaignEdit = z.infer<typeof CampaignEdit>;
export const StateDraft = z.object({ to: CampaignState });

/** Only says what would be added. */
const dryRun = z.boolean().default(false);
/** What results by list call these people; '': by their source. */
const listName = text(200).default('');
/** Lines of people: a number a line, or with a first line of headings. */
export const ContactsImport = z.object({ text: z.string().min(1).max(200_000_000), name: listName, dryRun });
export const ContactsFrom = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('missed'), name: listName, dryRun }),
  z.object({ kind: z.literal('campaign'), campaignId: Id, results: z.array(z.string().max(40)).max(50), name: listName, dryRun }),
  /** Clients of the base whom a saved filter finds for whoever asks. */
  z.object({ kind: z.literal('segment'), segmentId: Id, name: listName, dryRun }),
]);
export type ContactsFrom = z.infer<typeof ContactsFrom>;
export const ContactsAdded = z.object({
  added: z.number().int(),
  /** Again in this list, or in the campaign already. */
  duplicates: z.number().int(),
  /** In another campaign that is not finished. */
  elsewhere: z.number().int(),
  doNotCall: z.number().int(),
  rejectedCount: z.number().int(),
  /** The first hundred. line: of a text; clientId: of the client base. */
  rejected: z.array(
    z.object({ line: z.number().int().nullable(), clientId: Id.nullable(), text: z.string(), why: z.enum(['no-number', 'not-a-number']) }),
  ),
});
export type ContactsAdded = z.infer<typeof ContactsAdded>;

export const Contact = z.object({
  id: Id,
  campaignId: Id,
  clientId: Id.nullable(),
  name: z.string(),
  numbers: z.array(z.string()),
  data: z.record(z.string(), z.string()),
  state: z.enum(['ready', 'live', 'held', 'done', 'stopped']),
  reason: z.string().nullable(),
  nextAt: z.number(),
  attempts: z.number().int(),
  outcome: z.string().nullable(),
});
export type Contact = z.infer<typeof Contact>;
export const ContactQuery = z.object({
  state: z.enum(['ready', 'live', 'held', 'done', 'stopped']).optional(),
  number: z.string().max(40).optional(),
  after: z.coerce.number().int().default(0),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});
export const ContactList = z.object({ items: z.array(Contact), next: z.number().nullable() });
export type ContactList = z.infer<typeof ContactList>;

export const Results = z.object({
  funnel: z.object({ contacts: z.number().int(), called: z.number().int(), answered: z.number().int(), talked: z.number().int() }),
  outcomes: z.array(z.object({ outcome: z.string(), contacts: z.number().int() })),
  results: z.array(z.object({ result: z.string(), attempts: z.number().int() })),
  operators: z.array(z.object({ user: UserBrief, talks: z.number().int() })),
  attempts: z.array(z.object({ n: z.number().int(), placed: z.number().int(), talked: z.number().int() })),
  /** By AMD's verdict; `saidMachine`: of them, those of which an operator said that it was a machine. */
  amd: z.array(z.object({ verdict: z.enum(['human', 'machine', 'notsure']), attempts: z.number().int(), saidMachine: z.number().int() })),
  /** By the hour of the day, in the zone of the working calendar. */
  hours: z.array(z.object({ hour: z.number().int(), placed: z.number().int(), talked: z.number().int() })),
  /** In people; list null: added before lists were kept. */
  lists: z.array(
    z.object({
      list: z.object({ id: Id, kind: z.string(), name: z.string(), at: z.number() }).nullable(),
      contacts: z.number().int(),
      called: z.number().int(),
      talked: z.number().int(),
      sales: z.number().int(),
    }),
  ),
  answers: z.array(z.object({ question: z.string(), value: z.string(), contacts: z.number().int() })),
  quotas: z.array(QuotaCell),
  /** What followed from answers. */
  deeds: z.array(z.object({ state: z.enum(['due', 'done', 'refused']), why: z.string().nullable(), n: z.number().int() })),
});
export type Results = z.infer<typeof Results>;

export const EXPORT_COLUMNS = ['name', 'number', 'list', 'state', 'reason', 'attempts', 'called', 'result', 'operator', 'outcome'] as const;
/** The words are the browser's: of the columns, and of states, reasons, results, outcomes and sources by their code. */
export const CampaignExport = z.object({
  format: z.enum(['csv', 'xlsx']),
  language: Language,
  words: z.object({
    columns: z.record(z.enum(EXPORT_COLUMNS), text(200)),
    codes: z.record(z.string().max(40), text(300)).refine((codes) => Object.keys(codes).length <= 500),
  }),
});
export type CampaignExport = z.infer<typeof CampaignExport>;

export const FullCell = z.object({ question: z.string(), value: z.string() });
export type FullCell = z.infer<typeof FullCell>;

/** What an operator sees of a person who is to be called, is called, or calls. */
export const Card = z.object({
  campaign: z.object({ id: Id, name: z.string(), mode: DialMode, previewSeconds: z.number().int() }),
  contact: Contact,
  client: ClientBrief.nullable(),
  script: Script.nullable(),
  scriptVersion: z.number().int(),
  answers: z.record(z.string(), Answer),
  /** Of which the campaign has enough, without this person: the script ends there. */
  full: z.array(FullCell),
  /** Epoch ms: shown to me until then. */
  takenUntil: z.number().nullable(),
});
export type Card = z.infer<typeof Card>;
export const CardReply = z.object({ card: Card.nullable(), why: Stall.nullable() });
export type CardReply = z.infer<typeof CardReply>;
/** Campaigns of my queues that I dial for by hand. */
export const MyCampaigns = z.object({ items: z.array(z.object({ id: Id, name: z.string() })) });
export type MyCampaigns = z.infer<typeof MyCampaigns>;
export const DialReply = z.object({ ref: z.string() });
/** Of a call: by its own id, or by the number of whoever calls. */
export const CardQuery = z.object({ ref: z.string().max(140) });
export const AnswersDraft = z.object({ version: z.number().int(), answers: z.record(z.string().max(40), Answer) });
export const AnswersReply = z.object({ full: z.array(FullCell) });
export type AnswersReply = z.infer<typeof AnswersReply>;
export const ScriptDraft = z.object({ script: Script });
export const ScriptReply = z.object({ script: Script, version: z.number().int() });
