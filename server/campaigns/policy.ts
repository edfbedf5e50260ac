import { role, signedIn } from '../core/authorize.ts';

export const campaignPolicy = {
  list: role('supervisor', 'manager', 'administrator'),
  edit: role('supervisor', 'administrator'),
  /** Calls people of the campaigns of their own queues. */
  call: signedIn,
} as const;
