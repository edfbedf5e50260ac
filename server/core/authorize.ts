import type { ClientAction } from '../rights/contract.ts';
import type { Role } from '../users/contract.ts';
import type { Reach } from './reach.ts';

/** Whoever is signed in, as policies see them. */
export interface Actor {
  readonly id: number;
  readonly role: Role;
  readonly departmentId: number | null;
  /** Which clients they reach with what: the rights of the role, the tree of departments and whom they stand in for, already worked out. */
  readonly reach: Readonly<Record<ClientAction, Reach>>;
  /** Whose deputy they are just now: what is due to these is theirs too. */
  readonly standsInFor: readonly number[];
  /** The session that asks: what it may not outlive. */
  readonly sessionId: string;
}

/** Theirs, or of somebody whom they stand in for. Pure. */
export const isMine = (actor: Pick<Actor, 'id' | 'standsInFor'>, ownerId: number | null): boolean =>
  ownerId !== null && (ownerId === actor.id || actor.standsInFor.includes(ownerId));
export const mine = (actor: Pick<Actor, 'id' | 'standsInFor'>): [number, ...number[]] => [actor.id, ...actor.standsInFor];

/** A supervisor leads them: operators and complaint officers. */
export const isSupervised = (of: Role): boolean => of === 'operator' || of === 'complaints';
/** Managers and administrators lead everybody; a supervisor the operators and complaint officers of the same department. Pure. */
export const leads = (
  actor: Pick<Actor, 'role' | 'departmentId'>,
  person: { readonly role: Role; readonly departmentId: number | null },
): boolean =>
  actor.role === 'administrator' ||
  actor.role === 'manager' ||
  (actor.role === 'supervisor' && isSupervised(person.role) && person.departmentId === actor.departmentId);

/** Who may: pure, given the actor. Checks that need the row call `authorize` in the handler. */
export type Policy = (actor: Actor) => boolean;

export const signedIn: Policy = () => true;
export const role =
  (...roles: Role[]): Policy =>
  (actor) =>
    roles.includes(actor.role);

/** In so many words: no session needed. The route test lists the routes that say so. */
export const anyone = Symbol('anyone');
