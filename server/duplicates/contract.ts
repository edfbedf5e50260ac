import { z } from 'zod';
import { ClientBrief, ClientDraft } from '../clients/contract.ts';
import { Id, UserBrief } from '../users/contract.ts';

/**
 * By field ("name", "phones", "custom.inn"): whose value the survivor has in the end. Both: of lists and notes. An array: of a list's items, on whichever
 * card, those that are kept: a number (in its international form, or as it was written), an address, a role, an entry of a list field.
 */
export const Take = z.record(z.string().max(80), z.union([z.enum(['survivor', 'merged', 'both']), z.array(z.string().max(1000)).max(100)]));
export type Take = z.infer<typeof Take>;

export const Reason = z.enum(['inn', 'phone', 'email', 'name', 'near-name', 'city', 'birthday', 'company']);
export type Reason = z.infer<typeof Reason>;

/** Two cards that may be one client, the smaller id first. score: 0 to 100. */
export const DuplicatePair = z.object({
  low: ClientBrief,
  high: ClientBrief,
  score: z.number().int(),
  reasons: z.array(Reason),
  foundAt: z.number(),
});
export type DuplicatePair = z.infer<typeof DuplicatePair>;

/** GET /api/duplicates: the likeliest first. min: from this score on. */
export const DuplicateQuery = z.object({
  min: z.coerce.number().int().min(0).max(100).default(0),
  /** `next` of the page before. */
  after: z.string().max(60).optional(),
  limit: z.coerce.number().int().min(1).max(100).default(30),
});
/** left: cards that the search has still to look at; seen: since it began anew. */
export const Scan = z.object({ seen: z.number().int(), left: z.number().int(), caughtUpAt: z.number().nullable() });
export const DuplicatePage = z.object({
  items: z.array(DuplicatePair),
  next: z.string().nullable(),
  scan: Scan,
  can: z.object({ scan: z.boolean() }),
});
export type DuplicatePage = z.infer<typeof DuplicatePage>;

/** GET /api/clients/:id/duplicates */
export const ClientDuplicates = z.object({
  items: z.array(z.object({ client: ClientBrief, score: z.number().int(), reasons: z.array(Reason) })),
  can: z.object({ merge: z.boolean() }),
});
export type ClientDuplicates = z.infer<typeof ClientDuplicates>;

/** POST /api/duplicates/likely: what has been typed of a new client; anything may be half typed or missing. */
export const LikelyDraft = z.object({
  kind: ClientDraft.shape.kind,
  name: z.string().max(200).default(''),
  company: z.string().max(200).default(''),
  phones: z.array(z.string().max(60)).max(20).default([]),
  emails: z.array(z.string().max(254)).max(20).default([]),
  inn: z.string().max(20).default(''),
  address: z.string().max(500).default(''),
});
export const LikelyReply = z.object({ items: ClientDuplicates.shape.items });
export type LikelyReply = z.infer<typeof LikelyReply>;

const id = z.coerce.number().int().positive().max(Number.MAX_SAFE_INTEGER);
export const PairQuery = z.object({ one: id, other: id });
/** GET /api/duplicates/pair: two cards side by side. linked: by table, how many rows hang on each. */
export const PairReply = z.object({
  one: ClientBrief,
  other: ClientBrief,
  score: z.number().int(),
  reasons: z.array(Reason),
  linked: z.object({ one: z.record(z.string(), z.number().int()), other: z.record(z.string(), z.number().int()) }),
  can: z.object({ merge: z.boolean() }),
});
export type PairReply = z.infer<typeof PairReply>;

/** POST /api/duplicates/dismiss: these are two clients; false: perhaps not, after all. */
export const Dismissal = z.object({ one: Id, other: Id, dismissed: z.boolean().default(true) });

/** POST /api/duplicates/merge. What is not named in `take`: lists and notes of both, else the survivor's, and where it has nothing the other's. */
export const MergeDraft = z.object({
  survivorId: Id,
  mergedId: Id,
  versions: z.object({ survivor: z.number().int(), merged: z.number().int() }),
  take: Take.default({}),
});
export type MergeDraft = z.input<typeof MergeDraft>;
/** moved: by table, how many rows went over. */
export const MergeReply = z.object({ id: Id, survivorId: Id, moved: z.record(z.string(), z.number().int()) });
export type MergeReply = z.infer<typeof MergeReply>;

export const MergeList = z.object({
  items: z.array(
    z.object({
      id: Id,
      at: z.number(),
      actor: UserBrief.nullable(),
      survivor: ClientBrief,
      merged: ClientBrief,
      undoneAt: z.number().nullable(),
      can: z.object({ undo: z.boolean() }),
    }),
  ),
  next: z.number().nullable(),
});
export type MergeList = z.infer<typeof MergeList>;
export const MergeQuery = z.object({ before: id.optional(), limit: z.coerce.number().int().min(1).max(100).default(30) });
/** kept: fields of the survivor that somebody has changed since, and that stay as they are. */
export const MergeUndone = z.object({ survivorId: Id, mergedId: Id, kept: z.array(z.string()) });
export type MergeUndone = z.infer<typeof MergeUndone>;
