import { role } from '../core/authorize.ts';

export const queuePolicy = {
  list: role('supervisor', 'manager', 'administrator'),
  edit: role('administrator'),
  /** Who is in it, and how skilled. */
  members: role('supervisor', 'administrator'),
} as const;
