import { z } from 'zod';
import { Id, UserBrief } from '../users/contract.ts';

export const ClientKind = z.enum(['company', 'person']);
export const ClientRole = z.enum(['client', 'supplier', 'competitor', 'partner']);
const text = (max: number) => z.string().trim().max(max);

/** raw: as it was typed. e164: "+79161234567", null when it is no number of the plan. extension: the part after "доб."/"ext". */
export const Phone = z.object({
  id: Id,
  raw: z.string(),
  e164: z.string().nullable(),
  extension: z.string().nullable(),
  purpose: z.string(),
});
export type Phone = z.infer<typeof Phone>;
export const PhoneDraft = z.object({ raw: text(60).min(1), purpose: text(60).default('') });
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
};

export const ClientDraft = z.object({
  kind: fields.kind.default('person'),
  name: fields.name,
  company: fields.company.default(''),
  position: fields.position.default(''),
  note: fields.note.default(''),
  phones: fields.phones.default([]),
  emails: fields.emails.default([]),
});
export type ClientDraft = z.input<typeof ClientDraft>;

/** What an edit and an archiving say they have seen. */
export const ClientVersion = z.object({ version: z.number().int() });

/** PATCH: what is missing stays; phones and emails replace the whole list. */
export const ClientEdit = z.object(fields).partial().extend({ version: z.number().int() }); // not of ClientDraft: its defaults would fill the gaps
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
  can: z.object({ edit: z.boolean(), call: z.boolean(), archive: z.boolean() }),
});
export type ClientReply = z.infer<typeof ClientReply>;

/** One thing that happened to a client; the browser words it from `kind` and `data`. */
export const TimelineEntry = z.object({
  id: Id,
  at: z.number(),
  kind: z.enum(['call', 'created', 'edited', 'note', 'task', 'interest']),
  /** call: the call's ref; task: its id. */
  ref: z.string(),
  user: UserBrief.nullable(),
  data: z.record(z.string(), z.unknown()),
});
export type TimelineEntry = z.infer<typeof TimelineEntry>;
/** GET /api/clients/:id/timeline: newest first; `kind`: of one kind only. */
export const TimelineQuery = z.object({
  /** `next` of the page before. */
  before: z.string().max(60).optional(),
  kind: TimelineEntry.shape.kind.optional(),
  limit: z.coerce.number().int().min(1).max(100).default(30),
});
export const TimelinePage = z.object({ items: z.array(TimelineEntry), next: z.string().nullable() });
export type TimelinePage = z.infer<typeof TimelinePage>;
