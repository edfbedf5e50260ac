import { z } from 'zod';
import { Id, UserBrief } from '../users/contract.ts';

export const DossierKind = z.enum(['need', 'strength', 'weakness', 'role', 'manner', 'objection']);
export type DossierKind = z.infer<typeof DossierKind>;
const text = (max: number) => z.string().trim().max(max);

/** One thing that was learnt about a client, where from and when. */
export const DossierEntry = z.object({
  id: Id,
  kind: DossierKind,
  text: z.string(),
  /** What answered the objection; '' when nothing did yet. */
  answer: z.string(),
  source: z.string(),
  user: UserBrief.nullable(),
  at: z.number(),
});
export type DossierEntry = z.infer<typeof DossierEntry>;
/** Freshest first. */
export const Dossier = z.object({ items: z.array(DossierEntry), can: z.object({ add: z.boolean() }) });
export type Dossier = z.infer<typeof Dossier>;

export const DossierDraft = z.object({
  kind: DossierKind,
  text: text(2_000).min(1),
  answer: text(2_000).default(''),
  source: text(200).default(''),
});
export type DossierDraft = z.input<typeof DossierDraft>;
/** PATCH: an answer that was found later, or a slip. */
export const DossierEdit = z.object({ text: text(2_000).min(1), answer: text(2_000), source: text(200), archived: z.boolean() }).partial();
export const DossierParams = z.object({
  id: z.coerce.number().int().positive().max(Number.MAX_SAFE_INTEGER),
  entry: z.coerce.number().int().positive().max(Number.MAX_SAFE_INTEGER),
});
export const DossierReply = z.object({ id: Id });
