import { role } from '../core/authorize.ts';

export const callBackPolicy = {
  lead: role('supervisor', 'administrator'),
} as const;
