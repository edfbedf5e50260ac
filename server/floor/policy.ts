import { role } from '../core/authorize.ts';

export const floorPolicy = {
  watch: role('supervisor', 'administrator'),
  /** Moves, takes over and ends others' calls; changes what operators are at. */
  act: role('supervisor', 'administrator'),
} as const;
