import { z } from 'zod';
import { Id, Role, UserBrief } from '../users/contract.ts';

/** What a person can have; clients go first, what is about them follows. */
export const HeldKind = z.enum(['clients', 'tasks', 'meetings', 'missed', 'complaints', 'campaign_contacts', 'campaigns', 'segments']);
export type HeldKind = z.infer<typeof HeldKind>;

const People = z.array(Id).min(1).max(50);

/**
 * one: all to one. evenly: in turn; what is about a client goes with the client. by: by where the client belongs, whatever fits no case to
 * `otherwise`; a department by its id, a stage by its code, a city as it stands in an address.
 */
export const HandoverRule = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('one'), to: Id }),
  z.object({ kind: z.literal('evenly'), to: People }),
  z.object({
    kind: z.literal('by'),
    by: z.enum(['department', 'stage', 'city']),
    cases: z.array(z.object({ value: z.string().trim().min(1).max(100), to: Id })).min(1).max(100),
    otherwise: Id,
  }),
]); // prettier-ignore
export type HandoverRule = z.infer<typeof HandoverRule>;

export const HandoverDraft = z.object({ fromId: Id, rule: HandoverRule, kinds: z.array(HeldKind).min(1).max(HeldKind.options.length) });
export type HandoverDraft = z.infer<typeof HandoverDraft>;

/** Of one kind: how many become whose, and how many stay: of a client out of the reach of whoever gives, or got or done by somebody meanwhile. */
export const Share = z.object({ kind: HeldKind, to: z.array(z.object({ user: UserBrief, n: z.number().int() })), kept: z.number().int() });
export type Share = z.infer<typeof Share>;
export const HandoverPreview = z.object({ items: z.array(Share) });
export type HandoverPreview = z.infer<typeof HandoverPreview>;

export const HandoverState = z.enum(['running', 'done', 'undoing', 'undone']);
export type HandoverState = z.infer<typeof HandoverState>;
export const Handover = z.object({
  id: Id,
  from: UserBrief.nullable(),
  actor: UserBrief.nullable(),
  rule: HandoverRule,
  state: HandoverState,
  /** While it is undone: what has gone back, by kind. */
  items: z.array(Share),
  createdAt: z.number(),
  finishedAt: z.number().nullable(),
  can: z.object({ undo: z.boolean() }),
});
export type Handover = z.infer<typeof Handover>;
export const HandoverReply = z.object({ handover: Handover });
export const HandoverQuery = z.object({ before: z.coerce.number().int().positive().max(Number.MAX_SAFE_INTEGER).optional() });
export const HandoverList = z.object({ items: z.array(Handover), next: z.number().nullable() });
export type HandoverList = z.infer<typeof HandoverList>;

/** What somebody has now, whether they can be handed over, and what of it only administrators do. */
export const Holder = z.object({
  user: UserBrief,
  departmentId: Id.nullable(),
  leftAt: z.number().nullable(),
  extension: z.string().nullable(),
  held: z.array(z.object({ kind: HeldKind, n: z.number().int() })),
  can: z.object({ handOver: z.boolean(), leave: z.boolean() }),
});
export type Holder = z.infer<typeof Holder>;

/** Who is away, from when until when, and who stands in. */
export const Deputy = z.object({
  id: Id,
  user: UserBrief,
  deputy: UserBrief,
  startsAt: z.number(),
  endsAt: z.number(),
  /** Given back before its time. */
  endedAt: z.number().nullable(),
  reason: z.string(),
  can: z.object({ end: z.boolean() }),
});
export type Deputy = z.infer<typeof Deputy>;
/** Those that have not ended, and then the last that have. */
export const DeputyList = z.object({ items: z.array(Deputy) });
export type DeputyList = z.infer<typeof DeputyList>;
export const MyDeputies = z.object({
  /** Who has my work while I am away. */
  forMe: z.array(Deputy),
  /** Whose work I have, now or later. */
  byMe: z.array(Deputy),
});
export type MyDeputies = z.infer<typeof MyDeputies>;

const Moment = z.number().int().min(0).max(253_402_300_799_000);
export const DeputyDraft = z.object({
  userId: Id,
  deputyId: Id,
  startsAt: Moment,
  endsAt: Moment,
  reason: z.string().trim().max(200).regex(/^[^\p{Cc}]*$/u).default(''),
}); // prettier-ignore
export type DeputyDraft = z.input<typeof DeputyDraft>;
export const DeputyReply = z.object({ deputy: Deputy });

/** Everybody whom I may hand over or appoint a deputy for, and to whom: by name. */
export const Employee = z.object({ id: Id, name: z.string(), role: Role, departmentId: Id.nullable(), leftAt: z.number().nullable(), can: z.boolean() }); // prettier-ignore
export const PeopleReply = z.object({
  items: z.array(Employee),
  departments: z.array(z.object({ id: Id, name: z.string() })),
  stages: z.array(z.object({ code: z.string(), label: z.object({ ru: z.string(), en: z.string() }) })),
  can: z.object({ leave: z.boolean() }),
});
export type PeopleReply = z.infer<typeof PeopleReply>;
