import { z } from 'zod';
import { ClientBrief } from '../clients/contract.ts';
import { Id } from '../users/contract.ts';

/** from is KIND of to: the holding of, a founder of, the director of, a contact person of, an agent of, a competitor of … */
export const RelationKind = z.enum([
  'holding',
  'founder',
  'director',
  'contact',
  'agent',
  'competitor',
  'relative',
  'recommends',
  'same-group',
]);
export type RelationKind = z.infer<typeof RelationKind>;
const text = (max: number) => z.string().trim().max(max);
const Day = z.iso.date();

export const Relation = z.object({
  id: Id,
  fromId: Id,
  toId: Id,
  kind: RelationKind,
  position: z.string(),
  /** Hundredths of a per cent; null: not known, or it has none. */
  share: z.number().int().nullable(),
  since: z.string().nullable(),
  until: z.string().nullable(),
  note: z.string(),
});
export type Relation = z.infer<typeof Relation>;

/** GET /api/clients/:id/relations: those of the card, with the other end. What leads to a client whom the actor may not see is left out. */
export const RelationList = z.object({
  items: z.array(Relation.extend({ other: ClientBrief })),
  can: z.object({ edit: z.boolean() }),
});
export type RelationList = z.infer<typeof RelationList>;

const fields = {
  kind: RelationKind,
  position: text(200),
  share: z.number().int().min(0).max(10_000).nullable(),
  since: Day.nullable(),
  until: Day.nullable(),
  note: text(500),
};
export const RelationDraft = z
  .object({
    toId: Id,
    kind: fields.kind,
    /** The other one is KIND of this card's client. */
    reverse: z.boolean().default(false),
    position: fields.position.default(''),
    share: fields.share.default(null),
    since: fields.since.default(null),
    until: fields.until.default(null),
    note: fields.note.default(''),
  })
  .refine(({ since, until }) => since === null || until === null || since <= until, { path: ['until'], message: 'before it began' });
export type RelationDraft = z.input<typeof RelationDraft>;
/** POST /api/clients/:id/people: a contact person of a company, who has no card yet. */
export const PersonDraft = z.object({
  name: text(200).min(1),
  position: fields.position.default(''),
  phones: z.array(z.object({ raw: text(60).min(1), purpose: text(60).default('') })).max(20).default([]),
  emails: z.array(z.object({ address: z.email().max(254) })).max(20).default([]),
}); // prettier-ignore
export type PersonDraft = z.output<typeof PersonDraft>;
export const RelationEdit = z
  .object({ ...fields, archived: z.boolean() })
  .partial()
  .omit({ kind: true });
export const RelationParams = z.object({
  id: z.coerce.number().int().positive().max(Number.MAX_SAFE_INTEGER),
  relation: z.coerce.number().int().positive().max(Number.MAX_SAFE_INTEGER),
});
export const RelationReply = z.object({ id: Id });

/** Three steps around a client. */
export const RelationGraph = z.object({
  nodes: z.array(ClientBrief.extend({ step: z.number().int() })),
  edges: z.array(Relation),
  /** There is more than is shown. */
  more: z.boolean(),
});
export type RelationGraph = z.infer<typeof RelationGraph>;

/** Who may belong to this client, and what they share; a person confirms. */
export const Proposals = z.object({
  items: z.array(
    z.object({
      client: ClientBrief,
      reasons: z.array(z.object({ why: z.enum(['phone', 'email_domain', 'address', 'inn', 'director']), value: z.string() })),
    }),
  ),
});
export type Proposals = z.infer<typeof Proposals>;
export const Refusal = z.object({ otherId: Id });
