import { role } from '../core/authorize.ts';

export const importPolicy = {
  run: role('supervisor', 'manager', 'administrator'),
} as const;
