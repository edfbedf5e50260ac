import type { PacerSnapshot } from '../../../cti/dialler/pacing.ts';
import type { CreatePacer } from './sim.mjs';

export const progressive: () => { observe(): void; decide(floor: PacerSnapshot): number };
export function ratio(level: number): typeof progressive;
export function vicidial(options?: { maxLevel?: number; availableOnly?: boolean }): CreatePacer;
