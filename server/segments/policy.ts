import type { Actor } from '../core/authorize.ts';
import { reachesAny } from '../core/reach.ts';

/** Who may do what with saved filters. Pure. What a list shows is limited by the reach of the reader, never by whose filter it is. */
export const segmentPolicy = {
  use: (_actor: Actor) => true,
  read: (actor: Pick<Actor, 'id' | 'role'>, segment: { ownerId: number; sharedRoles: readonly string[] }) =>
    segment.ownerId === actor.id || segment.sharedRoles.includes(actor.role) || actor.role === 'administrator',
  edit: (actor: Actor, segment: { ownerId: number }) => segment.ownerId === actor.id || actor.role === 'administrator',
  share: (actor: Actor) => actor.role !== 'operator',
  bulk: (actor: Actor) => reachesAny(actor.reach.bulk),
  export: (actor: Actor) => reachesAny(actor.reach.export),
} as const;
