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

/** folder: a folder below DATA_DIR/inbox, whose files are taken once each. http: an address that answers with the file. */
export const ProfileSource = z.enum(['folder', 'http']);
export type ProfileSource = z.infer<typeof ProfileSource>;
const place = { source: ProfileSource, place: z.string().trim().min(1).max(1000), everyMinutes: z.number().int().min(1).max(43_200) };
/** POST /api/imports/:id/profile: an import that was done, from now on by itself. */
export const ProfileDraft = z
  .object({ name: z.string().trim().min(1).max(120).regex(/^[^\p{Cc}]*$/u), ...place })
  .refine(({ source, place: at }) => (source === 'folder' ? /^[\w-][\w. -]*(\/[\w-][\w. -]*)*$/.test(at) : /^https?:\/\/[^\s]+$/.test(at)), { path: ['place'], message: 'no such place' }); // prettier-ignore
export type ProfileDraft = z.infer<typeof ProfileDraft>;
export const ProfileEdit = z.object({ on: z.boolean(), everyMinutes: place.everyMinutes }).partial();

export const ImportProfile = z.object({
  id: Id,
  name: z.string(),
  owner: UserBrief.nullable(),
  ...place,
  on: z.boolean(),
  nextAt: z.number(),
  lookedAt: z.number().nullable(),
  /** Of the last look: no_folder, not_reached, not_opened, left (its owner), not_allowed (any more), other_columns, failed (see the log), or why the file could not be read. */
  fault: z.string().nullable(),
  /** Which file it was: of several the newest. It is told of for as long as the file lies there. */
  faultFile: z.string().nullable(),
  /** The last that was taken in. */
  importId: Id.nullable(),
});
export type ImportProfile = z.infer<typeof ImportProfile>;
export const ProfileList = z.object({ items: z.array(ImportProfile) });
export type ProfileList = z.infer<typeof ProfileList>;
export const ProfileReply = z.object({ profile: ImportProfile });
