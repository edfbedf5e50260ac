import { role } from '../core/authorize.ts';

export const userPolicy = {
  list: role('supervisor', 'manager', 'administrator'),
  edit: role('administrator'),
} as const;
