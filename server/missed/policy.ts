import type { Actor } from '../core/authorize.ts';

type Who = Pick<Actor, 'id' | 'role'>;

/** Operators have what was missed in the queues they serve and on their own extension, or is theirs to call back; everybody above them all. Pure. */
export const missedPolicy = {
  list: (_actor: Who) => true,
  listAll: (actor: Who) => actor.role !== 'operator',
  act: (actor: Who) => ['operator', 'supervisor', 'administrator'].includes(actor.role),
  /** An operator plans for themselves only, as with tasks. */
  assign: (actor: Who, userId: number) => actor.role === 'supervisor' || actor.role === 'administrator' || userId === actor.id,
} as const;
