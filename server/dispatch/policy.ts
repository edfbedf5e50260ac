import { role } from '../core/authorize.ts';

export const dispatchPolicy = {
  lead: role('supervisor', 'administrator'),
} as const;
