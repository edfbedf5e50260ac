import { z } from 'zod';
import { Id, UserBrief } from '../users/contract.ts';

export const ImportState = z.enum(['ready', 'running', 'stopped', 'done', 'failed', 'undone']);

/** For each column of the file a key of the catalogue or a part of the name; null: not taken. */
export const Mapping = z.array(z.string().max(60).nullable()).max(500);

export const ImportRules = z.object({
  /** In this order; the first that finds somebody counts. name: in the same company; name_city: in the same city. */
  match: z.array(z.enum(['phone', 'email', 'inn', 'name_city', 'name'])).max(5).default(['phone', 'email', 'inn']), // prettier-ignore
  onMatch: z.enum(['skip', 'fill', 'overwrite']).default('fill'),
  /** Of clients for whom the file does not tell. */
  kind: z.enum(['company', 'person']).default('person'),
});
export type ImportRules = z.infer<typeof ImportRules>;

export const Import = z.object({
  id: Id,
  name: z.string(),
  format: z.enum(['csv', 'xlsx', 'dbf', 'vcf', 'xml']),
  encoding: z.string(),
  delimiter: z.string(),
  columns: z.array(z.string()),
  mapping: Mapping,
  rules: ImportRules,
  state: ImportState,
  actor: UserBrief.nullable(),
  made: z.number().int(),
  changed: z.number().int(),
  skipped: z.number().int(),
  rejected: z.number().int(),
  /** 0 to 1; null: not known for this format. */
  progress: z.number().nullable(),
  fault: z.string().nullable(),
  createdAt: z.number(),
  finishedAt: z.number().nullable(),
});
export type Import = z.infer<typeof Import>;

export const ImportUpload = z.object({ name: z.string().trim().min(1).max(200).regex(/^[^\p{Cc}]*$/u) }); // prettier-ignore
export const ImportReply = z.object({ import: Import, sample: z.array(z.array(z.string())) });
export type ImportReply = z.infer<typeof ImportReply>;
export const ImportList = z.object({ items: z.array(Import), can: z.object({ import: z.boolean() }) });
export type ImportList = z.infer<typeof ImportList>;
export const ImportEdit = z.object({
  mapping: Mapping.optional(),
  rules: ImportRules.optional(),
  encoding: z.enum(['utf8', 'utf16le', 'utf16be', 'win1251', 'cp866']).optional(),
  delimiter: z.enum([',', ';', '\t', '|']).optional(),
});
export type ImportEdit = z.input<typeof ImportEdit>;

/** What would become of each of the first lines. */
export const DryRun = z.object({
  lines: z.array(
    z.object({
      line: z.number().int(),
      outcome: z.enum(['made', 'changed', 'skipped', 'rejected']),
      reason: z.string().nullable(),
      name: z.string(),
      /** Whom the line is taken for. */
      clientId: Id.nullable(),
    }),
  ),
  counts: z.record(z.string(), z.number().int()),
  /** The file has no more lines. */
  whole: z.boolean(),
});
export type DryRun = z.infer<typeof DryRun>;
export const ImportUndone = z.object({ archived: z.number().int(), restored: z.number().int(), kept: z.number().int() });
export type ImportUndone = z.infer<typeof ImportUndone>;
