import type { Pacer, PacerOptions } from '../../../cti/dialler/pacing.ts';

export type CreatePacer = (options: PacerOptions) => Pacer;
/** What a campaign is like; what is not said is as in the source. Times in ms, rates 0 to 1. */
export interface Scenario {
  agents: number;
  hours?: number;
  humanRate?: number;
  machineRate?: number;
  ring?: { mean: number; cv: number };
  talk?: { mean: number; cv: number };
  wrapUp?: { mean: number; cv: number };
  session?: { mean: number; away: number };
  maxLines?: number;
  drift?: (hour: number) => { human?: number; talk?: number };
}
export interface Measured {
  abandonRate: number;
  worstRun: number;
  worstHour: number;
  idlePerCallS: number;
  busyShare: number;
}
export function measure(options: { scenario: Scenario; createPacer: CreatePacer; seeds?: number }): Measured;
