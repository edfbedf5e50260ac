import { role } from '../core/authorize.ts';

export const calendarPolicy = {
  list: role('supervisor', 'manager', 'complaints', 'administrator'),
  edit: role('administrator'),
} as const;
