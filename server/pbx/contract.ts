import { z } from 'zod';

export const PbxStatus = z.object({
  name: z.string(),
  state: z.enum(['connected', 'offline', 'standby']),
  since: z.number(),
  /** Only for administrators. */
  reason: z.string().nullable(),
  clockOffsetMs: z.number().nullable(),
});
export type PbxStatus = z.infer<typeof PbxStatus>;
export const PbxReply = z.object({ items: z.array(PbxStatus) });
export type PbxReply = z.infer<typeof PbxReply>;
