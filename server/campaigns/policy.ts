import { role, signedIn } from '../core/authorize.ts';
import type { Actor } from '../core/authorize.ts';
import { reachesAny } from '../core/reach.ts';

const list = role('supervisor', 'manager', 'administrator');

export const campaignPolicy = {
  list,
  edit: role('supervisor', 'administrator'),
  /** Whoever may take clients away as a file, and then of the clients only those. */
  export: (actor: Actor) => list(actor) && reachesAny(actor.reach.export),
  /** Calls people of the campaigns of their own queues. */
  call: signedIn,
} as const;
