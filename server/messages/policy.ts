import { role } from '../core/authorize.ts';

export const messagePolicy = {
  send: role('supervisor', 'administrator'),
} as const;
