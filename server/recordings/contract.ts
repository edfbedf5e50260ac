import { z } from 'zod';
import { Id } from '../users/contract.ts';

/** recording and paused: going on. closing: over, its file is being looked at. missing: no file came. expired: deleted by rule. */
export const RecordingState = z.enum(['recording', 'paused', 'closing', 'ready', 'missing', 'expired']);

export const Recording = z.object({
  id: Id,
  state: RecordingState,
  startedAt: z.number(),
  endedAt: z.number().nullable(),
  durationMs: z.number().nullable(),
  /** What was not to be heard (a card number): epoch ms; `to` null while it lasts. The sound is silent there. */
  pauses: z.array(z.object({ from: z.number(), to: z.number().nullable() })),
});
export type Recording = z.infer<typeof Recording>;

/** The loudest of each slice of the sound, 0 to 100. */
export const Waveform = z.object({ peaks: z.array(z.number().int().min(0).max(100)), durationMs: z.number() });
export type Waveform = z.infer<typeof Waveform>;
