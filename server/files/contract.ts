import { z } from 'zod';
import { Id, UserBrief } from '../users/contract.ts';

/** What a file may hang on. `ref`: the thing's own id. */
export const FileOwner = z.object({
  kind: z.string().regex(/^[a-z-]{1,20}$/),
  ref: z.string().regex(/^[\w:.-]{1,60}$/),
});
export type FileOwner = z.infer<typeof FileOwner>;

export const StoredFile = z.object({
  id: Id,
  name: z.string(),
  /** As the bytes say; application/octet-stream where they say nothing. */
  media: z.string(),
  /** Bytes. */
  size: z.number().int(),
  /** The browser may show it in place; others are saved. */
  inline: z.boolean(),
  user: UserBrief.nullable(),
  at: z.number(),
  archivedAt: z.number().nullable(),
});
export type StoredFile = z.infer<typeof StoredFile>;

/** GET /api/files */
export const FileList = z.object({
  items: z.array(StoredFile),
  /** Bytes that one file may have. */
  limit: z.number().int(),
  can: z.object({ add: z.boolean() }),
});
export type FileList = z.infer<typeof FileList>;

/** POST /api/files: the body is the bytes themselves (application/octet-stream). The same bytes under the same name are there once. */
export const FileUpload = FileOwner.extend({ name: z.string().min(1).max(300) });
export const FileReply = z.object({ file: StoredFile });
export type FileReply = z.infer<typeof FileReply>;

export const FileQuery = z.object({ inline: z.enum(['0', '1']).default('0') });
export const FileArchiving = z.object({ archived: z.boolean() });
