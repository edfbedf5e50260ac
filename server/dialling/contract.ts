import { z } from 'zod';
import { Id } from '../users/contract.ts';

/** What a call is for. ad: advertising. service: about what the client has ordered. debt: collection. survey: questions only. */
export const Purpose = z.enum(['ad', 'service', 'debt', 'survey']);
export type Purpose = z.infer<typeof Purpose>;

/** manual and preview: a person chooses to dial. progressive, power, predictive: the dialler does. */
export const DialMode = z.enum(['manual', 'preview', 'progressive', 'power', 'predictive']);
export type DialMode = z.infer<typeof DialMode>;
export const AUTOMATIC: readonly DialMode[] = ['progressive', 'power', 'predictive'];

const minutes = z.number().int().min(0).max(1440);
/** Minutes since midnight on the callee's wall; from = to: not at all. */
const Span = z.object({ from: minutes, to: minutes }).refine(({ from, to }) => to >= from, { path: ['to'], error: 'before_from' });
/** `freeDays`: Saturdays, Sundays and what the working calendar calls a holiday. */
const CallHours = z.object({ workdays: Span, freeDays: Span });
const Frequency = z.object({ days: z.number().int().min(1).max(366), most: z.number().int().min(0).max(1000) });

/** The rules of a country, as data. */
export const ProfileRules = z.object({
  hours: CallHours,
  /** In place of `hours` for a purpose. */
  hoursFor: z.partialRecord(Purpose, CallHours).default({}),
  /** Attempts at one number over all campaigns; a day is the callee's own. */
  perNumber: z.array(Frequency).max(10),
  perNumberFor: z.partialRecord(Purpose, z.array(Frequency).max(10)).default({}),
  consentFor: z.array(Purpose),
  /** No number is chosen or dialled without a person. */
  humanOnlyFor: z.array(Purpose),
  /** A machine may dial a mobile only with the consent of whoever has it. */
  mobileConsentWhenAutomatic: z.boolean(),
  /** No call again for so long after one was abandoned, 0: no such rule. */
  abandonedRestHours: z.number().int().min(0).max(8760),
  abandonment: z.object({ most: z.number().min(0).max(1), windowHours: z.number().int().min(1).max(8760) }),
  ringSeconds: z.number().int().min(5).max(120),
  /** A human who has answered is connected within this, or hears the message and counts as abandoned. */
  connectWithinMs: z.number().int().min(500).max(10_000),
  /** An operator is shown who listens in to their talk. Of the company's own country: it holds for every call, not only for those of campaigns. */
  listeningShown: z.boolean().default(false),
});
export type ProfileRules = z.infer<typeof ProfileRules>;

export const ProfileCode = z.string().regex(/^[A-Z][A-Z0-9-]{1,19}$/);
export const Profile = z.object({ code: ProfileCode, name: z.string(), version: z.number().int(), rules: ProfileRules });
export type Profile = z.infer<typeof Profile>;
export const ProfileList = z.object({ items: z.array(Profile), can: z.object({ edit: z.boolean() }) });
export const ProfileDraft = z.object({ code: ProfileCode, name: z.string().trim().min(1).max(100), rules: ProfileRules });
export const ProfileEdit = z.object({
  version: z.number().int(),
  name: z.string().trim().min(1).max(100).optional(),
  rules: ProfileRules.optional(),
});
export const ProfileParam = z.object({ code: ProfileCode });
/** GET /api/dialling/profiles/:code/versions: rules as they were until somebody changed them, the latest first. */
export const ProfileVersion = z.object({ at: z.number(), by: z.string().nullable(), rules: ProfileRules });
export type ProfileVersion = z.infer<typeof ProfileVersion>;
export const ProfileVersions = z.object({ items: z.array(ProfileVersion) });
export const ProfileReply = z.object({ profile: Profile });

/** allowed, later (not before `until`), refused for good until something changes. */
export const Verdict = z.enum(['allowed', 'later', 'refused']);
export type Verdict = z.infer<typeof Verdict>;
export const RuleCode = z.enum([
  'number',
  'do-not-call',
  'human-only',
  'consent',
  'mobile-consent',
  'hours',
  'campaign-hours',
  'frequency',
  'abandoned-rest',
]);
export type RuleCode = z.infer<typeof RuleCode>;

/** What the gate said of one dial, and each rule of it: kept with the attempt. */
export const Decision = z.object({
  at: z.number(),
  verdict: Verdict,
  /** Epoch ms, with `later`. */
  until: z.number().nullable(),
  profile: z.string(),
  profileVersion: z.number().int(),
  zones: z.array(z.string()),
  rules: z.array(z.object({ code: RuleCode, verdict: Verdict, until: z.number().nullable(), said: z.string() })),
});
export type Decision = z.infer<typeof Decision>;

export const DncSource = z.enum(['own', 'import', 'call']);
export const DncEntry = z.object({
  id: Id,
  number: z.string(),
  source: DncSource,
  /** Of an imported list: its name and date. */
  list: z.string(),
  listDate: z.string().nullable(),
  note: z.string(),
  callRef: z.string().nullable(),
  by: z.string().nullable(),
  at: z.number(),
});
export type DncEntry = z.infer<typeof DncEntry>;
export const DncQuery = z.object({
  number: z.string().max(40).optional(),
  after: z.coerce.number().int().optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});
export const DncList = z.object({ items: z.array(DncEntry), next: z.number().nullable(), can: z.object({ edit: z.boolean() }) });
export type DncList = z.infer<typeof DncList>;
const text = (max: number) => z.string().trim().max(max).regex(/^[^\p{Cc}]*$/u); // prettier-ignore
export const DncDraft = z.object({ number: z.string().min(1).max(40), note: text(300).default('') });
export const DncImport = z.object({ list: text(100).min(1), listDate: z.iso.date(), text: z.string().min(1).max(20_000_000) });
export const DncImported = z.object({
  added: z.number().int(),
  known: z.number().int(),
  rejected: z.array(z.object({ line: z.number().int(), text: z.string() })),
  rejectedCount: z.number().int(),
});

export const Consent = z.object({
  id: Id,
  number: z.string(),
  purpose: Purpose,
  source: z.string(),
  channel: z.string(),
  text: z.string(),
  at: z.number(),
  until: z.number().nullable(),
  withdrawnAt: z.number().nullable(),
});
export type Consent = z.infer<typeof Consent>;
export const ConsentDraft = z.object({
  number: z.string().min(1).max(40),
  purpose: Purpose,
  source: text(200).min(1),
  channel: text(60).min(1),
  text: text(2000).min(1),
  at: z.number().int().min(0),
  until: z.number().int().min(0).nullable().default(null),
});
export const ConsentReply = z.object({ consent: Consent });
/** GET /api/dialling/consents?clientId=: of each number on the card, in its order. */
export const ConsentQuery = z.object({ clientId: z.coerce.number().int().positive().max(Number.MAX_SAFE_INTEGER) });
export const ClientConsents = z.object({
  items: z.array(z.object({ number: z.string(), doNotCall: z.boolean(), consents: z.array(Consent) })),
  can: z.object({ give: z.boolean() }),
});
export type ClientConsents = z.infer<typeof ClientConsents>;
export type ConsentDraft = z.input<typeof ConsentDraft>;

/** GET /api/dialling/evidence?number= */
export const EvidenceQuery = z.object({ number: z.string().min(1).max(40) });
/** Words of the paper. */
export const EVIDENCE_LABELS = ['title', 'madeAt', 'doNotCall', 'consents', 'attempts', 'nothing', 'until', 'withdrawn', 'operator', 'answered', 'ended', 'callerId', 'label', 'contract', 'rules', 'version'] as const; // prettier-ignore
/** POST /api/dialling/evidence/pdf. The words are the browser's: of the paper, and of purposes, modes, results, sources, rules and verdicts by their code. */
export const EvidencePdf = z.object({
  number: z.string().min(1).max(40),
  words: z.object({
    labels: z.record(z.enum(EVIDENCE_LABELS), text(200)),
    codes: z.record(z.string().max(40), text(300)).refine((codes) => Object.keys(codes).length <= 200),
  }),
});
export type EvidencePdf = z.infer<typeof EvidencePdf>;
export const Evidence = z.object({
  number: z.string(),
  madeAt: z.number(),
  doNotCall: z.array(DncEntry),
  consents: z.array(Consent),
  attempts: z.array(
    z.object({
      campaign: z.string(),
      campaignId: Id,
      purpose: Purpose,
      n: z.number().int(),
      mode: DialMode,
      placedAt: z.number(),
      answeredAt: z.number().nullable(),
      endedAt: z.number().nullable(),
      result: z.string().nullable(),
      operator: z.string().nullable(),
      callerId: z.string(),
      label: z.string(),
      contract: z.string(),
      call: z.string(),
      decision: Decision.nullable(),
    }),
  ),
});
export type Evidence = z.infer<typeof Evidence>;
