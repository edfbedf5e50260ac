import type { Actor } from '../core/authorize.ts';

/** Who hears what was said. `talked`: the actor spoke in the call or made it. Pure. */
const oversees = (actor: Actor): boolean => actor.role === 'supervisor' || actor.role === 'administrator';

export const recordingPolicy = {
  hear: (actor: Actor, talked: boolean) => talked || oversees(actor) || actor.role === 'complaints',
  download: (actor: Actor) => oversees(actor),
} as const;
