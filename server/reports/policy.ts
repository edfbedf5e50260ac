import { role } from '../core/authorize.ts';

export const reportPolicy = {
  read: role('supervisor', 'manager', 'administrator'),
  export: role('supervisor', 'manager', 'administrator'),
  rebuild: role('administrator'),
} as const;
