import { z } from 'zod';
import { CallRow } from '../calls/contract.ts';
import { ClientBrief } from '../clients/contract.ts';
import { Task } from '../tasks/contract.ts';

/** GET /api/search: one box for clients, numbers, tasks and calls. Nothing typed: what one has lately had to do with. */
export const SearchQuery = z.object({ q: z.string().trim().max(200).default('') });

export const SearchReply = z.object({
  clients: z.array(ClientBrief),
  /** There are more clients than are sent. */
  more: z.boolean(),
  /** What the clients were found by, when what was typed finds nobody: a mended slip, the other alphabet or keyboard layout. */
  takenFor: z.string().nullable(),
  tasks: z.array(Task),
  calls: z.array(CallRow),
});
export type SearchReply = z.infer<typeof SearchReply>;
