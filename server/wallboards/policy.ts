import { role } from '../core/authorize.ts';

export const wallboardPolicy = {
  manage: role('supervisor', 'administrator'),
} as const;
