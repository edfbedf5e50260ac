import { role } from '../core/authorize.ts';

export const floorPolicy = {
  watch: role('supervisor', 'administrator'),
} as const;
