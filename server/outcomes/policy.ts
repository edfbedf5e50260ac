import { role } from '../core/authorize.ts';

export const outcomePolicy = {
  tree: role('supervisor', 'manager', 'administrator'),
  edit: role('administrator'),
} as const;
