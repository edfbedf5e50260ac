import { role, signedIn } from '../core/authorize.ts';

export const importPolicy = {
  /** One's own; who may not import has none, and is told so. */
  list: signedIn,
  run: role('supervisor', 'manager', 'administrator'),
} as const;
