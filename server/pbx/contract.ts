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

/** What the owner of a PBX's bridge answers on the bus: its calls, its status, its queues, orders to it. */
export const callsUp = (pbx: string): string => `pbx.calls:${pbx}`;
export const statusOf = (pbx: string): string => `pbx.status:${pbx}`;
export const queuesAt = (pbx: string): string => `pbx.queues:${pbx}`;
export const ordersTo = (pbx: string): string => `pbx.order:${pbx}`;
