import { role, signedIn } from '../core/authorize.ts';

export const importPolicy = {
  /** One's own; who may not import has none, and is told so. */
  list: signedIn,
  run: role('supervisor', 'manager', 'administrator'),
  /** Reaches into folders and networks of the server. */
  schedule: role('administrator'),
} as const;
