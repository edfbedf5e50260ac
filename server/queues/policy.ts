import { role } from '../core/authorize.ts';

export const queuePolicy = {
  list: role('supervisor', 'manager', 'administrator'),
  edit: role('administrator'),
} as const;
