import { leads, role } from '../core/authorize.ts';
import type { Actor } from '../core/authorize.ts';

export const handoverPolicy = {
  use: role('supervisor', 'manager', 'administrator'),
  about: leads,
  /** Of what others handed over, which may be beyond one's own reach, only whoever reaches everybody. `actorId`: who handed it over. Pure. */
  undo: (actor: Pick<Actor, 'id' | 'role'>, actorId: number) =>
    actor.id === actorId || actor.role === 'manager' || actor.role === 'administrator',
  /** Shutting somebody out is for whoever lets them in. */
  leave: role('administrator'),
} as const;
