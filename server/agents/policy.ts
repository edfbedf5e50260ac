import { role } from '../core/authorize.ts';

export const agentPolicy = {
  /** Sees what others are at, and may change it. */
  lead: role('supervisor', 'administrator'),
  breakReasons: role('administrator'),
} as const;
