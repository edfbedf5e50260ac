import { role } from '../core/authorize.ts';
import type { Actor } from '../core/authorize.ts';
import type { Role } from '../users/contract.ts';

interface Person {
  readonly role: Role;
  readonly departmentId: number | null;
}

/** Administrators and managers do it for everybody; a supervisor for the operators and complaint officers of the same department. Pure. */
export const handoverPolicy = {
  use: role('supervisor', 'manager', 'administrator'),
  about: (actor: Pick<Actor, 'role' | 'departmentId'>, person: Person) =>
    actor.role === 'administrator' ||
    actor.role === 'manager' ||
    (actor.role === 'supervisor' && ['operator', 'complaints'].includes(person.role) && person.departmentId === actor.departmentId),
  /** Shutting somebody out is for whoever lets them in. */
  leave: role('administrator'),
} as const;
