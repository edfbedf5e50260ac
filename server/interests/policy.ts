import { role } from '../core/authorize.ts';
import type { Actor } from '../core/authorize.ts';

/** Who may read a client's card, by department or by a call, may say what the client is interested in: whoever speaks with them hears it. */
export const interestPolicy = {
  read: (_actor: Actor) => true,
  topics: (_actor: Actor) => true,
  edit: role('administrator'),
} as const;
